load helpers
load lib/faces

setup_file() { make_faces; }

@test "bulk-enroll answers a wrong call with 64" {
    run_split "$BIOCTL" bulk-enroll
    assert_status 64
    run_split "$BIOCTL" bulk-enroll staff --manifest list.csv
    assert_status 64
    run_split "$BIOCTL" bulk-enroll staff --root .
    assert_status 64
    run_split "$BIOCTL" bulk-enroll staff --faces some
    assert_status 64
}

@test "bulk-enroll of a folder that is not there names it" {
    run_split "$BIOCTL" bulk-enroll nowhere
    assert_status 66
    assert_stderr_has "nowhere: no such folder"
    run_split "$BIOCTL" bulk-enroll --manifest nowhere.csv
    assert_status 66
}

@test "bulk-enroll of a manifest without a header names file and columns" {
    echo "anna,Anna,1.jpg" >list.csv
    run_split "$BIOCTL" bulk-enroll --manifest list.csv
    assert_status 65
    assert_stderr_has "list.csv: line 1: the first line must name the columns id and path"
}

@test "bulk-enroll enrolls everybody in input order and sums up" {
    make_staff
    run_split "$BIOCTL" --json bulk-enroll staff
    assert_status 0
    same "staff/anna/1.jpg staff/bela/1.jpg staff/bela/2.jpg staff/cora/1.jpg" "$(field enrolled image <<<"$stdout" | xargs)"
    same '["type","people","images","enrolled","unchanged","rejected","removed","seconds","dry_run"]' \
        "$(tail -n 1 <<<"$stdout" | jq -c keys_unsorted)"
    same '[3,4,4,0,0,0]' "$(tail -n 1 <<<"$stdout" | jq -c '[.people,.images,.enrolled,.unchanged,.rejected,.removed]')"
    run_split "$BIOCTL" recognize staff/anna/1.jpg
    assert_status 0
}

@test "bulk-enroll a second time finds everything unchanged" {
    make_staff
    "$BIOCTL" -q bulk-enroll staff
    local before
    before="$(store_content)"
    run_split "$BIOCTL" --json bulk-enroll staff
    assert_status 0
    same 4 "$(grep -c '"type":"unchanged"' <<<"$stdout")"
    same "$before" "$(store_content)"
}

@test "bulk-enroll gives the same records and the same store on any number of threads" {
    make_staff
    mkdir staff/dora && cp "$(faces)/face-3-0.jpg" staff/dora/1.jpg
    local one many content
    one="$("$BIOCTL" --json bulk-enroll -j 1 staff | grep -v summary || true)"
    content="$(store_content)"
    rm -r "$BIOCTL_DATA_DIR"
    many="$("$BIOCTL" --json bulk-enroll -j 5 staff | grep -v summary || true)"
    same "$one" "$many"
    same "$content" "$(store_content)"
    same duplicate_person "$(field rejected reason <<<"$one")"
}

@test "bulk-enroll goes on after bad files, tells each and exits 3" {
    make_staff
    echo nonsense >staff/anna/0.jpg
    : >staff/bela/0.jpg
    mkdir -- staff/-x && cp "$(faces)/face-6-1.jpg" staff/-x/1.jpg
    cp "$demo/sample6.jpg" staff/cora/2.jpg
    run_split "$BIOCTL" --json bulk-enroll staff
    assert_status 3
    same "bad_id unreadable unreadable many_faces" "$(field rejected reason <<<"$stdout" | xargs)"
    same "4 4" "$(tail -n 1 <<<"$stdout" | jq -r '"\(.enrolled) \(.rejected)"')"
    assert_stderr_has "staff/anna/0.jpg: "
    assert_stderr_has "enrolled 4 of 8 photos"
}

@test "bulk-enroll --max-errors stops at the limit and keeps what it had" {
    make_staff
    for i in 1 2 3; do echo nonsense >"staff/bela/0$i.jpg"; done
    run_split "$BIOCTL" --json bulk-enroll staff --max-errors 2
    assert_status 3
    same 2 "$(grep -c '"type":"rejected"' <<<"$stdout")"
    same anna "$(field enrolled person_id <<<"$stdout")"
    run_split "$BIOCTL" people list
    same anna "$(cut -f 1 <<<"$stdout")"
}

