#!/usr/bin/env bats
# The calls of the old hotspot and ONT monitor, as its pages, its poller and its scripts make them.

load helpers
load lib/serve
load lib/sim

teardown() {
    stop_serve || true
    stop_sims
}

in_store() { sqlite3 -cmd '.timeout 5000' "$BIOCTL_DATA_DIR/bioctl.db" "$1"; }

# post PATH JSON [CURL-OPTION]...
post() {
    local path="$1" json="$2"
    shift 2
    ask "$path" -X POST -H 'Content-Type: application/json' --data-binary "$json" "$@"
}

# assert_bytes TEXT: this is the body, and a newline behind it.
assert_bytes() { printf '%s\n' "$1" | cmp -s - "$BATS_TEST_TMPDIR/body" || fail "expected these bytes: $1"; }

# assert_page STATUS REASON TEXT: an error of the old framework.
assert_page() {
    assert_status "$1"
    assert_header 'content-type: text/html; charset=utf-8'
    assert_bytes "<!doctype html>
<html lang=en>
<title>$1 $2</title>
<h1>$2</h1>
<p>$3</p>"
}

add_onts() {
    cat >wifi_sleman.json <<'JSON'
[{"id":1,"id_ccbs":"C-1","name":"Kalurahan Sumber","lokasi":"Balai","latitude":-7.72641,"longitude":110.3,"ip":"192.0.2.1"},
 {"id":2,"id_ccbs":"C-2","name":"Café \"Téh\"","lokasi":"","latitude":"tidak ada","longitude":110,"ip":"","catatan":{"z":1,"a":"ü"}},
 {"id":7,"id_pelanggan":"P-7","name":"Pos","lokasi":"Desa","latitude":0,"longitude":0,"ip":"192.0.2.7","status":"OFF(RTO)","rto_count":3,"last_on":null}]
JSON
    bioctl -q onts import wifi_sleman.json >/dev/null || true
}

set_state() {
    in_store "INSERT OR REPLACE INTO ont_state (ont, state, lost, samples, last_answered, last_lost, run_since, run_after, states, rounds,
        is_flapping, asked_at) VALUES ($1, '$2', 0, 1, 1763700000000, 0, 0, 0, 0, 1, 0, 1763700000000)"
}

@test "GET /api/onts: source keys, status and both coordinates; sorted, compact, ASCII, a newline" {
    start_serve
    ask /api/onts
    assert_status 200
    assert_header 'content-type: application/json'
    assert_bytes '[]'
    add_onts
    bioctl -q onts add OLT-1 --kind olt >/dev/null
    set_state 1 up
    ask /api/onts
    assert_bytes '[{"id":1,"id_ccbs":"C-1","ip":"192.0.2.1","latitude":-7.72641,"lokasi":"Balai","longitude":110.3,"name":"Kalurahan Sumber","status":"ON"},{"catatan":{"a":"\u00fc","z":1},"id":2,"id_ccbs":"C-2","ip":"","latitude":null,"lokasi":"","longitude":110.0,"name":"Caf\u00e9 \"T\u00e9h\"","status":"UNKNOWN"},{"id":7,"id_pelanggan":"P-7","ip":"192.0.2.7","last_on":null,"latitude":0.0,"lokasi":"Desa","longitude":0.0,"name":"Pos","rto_count":3,"status":"OFF(RTO)"}]'
    set_state 1 down
    set_state 7 up
    ask /api/onts
    assert_body_json 'map(.status) == ["OFF", "UNKNOWN", "ON"] and .[2].last_on == "2025-11-21T11:40:00"'
}

@test "GET /api/onts: each axis is the plain number of its source, as long as that is what is stored" {
    cat >odd.json <<'JSON'
[{"id":1,"name":"a","latitude":" -7.5 ","longitude":"+110.25"},
 {"id":2,"name":"b","latitude":"7.72 S","longitude":"110.3"},
 {"id":3,"name":"c","latitude":"nan","longitude":"1e2"},
 {"id":4,"name":"d","latitude":"","longitude":true},
 {"id":5,"name":"e","latitude":-7.5,"longitude":110},
 {"id":6,"name":"f"}]
JSON
    bioctl -q onts import odd.json >/dev/null || true
    bioctl -q onts edit 5 --latitude=-1 --longitude=2 >/dev/null
    start_serve
    ask /api/onts
    assert_body_json 'map([.latitude, .longitude]) == [[-7.5, 110.25], [null, 110.3], [null, 100], [null, null], [-1, 2], [null, null]]'
}

