# Accounts and API keys.

load helpers
load lib/people

password='correct horse battery'

# add NAME ROLE
add() { printf '%s\n' "$password" | bioctl -q accounts add "$1" --role "$2" --password-file - >/dev/null; }

# typed LINE... -- COMMAND...: on a terminal, typing a line when the next question is there.
typed() {
    local lines=() number=0 tries
    while [ "$1" != -- ]; do
        lines+=("$1")
        shift
    done
    shift
    : >terminal
    for line in "${lines[@]}"; do
        ((++number))
        for ((tries = 0; tries < 600; ++tries)); do
            [ "$(grep -oE 'New password of|Once more' terminal | wc -l)" -lt "$number" ] || break
            sleep 0.1
        done
        printf '%s\n' "$line"
    done | script -qfec "$(printf '%q ' "$@")" terminal >/dev/null && status=0 || status=$?
    output=$(<terminal)
}

@test "accounts: a password that will not do is refused, and nothing is stored" {
    run_split bioctl accounts add siti --role admin
    assert_status 64
    assert_stderr "bioctl: nobody can type a password here: give it with --password-file FILE (mode 0600), or --password-file - for standard input"
    run_split bash -c 'echo short | "$BIOCTL" accounts add siti --role admin --password-file -'
    assert_status 65
    assert_stderr_has "less than 10 characters"
    run_split bash -c 'echo Siti.Aminah | "$BIOCTL" accounts add siti.aminah --role admin --password-file -'
    assert_status 65
    assert_stderr_has "is the name of the account"
    run_split bash -c 'printf "" | "$BIOCTL" accounts add siti --role admin --password-file -'
    assert_status 65
    echo "$password" >pw
    chmod 644 pw
    run_split bioctl accounts add siti --role admin --password-file pw
    assert_status 77
    assert_stderr_has "chmod 600 pw"
    run_split bioctl accounts add siti --role admin --password-file nothing
    assert_status 66
    run_split bioctl accounts add siti --role admin "$password"
    assert_status 64
    chmod 600 pw
    run_split bioctl accounts add 'si ti' --role admin --password-file pw
    assert_status 64
    run_split bioctl accounts add siti --role root --password-file pw
    assert_status 64
    run_split bioctl accounts list
    assert_status 0
    assert_stdout ""
    assert_stderr_has "bioctl accounts add"
}

@test "accounts: added, listed, and the password is nowhere" {
    echo "$password" >pw
    chmod 600 pw
    run_split bioctl --json accounts add siti --role admin --password-file pw
    assert_status 0
    assert_stderr ""
    assert_json '.[0] | .type == "added" and .name == "siti" and .role == "admin" and .enabled == true and .last_login == null'
    run_split bioctl accounts add SITI --role admin --password-file pw
    assert_status 65
    assert_stderr_has "there is an account 'SITI' already"
    add budi viewer
    run_split bioctl --json accounts list
    assert_json 'map([.type, .name, .role]) == [["account", "budi", "viewer"], ["account", "siti", "admin"]]'
    [[ $(in_store "SELECT password FROM account WHERE name = 'siti'") == '$argon2id$v=19$m=65536,t=2,p=1$'* ]]
    run grep -rl "$password" "$BIOCTL_DATA_DIR" "$BATS_TEST_TMPDIR/stdout" "$BATS_TEST_TMPDIR/stderr"
    [ "$status" = 1 ]
}

@test "accounts: on a terminal the password is asked twice and not shown" {
    command -v script >/dev/null || skip "no script(1)"
    typed "$password" "$password" -- "$BIOCTL" accounts add siti --role admin
    [ "$status" = 0 ] || fail "$output"
    [[ $output == *"New password of siti:"*"Once more:"* ]] || fail "$output"
    [[ $output != *battery* ]] || fail "$output"
    [ "$(in_store "SELECT name FROM account")" = siti ]
    typed "$password" "another password" -- "$BIOCTL" accounts passwd siti
    [ "$status" = 65 ] || fail "$output"
    [[ $output == *"the two passwords differ; nothing was changed"* ]] || fail "$output"
    [ "$(in_store "SELECT count(*) FROM audit WHERE action = 'accounts.passwd'")" = 0 ]
}

