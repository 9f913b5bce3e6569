# Whatever comes in: its own message and code, nothing lost, no crash (a code above 128 is one).

load helpers
load lib/faces

setup_file() { make_faces; }
setup() {
    setup_sandbox
    "$BIOCTL" -q enroll --id tala --faces largest "$demo/sample1.jpg" >/dev/null
}

# Each verb that reads a photo refuses this one. refused PHOTO CODE REASON TEXT
refused() {
    run_split "$BIOCTL" --json enroll --id anna "$1"
    assert_status "$2"
    same "$3" "$(field rejected reason <<<"$stdout")"
    assert_stderr_has "$4"
    run_split "$BIOCTL" --json recognize "$1"
    assert_status "$2"
    same "$1" "$(field error image <<<"$stdout")"
    assert_stderr_has "$4"
    run_split "$BIOCTL" compare "$1" "$demo/sample1.jpg"
    assert_status "$2"
    assert_stderr_has "$4"
    run_split "$BIOCTL" compare "$1" --id tala
    assert_status "$2"
    same "1" "$(sqlite3 "$BIOCTL_DATA_DIR/bioctl.db" 'SELECT count(*) FROM template')"
}

# png WIDTH HEIGHT: a PNG of this size with one row of data.
png() {
    local header
    header="IHDR$(printf '\\x%02x\\x%02x\\x%02x\\x%02x' $(($1 >> 24 & 255)) $(($1 >> 16 & 255)) $(($1 >> 8 & 255)) $(($1 & 255)))"
    header+="$(printf '\\x%02x\\x%02x\\x%02x\\x%02x' $(($2 >> 24 & 255)) $(($2 >> 16 & 255)) $(($2 >> 8 & 255)) $(($2 & 255)))"
    header+='\x08\x02\x00\x00\x00'
    printf '\x89PNG\r\n\x1a\n\x00\x00\x00\x0d'
    printf "$header"
    # gzip ends with the CRC-32 of what it packed, little-endian.
    printf "$header" | gzip -c | tail -c 8 | head -c 4 | od -An -tx1 | tr -d '\n' | awk '{ printf "\\x%s\\x%s\\x%s\\x%s", $4, $3, $2, $1 }' |
        xargs -0 printf
    printf '\x00\x00\x00\x00IEND\xae\x42\x60\x82'
}

@test "an empty file" {
    : >photo.jpg
    refused photo.jpg 65 unreadable "photo.jpg: "
}

@test "HTML named .jpg" {
    echo '<!DOCTYPE html><html><body>404 Not Found</body></html>' >photo.jpg
    refused photo.jpg 65 unreadable HTML
}

@test "a truncated JPEG" {
    head -c 200000 "$demo/sample3.jpg" >photo.jpg
    refused photo.jpg 65 unreadable truncated
}

@test "a picture of one pixel has no face" {
    base64 -d >photo.png <<<iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAIAAACQd1PeAAAADElEQVR4nGP4z8AAAAMBAQDJ/pLvAAAAAElFTkSuQmCC
    run_split "$BIOCTL" --json enroll --id anna photo.png
    assert_status 1
    same no_face "$(field rejected reason <<<"$stdout")"
    run_split "$BIOCTL" --json recognize photo.png
    assert_status 1
    same photo.png "$(field no_face image <<<"$stdout")"
}

@test "a PNG that claims 30000x30000 pixels is refused from its header" {
    png 30000 30000 >photo.png
    refused photo.png 65 too_large "30000"
    png 4294967295 4294967295 >photo.png
    run_split "$BIOCTL" recognize photo.png
    assert_status 65
}

@test "a file larger than --max-bytes is refused unread" {
    truncate -s 60M photo.jpg
    refused photo.jpg 65 too_large "photo.jpg: "
    run_split "$BIOCTL" recognize "$demo/sample3.jpg" --max-bytes 1k
    assert_status 65
    run_split "$BIOCTL" recognize "$demo/sample3.jpg" --max-pixels 1000
    assert_status 65
}

@test "standard input larger than --max-bytes is refused" {
    run_split bash -c 'head -c 2000000 /dev/zero | "$BIOCTL" recognize - --max-bytes 1M'
    assert_status 65
    assert_stderr_has "standard input"
}

@test "a folder given as a photo" {
    mkdir photo.jpg
    run_split "$BIOCTL" enroll --id anna photo.jpg
    assert_status 66
    assert_stderr_has "photo.jpg: "
    run_split "$BIOCTL" compare photo.jpg "$demo/sample1.jpg"
    assert_status 66
}

@test "a pipe is read where it is named, and left alone in a folder" {
    mkdir in
    mkfifo in/pipe.jpg
    cp "$(faces)/face-1-0.jpg" in/photo.jpg
    run_split timeout 20 "$BIOCTL" recognize in <(cat "$(faces)/face-1-0.jpg")
    assert_status 0
    same 2 "$(wc -l <<<"$stdout")"
}