@test "GET /api/onts is not sent again to who has it" {
    start_serve
    add_onts
    ask /api/onts
    local tag
    tag=$(sed -n 's/^etag: //p' <<<"$headers")
    ask /api/onts -H "If-None-Match: W/\"x\", $tag"
    assert_status 304
    assert_body ''
    assert_header "etag: $tag"
    set_state 1 up
    ask /api/onts -H "If-None-Match: $tag"
    assert_status 200
    assert_body_json '.[0].status == "ON"'
    ask /api/onts -I
    assert_status 200
}

@test "POST /api/record-history and GET /api/history: what the poller posts it reads back, oldest first" {
    start_serve
    ask /api/history
    assert_status 200
    assert_bytes '[]'
    post /api/record-history '{"users":41}'
    assert_status 200
    local at
    at=$(jq -r .recorded.timestamp <"$BATS_TEST_TMPDIR/body")
    [[ $at =~ ^20[0-9]{2}-[01][0-9]-[0-3][0-9]T[0-2][0-9]:[0-5][0-9]:[0-5][0-9](\.[0-9]{3}000)?$ ]] || fail "timestamp $at"
    [ "${at:0:13}" = "$(TZ=Asia/Jakarta date +%Y-%m-%dT%H)" ] || fail "local time, not $at"
    assert_bytes "{\"recorded\":{\"timestamp\":\"$at\",\"users\":41},\"success\":true}"
    post /api/record-history '{"users":0}'
    assert_status 200
    post /api/record-history '{"users":{"b":1.0,"a":"é"}}'
    assert_body_has '"users":{"a":"\u00e9","b":1.0}}'
    ask /api/history
    assert_body_has "[{\"timestamp\":\"$at\",\"users\":41},{"
    assert_body_json 'map(.users) == [41, 0, {"a": "é", "b": 1}]'
    for bad in '{}' '{"users":null}' '[1]' '7'; do
        post /api/record-history "$bad"
        assert_status 400
        assert_bytes '{"message":"User count not provided","success":false}'
    done
    stop_serve
    run_split bioctl --json hotspot history --since 1d --by hour
    assert_json 'length > 0 and (map(.peak) | max) == 41'
}

@test "GET /api/history has the newest 100" {
    start_serve
    for i in $(seq 103); do
        [ "$i" = 1 ] || echo next
        printf 'url = "%s/api/record-history"\ndata = "{\\"users\\":%s}"\nheader = "Content-Type: application/json"\noutput = /dev/null\n' "$url" "$i"
    done >posts
    curl -sS -K posts
    ask /api/history
    assert_body_json '[.[].users] == [range(4; 104)] and ([.[].timestamp] | . == sort and . == unique)'
    [ "$(in_store 'SELECT count(*) FROM hotspot_count WHERE posted IS NOT NULL')" = 100 ]
    [ "$(in_store 'SELECT count(*) FROM hotspot_count')" = 103 ]
}

@test "POST /api/log-active-users and GET /api/analytics-data" {
    start_serve
    ask /api/analytics-data
    assert_status 404
    assert_bytes '{"error":"Belum ada data analitik."}'
    post /api/log-active-users '[{"ip":"10.0.0.1","mac":"AA:01","uptime":"1h2m3s","bytes_in":"10","bytes_out":"20"},{"ip":"-","mac":"-"}]'
    assert_status 200
    assert_bytes '{"message":"Logged 2 users.","success":true}'
    post /api/log-active-users '[]'
    assert_bytes '{"message":"Logged 0 users.","success":true}'
    post /api/log-active-users '[{"ip":"10.0.0.1","mac":"aa:01","uptime":"5s","bytes_in":0,"bytes_out":"9223372036854775808"},{"ip":"10.0.0.2"},7]'
    assert_bytes '{"message":"Logged 3 users.","success":true}'
    for bad in '{}' 'null' '"x"'; do
        post /api/log-active-users "$bad"
        assert_status 400
        assert_bytes '{"message":"Invalid data format","success":false}'
    done
    ask /api/analytics-data
    assert_status 200
    sed 's/"timestamp":"[^"]*"/"timestamp":"T"/g; s/"date":"[^"]*"/"date":"D"/g' "$BATS_TEST_TMPDIR/body" >seen
    # 5 users on 3 lists are 1.67 on average; AA:01, - and aa:01 are three devices, and who has no address is none.
    [ "$(cat seen)" = '{"daily_summary":[{"average":2,"date":"D","peak":3,"trough":0}],"raw_logs":[{"timestamp":"T","users":[{"bytes_in":"10","bytes_out":"20","ip":"10.0.0.1","mac":"AA:01","uptime":"1h2m3s"},{"ip":"-","mac":"-"}]},{"timestamp":"T","users":[]},{"timestamp":"T","users":[{"bytes_in":0,"bytes_out":"9223372036854775808","ip":"10.0.0.1","mac":"aa:01","uptime":"5s"},{"ip":"10.0.0.2"},7]}],"summary":{"average_users":1.67,"peak_users":3,"trough_users":0,"unique_devices":3}}' ] || fail "analytics: $(cat seen)"
    ask /api/history
    assert_bytes '[]'
    stop_serve
    run_split bioctl --json hotspot sessions
    assert_json 'map(select(.mac == "AA:01")) | length == 1 and .[0].bytes_out == 20'
}

