# What the tests share that let calls of the system fail, or kill, in the middle of a verb. Besides helpers.bash and lib/{faces,models,
# people,sim,terminals}.bash.
#
# All that a verb writes is below $root: data/ (the store), home/, work/, out/ (stdout, stderr, backups, exports). $base is a copy of it
# that every round begins with.

FAIL_LIBRARY=${FAIL_LIBRARY:-$repository/build/tests/support/libfail_nth.so}

# As setup_sandbox, with everything below $root, which is the same for all tests of a file: rows name files.
setup_root() {
    setup_sandbox
    root="$(realpath "$BATS_FILE_TMPDIR")/root"
    base="$BATS_FILE_TMPDIR/base"
    export HOME="$root/home" BIOCTL_DATA_DIR="$root/data" BIOCTL_CONFIG_SYSTEM="$root/etc/bioctl.toml"
}

begin_round() {
    cd /
    rm -rf "$root"
    cp -a "$base" "$root"
    cd "$root/work" || return
}

# Made once for a test file: people with portraits, terminals, ONTs, events with pictures, failed deliveries, a backup, and the inputs of
# the verbs.
make_base() {
    local BATS_TEST_TMPDIR="$BATS_FILE_TMPDIR/making"
    make_faces
    setup_root
    mkdir -p "$root"/{home,work,out,etc}
    cd "$root/work" || return
    start_hik_sim --devices 2 --events 20
    add_simulated
    "$BIOCTL" -q targets add api http://127.0.0.1:1/hook --timeout 1 >/dev/null
    "$BIOCTL" -q sync-hikvision --since 3d >/dev/null || [ $? -le 3 ]
    stop_sims
    in_base "UPDATE delivery SET state = 'failed', attempts = 9, finished_at = 1"
    make_staff
    "$BIOCTL" -q enroll --id anna staff/anna/1.jpg >/dev/null
    { person bela 1 && person cora 2 && person dito 3; } | "$BIOCTL" -q people import - >/dev/null
    crowd 10 1 | "$BIOCTL" -q people import - >/dev/null
    { person ema 4 && person fitri 5; } >new.ndjson
    printf '%s\n' customer_id,name,ip c1,ont-1,10.0.0.1 c2,ont-2,10.0.0.2 c3,ont-3,10.0.0.3 >onts.csv
    "$BIOCTL" -q onts add old --ip 10.0.0.9 >/dev/null
    in_base "INSERT INTO outage (ont, ont_name, started_at, start_error, ended_at, end_error)
        SELECT id, name, 1700000000000, 0, 1700000600000, 0 FROM ont;
        INSERT INTO outage (ont, ont_name, started_at, start_error) SELECT id, name, 1700001000000, 0 FROM ont"
    "$BIOCTL" -q notifications add hello >/dev/null
    "$BIOCTL" -q maintenance add all --start 2030-01-01T22:00 --duration 2h >/dev/null
    "$BIOCTL" -q routers add pop 10.0.0.8 --user admin --password-file password >/dev/null
    shape_file five.dat 5
    "$BIOCTL" -q store backup --to "$root/backups" >/dev/null
    mv "$root"/backups/bioctl-* backup
    rm -r "$root/backups"
    "$BIOCTL" -q people rename dito --name Dito >/dev/null
    cd /
    mv "$root" "$base"
    make_ends
}

in_base() { sqlite3 "$BIOCTL_DATA_DIR/bioctl.db" "$1"; }

# One a line, as they are given to bioctl in $root/work.
writing_verbs() {
    cat <<'VERBS'
enroll --id cora staff/cora/1.jpg
bulk-enroll staff
people rename bela --name Bela
people rename anna --id anni
people remove anna --yes
people forget anna --yes
people merge cora bela --yes
people import new.ndjson
people export people.ndjson
devices add gate http://10.0.0.1 --user admin --password-file password
devices edit dev-001 --location gate
devices remove dev-002 --yes
targets add other http://127.0.0.1:1/x
targets edit api --timeout 2
targets remove api --yes
onts add new --ip 10.0.0.2
onts import onts.csv --merge
onts edit old --location attic
onts remove old --yes
outages ack --all --by siti
outages clear --yes
maintenance add ont old --start 2030-01-02T22:00 --duration 2h
maintenance remove 1 --yes
notifications add again
notifications read --all
notifications clear --yes
routers add other 10.0.0.7 --user admin --password-file password
routers edit pop --host 10.0.0.9
routers remove pop --yes
events prune --before 1h --yes
outbox retry --yes
outbox drop --yes --state failed
store backup --to ../out/backups
store export ../out/all.ndjson
store vacuum
store restore backup --force
store retention set events=365d
accounts add siti --role admin --password-file password
models import five.dat
config set threshold 0.5
calibrate --apply --replicates 100 --target-fpir 0.5 --target-fmr 0.5
VERBS
}

