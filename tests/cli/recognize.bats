load helpers
load lib/faces

setup_file() { make_faces; }
setup() {
    setup_sandbox
    [ "$BATS_TEST_DESCRIPTION" = "recognize says that nobody is enrolled yet" ] && return
    "$BIOCTL" -q enroll --id tala --name "Tala Ayu" --faces largest "$demo/sample1.jpg" >/dev/null
}

@test "recognize says that nobody is enrolled yet" {
    run_split "$BIOCTL" recognize "$demo/sample1.jpg"
    assert_status 66
    assert_stderr_has "nobody is enrolled yet"
}

@test "recognize in an empty gallery knows nobody and says why" {
    "$BIOCTL" people remove tala --yes
    run_split "$BIOCTL" --json recognize "$(faces)/face-1-0.jpg"
    assert_status 1
    same '[null,"Unknown",null,null]' "$(jq -c '[.person_id,.label,.distance,.runner_up]' <<<"$stdout")"
    assert_stderr_has "nobody is enrolled"
}

@test "recognize without anything to look at" {
    run_split "$BIOCTL" recognize
    assert_status 64
    mkdir empty
    run_split "$BIOCTL" recognize empty
    assert_status 66
    assert_stderr_has "no photo to look at"
    run_split "$BIOCTL" recognize --from - -
    assert_status 64
}

@test "recognize of one photo that cannot be read fails as the photo does" {
    echo nonsense >bad.jpg
    run_split "$BIOCTL" --json recognize bad.jpg
    assert_status 65
    same bad.jpg "$(field error image <<<"$stdout")"
    same unreadable "$(field error reason <<<"$stdout")"
    run_split "$BIOCTL" --json recognize nowhere.jpg
    assert_status 66
    same missing "$(field error reason <<<"$stdout")"
    same 1 "$(wc -l <<<"$stderr")"
}

@test "recognize goes on after photos that cannot be read and says so with 3" {
    echo nonsense >bad.jpg
    run_split "$BIOCTL" --json recognize bad.jpg "$demo/sample3.jpg" nowhere.jpg
    assert_status 3
    same "error face face face error" "$(jq -r .type <<<"$stdout" | xargs)"
    assert_stderr_has "bad.jpg: "
    assert_stderr_has "nowhere.jpg: "
}

@test "recognize finds the person on another photo and nobody else" {
    run_split "$BIOCTL" --json recognize "$demo/sample3.jpg"
    assert_status 0
    same "tala null null" "$(field face person_id <<<"$stdout" | xargs)"
    same "Tala Ayu,Unknown,Unknown" "$(field face label <<<"$stdout" | paste -sd,)"
    same '["type","image","box","person_id","label","distance","runner_up","runner_up_id","quality","rotation"]' \
        "$(head -n 1 <<<"$stdout" | jq -c keys_unsorted)"
    jq -e '.box | .top >= 0 and .left >= 0 and .right <= 1920 and .bottom <= 1350 and .top < .bottom' <<<"$stdout"
    same "" "$stderr"
}

@test "recognize answers 1 where it knows nobody" {
    run_split "$BIOCTL" recognize "$demo/sample6.jpg"
    assert_status 1
    run_split "$BIOCTL" recognize "$demo/sample3.jpg" --threshold 0.2
    assert_status 1
}

@test "recognize --fail-unknown answers 1 if anybody is unknown" {
    run_split "$BIOCTL" recognize --fail-unknown "$demo/sample3.jpg"
    assert_status 1
    run_split "$BIOCTL" recognize --fail-unknown "$(faces)/face-3-0.jpg"
    assert_status 0
}

@test "recognize assigns a person to one face of a photo at most" {
    "$BIOCTL" -q enroll --id dua --faces all --on-duplicate allow "$demo/sample6.jpg" >/dev/null
    run_split "$BIOCTL" --json recognize "$demo/sample6.jpg"
    assert_status 0
    same 1 "$(field face person_id <<<"$stdout" | grep -c dua)"
}

