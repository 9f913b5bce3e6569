load helpers
load lib/people

elsewhere() { BIOCTL_DATA_DIR="$BATS_TEST_TMPDIR/other" "$@"; }

@test "people import and export say what they want" {
    run_split "$BIOCTL" people export
    assert_status 66
    run_split "$BIOCTL" people import
    assert_status 64
    run_split "$BIOCTL" people import absent.ndjson
    assert_status 66
    mkdir folder
    run_split "$BIOCTL" people import folder
    assert_status 66
    assert_stderr_has "--npy"
    run_split "$BIOCTL" people import --npy folder
    assert_status 66
    assert_stderr_has ".npy"
    [ ! -e "$BIOCTL_DATA_DIR" ]
    run_split "$BIOCTL" people import --npy folder file
    assert_status 64
}

@test "a store that is exported and imported elsewhere exports the same lines" {
    person alice 1 ',"name":"Alice \"A\" \u00e4"' >in.ndjson
    person bob 2 >>in.ndjson
    "$BIOCTL" -q people import in.ndjson >/dev/null
    "$BIOCTL" -q people export >first.ndjson
    elsewhere "$BIOCTL" -q people import --json first.ndjson >/dev/null
    elsewhere "$BIOCTL" -q people export --json - >second.ndjson
    cmp first.ndjson second.ndjson
    jq -e -s '[.[].person_id] == ["alice", "bob"] and .[0].name == "Alice \"A\" ä"' first.ndjson
}

@test "people import of the same lines again adds nothing" {
    person alice 1 >in.ndjson
    "$BIOCTL" -q people import in.ndjson >/dev/null
    run_split "$BIOCTL" people import --json -q in.ndjson
    assert_status 0
    assert_json '.[0] | .type == "imported" and .templates == 0 and .unchanged == 1'
    assert_json '.[1] | .type == "summary" and .people == 1 and .templates == 0 and .unchanged == 1 and .rejected == 0'
}

@test "people export deletes what an export to the same file has left that was killed" {
    person alice 1 | "$BIOCTL" -q people import - >/dev/null
    # Of an export that was killed, of one that runs, and of somebody else.
    touch .out.ndjson.99999999.partial ".out.ndjson.$$.partial" .out.ndjson.mine.partial
    run_split "$BIOCTL" people export out.ndjson
    assert_status 0
    [ ! -e .out.ndjson.99999999.partial ]
    [ -e ".out.ndjson.$$.partial" ] && [ -e .out.ndjson.mine.partial ]
    [ "$(stat -c %a out.ndjson)" = 600 ]
    # In a container the next run may have the number of the one that was killed.
    run_split bash -c 'echo half >".again.ndjson.$$.partial"; exec "$BIOCTL" people export again.ndjson'
    assert_status 0
    cmp out.ndjson again.ndjson
}

@test "people import keeps the good lines and names the bad ones" {
    {
        person alice 1
        echo '{"person_id":"bob","templates":'
        person ../bob 2
        space=mobileface-v2 person carol 3
        echo '{"person_id":"dave","space":"dlib-resnet-v1","templates":[{"vector":[1,2,3]}]}'
        person erin 4
    } >in.ndjson
    run_split "$BIOCTL" people import --json in.ndjson
    assert_status 3
    assert_json '[.[] | select(.type == "imported") | .line] == [1, 6]'
    assert_json '[.[] | select(.type == "rejected") | [.line, .reason]] ==
        [[2, "bad_record"], [3, "bad_id"], [4, "other_contract"], [5, "bad_vector"]]'
    assert_json_stderr 'any(.[]; .message | contains("in.ndjson:2: is not JSON"))'
}

@test "people import survives hostile lines" {
    { head -c 1000000 /dev/zero | tr '\0' '['; echo; head -c 20000000 /dev/zero | tr '\0' 'x'; echo; person alice 1; } >in.ndjson
    run_split "$BIOCTL" people import --json in.ndjson
    assert_status 3
    assert_json '[.[] | select(.type != "summary") | .type] == ["rejected", "rejected", "imported"]'
}

@test "people import --dry-run writes nothing, not even a store" {
    person alice 1 >in.ndjson
    run_split "$BIOCTL" people import --dry-run --json in.ndjson
    assert_status 0
    assert_json '.[0] | .templates == 1 and .dry_run'
    [ ! -e "$BIOCTL_DATA_DIR" ]
}

@test "float64 vectors go through .npy without losing a bit" {
    awk 'BEGIN {
        printf "{\"person_id\":\"alice\",\"space\":\"dlib-resnet-v1\",\"templates\":["
        for (t = 0; t < 2; t++) {
            for (i = 0; i < 128; i++) vector = vector (i ? "," : "") sprintf("%.17g", sin(i + t) / 7)
            printf "%s{\"precision\":\"float64\",\"vector\":[%s]}", t ? "," : "", vector
            vector = ""
        }
        print "]}"
    }' >in.ndjson
    "$BIOCTL" -q people import in.ndjson >/dev/null
    run_split "$BIOCTL" people export --npy --json first
    assert_status 64
    run_split "$BIOCTL" people export --json --npy first
    assert_status 0
    assert_json '.[0] == {type:"exported", person_id:"alice", file:"first/alice.npy", templates:2, precision:"float64"}'
    elsewhere "$BIOCTL" -q people import --npy first >/dev/null
    elsewhere "$BIOCTL" -q people export --npy second >/dev/null
    cmp first/alice.npy second/alice.npy
    [ "$(stat -c %a first/alice.npy)" = 600 ]
    "$BIOCTL" people export | jq -e '.templates | length == 2 and all(.precision == "float64") and .[1].vector[0] == 0.12021014068684236'
}

@test "people export overwrites only with --force" {
    enrol_vectors alice
    "$BIOCTL" -q people export --npy out >/dev/null
    "$BIOCTL" -q people export people.ndjson
    run_split "$BIOCTL" people export --npy out
    assert_status 73
    assert_stderr_has out/alice.npy
    run_split "$BIOCTL" people export people.ndjson
    assert_status 73
    run_split "$BIOCTL" people export --force people.ndjson
    assert_status 0
    [ "$(stat -c %a people.ndjson)" = 600 ]
}

@test "people import --npy refuses pickles and cut files and takes the rest" {
    enrol_vectors alice bob carol
    "$BIOCTL" -q people export --npy npy >/dev/null
    head -c 300 npy/bob.npy >cut && mv cut npy/bob.npy
    printf '\x93NUMPY\x01\x00\x76\x00%-117s\n' "{'descr': '|O', 'fortran_order': False, 'shape': (1, 128), }" >npy/carol.npy
    touch npy/names.json
    run_split elsewhere "$BIOCTL" people import --npy npy --json
    assert_status 3
    assert_json '[.[] | select(.type != "summary") | [.type, .person_id, .reason]] ==
        [["imported", "alice", null], ["rejected", "bob", "bad_vector"], ["rejected", "carol", "bad_vector"]]'
}

@test "people export leaves out templates of other models and says so" {
    enrol_vectors alice
    make_contract_old
    run_split "$BIOCTL" people export
    assert_status 0
    assert_stdout_has '"templates":[]'
    assert_stderr_has "left out 1 template "
}

@test "people export to a full disk fails and leaves nothing" {
    enrol_vectors alice
    [ -c /dev/full ] || skip "no /dev/full"
    run_split bash -c '"$BIOCTL" people export >/dev/full'
    assert_status 74
    run_split "$BIOCTL" people export no/such/folder/people.ndjson
    assert_status 73
}
