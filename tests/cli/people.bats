load helpers
load lib/people

@test "people list of an empty store prints nothing and succeeds" {
    run_split "$BIOCTL" people list --json -q
    assert_status 0
    assert_stdout ""
    assert_stderr ""
    [ ! -e "$BIOCTL_DATA_DIR" ]
}

@test "people list needs no models" {
    enrol_vectors alice
    BIOCTL_MODELS_DIR=/nowhere run_split "$BIOCTL" people list --json
    assert_status 0
    assert_json 'length == 1 and .[0].person_id == "alice" and .[0].templates == 1'
    assert_stderr ""
}

@test "people list prints ids, names and times, by id" {
    enrol_vectors bob
    person alice 3 ',"name":"Alice A."' | bioctl -q people import - >/dev/null
    run_split "$BIOCTL" people list --json
    assert_json '[.[].person_id] == ["alice", "bob"] and .[0].name == "Alice A."'
    assert_json '.[0] | keys_unsorted == ["type", "person_id", "name", "templates", "palms", "created_at", "updated_at"]'
    run_split "$BIOCTL" people list
    [ "$(cut -f 1-3 <<<"$stdout")" = $'alice\tAlice A.\t1\nbob\t\t1' ] || fail "not the columns"
}

@test "verbs that change people make no store where there is none" {
    run_split "$BIOCTL" people remove alice --yes
    assert_status 66
    assert_stderr_has "nobody is enrolled yet"
    run_split "$BIOCTL" people reembed
    assert_status 66
    [ ! -e "$BIOCTL_DATA_DIR" ]
}

@test "people show of an unknown person names the nearest" {
    enrol_vectors alice
    run_split "$BIOCTL" people show alise
    assert_status 66
    assert_stdout ""
    assert_stderr "bioctl: nobody has the id 'alise'; did you mean 'alice'?"
}

@test "people show prints the person and every template" {
    enrol_vectors alice
    run_split "$BIOCTL" people show --json alice
    assert_status 0
    assert_json '[.[].type] == ["person", "template"]'
    assert_json '.[1] | .current and .source == "json:stdin" and .crop == null and .box == null and .precision == "float32"'
}

@test "people show works without models, but cannot tell what is current" {
    enrol_vectors alice
    BIOCTL_MODELS_DIR=/nowhere run_split "$BIOCTL" people show --json alice
    assert_status 0
    assert_json '.[1].current == null'
    assert_stderr_has /nowhere
}

@test "people rename refuses nothing to do, a bad id and a taken one" {
    enrol_vectors alice bob
    run_split "$BIOCTL" people rename alice
    assert_status 64
    run_split "$BIOCTL" people rename alice --id ../etc
    assert_status 64
    run_split "$BIOCTL" people rename alice --id bob
    assert_status 64
    assert_stderr_has "people merge alice bob"
    run_split "$BIOCTL" people list
    [ "$(cut -f 1 <<<"$stdout" | tr '\n' ' ')" = "alice bob " ] || fail "something changed"
}

@test "people rename changes name and id and keeps the templates" {
    enrol_vectors alice
    run_split "$BIOCTL" people rename --dry-run alice --id a-1
    assert_status 0
    run_split "$BIOCTL" people rename --json alice --id a-1 --name "Älice 😀"
    assert_status 0
    assert_json '.[0] == {type:"renamed", person_id:"a-1", name:"Älice 😀", previous_id:"alice", dry_run:false}'
    run_split "$BIOCTL" people list --json
    assert_json 'length == 1 and .[0].person_id == "a-1" and .[0].templates == 1'
}

@test "people remove wants --yes where nobody can be asked" {
    enrol_vectors alice
    run_split "$BIOCTL" people remove alice
    assert_status 64
    assert_stdout ""
    assert_stderr_has "--yes"
    run_split "$BIOCTL" people list
    assert_stdout_has alice
}

