#!/usr/bin/env bats
# /api/v2: what is watched and who is told: devices, ONTs, outages, notifications, targets, the outbox, routers, hotspot users.

load helpers
load lib/serve
load lib/api
load lib/sim

setup() { setup_api; }

teardown() {
    stop_serve || true
    stop_sims
}

@test "devices: add, edit, check, remove; passwords never leave" {
    start_serve
    all_bodies=$BATS_TEST_TMPDIR/all_bodies
    send "$admin" POST /api/v2/devices '{"name":"gate","url":"http://127.0.0.1:9","user":"admin","password":"s3cret-pass","tags":["a"]}'
    assert_status 201
    assert_header 'location: /api/v2/devices/gate'
    assert_body_json '.name == "gate" and .has_password and .state == "unknown" and .tags == ["a"]'
    send "$admin" POST /api/v2/devices '{"name":"gate","url":"http://127.0.0.1:9","user":"admin","password":"x"}'
    problem 409 conflict
    send "$admin" POST /api/v2/devices '{"name":"gate 2","url":"ftp://127.0.0.1","user":"admin","password":"x"}'
    problem 400 bad_request
    send "$admin" PATCH /api/v2/devices/gate '{"location":"Lobby","enabled":false}'
    assert_body_json '.location == "Lobby" and .state == "disabled"'
    send "$admin" POST /api/v2/devices/gate/check '{}'
    assert_status 200
    assert_body_json '.result == "failed" and .findings[0].topic == "reach"'
    as "$reader" '/api/v2/devices?state=disabled'
    assert_body_json '.items[0].name == "gate" and .next_cursor == null'
    as "$reader" /api/v2/devices/gate
    assert_body_json '.transitions | type == "array"'
    send "$admin" DELETE /api/v2/devices/gate
    assert_status 204
    as "$reader" /api/v2/devices/gate
    problem 404 not_found
    as "$admin" '/api/v2/audit?action=devices'
    assert_body_json '[.items[].action] == ["devices.remove", "devices.check", "devices.edit", "devices.add"]'
    assert_body_json '.items[3].detail.password == "set"'
    [ "$(wc -l <"$all_bodies")" -ge 10 ]
    run grep -l s3cret-pass "$all_bodies" "$serve_log" "$access_log"
    [ "$status" = 1 ]
}

@test "ONTs and outages: the registry, history, acknowledging" {
    start_serve
    send "$admin" POST /api/v2/onts '{"name":"OLT 1","kind":"olt","host":"192.0.2.1"}'
    assert_status 201
    assert_header 'location: /api/v2/onts/1'
    send "$admin" POST /api/v2/onts '{"name":"Pak Budi","customer_id":"C1","parent":"1","latitude":-7.7956,"longitude":"110.3695","tags":["desa"]}'
    assert_status 201
    assert_body_json '.id == 2 and .parent == "OLT 1" and .latitude == -7.7956 and .state == "unknown"'
    send "$admin" POST /api/v2/onts '{"name":"Bu Ani","customer_id":"C1"}'
    problem 409 conflict
    send "$admin" POST /api/v2/onts '{"customer_id":"C3"}'
    problem 400 bad_request
    send "$admin" PATCH /api/v2/onts/2 '{"location":"Sleman"}'
    assert_body_json '.location == "Sleman" and .customer_id == "C1"'
    as "$reader" '/api/v2/onts?parent=1&search=budi'
    assert_body_json '[.items[].id] == [2]'
    as "$reader" '/api/v2/onts/2/history?since=1d'
    assert_body_json '.ont == 2 and .items == []'
    as "$reader" '/api/v2/onts/2/history?since=400d&by=round'
    problem 400 bad_request
    sqlite3 "$BIOCTL_DATA_DIR/bioctl.db" "INSERT INTO outage (ont, ont_name, started_at, start_error) VALUES (2, 'Pak Budi', 1763700000000, 0)"
    as "$reader" '/api/v2/outages?open=true&ont=C1'
    assert_body_json '(.items | length) == 1 and .items[0].ended_at == null and .items[0].duration_s > 0'
    send "$admin" POST /api/v2/outages/1/ack '{"note":"tim jalan"}'
    assert_body_json '.acked_by == "everything" and .note == "tim jalan"'
    as "$reader" '/api/v2/outages?unacked=true'
    assert_body_json '.items == []'
    send "$admin" POST /api/v2/outages/9/ack
    problem 404 not_found
    sqlite3 "$BIOCTL_DATA_DIR/bioctl.db" "INSERT INTO outage (ont, ont_name, started_at, start_error, ended_at, end_error)
        VALUES (1, 'OLT 1', 1763700000000, 0, 1763700060000, 0), (2, 'Pak Budi', 1763600000000, 0, 1763600060000, 0)"
    seen= cursor=
    for _ in 1 2 3; do
        as "$reader" "/api/v2/outages?limit=1${cursor:+&cursor=$cursor}"
        seen+="$(jq -c '[.items[].id]' <<<"$body")"
        cursor=$(jq -r '.next_cursor // ""' <<<"$body")
    done
    [ "$seen$cursor" = '[2][1][3]' ]
    send "$admin" DELETE /api/v2/onts/2
    assert_status 204
    as "$reader" /api/v2/onts/2
    problem 404 not_found
    [ -n "$(ls "$BIOCTL_DATA_DIR/backups")" ]
}

