setup_file() { load lib/faces && make_faces; }
setup() { load lib/faces && face_setup; }

@test "enroll refuses a photo of a group with the reason" {
    bioctl --json enroll --id grup "$demo/sample1.jpg"
    exits 1
    same many_faces "$(field rejected reason <<<"$output")"
    tells "3 faces"
    bioctl people list
    same "" "$output"
}

@test "enroll --at takes the face at a pixel of a group photo, so that it is found on another one" {
    bioctl --json enroll --id ani --at 1139,383 "$demo/sample3.jpg"
    exits 0
    jq -e '.box.left < 1139 and .box.right > 1139 and .box.top < 383 and .box.bottom > 383' <<<"$output"
    bioctl --json recognize "$demo/sample1.jpg"
    exits 0
    same "ani null null" "$(field face person_id <<<"$output" | xargs)"
}

@test "enroll --at a place without a face names the places that have one" {
    bioctl --json enroll --id ani --at 5,5 "$demo/sample3.jpg"
    exits 1
    same no_face "$(field rejected reason <<<"$output")"
    tells "no face at 5,5; the faces are at"
}

@test "enroll --at wants two whole numbers, before it makes a store" {
    for place in 5 5, x,y -1,2 1,2,3 "1,2 "; do
        bioctl enroll --id ani "--at=$place" "$demo/sample3.jpg"
        exits 64
        tells "not a pixel"
    done
    [ ! -e "$BIOCTL_DATA_DIR/bioctl.db" ]
}

@test "enroll refuses the face of another person, and warns or not as told" {
    "$BIOCTL" -q enroll --id tala --faces largest "$demo/sample1.jpg"
    bioctl --json enroll --id lain --faces largest "$demo/sample3.jpg"
    exits 1
    same duplicate_person "$(field rejected reason <<<"$output")"
    tells "looks like 'tala'"
    bioctl --json enroll --id lain --faces largest --on-duplicate warn "$demo/sample3.jpg"
    exits 0
    same tala "$(field enrolled resembles <<<"$output")"
    tells "looks like 'tala'"
    bioctl --json enroll --id ketiga --faces largest --on-duplicate allow "$demo/sample3.jpg"
    exits 0
    same null "$(field enrolled resembles <<<"$output")"
    same "" "$stderr"
}

@test "enroll refuses a face below the quality asked for" {
    bioctl --json enroll --id anna --min-quality 0.999 "$(faces)/face-1-0.jpg"
    exits 1
    same low_quality "$(field rejected reason <<<"$output")"
}

@test "enroll tells everything about the face in its record" {
    bioctl --json enroll --id anna --name "Anna Ayu" "$(faces)/face-1-0.jpg"
    exits 0
    same "" "$stderr"
    same '["type","person_id","image","template_id","quality","box","rotation"]' "$(jq -c keys_unsorted <<<"$output")"
    same '["top","right","bottom","left"]' "$(jq -c '.box | keys_unsorted' <<<"$output")"
    jq -e '.box.top < .box.bottom and .box.left < .box.right and .quality > 0 and .rotation == 0' <<<"$output"
    bioctl --json people list
    same "Anna Ayu" "$(field person name <<<"$output")"
}

@test "enroll of the same photo again changes nothing" {
    "$BIOCTL" enroll --id anna "$(faces)/face-1-0.jpg"
    local before
    before="$(store_content)"
    bioctl --json enroll --id anna "$(faces)/face-1-0.jpg"
    exits 0
    same '{"type":"unchanged","person_id":"anna","image":"'"$(faces)"'/face-1-0.jpg"}' "$output"
    same "$before" "$(store_content)"
}

@test "enroll gives a name to somebody who is unchanged otherwise" {
    "$BIOCTL" enroll --id anna "$(faces)/face-1-0.jpg"
    bioctl enroll --id anna --name Anna "$(faces)/face-1-0.jpg"
    exits 0
    bioctl --json people list
    same Anna "$(field person name <<<"$output")"
}

@test "enroll of several photos goes on after a bad one and says so with 3" {
    echo nonsense >bad.jpg
    variant "$(faces)/face-1-0.jpg" 2 >2.jpg
    bioctl --json enroll --id anna bad.jpg "$(faces)/face-1-0.jpg" 2.jpg
    exits 3
    same "rejected enrolled enrolled" "$(jq -r .type <<<"$output" | xargs)"
    tells "bad.jpg"
}

@test "enroll of photos that are all faceless or crowded is a no, of files that are no photos a failure" {
    echo nonsense >bad.jpg
    bioctl enroll --id anna "$demo/sample1.jpg" "$demo/sample3.jpg"
    exits 1
    bioctl enroll --id anna bad.jpg "$demo/sample3.jpg"
    exits 1
    bioctl enroll --id anna bad.jpg bad.jpg
    exits 65
    tells "none of the 2 photos could be read"
}

@test "enroll reads one photo from standard input" {
    run --separate-stderr "$BIOCTL" --json enroll --id anna - <"$(faces)/face-1-0.jpg"
    exits 0
    same - "$(field enrolled image <<<"$output")"
    run --separate-stderr "$BIOCTL" enroll --id anna - - <"$(faces)/face-1-0.jpg"
    exits 64
}

@test "enroll keeps a portrait for its owner only, or none" {
    "$BIOCTL" enroll --id anna "$(faces)/face-1-0.jpg"
    "$BIOCTL" enroll --id cora --no-crop "$(faces)/face-6-0.jpg"
    same 1 "$(find "$BIOCTL_DATA_DIR/media" -type f | wc -l)"
    same 600 "$(stat -c %a "$(find "$BIOCTL_DATA_DIR/media" -type f)")"
}

@test "enroll --faces all keeps one template for each face" {
    bioctl --json enroll --id semua --faces all "$demo/sample6.jpg"
    exits 0
    same 4 "$(grep -c '"type":"enrolled"' <<<"$output")"
}

@test "enroll in text has a line a photo and no talk" {
    bioctl enroll --id anna "$(faces)/face-1-0.jpg"
    exits 0
    same "enrolled anna" "$(cut -f 1,2 <<<"$output" | tr '\t' ' ')"
    same "" "$stderr"
}

@test "enroll knows a person in the photo of a group of the test data" {
    [ -e "$test_data/photos/two_people.jpg" ] || skip "skipped: no data"
    bioctl --json enroll --id dua "$test_data/photos/two_people.jpg"
    exits 1
    same many_faces "$(field rejected reason <<<"$output")"
}
