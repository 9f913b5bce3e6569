# store retention and store prune: rules, what they delete, and what happens when somebody kills them or works beside them.

load helpers
load lib/people

# make_events COUNT: one each minute, the newest a minute ago, every third of nobody; each with a picture.
make_events() {
    enrol_vectors ani
    printf 'x\n' >password
    chmod 600 password
    "$BIOCTL" -q devices add gate http://127.0.0.1:1 --user admin --password-file password >/dev/null
    "$BIOCTL" -q targets add school http://127.0.0.1:1/ --format event >/dev/null
    in_store "UPDATE device SET cursor_time = unixepoch() * 1000 + 86400000;
              INSERT INTO event (device, epoch, serial, time, local_time, received_at, major, minor, recognized, employee_no, name,
                  picture_url, picture_state, picture, picture_bytes, raw)
              WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < $1)
              SELECT (SELECT key FROM device), 1, i, (unixepoch() - 60 * ($1 - i + 1)) * 1000, '', 0, 5, 75, i % 3 <> 0, '', '',
                  '/p', 'stored', 'events/2026/01/01/' || i || '.jpg', 8, '{}' FROM n"
    local folder="$BIOCTL_DATA_DIR/media/events/2026/01/01"
    mkdir -p "$folder"
    (cd "$folder" && seq "$1" | sed 's/$/.jpg/' | xargs touch)
}
pictures() { find "$BIOCTL_DATA_DIR/media/events" -name '*.jpg' | wc -l; }

@test "store retention set takes rules, shows them, and refuses what makes no sense" {
    run_split bioctl store retention show
    assert_status 66
    [ ! -e "$BIOCTL_DATA_DIR" ]
    enrol_vectors ani
    run_split bioctl store retention set events=365d pictures=90d unknown=8h --json
    assert_status 0
    assert_json 'length == 10 and (map(select(.kind == "events"))[0] | .keep == "365d" and .keep_s == 31536000)'
    assert_json 'map(select(.kind == "hotspot"))[0] | .keep == "off" and .keep_s == null'
    for wrong in audit=1w events=5 events faces=3d pictures=400d unknown=1s; do
        run_split bioctl store retention set "$wrong"
        assert_status 64
    done
    run_split bioctl store retention set audit=1w
    assert_stderr_has "never pruned"
    run_split bioctl store retention set pictures=off unknown=off
    assert_status 0
    run_split bioctl audit list --action store.retention --json
    assert_json 'length == 2 and .[0].detail.unknown == "8h"'
}

@test "store prune without rules deletes nothing and says so" {
    make_events 10
    run_split bioctl store prune
    assert_status 0
    assert_stdout ""
    assert_stderr_has "there are no rules"
    [ "$(pictures)" = 10 ]
}

@test "store prune deletes what is too old, and tells what a delivery waits for" {
    make_events 1200
    in_store "INSERT INTO delivery (target, event, order_key, order_time, idempotency_key, state, created_at)
              SELECT (SELECT key FROM target), id, '', 1, id, 'pending', 1 FROM event WHERE id <= 2"
    bioctl -q store retention set unknown=1h pictures=10h events=15h >/dev/null
    run_split bioctl store prune
    assert_status 64
    run_split bioctl store prune --dry-run --json
    assert_json 'map(select(.kind == "events"))[0].rows > 290'
    [ "$(pictures)" = 1200 ]
    run_split bioctl store prune --yes --json
    assert_status 0
    assert_json 'map(.kind) == ["unknown", "pictures", "events"] and all(.[]; .dry_run | not)'
    assert_json '(map(select(.kind == "events"))[0].waiting == 2) and (map(select(.kind == "pictures"))[0].waiting == 2)'
    assert_stderr_has "a delivery waits for them"
    [ "$(in_store "SELECT count(*) FROM event WHERE id <= 2")" = 2 ]
    [ "$(in_store "SELECT count(*) FROM event WHERE time < (unixepoch() - 15 * 3600) * 1000")" = 2 ]
    [ "$(in_store "SELECT count(*) FROM event WHERE picture_state = 'stored'")" = "$(pictures)" ]
    [ "$(in_store "SELECT count(*) FROM event WHERE recognized = 0 AND picture_state = 'stored'
                   AND time < (unixepoch() - 3600) * 1000")" = 0 ]
    run_split bioctl store prune --yes --json
    assert_json 'all(.[]; .rows == 0)'
    run_split bioctl audit list --action store.prune --json
    assert_json 'length == 1'
}

@test "store prune that is killed is finished by the next, without files that nobody knows" {
    make_events 3000
    bioctl -q store retention set pictures=1h events=2h >/dev/null
    local round pid
    for round in $(seq 20); do
        "$BIOCTL" -q store prune --yes >/dev/null 2>&1 3>&- &
        pid=$!
        sleep "0.0$((round % 9 + 1))"
        kill -9 "$pid" 2>/dev/null || true
        wait "$pid" 2>/dev/null || true
        [ "$(in_store "PRAGMA integrity_check")" = ok ]
    done
    run_split bioctl store prune --yes
    assert_status 0
    [ "$(in_store "SELECT count(*) FROM event WHERE picture_state = 'stored'")" = "$(pictures)" ]
    [ "$(pictures)" -le 60 ]
    [ "$(in_store "SELECT count(*) FROM event")" -le 121 ]
}

@test "who writes beside store prune is not locked out" {
    make_events 6000
    bioctl -q store retention set events=1h >/dev/null
    "$BIOCTL" -q store prune --yes >pruned 2>err 3>&- &
    local pid=$! writes=0
    while kill -0 "$pid" 2>/dev/null; do
        BIOCTL_BUSY_TIMEOUT=2s run_split bioctl people rename ani --name "name $writes"
        assert_status 0
        writes=$((writes + 1))
    done
    wait "$pid"
    [ "$writes" -ge 1 ]
    [ "$(in_store "SELECT count(*) FROM event")" -le 61 ]
}
