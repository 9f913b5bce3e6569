load helpers
load lib/faces

setup_file() { make_faces; }

@test "enroll refuses a photo of a group with the reason" {
    run_split "$BIOCTL" --json enroll --id grup "$demo/sample1.jpg"
    assert_status 1
    same many_faces "$(field rejected reason <<<"$stdout")"
    assert_stderr_has "3 faces"
    run_split "$BIOCTL" people list
    same "" "$stdout"
}

@test "enroll --at takes the face at a pixel of a group photo, so that it is found on another one" {
    run_split "$BIOCTL" --json enroll --id ani --at 1139,383 "$demo/sample3.jpg"
    assert_status 0
    jq -e '.box.left < 1139 and .box.right > 1139 and .box.top < 383 and .box.bottom > 383' <<<"$stdout"
    run_split "$BIOCTL" --json recognize "$demo/sample1.jpg"
    assert_status 0
    same "ani null null" "$(field face person_id <<<"$stdout" | xargs)"
}

@test "enroll --at a place without a face names the places that have one" {
    run_split "$BIOCTL" --json enroll --id ani --at 5,5 "$demo/sample3.jpg"
    assert_status 1
    same no_face "$(field rejected reason <<<"$stdout")"
    assert_stderr_has "no face at 5,5; the faces are at"
}

@test "enroll --at wants two whole numbers, before it makes a store" {
    for place in 5 5, x,y -1,2 1,2,3 "1,2 "; do
        run_split "$BIOCTL" enroll --id ani "--at=$place" "$demo/sample3.jpg"
        assert_status 64
        assert_stderr_has "not a pixel"
    done
    [ ! -e "$BIOCTL_DATA_DIR/bioctl.db" ]
}

@test "enroll refuses the face of another person, and warns or not as told" {
    "$BIOCTL" -q enroll --id tala --faces largest "$demo/sample1.jpg"
    run_split "$BIOCTL" --json enroll --id lain --faces largest "$demo/sample3.jpg"
    assert_status 1
    same duplicate_person "$(field rejected reason <<<"$stdout")"
    assert_stderr_has "looks like 'tala'"
    run_split "$BIOCTL" --json enroll --id lain --faces largest --on-duplicate warn "$demo/sample3.jpg"
    assert_status 0
    same tala "$(field enrolled resembles <<<"$stdout")"
    assert_stderr_has "looks like 'tala'"
    run_split "$BIOCTL" --json enroll --id ketiga --faces largest --on-duplicate allow "$demo/sample3.jpg"
    assert_status 0
    same null "$(field enrolled resembles <<<"$stdout")"
    same "" "$stderr"
}

@test "enroll refuses a face below the quality asked for" {
    run_split "$BIOCTL" --json enroll --id anna --min-quality 0.999 "$(faces)/face-1-0.jpg"
    assert_status 1
    same low_quality "$(field rejected reason <<<"$stdout")"
}

@test "enroll tells everything about the face in its record" {
    run_split "$BIOCTL" --json enroll --id anna --name "Anna Ayu" "$(faces)/face-1-0.jpg"
    assert_status 0
    same "" "$stderr"
    same '["type","person_id","image","template_id","quality","box","rotation"]' "$(jq -c keys_unsorted <<<"$stdout")"
    same '["top","right","bottom","left"]' "$(jq -c '.box | keys_unsorted' <<<"$stdout")"
    jq -e '.box.top < .box.bottom and .box.left < .box.right and .quality > 0 and .rotation == 0' <<<"$stdout"
    run_split "$BIOCTL" --json people list
    same "Anna Ayu" "$(field person name <<<"$stdout")"
}

@test "what enroll keeps is for its owner only" {
    "$BIOCTL" -q enroll --id anna "$(faces)/face-1-0.jpg"
    same "700 600" "$(stat -c %a "$BIOCTL_DATA_DIR/media" "$BIOCTL_DATA_DIR/bioctl.db" | xargs)"
    same 600 "$(find "$BIOCTL_DATA_DIR/media" -name '*.jpg' -exec stat -c %a {} +)"
}

