load helpers
load lib/people

enrol_photo() { "$BIOCTL" -q enroll --id "$1" --faces largest "$2" >/dev/null; }

@test "people reembed has nothing to do where all templates are current" {
    enrol_vectors alice
    run_split "$BIOCTL" people reembed --json
    assert_status 0
    assert_json 'length == 1 and .[0].type == "summary" and .[0].templates == 0'
}

@test "recognize refuses templates of another contract until they are embedded again" {
    enrol_photo alice "$demo/sample1.jpg"
    make_contract_old
    run_split "$BIOCTL" recognize "$demo/sample1.jpg"
    assert_status 65
    assert_stderr_has "people reembed"
    run_split "$BIOCTL" people reembed --json
    assert_status 0
    assert_json '.[0] | .type == "reembedded" and .person_id == "alice" and .from == "photo" and .contract_before == "0000000000000000"'
    run_split "$BIOCTL" recognize --json "$demo/sample1.jpg"
    assert_status 0
    assert_json 'any(.[]; .person_id == "alice" and .distance < 0.001)'
}

@test "people reembed uses the portrait when the photo is gone, and says what it cannot do" {
    cp "$demo/sample1.jpg" a.jpg
    cp "$demo/sample6.jpg" b.jpg
    enrol_photo alice a.jpg
    "$BIOCTL" -q enroll --id bob --no-crop --faces largest b.jpg >/dev/null
    make_contract_old
    rm a.jpg b.jpg
    run_split "$BIOCTL" people reembed --json
    assert_status 3
    assert_json '.[0] | .type == "reembedded" and .person_id == "alice" and .from == "portrait"'
    assert_json '.[1] | .type == "rejected" and .person_id == "bob" and .reason == "photo_gone"'
    assert_json '.[2] | .type == "summary" and .from_portrait == 1 and .rejected == 1 and .people_lost == 1'
    run_split "$BIOCTL" people reembed --remove-failed
    assert_status 64
    run_split "$BIOCTL" people reembed --remove-failed --yes --json
    assert_json '.[-1].removed == 1'
    run_split "$BIOCTL" recognize --json "$demo/sample1.jpg"
    assert_json 'any(.[]; .person_id == "alice")'
}

@test "people reembed --dry-run tells the decisions that would change and writes nothing" {
    enrol_photo alice "$demo/sample1.jpg"
    "$BIOCTL" -q enroll --id alice --faces largest "$demo/sample3.jpg" >/dev/null
    enrol_photo bob "$demo/sample6.jpg"
    make_contract_old
    in_store "UPDATE template SET vector = (SELECT vector FROM template WHERE id = 1)"
    run_split "$BIOCTL" people reembed --dry-run --json
    assert_status 0
    assert_json '[.[] | select(.type == "decision_change")] | length == 1 and .[0].person_id == "bob" and
        .[0].before.verdict == "other" and .[0].before.nearest == "alice" and .[0].after.verdict == "unknown"'
    assert_json '.[-1] | .decisions == 3 and .decisions_changed == 1 and .before.other == 1 and .after.other == 0 and .after.own == 2'
    [ "$(in_store "SELECT count(DISTINCT vector) FROM template")" -eq 1 ]
    [ "$(in_store "SELECT id FROM contract")" = 0000000000000000 ]
}

@test "imported vectors of the active space move over, those of unknown origin do not" {
    enrol_vectors alice bob
    make_contract_old
    in_store "UPDATE template SET source = CAST('npy:alice.npy' AS BLOB) WHERE id = 1"
    run_split "$BIOCTL" people reembed --json
    assert_status 3
    assert_json '.[0] | .type == "reembedded" and .person_id == "alice" and .from == "import"'
    assert_json '.[1] | .type == "rejected" and .person_id == "bob" and .reason == "no_picture"'
}

@test "people reembed killed in the middle goes on where it was" {
    for number in 1 2 3 4 5 6; do
        "$BIOCTL" -q enroll --id "p$number" --faces all --on-duplicate allow "$demo/sample$number.jpg" >/dev/null
    done
    make_contract_old
    "$BIOCTL" -q people reembed >/dev/null &
    sleep 0.3
    kill -9 $! && wait $! || true
    run_split "$BIOCTL" people reembed
    assert_status 0
    run_split "$BIOCTL" people reembed --json
    assert_json '.[0].templates == 0'
    [ "$(in_store "SELECT count(*) FROM template WHERE contract = (SELECT key FROM contract WHERE id <> '0000000000000000')")" -eq 21 ]
}
