load helpers
load lib/sim
load lib/terminals
load lib/faces

setup() {
    setup_sandbox
    export BIOCTL_JOBS=1
}

teardown() { stop_sims; }

# enrol_two: Ani and Bunga with portraits.
enrol_two() {
    bioctl -q enroll --id 1001 --name "Ani Lestari" --at 1139,383 "$demo/sample3.jpg" >/dev/null
    bioctl -q enroll --id 1002 --name "Bunga Hartono" --at 658,486 "$demo/sample3.jpg" >/dev/null
}

# on_device NAME METHOD PATH [BODY]: asks the simulated terminal itself.
on_device() {
    curl -sf --digest -u "admin:$password" -X "$2" "$(device_url "$1")$3" ${4:+--data-binary "$4"}
}

people_on() {
    on_device "$1" POST "/ISAPI/AccessControl/UserInfo/Search?format=json" \
        '{"UserInfoSearchCond":{"searchID":"x","searchResultPosition":0,"maxResults":30}}' |
        jq -r '.UserInfoSearch.UserInfo // [] | .[] | [.employeeNo, .name, .numOfFace] | @csv' | tr -d '"'
}

put_by_hand() {
    on_device dev-001 PUT "/ISAPI/AccessControl/UserInfo/SetUp?format=json" \
        "{\"UserInfo\":{\"employeeNo\":\"$1\",\"name\":\"$1\",\"userType\":\"normal\",\"Valid\":{\"enable\":true}}}" >/dev/null
}

@test "push-people: people and faces arrive, once; a new name and a reset terminal are noticed" {
    local quirks
    for quirks in none no-set-up,no-detail-delete,errors-with-200,xml-for-json,close-after-401,one-at-a-time; do
        rm -rf "$BIOCTL_DATA_DIR"
        start_hik_sim --devices 2 --quirks "$quirks"
        add_simulated
        enrol_two
        run_split bioctl --json devices push-people
        assert_status 0
        assert_json 'map(select(.type == "pushed").result) == ["added", "added", "added", "added"]'
        same "$(people_on dev-002)" "$(printf '1001,Ani Lestari,1\n1002,Bunga Hartono,1')"
        run_split bioctl --json devices push-people
        assert_json 'map(select(.type == "pushed").result) | unique == ["unchanged"]'
        bioctl -q people rename 1001 --name "Ani L." >/dev/null
        run_split bioctl --json devices push-people --device dev-001 --dry-run
        assert_json '.[0] | .person_id == "1001" and .result == "updated"'
        same "$(people_on dev-001 | head -n 1)" "1001,Ani Lestari,1"
        run_split bioctl --json devices push-people --only 1001
        assert_json 'map(select(.type == "pushed") | [.person_id, .result, .detail]) | unique == [["1001", "updated", "name"]]'
        same "$(people_on dev-001 | head -n 1)" "1001,Ani L.,1"
        on_device dev-001 PUT "/ISAPI/AccessControl/UserInfo/Delete?format=json" \
            '{"UserInfoDelCond":{"EmployeeNoList":[{"employeeNo":"1002"}]}}' >/dev/null
        run_split bioctl --json devices push-people
        assert_json 'map(select(.type == "pushed" and .result == "added") | [.device, .person_id]) == [["dev-001", "1002"]]'
        stop_sims
    done
}

@test "push-people --prune removes whom bioctl has put there; others only with --prune-all, which asks" {
    local quirks
    for quirks in none no-detail-delete; do
        rm -rf "$BIOCTL_DATA_DIR"
        start_hik_sim --devices 1 --quirks "$quirks"
        add_simulated
        enrol_two
        bioctl -q devices push-people >/dev/null
        put_by_hand guard
        bioctl -q people remove 1002 --yes >/dev/null
        run_split bioctl devices push-people --prune --only 1001
        assert_status 64
        run_split bioctl --json devices push-people --prune
        assert_status 0
        assert_json 'map(select(.result == "removed").person_id) == ["1002"]'
        same "$(people_on dev-001)" "$(printf '1001,Ani Lestari,1\nguard,guard,0')"
        run_split bioctl devices push-people --prune-all
        assert_status 64
        assert_stderr_has "--yes"
        run_split bioctl devices push-people --prune-all --yes
        assert_status 0
        same "$(people_on dev-001)" "1001,Ani Lestari,1"
        stop_sims
    done
}

