# Finding the verb, global options, errors and exit codes.

load helpers

@test "without a verb all verbs are listed" {
    run_split bioctl
    assert_status 0
    assert_stdout_has "recognize"
    assert_stderr ""
    listed=$stdout
    run_split bioctl --help
    assert_status 0
    assert_stdout "$listed"
}

@test "an unknown verb is refused with the nearest one" {
    run_split bioctl recogniz x.jpg
    assert_status 64
    assert_stdout ""
    assert_stderr "bioctl: unknown verb 'recogniz'; did you mean 'recognize'? \`bioctl help\` lists all"
}

@test "a word like no verb gets no suggestion" {
    run_split bioctl xyzzy
    assert_status 64
    assert_stderr "bioctl: unknown verb 'xyzzy'; \`bioctl help\` lists all"
}

@test "an unknown child of a noun is refused with the nearest one" {
    run_split bioctl people lst
    assert_status 64
    assert_stderr_has "unknown verb 'people lst'; did you mean 'people list'?"
}

@test "a noun alone asks what to do" {
    run_split bioctl people
    assert_status 64
    assert_stdout ""
    assert_stderr_has "bioctl people --help"
}

@test "an unknown option names the verb and the nearest option" {
    run_split bioctl recognize --treshold 0.4 x.jpg
    assert_status 64
    assert_stderr_has "recognize: "
    assert_stderr_has "did you mean '--threshold'?"
    assert_stderr_has "bioctl help recognize"
}

@test "an unknown option before the verb is not taken for the verb" {
    run_split bioctl --frobnicate people list
    assert_status 64
    assert_stderr_has "unknown option '--frobnicate' before the verb"
}

@test "a missing argument and a bad value are mistakes of usage" {
    run_split bioctl compare
    assert_status 64
    run_split bioctl recognize --top none x.jpg
    assert_status 64
    run_split bioctl recognize --threshold 9 x.jpg
    assert_status 64
    assert_stderr_has "--threshold"
    run_split bioctl people list --color green
    assert_status 64
}

@test "global options may stand before, between and behind the words of a verb" {
    expected=$(bioctl config show --json)
    for words in "--json config show" "config --json show" "config show --json" "--color never --json -q config show"; do
        # shellcheck disable=SC2086 # words on purpose
        run_split bioctl $words
        assert_status 0
        assert_stdout "$expected"
    done
    run_split bioctl --config=missing.toml config show
    assert_status 78
}

@test "every verb answers --help on stdout, even when the configuration is broken" {
    mkdir -p "$HOME/.config/bioctl"
    echo 'nonsense' >"$HOME/.config/bioctl/bioctl.toml"
    bioctl | awk '/^  [a-z]/ { print $1 }' | while read -r verb; do
        run_split bioctl "$verb" --help
        assert_status 0
        assert_stderr ""
        assert_stdout_has "Usage: bioctl $verb"
    done
}

@test "help wins over missing arguments" {
    run_split bioctl enroll -h
    assert_status 0
    assert_stdout_has "--on-duplicate warn|reject|allow"
}

@test "--version prints one line" {
    run_split bioctl --version
    assert_status 0
    [[ $stdout =~ ^bioctl\ [0-9]+\.[0-9]+\.[0-9]+$ ]] || fail "not a version"
    first=$stdout
    run_split bioctl people list --version
    assert_stdout "$first"
}

@test "version tells the libraries" {
    run_split bioctl version --json
    assert_status 0
    assert_json 'any(.type == "version" and .name == "bioctl")'
    assert_json 'any(.type == "library" and .name == "opencv" and (.version | test("^[0-9]+[.]")))'
}

@test "with --json the last error is an object on stderr" {
    run_split bioctl --json recogniz
    assert_status 64
    assert_stdout ""
    assert_json_stderr 'length == 1 and .[0].type == "error" and .[0].kind == "usage" and .[0].exit == 64
        and (.[0].message | contains("recognize"))'
    run_split bioctl recognize --json --frobnicate
    assert_json_stderr '.[-1].type == "error" and .[-1].exit == 64'
}

@test "a file name cannot steer the terminal through a message" {
    run_split bioctl $'foo\e[31m\nbar'
    assert_status 64
    assert_stderr_lacks $'\e'
    [ "$(wc -l <"$BATS_TEST_TMPDIR/stderr")" = 1 ] || fail "more than one line"
}