@test "a file that is not there, a link to nowhere, and one that vanished meanwhile" {
    ln -s nowhere link.jpg
    refused link.jpg 66 unreadable "link.jpg: "
    refused gone.jpg 66 unreadable "gone.jpg: "
    start_held_bulk_enroll
    rm staff/cora/40.jpg
    release_bulk_enroll
    local code=0
    wait "$held" || code=$?
    same 3 "$code"
    same staff/cora/40.jpg "$(field rejected image <out)"
}

@test "a photo that may not be read" {
    [ "$(id -u)" -ne 0 ] || skip "skipped: root reads everything"
    cp "$(faces)/face-1-0.jpg" photo.jpg
    chmod 000 photo.jpg
    refused photo.jpg 77 unreadable "photo.jpg: "
}

@test "file names that are no UTF-8 or hold a newline stay one record and one line" {
    local strange=$'b\xe9la\nx\t.jpg'
    mkdir -p staff/anna
    cp "$(faces)/face-6-0.jpg" "staff/anna/$strange"
    run_split "$BIOCTL" --json bulk-enroll staff
    assert_status 0
    same "$(printf 'staff/anna/%s' "$strange" | base64 -w 0)" "$(field enrolled image_base64 <<<"$stdout")"
    run_split "$BIOCTL" recognize "staff/anna/$strange"
    assert_status 0
    same 1 "$(wc -l <<<"$stdout")"
    echo nonsense >"$strange"
    run_split "$BIOCTL" recognize "$strange"
    assert_status 65
    same 1 "$(wc -l <<<"$stderr")"
}

@test "ids that could leave their folder or not be printed are refused with 64" {
    local id long
    long="$(printf 'x%.0s' $(seq 1000))"
    for id in a/b .. . '' "$long" $'a\nb' $'\xff' ' a' -x; do
        run_split "$BIOCTL" enroll --id="$id" "$(faces)/face-6-0.jpg"
        assert_status 64
        same 1 "$(wc -l <<<"$stderr")"
    done
    assert_stderr_has "begins with '-'"
    run_split "$BIOCTL" enroll --id="$long" "$(faces)/face-6-0.jpg"
    assert_stderr_has "1000 bytes"
    printf 'id,path\na\0b,%s\n' "$(faces)/face-6-0.jpg" >list.csv
    run_split "$BIOCTL" bulk-enroll --manifest list.csv
    assert_status 3
    run_split "$BIOCTL" people list
    same 1 "$(wc -l <<<"$stdout")"
}

@test "an id of emoji or 128 bytes is one like others" {
    local long
    long="$(printf 'x%.0s' $(seq 128))"
    run_split "$BIOCTL" enroll --id 🙂 "$(faces)/face-6-0.jpg"
    assert_status 0
    run_split "$BIOCTL" enroll --id "$long" "$(faces)/face-6-1.jpg"
    assert_status 0
    run_split "$BIOCTL" --json recognize "$(faces)/face-6-0.jpg"
    same 🙂 "$(field face person_id <<<"$stdout")"
}

@test "a store locked by another process: a short wait succeeds, a long one is 75" {
    local db="$BIOCTL_DATA_DIR/bioctl.db"
    printf 'BEGIN IMMEDIATE;\n.shell touch locked; sleep 5\nCOMMIT;\n' | sqlite3 "$db" &
    until [ -e locked ]; do sleep 0.02; done
    BIOCTL_BUSY_TIMEOUT=200ms run_split "$BIOCTL" enroll --id cora "$(faces)/face-6-0.jpg"
    assert_status 75
    run_split "$BIOCTL" enroll --id cora "$(faces)/face-6-0.jpg"
    assert_status 0
    wait
    run_split "$BIOCTL" people list
    same "cora tala" "$(cut -f 1 <<<"$stdout" | xargs)"
}

@test "a second bulk-enroll at the same time is told to wait, and the first one ends well" {
    start_held_bulk_enroll
    run_split "$BIOCTL" bulk-enroll staff
    assert_status 75
    assert_stderr_has "process $held"
    release_bulk_enroll
    wait "$held"
    same 40 "$(field enrolled image <out | wc -l)"
    run_split "$BIOCTL" bulk-enroll staff
    assert_status 0
}

@test "a store that is no store is refused and left as it was" {
    echo "my diary" >"$BIOCTL_DATA_DIR/bioctl.db"
    run_split "$BIOCTL" recognize "$demo/sample1.jpg"
    assert_status 65
    run_split "$BIOCTL" enroll --id anna "$(faces)/face-1-0.jpg"
    assert_status 65
    same "my diary" "$(cat "$BIOCTL_DATA_DIR/bioctl.db")"
}