@test "people remove asks on a terminal, and no is an answer" {
    enrol_vectors alice bob
    run script -qec "'$BIOCTL' people remove alice" /dev/null <<<n
    [ "$status" -eq 1 ]
    [[ $output == *"Remove alice"*"[y/N]"*"nothing was removed"* ]]
    run script -qec "'$BIOCTL' people remove alice" /dev/null <<<y
    [ "$status" -eq 0 ]
    run_split "$BIOCTL" people list
    assert_stdout_lacks alice
    assert_stdout_has bob
}

@test "people remove --dry-run tells what would go and removes nothing" {
    "$BIOCTL" -q enroll --id alice --faces largest "$demo/sample1.jpg" >/dev/null
    run_split "$BIOCTL" people remove --dry-run --json alice
    assert_status 0
    assert_json '.[0] == {type:"removed", person_id:"alice", templates:1, crops:1, dry_run:true}'
    [ "$(portraits)" -eq 1 ]
}

@test "people remove deletes templates and portraits and says how many" {
    "$BIOCTL" -q enroll --id alice --faces largest "$demo/sample1.jpg" >/dev/null
    "$BIOCTL" -q enroll --id bob --faces largest "$demo/sample6.jpg" >/dev/null
    run_split "$BIOCTL" people remove --yes --json alice
    assert_status 0
    assert_json '.[0] == {type:"removed", person_id:"alice", templates:1, crops:1, dry_run:false}'
    [ "$(portraits)" -eq 1 ]
    run_split "$BIOCTL" people list
    assert_stdout_lacks alice
}

@test "people remove leaves no byte of the id in the files of the store" {
    enrol_vectors alice-with-a-long-name bob
    grep -q alice-with-a-long-name "$BIOCTL_DATA_DIR"/bioctl.db*
    "$BIOCTL" people remove --yes alice-with-a-long-name
    run grep -l alice-with-a-long-name "$BIOCTL_DATA_DIR"/bioctl.db*
    [ "$status" -eq 1 ]
}

@test "people remove goes on after an unknown id and ends with 3" {
    enrol_vectors alice bob
    run_split "$BIOCTL" people remove --yes --json ghost alice
    assert_status 3
    assert_json '[.[] | [.type, .person_id]] == [["removed", "alice"], ["rejected", "ghost"]]'
    run_split "$BIOCTL" people remove --yes bbo
    assert_status 66
    assert_stderr_has "did you mean 'bob'"
}

@test "people remove deletes portraits that an interrupted removal left" {
    "$BIOCTL" -q enroll --id alice --faces largest "$demo/sample1.jpg" >/dev/null
    in_store "PRAGMA foreign_keys = ON; DELETE FROM person"
    [ "$(portraits)" -eq 1 ]
    enrol_vectors bob
    run_split "$BIOCTL" people remove --yes bob
    assert_status 0
    assert_stderr_has "1 portraits that an interrupted run had left"
    [ "$(portraits)" -eq 0 ]
}

@test "people remove cannot write to a locked store and says so" {
    enrol_vectors alice
    sqlite3 "$BIOCTL_DATA_DIR/bioctl.db" "BEGIN IMMEDIATE" ".shell touch locked; sleep 3" "COMMIT" 3>&- &
    until_true test -e locked
    BIOCTL_BUSY_TIMEOUT=200ms run_split "$BIOCTL" people remove --yes alice
    wait
    assert_status 75
    run_split "$BIOCTL" people list
    assert_stdout_has alice
}

@test "people merge warns of two who do not look alike and merges them all the same" {
    enrol_vectors alice bob
    run_split "$BIOCTL" people merge alice bob
    assert_status 64
    run_split "$BIOCTL" people merge --yes --json alice bob
    assert_status 0
    assert_json '.[0] | .type == "merged" and .templates == 1 and .alike == false and .distance > 0.5'
    run_split "$BIOCTL" people list --json
    assert_json 'length == 1 and .[0].person_id == "bob" and .[0].templates == 2'
}

@test "people merge says when it cannot" {
    enrol_vectors alice
    run_split "$BIOCTL" people merge --yes alice alice
    assert_status 64
    run_split "$BIOCTL" people merge --yes alice ghost
    assert_status 66
    run_split "$BIOCTL" people list
    assert_stdout_has alice
}
