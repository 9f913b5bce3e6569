#!/usr/bin/env bats
# /ws/live: what other processes store, as it happens.

load helpers
load lib/serve

teardown() {
    stop_serve || true
    [ -z "${listener-}" ] || kill "$listener" 2>/dev/null || true
    [ -z "${page-}" ] || kill "$page" 2>/dev/null || true
}

in_store() { sqlite3 -cmd '.timeout 5000' "$BIOCTL_DATA_DIR/bioctl.db" "$1"; }

begin() {
    bioctl accounts keys create page --scope read >page.key
    start_serve
}

# listen QUERY COUNT: what comes goes to the file heard; returns once the connection stands.
listen() {
    rm -f stands
    python3 "$repository/tests/support/ws_client.py" "ws${url#http}/ws/live$1" --header "X-API-Key: $(cat page.key)" --count "$2" \
        --timeout 60 --ready stands >heard 2>trouble 3>&- &
    listener=$!
    for _ in $(seq 200); do
        [ ! -e stands ] || return 0
        sleep 0.05
    done
    cat trouble >&2
    return 1
}

heard() {
    wait "$listener" || fail "the listener ended with $?: $(cat trouble)"
    listener=
    stdout=$(cat heard)
}

# hear JQ: waits until one of the messages so far satisfies it; what comes later cannot be of the same look.
hear() {
    local attempt
    for attempt in $(seq 200); do
        ! jq -se "any(.[]; $1)" <heard >/dev/null 2>&1 || return 0
        sleep 0.05
    done
    fail "nobody said: $1"
}

assert_heard() { jq -se "$1" <heard >/dev/null || fail "what was heard does not satisfy: $1"; }

@test "notifications and ONTs: states, outages that begin and end" {
    begin
    printf 'id,name,location,ip\n1,Sumber,Balai,192.0.2.1\n' >onts.csv
    bioctl -q onts import onts.csv >/dev/null
    listen '?topics=onts,notifications' 6
    bioctl -q notifications add 'Café' --type warning >/dev/null
    hear '.type == "unread" and .number == 1'
    in_store "BEGIN; INSERT INTO ont_state (ont, state, lost, samples, last_answered, last_lost, run_since, run_after, states, rounds, is_flapping, asked_at)
        VALUES (1, 'down', 0, 1, 0, 0, 0, 0, 0, 1, 0, 1763700000000);
        INSERT INTO ping_layout (onts) VALUES (x'0100000000000000');
        INSERT INTO ping_round (started_at, took_ms, layout, is_blind, up, down, unknown, flapping, lost) VALUES (1763700000000, 1, 1, 0, 0, 1, 0, 0, 1);
        INSERT INTO outage (ont, ont_name, started_at, start_error) VALUES (1, 'Sumber', 1763700000000, 0); COMMIT"
    hear '.type == "outage_begun"'
    in_store "UPDATE outage SET ended_at = 1763700060000, end_error = 0"
    hear '.type == "outage_ended"'
    bioctl -q notifications read 1 >/dev/null
    heard
    [ "$(sed -n 1p heard)" = "$(jq -c . <<<"$(sed -n 1p heard)")" ] || fail 'compact JSON'
    assert_heard 'map(.type) == ["notification", "unread", "ont", "outage_begun", "outage_ended", "unread"]'
    assert_heard '.[0] | .message == "Café" and .kind == "warning" and .id == 1'
    assert_heard '.[1].number == 1 and .[5].number == 0'
    assert_heard '.[2] == {"type": "ont", "id": 1, "name": "Sumber", "location": "Balai", "at": "2025-11-21T04:40:00Z", "from": "unknown", "to": "down", "is_flapping": false}'
    assert_heard '.[3] | .id == 1 and .ont == 1 and .ended_at == null'
    assert_heard '.[4] | .id == 1 and .ended_at == "2025-11-21T04:41:00Z"'
}

