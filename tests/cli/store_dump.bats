# store export, store import: the store as lines of JSON.

load helpers
load lib/faces
load lib/people

setup() {
    setup_sandbox
    copy="$BATS_TEST_TMPDIR/copy"
}

make_store() {
    enrol_vectors anna bela
    bioctl -q people rename anna --name $'Anna "A" \xc3\xa9' >/dev/null
    mkdir -p -m 0700 "$BIOCTL_DATA_DIR/media/faces/aa"
    printf '\xff\xd8portrait\xff\xd9' >"$BIOCTL_DATA_DIR/media/faces/aa/1.jpg"
    chmod 0600 "$BIOCTL_DATA_DIR/media/faces/aa/1.jpg"
    in_store "UPDATE template SET crop = CAST('faces/aa/1.jpg' AS BLOB) WHERE person = (SELECT key FROM person WHERE id = 'anna')"
    echo geheim >password
    chmod 0600 password
    bioctl -q devices add gate http://127.0.0.1:1 --user admin --password-file password >/dev/null
}

in_copy() { BIOCTL_DATA_DIR="$copy" "$@"; }

# Every row but those of the audit log, which tells of the import, and their count.
rows() {
    bioctl -q store export - | awk '/^\{"columns"/ { is_audit = /"name":"audit/ } /^\[/ && !is_audit && !/^\["audit"/'
}

@test "store export | store import: the same rows, files and secrets in another folder" {
    make_store
    run_split bioctl store export all.ndjson
    assert_status 0
    assert_stdout ""
    [ "$(stat -c %a all.ndjson)" = 600 ]
    head -1 all.ndjson | jq -e '.type == "store" and .format == 1 and .schema_version >= 7' >/dev/null
    tail -1 all.ndjson | jq -e '.type == "end" and .files == 2' >/dev/null
    [ "$(tail -1 all.ndjson | jq -r .sha256)" = "$(head -n -1 all.ndjson | sha256sum | cut -d ' ' -f 1)" ]
    run_split in_copy bioctl --json store import all.ndjson
    assert_status 0
    assert_json '.[0].type == "imported" and .[0].files == 2'
    [ "$(in_copy bioctl people list)" = "$(bioctl people list)" ]
    [ "$(rows)" = "$(in_copy rows)" ]
    cmp "$BIOCTL_DATA_DIR/media/faces/aa/1.jpg" "$copy/media/faces/aa/1.jpg"
    cmp "$BIOCTL_DATA_DIR/secret.key" "$copy/secret.key"
    run_split in_copy bioctl store check --deep
    assert_status 0
    # Numbers go on where they were: the next template has another than any before it.
    before=$(in_store "SELECT seq FROM sqlite_sequence WHERE name = 'template'")
    [ "$(sqlite3 "$copy/bioctl.db" "SELECT seq FROM sqlite_sequence WHERE name = 'template'")" = "$before" ]
}

@test "store import: what was changed, cut off or made by hand is refused, and leaves nothing" {
    make_store
    bioctl -q store export all.ndjson
    sed 's/"anna"/"anne"/' all.ndjson >changed.ndjson
    head -n -1 all.ndjson >cut.ndjson
    head -c -20 all.ndjson >torn.ndjson
    sed 's|media/faces/aa/1.jpg|media/../../evil.jpg|' all.ndjson >evil.ndjson
    sed '1s/"schema_version":[0-9]*/"schema_version":9999/' all.ndjson >newer.ndjson
    sed '2,$s/"columns":\["/"columns":["x\\"; DROP TABLE person; --","/' all.ndjson >sql.ndjson
    echo 'not json' >other.ndjson
    : >empty.ndjson
    for file in changed cut torn evil newer sql other empty; do
        run_split in_copy bioctl store import $file.ndjson
        [ "$status" = 65 ] || [ "$file$status" = newer78 ] || fail "$file"
        [ "$(grep -c . <<<"$stderr")" = 1 ]
        [ -z "$(find "$copy" -type f ! -path '*/locks/*')" ] || fail "$file left $(find "$copy" -type f)"
        [ ! -e "$BATS_TEST_TMPDIR/evil.jpg" ]
    done
    run_split in_copy bioctl store import all.ndjson
    assert_status 0
    run_split in_copy bioctl store import all.ndjson
    assert_status 73
    assert_stderr_has "is there already"
}