@test "bulk-enroll --dry-run tells the same and writes nothing, not even a store" {
    make_staff
    echo nonsense >staff/anna/0.jpg
    run_split "$BIOCTL" --json bulk-enroll --dry-run staff
    assert_status 3
    [ ! -e "$BIOCTL_DATA_DIR" ]
    local dry="$stdout"
    run_split "$BIOCTL" --json bulk-enroll staff
    strip() { jq -c 'select(.type != "summary") | del(.template_id)'; }
    same "$(strip <<<"$dry")" "$(strip <<<"$stdout")"
    local before
    before="$(store_content)"
    run_split "$BIOCTL" --json bulk-enroll --dry-run --prune staff
    same "$before" "$(store_content)"
}

@test "bulk-enroll reads a manifest of a spreadsheet" {
    cp "$(faces)/face-1-0.jpg" "$(faces)/face-6-0.jpg" .
    printf '\xef\xbb\xbfid;name;path\r\n17;"Ayu; Ni Made";face-1-0.jpg\r\n18;Budi;face-6-0.jpg\r\n19;Cici;gone.jpg\r\n../x;X;face-6-1.jpg\r\n' >list.csv
    cd /
    run_split "$BIOCTL" --json bulk-enroll --manifest "$OLDPWD/list.csv"
    assert_status 3
    same "17 18" "$(field enrolled person_id <<<"$stdout" | xargs)"
    same "unreadable bad_id" "$(field rejected reason <<<"$stdout" | xargs)"
    run_split "$BIOCTL" --json people show 17
    same "Ayu; Ni Made" "$(field person name <<<"$stdout")"
}

@test "bulk-enroll reads NDJSON from standard input, relative to --root" {
    mkdir pool && cp "$(faces)/face-1-0.jpg" pool/a.jpg
    echo '{"id":17,"name":"Ayu","path":"a.jpg"}' >list
    with_stdin list "$BIOCTL" --json bulk-enroll --manifest - --root pool
    assert_status 0
    same '["17","pool/a.jpg"]' "$(head -n 1 <<<"$stdout" | jq -c '[.person_id,.image]')"
}

@test "bulk-enroll --prune removes what is gone and nothing else" {
    make_staff
    "$BIOCTL" -q bulk-enroll staff
    "$BIOCTL" -q enroll --id gina "$(faces)/face-6-1.jpg"
    rm -r staff/cora staff/bela/2.jpg
    run_split "$BIOCTL" --json bulk-enroll --prune --dry-run staff
    same "bela cora" "$(field removed person_id <<<"$stdout" | xargs)"
    run_split "$BIOCTL" --json bulk-enroll --prune staff
    assert_status 0
    same "bela cora" "$(field removed person_id <<<"$stdout" | xargs)"
    same 2 "$(tail -n 1 <<<"$stdout" | jq .removed)"
    run_split "$BIOCTL" people list
    same "anna bela gina" "$(cut -f 1 <<<"$stdout" | xargs)"
    same 3 "$(find "$BIOCTL_DATA_DIR/media" -type f | wc -l)"
}

@test "bulk-enroll --prune of an empty folder removes nobody" {
    make_staff
    "$BIOCTL" -q bulk-enroll staff
    rm -r staff/*
    run_split "$BIOCTL" bulk-enroll --prune staff
    assert_status 3
    assert_stderr_has "is it mounted?"
    run_split "$BIOCTL" people list
    same 3 "$(wc -l <<<"$stdout")"
}

@test "bulk-enroll without --prune keeps what is gone" {
    make_staff
    "$BIOCTL" -q bulk-enroll staff
    rm -r staff/cora
    run_split "$BIOCTL" bulk-enroll staff
    assert_status 0
    run_split "$BIOCTL" people list
    same "anna bela cora" "$(cut -f 1 <<<"$stdout" | xargs)"
}

@test "bulk-enroll notices a photo that moved" {
    make_staff
    "$BIOCTL" -q bulk-enroll staff
    mkdir staff/cora/2024 && mv staff/cora/1.jpg staff/cora/2024/
    run_split "$BIOCTL" --json bulk-enroll --prune staff
    assert_status 0
    same 4 "$(tail -n 1 <<<"$stdout" | jq .unchanged)"
    run_split "$BIOCTL" --json people show cora
    same "$PWD/staff/cora/2024/1.jpg" "$(field template source <<<"$stdout")"
}

@test "bulk-enroll stopped by SIGTERM ends in order and says so with 143" {
    start_held_bulk_enroll
    kill -TERM "$held"
    release_bulk_enroll
    local code=0
    wait "$held" || code=$?
    same 143 "$code"
    # The photo at hand was finished, what was told is in the store, and nothing else.
    same 36 "$(field enrolled image <out | wc -l)"
    same 36 "$(sqlite3 "$BIOCTL_DATA_DIR/bioctl.db" 'SELECT count(*) FROM template')"
}