@test "what our own poller counted is in the history and in the analytics" {
    start_routeros_sim --users 3
    add_router bukit
    bioctl hotspot poll >/dev/null
    start_serve
    ask /api/history
    assert_body_json 'length == 1 and .[0].users == 3'
    ask /api/analytics-data
    assert_body_json '.summary == {"average_users": 3.0, "peak_users": 3, "trough_users": 3, "unique_devices": 3}'
    assert_body_has '"average_users":3.0,'
    assert_body_json '.raw_logs | length == 1 and (.[0].users | map(.ip) == ["10.0.0.3", "10.0.0.2", "10.0.0.1"] and (.[0].uptime | test("^[0-9wdhms]+$")) and (.[0].bytes_in | type == "string"))'
}

@test "GET /api/hotspot/active-users asks the routers, once for all who look" {
    start_routeros_sim --users 2
    start_serve
    ask /api/hotspot/active-users
    assert_status 500
    assert_body_json 'keys == ["error"] and (.error | contains("bioctl routers add"))'
    stop_serve
    add_router bukit
    start_serve
    ask /api/hotspot/active-users
    assert_status 200
    assert_bytes '[{"ip":"10.0.0.1","mac":"02:00:00:00:00:01"},{"ip":"10.0.0.2","mac":"02:00:00:00:00:02"}]'
    router_do "mode?down=1"
    ask /api/hotspot/active-users
    assert_status 200
    stop_serve
    start_serve
    ask /api/hotspot/active-users
    assert_status 500
    assert_body_json 'keys == ["error"] and (.error | startswith("bukit: "))'
}

health() { in_store "SELECT state || ' ' || failures FROM router"; }

@test "pages that are loaded while a router is down leave no trace, and nobody is told" {
    start_routeros_sim --users 2
    add_router bukit
    bioctl hotspot poll >/dev/null
    router_do "mode?down=1"
    bioctl accounts keys create page --scope read >page.key
    bioctl accounts keys create staff --scope network >staff.key
    for i in 1 2 3; do
        start_serve
        ask /api/hotspot/active-users -H "X-API-Key: $(cat page.key)"
        assert_status 500
        ask /api/v2/hotspot/users/live -H "X-API-Key: $(cat staff.key)"
        assert_status 502
        stop_serve
    done
    [ "$(health)" = 'ok 0' ] || fail "health: $(health)"
    [ "$(in_store 'SELECT count(*) FROM alert')" = 0 ]
    # By hand it is another matter: somebody wants to know.
    bioctl -q hotspot users >/dev/null 2>&1 || true
    [ "$(health)" = 'failing 1' ] || fail "health: $(health)"
    # And now it has a pause, which pages respect.
    router_do "mode?down=0"
    start_serve
    ask /api/hotspot/active-users -H "X-API-Key: $(cat page.key)"
    assert_status 500
    assert_body_json '.error | test("^bukit: .*not tried again before 20")'
}

@test "a login that is refused is tried once, with --readonly too" {
    start_routeros_sim --users 2
    add_router bukit
    router_do "mode?password=other"
    start_serve --readonly
    ask /api/hotspot/active-users
    assert_status 500
    [ "$(health)" = 'refused 1' ] || fail "health: $(health)"
    local tried
    tried=$(router_stat refused_logins)
    stop_serve
    start_serve
    ask /api/hotspot/active-users
    assert_status 500
    assert_body_json '.error | contains("not tried again until")'
    [ "$(router_stat refused_logins)" = "$tried" ]
}

@test "a slow router does not hold up the end" {
    start_routeros_sim --users 2
    add_router bukit
    router_do "mode?fault=stall"
    start_serve
    curl -sS --max-time 60 -o slow -w '%{http_code}' "$url/api/hotspot/active-users" >slow.status 3>&- &
    local asking=$!
    sleep 1
    local begin=$SECONDS
    stop_serve
    ((SECONDS - begin < 8)) || fail "it took $((SECONDS - begin)) s"
    wait "$asking" || true
    [ "$(health)" = 'unknown 0' ] || fail "health: $(health)"
}