@test "store export: never half, never over a file unasked, never readable for others" {
    make_store
    echo precious >all.ndjson
    run_split bioctl store export all.ndjson
    assert_status 73
    [ "$(cat all.ndjson)" = precious ]
    # Of an export that was killed, of one that runs, and of somebody else.
    touch ".all.ndjson.99999999.partial" ".all.ndjson.$$.partial" .all.ndjson.mine.partial
    run_split bioctl store export --force all.ndjson
    assert_status 0
    [ ! -e .all.ndjson.99999999.partial ]
    [ -e ".all.ndjson.$$.partial" ] && [ -e .all.ndjson.mine.partial ]
    rm .all.ndjson.*.partial
    run_split bioctl store export /dev/full
    assert_status 73
    run_split bash -c '"$BIOCTL" store export >/dev/full'
    assert_status 74
    [ -z "$(find . -name "*.partial")" ]
}

@test "store export of a sealed store is in clear, and wants the key; import into a sealed folder is sealed" {
    make_store
    bioctl -q store encrypt --key-file "$BATS_TEST_TMPDIR/store.key" >/dev/null
    run_split bioctl store export all.ndjson
    assert_status 77
    [ ! -e all.ndjson ]
    export BIOCTL_STORE_KEY_FILE="$BATS_TEST_TMPDIR/store.key"
    bioctl -q store export all.ndjson
    jq -r 'select(.path? == "media/faces/aa/1.jpg").base64' all.ndjson | base64 -d | head -c 2 | cmp - <(printf '\xff\xd8')
    mkdir -m 0700 "$copy"
    cp -p "$BIOCTL_DATA_DIR/sealed.key" "$copy/"
    in_copy bioctl -q store import all.ndjson >/dev/null
    run ! grep -rqaE 'anna|portrait' "$copy"
    [ "$(in_copy bioctl people list)" = "$(bioctl people list)" ]
}

@test "store import: hostile rows, a line without end, the rest of another store" {
    make_store
    bioctl -q store export all.ndjson
    printf '{"type":"end","sha256":"%s"}\n' "$(sha256sum </dev/null | cut -d ' ' -f 1)" >nothing.ndjson
    run_split in_copy bioctl store import nothing.ndjson
    assert_status 65
    # A row that names a file elsewhere, in a file whose digest is right.
    for path in ../../../etc/passwd /etc/passwd; do
        head -n -1 all.ndjson | sed "s|$(printf 'faces/aa/1.jpg' | base64)|$(printf %s "$path" | base64)|" >rows
        ! cmp -s rows <(head -n -1 all.ndjson)
        { cat rows && printf '{"type":"end","sha256":"%s"}\n' "$(sha256sum <rows | cut -d ' ' -f 1)"; } >hostile.ndjson
        run_split in_copy bioctl store import hostile.ndjson
        assert_status 65
        assert_stderr_has "no file of a store"
        [ ! -e "$copy/bioctl.db" ]
    done
    head -c 300000000 /dev/zero | tr '\0' '[' >long.ndjson
    local limit=2000000
    ! grep -qs __asan_init "$BIOCTL" || limit=unlimited  # AddressSanitizer reserves terabytes of addresses
    run_split bash -c 'ulimit -v $2; BIOCTL_DATA_DIR=$1 "$BIOCTL" store import long.ndjson' - "$copy" "$limit"
    assert_status 65
    rm long.ndjson
    # A log that belongs to another store would be replayed over this one.
    mkdir -p "$copy"
    echo log >"$copy/bioctl.db-wal"
    run_split in_copy bioctl store import all.ndjson
    assert_status 73
    assert_stderr_has "of another store"
    rm "$copy/bioctl.db-wal"
    # As a run that was killed leaves it.
    mkdir -p "$copy/media/faces/aa"
    cp "$BIOCTL_DATA_DIR/media/faces/aa/1.jpg" "$copy/media/faces/aa/"
    echo draft >"$copy/.bioctl-import.db"
    : >"$copy/bioctl.db"
    run_split in_copy bioctl store import all.ndjson
    assert_status 0
}