@test "push-people: what a terminal cannot take is said for each person, and the rest goes on" {
    start_hik_sim --devices 1
    add_simulated
    enrol_two
    bioctl people export >people.ndjson
    sed 's/"1002"/"an-id-that-is-longer-than-a-terminal-keeps"/' people.ndjson | tail -n 1 >long.ndjson
    bioctl -q people import long.ndjson >/dev/null
    run_split bioctl --json devices push-people
    assert_status 3
    assert_json 'map(select(.type == "pushed") | [.person_id[0:5], .result]) == [["1001", "added"], ["1002", "added"], ["an-id", "rejected"]]'
    assert_json '.[2].detail | contains("at most 32 bytes")'
    # Imported vectors bring no portrait.
    rm -rf "$BIOCTL_DATA_DIR"
    add_simulated
    bioctl -q people import people.ndjson >/dev/null
    run_split bioctl --json devices push-people --only 1001
    assert_status 3
    assert_json '.[0] | .result == "no_photo" and (.detail | contains("bioctl enroll --id 1001"))'
    run_split bioctl devices push-people --only nobody
    assert_status 66
    assert_stderr_has "nobody has the id 'nobody'"
}

@test "push-people: a full terminal, a wrong password and a terminal that is off are said in plain words" {
    start_hik_sim --devices 2 --quirks face-full
    add_simulated
    local point
    for point in 1139,383 658,486; do
        bioctl -q enroll --id "p$point" --at "$point" "$demo/sample3.jpg" >/dev/null
    done
    bioctl -q enroll --id p3 --at 481,1044 "$demo/sample5.jpg" >/dev/null
    bioctl -q enroll --id p4 --at 1276,497 "$demo/sample6.jpg" >/dev/null
    sim_switch "device?name=dev-002&off=1"
    run_split bioctl --json devices push-people
    assert_status 3
    assert_json 'map(select(.type == "device_push" and .device == "dev-001")) | .[0] | .left == 1 and (.reason | contains("the terminal is full"))'
    assert_json 'map(select(.type == "device_push" and .device == "dev-002")) | .[0].left == 4'
    echo wrong | bioctl -q devices edit dev-001 --password-file - >/dev/null
    run_split bioctl devices push-people --device dev-001
    assert_status 3
    assert_stderr_has "wrong user or password"
    run_split bioctl devices push-people --device dev-001
    assert_status 3
    assert_stderr_has "bioctl devices edit dev-001 --password-file FILE"
    same "$(sim_stat dev-001 logins_failed)" 1
}

@test "push-people and a sync at once: one request in flight for each device" {
    start_hik_sim --devices 2 --events 200 --quirks one-at-a-time --latency-ms 5
    add_simulated
    enrol_two
    bioctl -q sync-hikvision --since 3d >/dev/null &
    local sync=$!
    run_split bioctl devices push-people
    assert_status 0
    wait "$sync"
    same "$(sim_stat dev-001 max_in_flight) $(sim_stat dev-002 max_in_flight)" "1 1"
    same "$(sim_stat dev-001 logins_failed)" 0
    diff <(ground_truth) <(stored_events)
}