@test "notifications: add, list, mark as read, clear, restore" {
    start_serve
    ask /api/notifications
    assert_bytes '[]'
    post /api/notifications '{"message":"Tes é","type":"warning","timestamp":"2025-11-27T03:11:12.345Z","ont_id":5,"ont_name":"x"}'
    assert_status 200
    assert_bytes '{"success":true}'
    post /api/notifications '{"message":"kedua","timestamp":"2025-11-27T10:11:13"}'
    post /api/notifications '{"type":"danger","timestamp":"2025-11-26 10:11:13"}'
    assert_status 200
    ask /api/notifications
    assert_bytes '[{"id":2,"message":"kedua","ont_id":null,"ont_name":null,"read":false,"timestamp":"2025-11-27T10:11:13","type":"info"},{"id":1,"message":"Tes \u00e9","ont_id":null,"ont_name":null,"read":false,"timestamp":"2025-11-27T10:11:12.345000","type":"warning"},{"id":3,"message":"","ont_id":null,"ont_name":null,"read":false,"timestamp":"2025-11-26T10:11:13","type":"info"}]'
    for id in 1 99 99999999999999999999; do
        ask "/api/notifications/mark-read/$id" -X POST
        assert_status 200
        assert_bytes '{"success":true}'
    done
    ask /api/notifications
    assert_body_json 'map(.read) == [false, true, false]'
    ask /api/notifications/clear-all -X POST
    assert_status 200
    assert_bytes '{"message":"Semua notifikasi berhasil dihapus.","success":true}'
    [ "$(jq length "$BIOCTL_DATA_DIR"/backups/notifications-*.json)" = 3 ]
    post /api/notifications '{"message":"baru"}'
    ask /api/notifications/restore-backup -X POST
    assert_bytes '{"count":3,"message":"Berhasil memulihkan 3 notifikasi dari backup","success":true}'
    ask /api/notifications
    assert_body_json 'map(.id) == [4, 2, 1, 3]'
    ask /api/notifications/restore-backup -X POST
    assert_status 200
    assert_bytes '{"message":"Tidak ada backup yang tersedia untuk dipulihkan","success":false}'
}

@test "a notification with null for what it does not have" {
    start_serve
    post /api/notifications '{"message":"tes","type":null,"timestamp":null}'
    assert_status 200
    ask /api/notifications
    assert_body_json 'length == 1 and .[0].type == "info" and .[0].message == "tes"'
}

@test "notifications that cannot be are refused, and the list stays whole" {
    start_serve
    for bad in '[]' '"x"' '{"timestamp":7}' '{"timestamp":"kemarin"}' '{"message":["a"]}' '{"type":1}'; do
        post /api/notifications "$bad"
        assert_status 400
        assert_body_json 'keys == ["message", "success"] and .success == false'
    done
    printf '{"message":"%s"}' "$(head -c 70000 /dev/zero | tr '\0' x)" >long.json
    post /api/notifications @long.json
    assert_status 413
    ask /api/notifications
    assert_bytes '[]'
    rm -rf "$BIOCTL_DATA_DIR/backups"
    touch "$BIOCTL_DATA_DIR/backups"
    post /api/notifications '{"message":"a"}'
    ask /api/notifications/clear-all -X POST
    assert_status 500
    assert_body_json '.success == false and (.message | startswith("Gagal menghapus notifikasi: "))'
    ask /api/notifications
    assert_body_json 'length == 1'
}

@test "outages: list, summary, clear-all" {
    start_serve
    ask /api/outages
    assert_bytes '[]'
    ask /api/outages/summary
    assert_bytes '[]'
    add_onts
    in_store "INSERT INTO outage (ont, ont_name, started_at, start_error, ended_at, end_error) VALUES
        (1, 'Sumber', 1763700000000, 0, 1763700060500, 0), (2, 'Café', 1763700100000, 0, NULL, NULL),
        (1, 'Kalurahan Sumber', 1763700200123, 0, 1763700300000, 0)"
    ask /api/outages
    assert_bytes '[{"end_time":"2025-11-21T11:45:00","ont_id":1,"ont_name":"Kalurahan Sumber","start_time":"2025-11-21T11:43:20.123000"},{"end_time":null,"ont_id":2,"ont_name":"Caf\u00e9","start_time":"2025-11-21T11:41:40"},{"end_time":"2025-11-21T11:41:00.500000","ont_id":1,"ont_name":"Sumber","start_time":"2025-11-21T11:40:00"}]'
    ask /api/outages/summary
    assert_bytes '[{"last_end":"2025-11-21T11:45:00","last_start":"2025-11-21T11:43:20.123000","ongoing":false,"ont_id":1,"ont_name":"Kalurahan Sumber","outage_count":2},{"last_end":null,"last_start":"2025-11-21T11:41:40","ongoing":true,"ont_id":2,"ont_name":"Caf\u00e9","outage_count":1}]'
    ask /api/outages/clear-all -X POST
    assert_status 200
    assert_bytes '{"message":"Semua data rekap outages berhasil dihapus.","success":true}'
    ask /api/outages
    assert_body_json 'map(.ont_id) == [2]'
    [ "$(wc -l < <(cat "$BIOCTL_DATA_DIR"/backups/outages-*.ndjson))" = 2 ]
    stop_serve
    run_split bioctl --json audit list
    assert_json 'map(select(.action == "outages.clear")) | length == 1'
}

