# people forget and people export-data: what they leave in the files of the store, also when they are killed.

load helpers
load lib/people

id=3404-siti-0017
name="Siti Rahmawati Unik"

# make_site: a person with face, portrait and events of which one waits to be sent, and another person beside.
make_site() {
    "$BIOCTL" -q enroll --id "$id" --name "$name" --faces largest "$demo/sample1.jpg" >/dev/null
    "$BIOCTL" -q enroll --id budi --name Budi --faces largest "$demo/sample6.jpg" >/dev/null
    printf 'x\n' >password
    chmod 600 password
    "$BIOCTL" -q devices add gate http://127.0.0.1:1 --user admin --password-file password >/dev/null
    "$BIOCTL" -q targets add school http://127.0.0.1:1/ --format event >/dev/null
    in_store "INSERT INTO event (device, epoch, serial, time, local_time, received_at, major, minor, recognized, employee_no, name,
                  person, picture_url, picture_state, picture, picture_bytes, raw)
              WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 60)
              SELECT (SELECT key FROM device), 1, i, i * 1000, '', 0, 5, 75, 1, '$id', '$name', (SELECT key FROM person WHERE id = '$id'),
                  '/pic/$id', 'stored', 'events/1970/01/01/' || i || '.jpg', 9, '{\"employeeNoString\":\"$id\",\"name\":\"$name\"}' FROM n;
              INSERT INTO delivery (target, event, order_key, order_time, idempotency_key, state, created_at)
              SELECT (SELECT key FROM target), 60, '$id', 1, 'k', 'pending', 1"
    mkdir -p "$BIOCTL_DATA_DIR/media/events/1970/01/01" "$BIOCTL_DATA_DIR/index" "$BIOCTL_DATA_DIR/cache"
    local number
    for number in $(seq 60); do echo "picture of $id" >"$BIOCTL_DATA_DIR/media/events/1970/01/01/$number.jpg"; done
    echo "$id" >"$BIOCTL_DATA_DIR/index/face.idx"
    in_store "SELECT hex(vector) FROM template JOIN person ON person.key = template.person WHERE person.id = '$id'" >vector.hex
    portrait=$(in_store "SELECT CAST(crop AS TEXT) FROM template JOIN person ON person.key = person WHERE person.id = '$id'")
}

# traces: files below the data folder that have the id, the name, bytes of the vector or the portrait.
traces() {
    python3 - "$BIOCTL_DATA_DIR" "$id" "$name" vector.hex "$portrait" <<'PY'
import os, sys
folder, person, name, vector, portrait = sys.argv[1:]
vector = bytes.fromhex(open(vector).read().strip())
needles = {"id": person.encode(), "name": name.encode(), "vector": vector[:32], "middle of the vector": vector[200:232],
           "portrait": os.path.basename(portrait).encode()}
for root, _, files in os.walk(folder):
    for file in files:
        path = os.path.join(root, file)
        content = open(path, "rb").read() + path.encode()
        for what, bytes_ in needles.items():
            if bytes_ in content:
                print(what, path)
PY
}

@test "people forget leaves no byte of the person in any file, and gives a receipt" {
    make_site
    [ -n "$(traces)" ]
    run_split bioctl people forget --yes --json "$id"
    assert_status 0
    assert_json '.[0] | .type == "forgotten" and .templates == 1 and .portraits == 1 and .events == 60 and .pictures == 60'
    assert_json '.[0] | .waiting == 1 and .terminals == ["gate"] and .elsewhere == [] and .log_cleared and (.dry_run | not)'
    assert_json ".[0].subject == \"sha256:$(printf %s "$id" | sha256sum | cut -c1-16)\""
    assert_stderr_has "terminal gate"
    assert_stderr_has "backups"
    [ "$(traces)" = "" ] || fail "$(traces)"
    [ "$(in_store "SELECT count(*) FROM event WHERE employee_no = '' AND name = '' AND person IS NULL")" = 60 ]
    [ "$(in_store "SELECT state || reason FROM delivery")" = droppedforgotten ]
    [ "$(portraits)" = 1 ]
    run_split bioctl audit verify
    assert_status 0
    run_split bioctl audit list --person "$id" --json
    assert_json '[.[].action] | index("people.forget") != null'
    run_split bioctl people forget --json "$id"
    assert_status 0
    assert_json '.[0] | .forgotten_before and .events == 60'
}

