setup_file() { load lib/faces && make_faces; }
setup() { load lib/faces && face_setup; }

@test "compare answers a wrong call with 64" {
    bioctl compare a.jpg
    exits 64
    bioctl compare a.jpg b.jpg --id anna
    exits 64
    bioctl compare - -
    exits 64
}

@test "compare with a file that is not there or no photo names it" {
    echo nonsense >bad.jpg
    bioctl compare nowhere.jpg "$(faces)/face-1-0.jpg"
    exits 66
    tells nowhere.jpg
    bioctl compare "$(faces)/face-1-0.jpg" bad.jpg
    exits 65
    tells bad.jpg
}

@test "compare of a photo without a face is a no with a record" {
    # One grey pixel.
    base64 -d >blank.png <<'PNG'
iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAIAAACQd1PeAAAADElEQVR4nGP4z8AAAAMBAQDJ/pLvAAAAAElFTkSuQmCC
PNG
    bioctl --json compare blank.png "$(faces)/face-1-0.jpg"
    exits 1
    same blank.png "$(field no_face image <<<"$output")"
    tells "no face"
}

@test "compare says same for one person and different for two" {
    bioctl --json compare "$demo/sample1.jpg" "$demo/sample3.jpg"
    exits 0
    same '["type","a","b","distance","threshold","same"]' "$(jq -c keys_unsorted <<<"$output")"
    same true "$(field comparison same <<<"$output")"
    tells "3 faces, the largest is compared"
    bioctl --json compare "$demo/sample1.jpg" "$demo/sample6.jpg"
    exits 1
    same false "$(field comparison same <<<"$output")"
}

@test "compare of a photo with itself has no distance" {
    bioctl --json compare "$(faces)/face-1-0.jpg" "$(faces)/face-1-0.jpg"
    exits 0
    jq -e '.distance == 0' <<<"$output"
}

@test "compare needs no store for two photos and makes none" {
    bioctl compare "$(faces)/face-1-0.jpg" "$(faces)/face-6-0.jpg"
    exits 1
    [ ! -e "$BIOCTL_DATA_DIR" ]
}

@test "compare takes the threshold from flag, variable and the old service's variable" {
    bioctl compare "$demo/sample1.jpg" "$demo/sample3.jpg" --threshold 0.1
    exits 1
    BIOCTL_THRESHOLD=0.1 bioctl compare "$demo/sample1.jpg" "$demo/sample3.jpg"
    exits 1
    FACE_TOLERANCE=0.9 bioctl --json compare "$demo/sample1.jpg" "$demo/sample6.jpg"
    exits 0
    same 0.9 "$(field comparison threshold <<<"$output")"
}

@test "compare --id uses the person's nearest template" {
    "$BIOCTL" -q enroll --id tala --faces largest "$demo/sample1.jpg"
    "$BIOCTL" -q enroll --id tala "$(faces)/face-6-0.jpg"
    bioctl --json compare "$demo/sample3.jpg" --id tala
    exits 0
    same tala "$(field comparison b <<<"$output")"
    run --separate-stderr "$BIOCTL" --json compare - --id tala <"$(faces)/face-6-1.jpg"
    exits 1
}

@test "compare --id of nobody names the nearest id" {
    "$BIOCTL" -q enroll --id tala "$(faces)/face-1-0.jpg"
    bioctl compare "$(faces)/face-1-0.jpg" --id tela
    exits 66
    tells "did you mean 'tala'?"
}

@test "compare tells presidents of the test data apart" {
    [ -e "$test_data/photos/obama.jpg" ] || skip "skipped: no data"
    bioctl compare "$test_data/photos/obama.jpg" "$test_data/photos/obama2.jpg"
    exits 0
    bioctl compare "$test_data/photos/obama.jpg" "$test_data/photos/biden.jpg"
    exits 1
}