@test "errors of the framework are its pages" {
    start_serve
    assert_not_found() {
        assert_page 404 'Not Found' 'The requested URL was not found on the server. If you entered the URL manually please check your spelling and try again.'
    }
    ask /api/notifications/mark-read/x -X POST
    assert_not_found
    ask /api/notifications/mark-read/-1 -X POST
    assert_not_found
    ask /api/notifications/mark-read/1
    assert_page 405 'Method Not Allowed' 'The method is not allowed for the requested URL.'
    assert_header 'allow: POST, OPTIONS'
    ask /api/history -X PUT
    assert_page 405 'Method Not Allowed' 'The method is not allowed for the requested URL.'
    assert_header 'allow: GET, HEAD, OPTIONS'
    for path in record-history log-active-users notifications; do
        ask "/api/$path" --data-binary '{"users":1}'
        assert_page 415 'Unsupported Media Type' 'Did not attempt to load JSON data because the request Content-Type was not &#39;application/json&#39;.'
        for bad in '{"users":' '' '[1,]' '{"users":NaN}'; do
            post "/api/$path" "$bad"
            assert_page 400 'Bad Request' 'The browser (or proxy) sent a request that this server could not understand.'
        done
        head -c 5000 /dev/zero | tr '\0' '[' >deep.json
        post "/api/$path" @deep.json
        assert_status 400
    done
    post /api/record-history '{"users":2}' -H 'Content-Type: application/json; charset=utf-8'
    assert_status 200
}

@test "OPTIONS says what a path knows" {
    start_serve
    ask /api/history -X OPTIONS
    assert_status 200
    assert_header 'allow: GET, HEAD, OPTIONS'
    assert_body ''
    ask /api/notifications -X OPTIONS
    assert_status 200
    assert_header 'allow: GET, POST, HEAD, OPTIONS'
    ask /api/nothing -X OPTIONS
    assert_status 404
    ask /api/v2/people -X OPTIONS
    assert_status 405
}

@test "readers read, the scope network changes, and nobody else does either" {
    bioctl accounts keys create page --scope read >page.key
    bioctl accounts keys create poller --scope network >poller.key
    start_serve
    ask /api/onts
    assert_status 401
    assert_header 'content-type: text/html; charset=utf-8'
    ask /api/onts -H "X-API-Key: $(cat poller.key)"
    assert_status 403
    for path in onts history notifications outages outages/summary; do
        ask "/api/$path" -H "X-API-Key: $(cat page.key)"
        assert_status 200
    done
    for path in record-history log-active-users notifications notifications/clear-all notifications/restore-backup \
        notifications/mark-read/1 outages/clear-all; do
        post "/api/$path" '{"users":1}' -H "X-API-Key: $(cat page.key)"
        assert_status 403
    done
    post /api/record-history '{"users":1}' -H "X-API-Key: $(cat poller.key)"
    assert_status 200
    stop_serve
    start_serve --readonly
    post /api/record-history '{"users":1}' -H "X-API-Key: $(cat poller.key)"
    assert_status 403
}

@test "changes are in the audit log with who made them" {
    start_serve
    post /api/notifications '{"message":"a"}'
    ask /api/notifications/mark-read/1 -X POST
    ask /api/notifications/mark-read/1 -X POST
    ask /api/notifications/mark-read/5 -X POST
    ask /api/notifications/clear-all -X POST
    ask /api/notifications/clear-all -X POST
    ask /api/notifications/restore-backup -X POST
    stop_serve
    run_split bioctl --json audit list
    assert_json 'map(.action | select(startswith("notifications."))) == ["notifications.add", "notifications.read", "notifications.clear", "notifications.restore"]'
    assert_json 'all(.origin == "127.0.0.1")'
}