@test "people forget asks, rehearses, and knows who was never there" {
    make_site
    run_split bioctl people forget "$id"
    assert_status 64
    assert_stderr_has "--yes"
    run_split bioctl people forget --dry-run --json "$id"
    assert_json '.[0] | .dry_run and .events == 60'
    run script -qec "'$BIOCTL' people forget $id" /dev/null <<<n
    [ "$status" -eq 1 ]
    [ "$(in_store "SELECT count(*) FROM person")" = 2 ]
    run_split bioctl people forget --yes nobody
    assert_status 66
    BIOCTL_DATA_DIR=$PWD/none run_split bioctl people forget --yes "$id"
    assert_status 66
    [ ! -e none ]
}

@test "people forget that is killed has done nothing, or is finished by the next run" {
    make_site
    cp -r "$BIOCTL_DATA_DIR" whole
    local round pid nothing=0 finished=0
    for round in $(seq 20); do
        rm -rf "$BIOCTL_DATA_DIR"
        cp -r whole "$BIOCTL_DATA_DIR"
        "$BIOCTL" -q people forget --yes "$id" >/dev/null 2>&1 3>&- &
        pid=$!
        sleep "$(awk -v r="$round" 'BEGIN { print r * 0.006 }')"
        kill -9 "$pid" 2>/dev/null || true
        wait "$pid" 2>/dev/null || true
        if [ "$(in_store "SELECT count(*) FROM person WHERE id = '$id'")" = 1 ]; then
            nothing=$((nothing + 1))
            [ "$(in_store "SELECT count(*) FROM event WHERE employee_no = '$id'")" = 60 ]
            [ "$(find "$BIOCTL_DATA_DIR/media/events" -name '*.jpg' | wc -l)" = 60 ]
        else
            finished=$((finished + 1))
            [ "$(in_store "SELECT count(*) FROM event WHERE employee_no = '$id'")" = 0 ]
        fi
        run_split bioctl people forget --yes --json "$id"
        assert_status 0
        assert_json '.[0].events == 60'
        [ "$(traces)" = "" ] || fail "round $round: $(traces)"
        [ "$(find "$BIOCTL_DATA_DIR/media/events" -name '*.jpg' | wc -l)" = 0 ]
        [ "$(portraits)" = 1 ]
        run_split bioctl audit verify
        assert_status 0
    done
    echo "# killed before the commit: $nothing, after it: $finished" >&3
}

@test "people export-data hands over everything of one person, closed, and overwrites nothing" {
    make_site
    run_split bioctl people export-data "$id" --to out/siti --json
    assert_status 0
    assert_json '.[0] | .templates == 1 and .portraits == 1 and .events == 60 and .pictures == 60 and .deliveries == 1'
    [ "$(stat -c %a out/siti)" = 700 ]
    [ "$(find out/siti -type f ! -perm 600)" = "" ]
    [ "$(find out/siti -name '*.json' | wc -l)" = 6 ]
    for file in out/siti/*.json; do jq -e . "$file" >/dev/null || fail "$file"; done
    jq -e 'length == 1 and (.[0].vector | length) == 128 and (.[0].contract | length) == 16' out/siti/templates.json >/dev/null
    jq -e "all(.[]; .employee_no == \"$id\" and .as_the_terminal_sent_it.name == \"$name\")" out/siti/events.json >/dev/null
    grep -q "DATA PRIBADI ANDA" out/siti/README.txt
    grep -q "YOUR PERSONAL DATA" out/siti/README.txt
    cmp "out/siti/media/$portrait" "$BIOCTL_DATA_DIR/media/$portrait"
    ! grep -rq Budi out/siti
    run_split bioctl people export-data "$id" --to out/siti
    assert_status 73
    mkdir out/empty
    run_split bioctl people export-data "$id" --to out/empty
    assert_status 0
    rm "$BIOCTL_DATA_DIR/media/events/1970/01/01/7.jpg"
    run_split bioctl people export-data "$id" --to out/less --json
    assert_status 3
    assert_json '.[0].missing == ["events/1970/01/01/7.jpg"]'
    run_split bioctl people export-data nobody --to out/nobody
    assert_status 66
    [ ! -e out/nobody ]
}

@test "people forget beside a reader says that bytes are left, and store prune finishes" {
    make_site
    sqlite3 "$BIOCTL_DATA_DIR/bioctl.db" "BEGIN" "SELECT count(*) FROM person" ".shell touch reading; sleep 5" "COMMIT" >/dev/null 3>&- &
    local reader=$!
    until_true [ -e reading ]
    BIOCTL_BUSY_TIMEOUT=200ms run_split bioctl people forget --yes --json "$id"
    assert_status 3
    assert_json '.[0] | (.log_cleared | not) and .events == 60'
    assert_stderr_has "store prune"
    wait "$reader"
    [ "$(in_store "SELECT count(*) FROM person")" = 1 ]
    run_split bioctl store prune --yes
    assert_status 0
    assert_stderr_has "finished what a"
    [ "$(traces)" = "" ] || fail "$(traces)"
}