@test "notifications: read, clear, restore" {
    start_serve
    for number in 1 2 3; do "$BIOCTL" -q notifications add "kabar $number" >/dev/null; done
    as "$reader" '/api/v2/notifications?limit=2'
    assert_body_json '[.items[].id] == [3, 2]'
    as "$reader" "/api/v2/notifications?limit=2&cursor=$(jq -r .next_cursor <<<"$body")"
    assert_body_json '[.items[].id] == [1] and .next_cursor == null'
    send "$admin" POST /api/v2/notifications/2/read
    assert_status 204
    send "$admin" POST /api/v2/notifications/9/read
    problem 404 not_found
    as "$reader" '/api/v2/notifications?unread=1'
    assert_body_json '[.items[].id] == [3, 1]'
    send "$admin" POST /api/v2/notifications/read
    assert_body_json '.notifications == 2'
    send "$admin" POST /api/v2/notifications/restore
    problem 409 conflict
    send "$admin" POST /api/v2/notifications/clear
    assert_body_json '.notifications == 3'
    as "$reader" /api/v2/notifications
    assert_body_json '.items == []'
    send "$admin" POST /api/v2/notifications/restore
    assert_body_json '.notifications == 3'
}

@test "targets show no secrets; the outbox is tried again and given up" {
    printf 'hush-hush\n' >token && chmod 600 token
    "$BIOCTL" -q targets add hr https://user:pw@hrd.example/hooks/T0PSECRET --token-file token >/dev/null || true
    "$BIOCTL" -q targets add hooks https://hrd.example/hooks/T0PSECRET --token-file token >/dev/null
    "$BIOCTL" -q devices add gate http://192.0.2.10 --user admin --password-file password >/dev/null
    add_events 3
    "$BIOCTL" -q events resend 1 2 3 --target hooks >/dev/null
    start_serve --no-deliver
    as "$admin" /api/v2/targets
    assert_body_json '[.items[] | select(.name == "hooks")][0] | .has_token and .address == "https://hrd.example"'
    [[ $body != *T0PSECRET* && $body != *hush* ]]
    as "$admin" '/api/v2/outbox?state=pending&limit=2'
    assert_body_json '(.items | length) == 2 and .items[0].target == "hooks"'
    send "$admin" POST /api/v2/outbox/drop '{}'
    problem 400 bad_request
    send "$admin" POST /api/v2/outbox/drop '{"ids":[1]}'
    assert_body_json '.deliveries == 1'
    send "$admin" POST /api/v2/outbox/drop '{"targets":["hooks"]}'
    assert_body_json '.deliveries == 2'
    send "$admin" POST /api/v2/outbox/retry '{"ids":[2]}'
    assert_body_json '.deliveries == 1'
    send "$admin" POST /api/v2/outbox/retry '{"ids":[99]}'
    problem 404 not_found
    as "$admin" '/api/v2/outbox?state=odd'
    problem 400 bad_request
}

@test "routers and hotspot users as of the last poll" {
    start_serve
    as "$reader" /api/v2/routers
    assert_body_json '.items == [] and .next_cursor == null'
    as "$reader" /api/v2/hotspot/users
    assert_body_json '.items == []'
    as "$reader" '/api/v2/hotspot/users?router=nowhere'
    problem 404 not_found
    as "$reader" /api/v2/hotspot/users/live
    problem 403 forbidden
}

@test "hotspot users in pages, live, and while the router is away" {
    start_routeros_sim --users 10 --odd-replies
    add_router bukit
    "$BIOCTL" -q hotspot poll >/dev/null
    start_serve
    as "$reader" /api/v2/routers
    assert_body_json '(.items | length) == 1 and .items[0].name == "bukit" and .items[0].state == "ok" and .items[0].last_poll != null'
    [[ $body != *Secret* ]]
    seen= cursor=
    for _ in 1 2 3; do
        as "$reader" "/api/v2/hotspot/users?router=bukit&limit=4${cursor:+&cursor=$cursor}"
        assert_status 200
        seen+=$(jq -r '.items[].mac' <<<"$body")$'\n'
        cursor=$(jq -r '.next_cursor // ""' <<<"$body")
    done
    [ -z "$cursor" ]
    [ "$(grep -c . <<<"$seen")" = 10 ]
    [ "$(sort -u <<<"$seen" | grep -c .)" = 10 ]
    as "$reader" '/api/v2/hotspot/users?server=hs-kota'
    assert_body_json '(.items | length) == 5 and all(.items[]; .server == "hs-kota" and .uptime_s > 0)'
    as "$admin" '/api/v2/hotspot/users/live?router=bukit'
    assert_body_json '(.items | length) == 10 and .errors == [] and (.items | map(.user) | index("café-7")) != null'
    router_do 'mode?down=1'
    as "$admin" /api/v2/hotspot/users/live
    problem 502 gateway
    as "$reader" /api/v2/hotspot/users
    assert_body_json '.items | length == 10'
}

@test "the history of an ONT has what was measured" {
    "$BIOCTL" -q onts add Budi --host 127.0.0.1 >/dev/null
    for _ in 1 2; do "$BIOCTL" -q ping-onts --once --no-deliver >/dev/null 2>&1 || true; done
    start_serve
    as "$reader" '/api/v2/onts/1/history?since=1h&by=round'
    assert_body_json '.by == "round" and (.items | length) == 2 and all(.items[]; .asked > 0 and .lost == 0 and .avg_ms >= 0)'
}
