load helpers
load lib/faces

setup_file() { make_faces; }

@test "people dedupe of nobody ends with 66, of different people with 0" {
    run_split "$BIOCTL" people dedupe
    assert_status 66
    "$BIOCTL" -q enroll --id anna "$(faces)/face-1-0.jpg"
    "$BIOCTL" -q enroll --id cora "$(faces)/face-6-0.jpg"
    run_split "$BIOCTL" people dedupe
    assert_status 0
    assert_stdout ""
    assert_stderr_has "nobody looks like somebody else within 0.400"
}

@test "people dedupe shows who looks the same and changes nothing" {
    "$BIOCTL" -q enroll --id anna --faces largest "$demo/sample1.jpg"
    "$BIOCTL" -q enroll --id anne --name Anne --faces largest --on-duplicate allow "$demo/sample3.jpg"
    "$BIOCTL" -q enroll --id cora "$(faces)/face-6-0.jpg"
    local before
    before=$(store_content)
    run_split "$BIOCTL" --json people dedupe --threshold 0.55 --html sheet.html
    assert_status 1
    same '[1,"anna","anne"] [1,"anne","anna"]' "$(jq -c '[.group, .person_id, .nearest]' <<<"$stdout" | paste -sd ' ')"
    same "$before" "$(store_content)"
    same 2 "$(grep -c '<img alt="" src="data:image/jpeg' sheet.html)"
    run ! grep -Eq '(src|href)="?https?:' sheet.html
    same 600 "$(stat -c %a sheet.html)"
    run_split "$BIOCTL" people dedupe --threshold 0.1
    assert_status 0
    run_split "$BIOCTL" people dedupe --threshold 9
    assert_status 64
}

@test "people dedupe --modality palm looks at palms only" {
    "$BIOCTL" -q enroll --id anna "$(faces)/face-1-0.jpg"
    "$BIOCTL" -q enroll --id anne --on-duplicate allow "$(faces)/face-1-0.jpg"
    run_split "$BIOCTL" people dedupe --modality palm
    assert_status 0
    run_split "$BIOCTL" people dedupe
    assert_status 1
}

@test "people cluster groups the strangers of watch, and tells who is nearest" {
    # Four frames of each are enough for watch to be sure; each camera sees both.
    local face camera i
    "$BIOCTL" -q enroll --id bela "$(faces)/face-1-1.jpg" >/dev/null
    for face in 1-0 6-0; do
        mkdir "frames-$face"
        for i in 1 2 3 4; do cp "$(faces)/face-$face.jpg" "frames-$face/$i.jpg"; done
        for camera in gate door; do
            "$BIOCTL" -q watch "frames-$face" --name "$camera" --unknown --picture face --input-fps 2 --fps 2 --no-deliver >/dev/null || true
        done
    done
    run_split "$BIOCTL" --json people cluster --html sheet.html
    assert_status 0
    same '[[1,2],[1,2],[2,2],[2,2]]' "$(jq -sc 'map([.cluster, .size])' <<<"$stdout")"
    # Each stranger was seen by both cameras.
    assert_json 'group_by(.cluster) | all(map(.device) | sort == ["door", "gate"])'
    assert_json 'all(.[]; .nearest == "bela" and .distance > 0.4)'
    grep -q 'Stranger 1' sheet.html
    run_split "$BIOCTL" people cluster --min-size 99
    assert_status 0
    assert_stdout ""
}

@test "people cluster without pictures says so, and a wrong time is 64" {
    "$BIOCTL" -q enroll --id bela "$(faces)/face-1-1.jpg"
    run_split "$BIOCTL" people cluster
    assert_status 0
    assert_stderr_has "0 strangers of 0 pictures"
    run_split "$BIOCTL" people cluster --since yesteryear
    assert_status 64
}