@test "accounts: the last admin stays, unless forced" {
    add siti admin
    add budi operator
    run_split bioctl accounts disable siti
    assert_status 77
    assert_stderr_has "siti is the last admin"
    run_split bioctl accounts remove siti --yes
    assert_status 77
    run_split bioctl --json accounts disable siti --force
    assert_status 0
    assert_json '.[0].type == "edited" and .[0].enabled == false'
    run_split bioctl accounts disable siti
    assert_status 0
    assert_stderr "bioctl: siti is disabled already"
    run_split bioctl --json accounts enable siti
    assert_json '.[0].enabled == true'
    run_split bioctl accounts remove budi
    assert_status 64
    assert_stderr_has "say --yes"
    run_split bioctl accounts remove bud --yes
    assert_status 66
    assert_stderr_has "did you mean 'budi'?"
    run_split bioctl accounts remove budi --yes
    assert_status 0
    [ "$(bioctl accounts list | cut -f 1)" = siti ]
}

@test "accounts: another password ends what is open" {
    add siti admin
    in_store "INSERT INTO web_session SELECT zeroblob(32), key, 'x', 1, 1, 9999999999999, '' FROM account"
    run_split bash -c 'echo "another good one" | "$BIOCTL" accounts passwd siti --password-file -'
    assert_status 0
    [ "$(in_store 'SELECT count(*) FROM web_session')" = 0 ]
    run_split bash -c 'echo "another good one" | "$BIOCTL" accounts passwd nobody --password-file -'
    assert_status 66
}

@test "accounts keys: three words are found, and slips are told" {
    run_split bioctl accounts keys
    assert_status 64
    assert_stderr 'bioctl: accounts keys wants a verb: create, list, revoke; `bioctl accounts keys --help` says what they do'
    run_split bioctl accounts keys creat
    assert_status 64
    assert_stderr_has "did you mean 'accounts keys create'?"
    run_split bioctl accounts keys --help
    assert_status 0
    assert_stdout_has "Usage: bioctl accounts keys VERB"
    run_split bioctl accounts keys create --help
    assert_stdout_has "Usage: bioctl accounts keys create [OPTION]... NAME"
    run_split bioctl accounts keys create laravel
    assert_status 64
    assert_stderr_has "accounts keys create: "
    run_split bioctl help accounts keys create
    assert_status 0
    assert_stdout_has "bioctl accounts keys create"
    run_split bioctl accounts --json keys -q list
    assert_status 0
}

@test "accounts keys: wishes that cannot be are refused" {
    run_split bioctl accounts keys create laravel --scope write
    assert_status 64
    run_split bioctl accounts keys create 'a b' --scope read
    assert_status 64
    for time in 2020-01-01 yesterday 0s soon; do
        run_split bioctl accounts keys create laravel --scope read --expires "$time"
        assert_status 64
        assert_stderr_has "expire"
    done
    run_split bioctl accounts keys revoke laravel --yes
    assert_status 66
    run_split bioctl accounts keys list
    assert_status 0
    assert_stdout ""
}

@test "accounts keys: piped it is the key alone, once, and the store does not know it" {
    KEY=$(bioctl accounts keys create laravel --scope recognize --scope read 2>/dev/null)
    [[ $KEY =~ ^bk_[a-z2-7]{8}_[A-Za-z0-9_-]{43}$ ]] || fail "$KEY"
    run grep -rlF -e "${KEY:12}" "$BIOCTL_DATA_DIR"
    [ "$status" = 1 ]
    run_split bioctl --json accounts keys list
    assert_json ".[0] | .type == \"key\" and .name == \"laravel\" and .id == \"${KEY:0:11}\" and .scopes == [\"read\", \"recognize\"]
        and .state == \"valid\" and .expires_at == null and .last_used_at == null"
    assert_stdout_lacks "${KEY:12}"
    run_split bioctl accounts keys create Laravel --scope read
    assert_status 65
    run_split bioctl --json accounts keys create brief --scope metrics --expires 90d
    assert_status 0
    assert_stderr_has "shown this once"
    assert_json '.[0] | .type == "created" and (.key | startswith("bk_")) and .expires_at != null'
    run_split bioctl accounts keys revoke "${KEY:0:11}"
    assert_status 64
    run_split bioctl accounts keys revoke "${KEY:0:11}" --yes
    assert_status 0
    [ "$(bioctl accounts keys list | cut -f 1)" = brief ]
    run_split bioctl --json accounts keys list --all
    assert_json 'map([.name, .state]) == [["brief", "valid"], ["laravel", "revoked"]]'
    run_split bioctl accounts keys revoke "${KEY:0:11}" --yes
    assert_status 66
    assert_stderr_has "was revoked at"
}