@test "bioctl-foo on PATH runs as bioctl foo, with its arguments and its exit code" {
    mkdir bin
    printf '#!/bin/sh\nprintf "[%%s]" "$@"\nexit 7\n' >bin/bioctl-foo
    chmod +x bin/bioctl-foo
    PATH="$PWD/bin:$PATH" run_split bioctl foo --json 'a b' ''
    assert_status 7
    assert_stdout '[--json][a b][]'
}

@test "a word with a slash is never run" {
    mkdir bioctl-x
    printf '#!/bin/sh\necho ran\n' >bioctl-x/y
    chmod +x bioctl-x/y
    PATH="$PWD:$PATH" run_split bioctl x/y
    assert_status 64
    assert_stdout ""
}

@test "a reader that goes away ends the program quietly, by SIGPIPE" {
    # shellcheck disable=SC2016 # for the inner shell
    run bash -c '(sleep 0.2; exec "$BIOCTL" config show 2>err) | true; echo "${PIPESTATUS[0]}"'
    [ "$output" = 141 ]
    [ ! -s err ]
}

@test "a full disk behind stdout is an error" {
    [ -e /dev/full ] || skip "no /dev/full"
    status=0
    "$BIOCTL" config show >/dev/full 2>err || status=$?
    [ "$status" = 74 ]
    grep -q 'standard output: No space left on device' err
}

@test "on a terminal a table has a header, in a pipe it has none" {
    on_terminal "$BIOCTL" --color never config show
    [ "$status" = 0 ]
    [[ ${lines[0]} == KEY*VALUE*ORIGIN* ]]
    run_split bioctl config show
    assert_stdout_lacks "ORIGIN"
    assert_stdout_has $'jobs\t0\tdefault'
}

@test "colour is for terminals, and NO_COLOR and --color decide" {
    on_terminal "$BIOCTL" config show
    [[ $output == *$'\e[1mKEY'* ]]
    NO_COLOR=1 on_terminal "$BIOCTL" config show
    [[ $output != *$'\e['* ]]
    on_terminal "$BIOCTL" --color=never config show
    [[ $output != *$'\e['* ]]
    run_split bioctl config show
    assert_stdout_lacks $'\e['
}

@test "what is wrong on the command line is said in words, not in those of the parser" {
    run_split bioctl people
    assert_status 64
    assert_stderr "bioctl: people wants a verb: list, show, rename, remove, forget, export-data, merge, import, export, reembed, dedupe, cluster; \`bioctl people --help\` says what they do"
    run_split bioctl recognize photo.jpg --top
    assert_status 64
    assert_stderr "bioctl: recognize: --top wants a value; see \`bioctl help recognize\`"
    for verb in "events list" "outbox list" "notifications list" "outages list"; do
        # shellcheck disable=SC2086
        run_split bioctl $verb --limit -1
        assert_status 64
        assert_stderr "bioctl: $verb: --limit: Value -1 not in range 0 to 1000000000; see \`bioctl help $verb\`"
    done
}

@test "a list of nothing says so on stderr, with and without a store" {
    check_empty() {
        run_split bioctl "$1" list
        assert_status 0
        assert_stdout ""
        assert_stderr_has "bioctl: there are no $2 yet; \`bioctl $1 add\`"
    }
    for _ in 1 2; do
        check_empty targets targets
        check_empty routers routers
        check_empty maintenance "maintenance windows"
        check_empty onts ONTs
        check_empty devices devices
        run_split bioctl people list
        assert_stderr "bioctl: nobody is enrolled yet; \`bioctl enroll\` or \`bioctl bulk-enroll\` adds people"
        bioctl -q onts add Andi >/dev/null
        bioctl -q onts remove Andi --yes >/dev/null
    done
    run_split bioctl outbox list
    assert_stderr "bioctl: no delivery fits"
    run_split bioctl notifications list
    assert_stderr "bioctl: no notification fits"
    run_split bioctl hotspot top
    assert_stderr_has "bioctl: no session was seen in that time"
    run_split bioctl targets list --json
    assert_stdout ""
    run_split bioctl -q targets list
    assert_stderr ""
}
