load helpers
load lib/faces

setup_file() { make_faces; }

@test "compare answers a wrong call with 64" {
    run_split "$BIOCTL" compare a.jpg
    assert_status 64
    run_split "$BIOCTL" compare a.jpg b.jpg --id anna
    assert_status 64
    run_split "$BIOCTL" compare - -
    assert_status 64
}

@test "compare with a file that is not there or no photo names it" {
    echo nonsense >bad.jpg
    run_split "$BIOCTL" compare nowhere.jpg "$(faces)/face-1-0.jpg"
    assert_status 66
    assert_stderr_has nowhere.jpg
    run_split "$BIOCTL" compare "$(faces)/face-1-0.jpg" bad.jpg
    assert_status 65
    assert_stderr_has bad.jpg
}

@test "compare of a photo without a face is a no with a record" {
    # One grey pixel.
    base64 -d >blank.png <<'PNG'
iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAIAAACQd1PeAAAADElEQVR4nGP4z8AAAAMBAQDJ/pLvAAAAAElFTkSuQmCC
PNG
    run_split "$BIOCTL" --json compare blank.png "$(faces)/face-1-0.jpg"
    assert_status 1
    same blank.png "$(field no_face image <<<"$stdout")"
    assert_stderr_has "no face"
}

@test "compare says same for one person and different for two" {
    run_split "$BIOCTL" --json compare "$demo/sample1.jpg" "$demo/sample3.jpg"
    assert_status 0
    same '["type","a","b","distance","threshold","same"]' "$(jq -c keys_unsorted <<<"$stdout")"
    same true "$(field comparison same <<<"$stdout")"
    assert_stderr_has "3 faces, the largest is compared"
    run_split "$BIOCTL" --json compare "$demo/sample1.jpg" "$demo/sample6.jpg"
    assert_status 1
    same false "$(field comparison same <<<"$stdout")"
}

@test "compare of a photo with itself has no distance" {
    run_split "$BIOCTL" --json compare "$(faces)/face-1-0.jpg" "$(faces)/face-1-0.jpg"
    assert_status 0
    jq -e '.distance == 0' <<<"$stdout"
}

@test "compare needs no store for two photos and makes none" {
    run_split "$BIOCTL" compare "$(faces)/face-1-0.jpg" "$(faces)/face-6-0.jpg"
    assert_status 1
    [ ! -e "$BIOCTL_DATA_DIR" ]
}

@test "compare takes the threshold from flag, variable and the old service's variable" {
    run_split "$BIOCTL" compare "$demo/sample1.jpg" "$demo/sample3.jpg" --threshold 0.1
    assert_status 1
    BIOCTL_THRESHOLD=0.1 run_split "$BIOCTL" compare "$demo/sample1.jpg" "$demo/sample3.jpg"
    assert_status 1
    FACE_TOLERANCE=0.9 run_split "$BIOCTL" --json compare "$demo/sample1.jpg" "$demo/sample6.jpg"
    assert_status 0
    same 0.9 "$(field comparison threshold <<<"$stdout")"
}

@test "compare --id uses the person's nearest template" {
    "$BIOCTL" -q enroll --id tala --faces largest "$demo/sample1.jpg"
    "$BIOCTL" -q enroll --id tala "$(faces)/face-6-0.jpg"
    run_split "$BIOCTL" --json compare "$demo/sample3.jpg" --id tala
    assert_status 0
    same tala "$(field comparison b <<<"$stdout")"
    with_stdin "$(faces)/face-6-1.jpg" "$BIOCTL" --json compare - --id tala
    assert_status 1
}

@test "compare --id of nobody names the nearest id" {
    "$BIOCTL" -q enroll --id tala "$(faces)/face-1-0.jpg"
    run_split "$BIOCTL" compare "$(faces)/face-1-0.jpg" --id tela
    assert_status 66
    assert_stderr_has "did you mean 'tala'?"
}

@test "compare tells presidents of the test data apart" {
    [ -e "$test_data/photos/obama.jpg" ] || skip "skipped: no data"
    run_split "$BIOCTL" compare "$test_data/photos/obama.jpg" "$test_data/photos/obama2.jpg"
    assert_status 0
    run_split "$BIOCTL" compare "$test_data/photos/obama.jpg" "$test_data/photos/biden.jpg"
    assert_status 1
}