@test "devices listen: reads the slot first, takes a foreign one with --force only, and tells what was kept" {
    start_hik_sim --devices 1 --quirks foreign-http-host
    add_simulated
    run_split bioctl devices listen dev-001
    assert_status 0
    assert_stdout_has "EHome 192.0.2.77:7660"
    run_split bioctl devices listen dev-001 --url http://192.0.2.5:8080/hik/gate-1
    assert_status 75
    assert_stderr_has "it pushes to EHome 192.0.2.77:7660 already"
    assert_stderr_has "--force"
    run_split bioctl --json devices listen dev-001 --url http://192.0.2.5:8080/hik/gate-1 --force
    assert_status 0
    assert_json '.[0] | .listener == "http://192.0.2.5:8080/hik/gate-1" and .before == "EHome 192.0.2.77:7660" and .changed'
    # Ours may be moved and freed without force.
    run_split bioctl --json devices listen dev-001 --url http://192.0.2.5:8080/hik/gate-2
    assert_json '.[0] | .listener == "http://192.0.2.5:8080/hik/gate-2" and .changed'
    run_split bioctl --json devices listen dev-001 --url http://192.0.2.5:8080/hik/gate-2
    assert_json '.[0].changed == false'
    run_split bioctl devices listen dev-001 --url http://hub.example/hik
    assert_status 76
    assert_stderr_has "give the address of hub.example"
    run_split bioctl --json devices listen dev-001 --off
    assert_json '.[0].listener == "nobody"'
    run_split bioctl --json devices show dev-001
    assert_json '.[0].push_url == null'
    run_split bioctl devices listen dev-001 --url ftp://192.0.2.5/
    assert_status 64
    run_split bioctl devices listen dev-001 --url "http://192.0.2.5/?key=1"
    assert_status 64
    assert_stderr_has "terminals keep no query"
}

@test "devices listen: a terminal that forgot it at a reboot is told again by the sync" {
    start_hik_sim --devices 1 --events 5
    add_simulated
    bioctl -q sync-hikvision --since 3d >/dev/null
    bioctl -q devices listen dev-001 --url http://192.0.2.5:8080/hik/gate-1 >/dev/null
    on_device dev-001 PUT /ISAPI/Event/notification/httpHosts/1 '<HttpHostNotification><id>1</id><url></url><protocolType>HTTP</protocolType>
        <addressingFormatType>ipaddress</addressingFormatType><ipAddress>0.0.0.0</ipAddress><portNo>0</portNo>
        <httpAuthenticationMethod>none</httpAuthenticationMethod></HttpHostNotification>' >/dev/null
    sim_switch "device?name=dev-001&off=1"
    run_split bioctl sync-hikvision
    run_split bioctl sync-hikvision
    assert_stdout_has "warning"
    sim_switch "device?name=dev-001&off=0"
    run_split bioctl sync-hikvision
    assert_status 0
    run_split bioctl --json devices listen dev-001
    assert_json '.[0].listener == "http://192.0.2.5:8080/hik/gate-1"'
}

@test "targets --kind device: a device that changes its state is told, in order, once" {
    start_hik_sim --devices 2 --events 5
    start_api_sim
    add_simulated
    run_split bioctl targets add watch "$api_url/hook" --kind device --format presence
    assert_status 64
    bioctl targets add watch "$api_url/hook" --kind device >/dev/null
    bioctl -q sync-hikvision --since 3d >/dev/null
    same "$(curl -sf "$api_control/received" | wc -l)" 0
    sim_switch "device?name=dev-002&off=1"
    run_split bioctl sync-hikvision
    run_split bioctl sync-hikvision
    sim_switch "device?name=dev-002&off=0"
    run_split bioctl sync-hikvision
    assert_status 0
    curl -sf "$api_control/received" >received
    jq -se 'map(.body | fromjson? // .) | map([.type, .device, .from, .to]) ==
        [["device_state", "dev-002", "ok", "warning"], ["device_state", "dev-002", "warning", "ok"]]' received ||
        fail "$(cat received)"
    run_split bioctl --json outbox list
    assert_json 'length == 2 and all(.event == null and .state == "sent")'
}