@test "events and devices; a flood is told as a number, and nobody is dropped for it" {
    begin
    printf 's3cret\n' >password
    chmod 600 password
    bioctl -q devices add gate http://192.0.2.10 --user admin --password-file password >/dev/null
    listen '?topics=events,devices' 67
    in_store "INSERT INTO event (device, epoch, serial, time, local_time, received_at, major, minor, recognized, employee_no, name, picture_url, picture_state, raw)
        VALUES (1, 1, 1, 1763700000000, '2025-11-21T11:40:00+07:00', 1763700000000, 5, 75, 1, '42', 'Siti', '', 'none', '{}')"
    hear '.type == "event"'
    in_store "INSERT INTO device_transition (device, at, from_state, to_state, reason) VALUES (1, 1763700000000, 'online', 'offline', 'no route')"
    hear '.type == "device"'
    in_store "WITH RECURSIVE n (i) AS (SELECT 2 UNION ALL SELECT i + 1 FROM n WHERE i < 1001)
        INSERT INTO event (device, epoch, serial, time, local_time, received_at, major, minor, recognized, employee_no, name, picture_url, picture_state, raw)
        SELECT 1, 1, i, 1763700000000 + i, 'x', 1763700000000, 5, 75, 0, '', '', '', 'none', '{}' FROM n"
    heard
    assert_heard '.[0] | .type == "event" and .device == "gate" and .kind == "recognized" and .employee_no == "42" and .name == "Siti"'
    assert_heard '.[1] == {"type": "device", "device": "gate", "at": "2025-11-21T04:40:00Z", "from": "online", "to": "offline", "reason": "no route"}'
    assert_heard '.[2] == {"type": "skipped", "what": "event", "number": 936}'
    assert_heard '[.[3:][].id] == [range(938; 1002)]'
}

@test "who wants events hears of nothing else" {
    begin
    add_event() {
        in_store "INSERT INTO event (device, epoch, serial, time, local_time, received_at, major, minor, recognized, employee_no, name, picture_url, picture_state, raw)
            VALUES (1, 1, $1, 1763700000000, 'x', 1763700000000, 5, 75, 1, '42', 'Siti', '', 'none', '{}')"
    }
    printf 's3cret\n' >password
    chmod 600 password
    bioctl -q devices add gate http://192.0.2.10 --user admin --password-file password >/dev/null
    listen '?topics=events' 2
    bioctl -q notifications add 'nothing for this page' >/dev/null
    add_event 1
    # When it is told, the notification has been, too.
    hear '.type == "event"'
    add_event 2
    heard
    assert_heard 'map(.type) == ["event", "event"]'
}

@test "whose key is revoked, and who logs out, hears no more, and why" {
    begin
    printf 'correct horse battery\n' >password
    chmod 600 password
    bioctl -q accounts add siti --role admin --password-file password >/dev/null
    ask /api/v2/session -H 'Content-Type: application/json' -d '{"name":"siti","password":"correct horse battery"}'
    assert_status 200
    local cookie csrf
    cookie=$(sed -n 's/^set-cookie: \(bioctl_session=[^;]*\);.*/\1/p' <<<"$headers")
    csrf=$(jq -r .csrf_token <<<"$body")
    listen '?topics=notifications' 99
    python3 "$repository/tests/support/ws_client.py" "ws${url#http}/ws/live?topics=notifications" --header "Cookie: $cookie" \
        --count 99 --timeout 60 >page.heard 2>page.trouble 3>&- &
    page=$!
    for _ in $(seq 100); do
        bioctl -q notifications add again >/dev/null
        [ ! -s page.heard ] || break
        sleep 0.2
    done
    bioctl -q accounts keys revoke page --yes >/dev/null
    ask /api/v2/session -X DELETE -b "$cookie" -H "X-CSRF-Token: $csrf"
    assert_status 204
    heard
    grep -q 'closed with 1008' trouble || fail "trouble: $(cat trouble) $(cat "$serve_log")"
    wait "$page" || fail "the page ended with $?: $(cat page.trouble)"
    page=
    grep -q 'closed with 1008' page.trouble || fail "trouble: $(cat page.trouble) $(cat "$serve_log")"
}

@test "a topic that there is not, no key, a key that may not, and a plain request are refused" {
    begin
    local client=(python3 "$repository/tests/support/ws_client.py" --timeout 5)
    run_split "${client[@]}" "ws${url#http}/ws/live?topics=weather" --header "X-API-Key: $(cat page.key)"
    assert_status 2
    assert_stderr_has 400
    assert_stderr_has 'there are: recognitions, events, devices, onts, notifications'
    run_split "${client[@]}" "ws${url#http}/ws/live?topics=events,,onts" --header "X-API-Key: $(cat page.key)"
    assert_status 2
    run_split "${client[@]}" "ws${url#http}/ws/live"
    assert_status 2
    assert_stderr_has 401
    bioctl accounts keys create other --scope network >other.key
    run_split "${client[@]}" "ws${url#http}/ws/live" --header "X-API-Key: $(cat other.key)"
    assert_status 2
    assert_stderr_has 403
    run_split "${client[@]}" "ws${url#http}/ws/live" --header "X-API-Key: $(cat page.key)" --header 'Origin: https://evil.example'
    assert_status 2
    assert_stderr_has 403
    ask /ws/live -H "X-API-Key: $(cat page.key)"
    assert_status 426
}

@test "listeners are told when the server goes away" {
    begin
    listen '' 1
    stop_serve
    heard
    [ "$stdout" = '' ]
}