# What must be the same after any two ways to the same end: rows and files, without times, nonces and salts, and without what is only in
# the way until it is an hour old: temporary files of a run that was killed.
state() {
    sqlite3 "$BIOCTL_DATA_DIR/bioctl.db" .dump | sed -E "
        /^INSERT INTO (template|person)/!s/X'[0-9a-f]*'/X/g
        s/\b1[6-9][0-9]{11}\b/T/g
        s/[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9:.]+Z/T/g
        s/\\\$argon2id[^']*/H/g
        /^INSERT INTO gallery_change/s/-?[0-9]+\)/G)/
        s/[0-9]{8}T[0-9]{6}Z/T/g
        s/(manifest_sha256\":\")[0-9a-f]+/\1D/
        s/(freed_bytes\":\")[0-9]+/\1F/"
    (cd "$root" && find data/media data/models -type f ! -name '.bioctl-*' ! -name '*.lock' -exec sha256sum {} + 2>/dev/null | sort -k 2)
    (cd "$root" && find data home etc work out ! -path 'data/index*' ! -path 'data/media/*' ! -path 'data/models/*' \
        ! -path 'data/lost+found*' ! -path 'data/backups*' ! -path 'out/std*' ! -path 'out/report' \
        ! -name '*.db-wal' ! -name '*.db-shm' ! -name '*.lock' ! -path '*/.bioctl-*' |
        sed -E 's/[0-9]{8}T[0-9]{6}Z/T/g' | sort -u)  # of two backups one may be of a run that was killed before it said so
}

# The state after each verb, as $BATS_FILE_TMPDIR/after-<line of writing_verbs>, and for how long it ran as milliseconds-<line>.
make_ends() {
    local verb words line=0 began
    setup_root
    while read -r verb <&9; do
        line=$((line + 1))
        read -ra words <<<"$verb"
        begin_round
        began=$(date +%s%N)
        "$BIOCTL" -q "${words[@]}" >/dev/null 2>"$BATS_TEST_TMPDIR/stderr" </dev/null || {
            echo "$verb: $(cat "$BATS_TEST_TMPDIR/stderr")" >&2
            return 1
        }
        echo $((($(date +%s%N) - began) / 1000000)) >"$BATS_FILE_TMPDIR/milliseconds-$line"
        state >"$BATS_FILE_TMPDIR/after-$line"
    done 9< <(writing_verbs)
}

# each_verb FUNCTION: calls it as FUNCTION LINE VERB...
each_verb() {
    local verb words line=0
    while read -r verb <&9; do
        line=$((line + 1))
        read -ra words <<<"$verb"
        "$1" "$line" "${words[@]}"
    done 9< <(writing_verbs)
}

# is_done LINE: the store and the files are as at the end of this verb.
is_done() {
    state >"$BATS_TEST_TMPDIR/now"
    diff "$BATS_FILE_TMPDIR/after-$1" "$BATS_TEST_TMPDIR/now" >"$BATS_TEST_TMPDIR/difference"
}
assert_done() { is_done "$1" || fail "$2: $(cat "$BATS_TEST_TMPDIR/difference")"; }

# The store is whole, or is after a repair.
assert_store_is_whole() {
    run_split "$BIOCTL" store check
    [ "$status" != 1 ] || run_split "$BIOCTL" store check --repair --yes
    assert_status 0
}

# assert_loses_nothing FIRST LINE VERB...: after a run that ended with the status FIRST: what it said is done, and the rest is when it is
# run again.
assert_loses_nothing() {
    local first="$1" line="$2"
    shift 2
    assert_store_is_whole
    [ "$first" != 0 ] || assert_done "$line" "it said that it was done"
    is_done "$line" && return
    run_split "$BIOCTL" -q "$@"
    if [ "$first" = 3 ]; then  # the rest of a batch was stored before: its rows have other numbers
        assert_status 0
        return
    fi
    assert_done "$line" "not when it was run again"
}

# nth COUNT MOST: at most MOST numbers from 1 to COUNT, evenly, the last among them.
nth() {
    awk -v count="$1" -v most="$2" 'BEGIN {
        if (most > count) most = count
        for (i = 1; i <= most; i++) print int((i * count + most - 1) / most)
    }'
}

# failing "WHAT NTH ERRNO ON SHORT" VERB...: as fail_nth.c says. Sets status, stdout, stderr, and calls, the number of calls that could fail.
# shellcheck disable=SC2034  # for the tests
failing() {
    local what number error on short
    read -r what number error on short <<<"$1"
    shift
    status=0
    LD_PRELOAD="$FAIL_LIBRARY" FAIL_WHAT="$what" FAIL_NTH="$number" FAIL_ERRNO="$error" FAIL_ON="$on" FAIL_SHORT="$short" \
        FAIL_UNDER="$root" FAIL_REPORT="$root/out/report" \
        "$BIOCTL" -q "$@" >"$root/out/stdout" 2>"$BATS_TEST_TMPDIR/stderr" </dev/null || status=$?
    stdout=$(tr -d '\0' <"$root/out/stdout")
    stderr=$(tr -d '\0' <"$BATS_TEST_TMPDIR/stderr")
    [ ! -e "$root/out/report" ] || calls=$(cut -d ' ' -f 1 <"$root/out/report")  # a process that dies leaves none
}
