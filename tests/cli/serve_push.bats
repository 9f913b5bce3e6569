#!/usr/bin/env bats
# Events that terminals push: let in by path and address, stored before the 200, met again by the sync.

load helpers
load lib/sim
load lib/terminals
load lib/serve

setup() {
    setup_sandbox
    start_hik_sim --devices 1 --events 3 --seed 7
    add_simulated
    start_serve
    "$BIOCTL" -q devices listen dev-001 --server "$url" --force >/dev/null
    push_path=$(sqlite 'SELECT push_url FROM device' | sed "s#^$url##")
}

teardown() {
    stop_serve || true
    stop_sims
}

event() {
    printf '{"ipAddress":"127.0.0.1","dateTime":"%s","eventType":"AccessControllerEvent","AccessControllerEvent":{"majorEventType":5,"subEventType":75,"serialNo":%s,"employeeNoString":"77","name":"Siti","currentEvent":true}}' \
        "$(date -u +%Y-%m-%dT%H:%M:%S+00:00)" "$1"
}

@test "devices listen --server makes a path that nobody guesses, and keeps it" {
    [[ $push_path =~ ^/hik/[a-z2-7]{26}$ ]]
    "$BIOCTL" -q devices listen dev-001 --server "$url/" >/dev/null
    [ "$(sqlite 'SELECT push_url FROM device')" = "$url$push_path" ]
}

@test "a pushed event with its picture is stored before the 200, and once" {
    printf '\377\330\377\340picture' >picture.jpg
    event 900001 >event.json
    ask "$push_path" -F 'event_log=<event.json' -F 'Picture=@picture.jpg;filename=Picture.jpg;type=image/jpeg'
    assert_status 200
    assert_body ''
    [ "$(sqlite "SELECT name, recognized, picture_state FROM event WHERE serial = 900001")" = 'Siti|1|stored' ]
    cmp picture.jpg "$BIOCTL_DATA_DIR/media/$(sqlite "SELECT picture FROM event WHERE serial = 900001")"
    ask "$push_path" -H 'Content-Type: application/json' --data-binary @event.json
    assert_status 200
    [ "$(sqlite 'SELECT count(*) FROM event')" = 1 ]
}

@test "signs of life and nonsense are answered, and stored nowhere" {
    ask "$push_path" -d '{"eventType":"heartBeat","eventState":"active"}'
    assert_status 200
    ask "$push_path" -d 'nonsense'
    assert_status 200
    [ "$(sqlite 'SELECT count(*) FROM event')" = 0 ]
    grep -q 'dev-001: ' "$serve_log"
}

@test "another path, another address and too large a body are refused" {
    event 900002 >event.json
    ask /hik/aaaaaaaaaaaaaaaaaaaaaaaaaa -d @event.json
    assert_status 404
    sqlite "UPDATE device SET base_url = 'http://192.0.2.10'"
    ask "$push_path" -d @event.json
    assert_status 403
    grep -q 'pushed from 127.0.0.1, which is not its address' "$serve_log"
    head -c 6000000 /dev/zero >huge
    ask "$push_path" --data-binary @huge
    assert_status 413
    [ "$(sqlite 'SELECT count(*) FROM event')" = 0 ]
}

@test "the sync meets a pushed event again and doubles nothing" {
    local row
    row=$(sim_truth dev-001 | jq -c 'select(.major == 5)' | tail -1)
    jq -c '{dateTime: .time, eventType: "AccessControllerEvent", AccessControllerEvent:
        {majorEventType: .major, subEventType: .minor, serialNo: .serial, employeeNoString: .employee_no, name: .name}}' <<<"$row" >event.json
    ask "$push_path" -d @event.json
    assert_status 200
    run_split bioctl sync-hikvision
    [ "$(sqlite 'SELECT count(*) - count(DISTINCT serial) FROM event')" = 0 ]
    same=$(ground_truth | cut -f 2 | sort)
    [ "$(sqlite 'SELECT serial FROM event' | sort)" = "$same" ]
}