@test "enroll of the same photo again changes nothing" {
    "$BIOCTL" enroll --id anna "$(faces)/face-1-0.jpg"
    local before
    before="$(store_content)"
    run_split "$BIOCTL" --json enroll --id anna "$(faces)/face-1-0.jpg"
    assert_status 0
    same '{"type":"unchanged","person_id":"anna","image":"'"$(faces)"'/face-1-0.jpg"}' "$stdout"
    same "$before" "$(store_content)"
}

@test "enroll gives a name to somebody who is unchanged otherwise" {
    "$BIOCTL" enroll --id anna "$(faces)/face-1-0.jpg"
    run_split "$BIOCTL" enroll --id anna --name Anna "$(faces)/face-1-0.jpg"
    assert_status 0
    run_split "$BIOCTL" --json people list
    same Anna "$(field person name <<<"$stdout")"
}

@test "enroll of several photos goes on after a bad one and says so with 3" {
    echo nonsense >bad.jpg
    variant "$(faces)/face-1-0.jpg" 2 >2.jpg
    run_split "$BIOCTL" --json enroll --id anna bad.jpg "$(faces)/face-1-0.jpg" 2.jpg
    assert_status 3
    same "rejected enrolled enrolled" "$(jq -r .type <<<"$stdout" | xargs)"
    assert_stderr_has "bad.jpg"
}

@test "enroll of photos that are all faceless or crowded is a no, of files that are no photos a failure" {
    echo nonsense >bad.jpg
    run_split "$BIOCTL" enroll --id anna "$demo/sample1.jpg" "$demo/sample3.jpg"
    assert_status 1
    run_split "$BIOCTL" enroll --id anna bad.jpg "$demo/sample3.jpg"
    assert_status 1
    run_split "$BIOCTL" enroll --id anna bad.jpg bad.jpg
    assert_status 65
    assert_stderr_has "none of the 2 photos could be read"
}

@test "enroll reads one photo from standard input" {
    with_stdin "$(faces)/face-1-0.jpg" "$BIOCTL" --json enroll --id anna -
    assert_status 0
    same - "$(field enrolled image <<<"$stdout")"
    with_stdin "$(faces)/face-1-0.jpg" "$BIOCTL" enroll --id anna - -
    assert_status 64
}

@test "enroll keeps a portrait for its owner only, or none" {
    "$BIOCTL" enroll --id anna "$(faces)/face-1-0.jpg"
    "$BIOCTL" enroll --id cora --no-crop "$(faces)/face-6-0.jpg"
    same 1 "$(find "$BIOCTL_DATA_DIR/media" -type f | wc -l)"
    same 600 "$(stat -c %a "$(find "$BIOCTL_DATA_DIR/media" -type f)")"
}

@test "enroll --at another face of a photo that is enrolled already adds that face" {
    "$BIOCTL" -q enroll --id tengah --at 930,540 "$demo/sample1.jpg"
    run_split "$BIOCTL" --json enroll --id tengah --at 930,540 "$demo/sample1.jpg"
    assert_json '.[0].type == "unchanged"'
    run_split "$BIOCTL" --json enroll --id tengah --at 1550,300 "$demo/sample1.jpg"
    assert_json '.[0].type == "enrolled"'
}

@test "enroll --faces all keeps one template for each face" {
    run_split "$BIOCTL" --json enroll --id semua --faces all "$demo/sample6.jpg"
    assert_status 0
    same 4 "$(grep -c '"type":"enrolled"' <<<"$stdout")"
}

@test "enroll in text has a line a photo and no talk" {
    run_split "$BIOCTL" enroll --id anna "$(faces)/face-1-0.jpg"
    assert_status 0
    same "enrolled anna" "$(cut -f 1,2 <<<"$stdout" | tr '\t' ' ')"
    same "" "$stderr"
}

@test "enroll knows a person in the photo of a group of the test data" {
    [ -e "$test_data/photos/two_people.jpg" ] || skip "skipped: no data"
    run_split "$BIOCTL" --json enroll --id dua "$test_data/photos/two_people.jpg"
    assert_status 1
    same many_faces "$(field rejected reason <<<"$stdout")"
}