@test "recognize --margin asks for a distance to the next person" {
    "$BIOCTL" -q enroll --id kembar --faces largest --on-duplicate allow "$demo/sample3.jpg" >/dev/null
    run_split "$BIOCTL" --json recognize --top 2 "$(faces)/face-3-0.jpg"
    assert_status 0
    same kembar "$(field face person_id <<<"$stdout")"
    same tala "$(field face runner_up_id <<<"$stdout")"
    same '["kembar","tala"]' "$(jq -c '[.candidates[].person_id]' <<<"$stdout")"
    run_split "$BIOCTL" recognize --margin 1 "$(faces)/face-3-0.jpg"
    assert_status 1
}

@test "recognize keeps the order of its input on any number of threads" {
    local one many
    cp "$(faces)"/face-*.jpg .
    one="$("$BIOCTL" --json recognize -j 1 . "$demo/sample3.jpg" face-1-0.jpg)"
    many="$("$BIOCTL" --json recognize -j 4 . "$demo/sample3.jpg" face-1-0.jpg)"
    same "$one" "$many"
    same ./face-1-0.jpg "$(head -n 1 <<<"$one" | jq -r .image)"
}

@test "recognize opens folders, sorted, and leaves other files and hidden ones alone" {
    mkdir -p in/b in/.git
    cp "$(faces)/face-1-0.jpg" in/b/2.jpg
    cp "$(faces)/face-1-0.jpg" in/a.JPG
    cp "$(faces)/face-1-0.jpg" in/.git/c.jpg
    echo text >in/notes.txt
    run_split "$BIOCTL" --json recognize in
    assert_status 0
    same "in/a.JPG in/b/2.jpg" "$(field face image <<<"$stdout" | xargs)"
}

@test "recognize takes lists of paths by line and by NUL, and a photo from standard input" {
    local strange=$'new\nline \xff.jpg'
    cp "$(faces)/face-1-0.jpg" "$strange"
    bash -c 'find . -name "*.jpg" -print0 | "$BIOCTL" --json recognize --from0 -' >out
    same "$(printf './%s' "$strange" | base64 -w 0)" "$(field face image_base64 <out)"
    printf '%s\n\n%s' "$(faces)/face-1-0.jpg" "$(faces)/face-3-0.jpg" >list
    run_split "$BIOCTL" --json recognize --from list
    assert_status 0
    same 2 "$(grep -c '"face"' <<<"$stdout")"
    with_stdin "$(faces)/face-1-0.jpg" "$BIOCTL" --json recognize -
    assert_status 0
    same - "$(field face image <<<"$stdout")"
}

@test "recognize --annotate writes pictures and never over a photo" {
    cp "$demo/sample3.jpg" a.jpg
    mkdir sub && cp "$(faces)/face-1-0.jpg" sub/a.jpg
    run_split "$BIOCTL" --json recognize a.jpg sub/a.jpg --annotate .
    assert_status 0
    same "./a-2.jpg ./a-3.jpg" "$(field face annotated <<<"$stdout" | uniq | xargs)"
    cmp a.jpg "$demo/sample3.jpg"
    [ -s a-2.jpg ]
    [ -s a-3.jpg ]
    run_split "$BIOCTL" recognize a.jpg --annotate /proc/nowhere
    assert_status 73
}

@test "recognize pipes into jq, and a reader that leaves early ends it quietly" {
    same 3 "$("$BIOCTL" --json recognize "$demo"/sample3.jpg | jq -s length)"
    run_split bash -c 'yes "$0" | head -n 2000 | "$BIOCTL" recognize --from - | head -n 1' "$(faces)/face-1-0.jpg"
    assert_status 0
    same 1 "$(wc -l <<<"$stdout")"
    same "" "$stderr"
}

@test "recognize works while the store cannot be written" {
    sqlite3 "$BIOCTL_DATA_DIR/bioctl.db" <<SQL
BEGIN IMMEDIATE;
.shell '$BIOCTL' recognize '$(faces)/face-1-0.jpg' >out
SQL
    same tala "$(cut -f 4 out)"
}

@test "recognize finds both presidents of the test data on their common photo" {
    [ -e "$test_data/photos/obama.jpg" ] || skip "skipped: no data"
    "$BIOCTL" -q enroll --id obama "$test_data/photos/obama.jpg"
    "$BIOCTL" -q enroll --id biden "$test_data/photos/biden.jpg"
    run_split "$BIOCTL" --json recognize "$test_data/photos/obama_and_biden.jpg"
    assert_status 0
    same "biden obama" "$(field face person_id <<<"$stdout" | grep -v null | sort | xargs)"
}
