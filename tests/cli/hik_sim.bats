load helpers
load lib/sim

teardown() { stop_sims; }

isapi() { curl -s --max-time 10 --digest -u "admin:${password:-hik-Secret-1}" "$(device_url dev-001)/ISAPI/$1" "${@:2}"; }

# search JSON: the answer to AcsEventCond with these members put over the needed ones.
search() {
    isapi 'AccessControl/AcsEvent?format=json' -H 'Content-Type: application/json' -d "$(jq -cn --argjson more "$1" \
        '{AcsEventCond: ({searchID: "a", searchResultPosition: 0, maxResults: 30, major: 0, minor: 0, picEnable: false} + $more)}')"
}

@test "hik_sim: a quirk that is none is refused by name" {
    run_split "$HIK_SIM" --quirks slwo
    assert_status 1
    assert_stderr "hik_sim: no quirk 'slwo'; did you mean 'slow'? see --list-quirks"
}

@test "hik_sim: a wrong password is counted, and the fifth locks the right one out too" {
    start_hik_sim
    for _ in 1 2 3 4; do password=wrong isapi System/deviceInfo >/dev/null; done
    [[ $(password=wrong isapi System/deviceInfo) == *"<lockStatus>lock</lockStatus>"* ]]
    [[ $(isapi System/deviceInfo) == *"<retryLoginTime>0</retryLoginTime>"* ]]
    [ "$(sim_stat dev-001 logins_failed)" = 6 ]
    [ "$(sim_stat dev-001 logins_ok)" = 0 ]
}

@test "hik_sim: an unsigned request is challenged and counts for nothing" {
    start_hik_sim
    [ "$(curl -s -o /dev/null -w '%{http_code}' "$(device_url dev-001)/ISAPI/System/deviceInfo")" = 401 ]
    [ "$(sim_stat dev-001 logins_failed)" = 0 ]
}

@test "hik_sim: digest logins work with every style of challenge" {
    local quirks
    for quirks in none no-algorithm stale-upper empty-opaque domain nonce-once close-after-401 connection-close stale; do
        start_hik_sim --quirks "$quirks"
        [[ $(isapi System/deviceInfo) == *"<model>DS-K1T342MFWX</model>"* ]]
        [ "$(sim_stat dev-001 logins_failed)" = 0 ]
        stop_sims
    done
}

@test "hik_sim: pages, followed on MORE, are the ground truth, and so are the pictures" {
    start_hik_sim --events 100 --quirks shuffled-serials,wrong-picture-host
    local position=0 page
    while
        page=$(search "{\"searchResultPosition\": $position}")
        jq -r '.AcsEvent.InfoList[] | [.serialNo, .time, .major, .minor, .employeeNoString, .name] | @json' <<<"$page" >>found
        position=$((position + $(jq .AcsEvent.numOfMatches <<<"$page")))
        [ "$(jq -r .AcsEvent.responseStatusStrg <<<"$page")" = MORE ]
    do :; done
    sim_truth dev-001 >truth
    jq -r '[.serial, .time, .major, .minor, .employee_no, .name] | @json' truth | diff - found
    jq -r 'select(.picture) | .picture + " " + .picture_sha256' truth | head -3 | while read -r path sha256; do
        curl -sf --digest -u admin:hik-Secret-1 "$(device_url dev-001)$path" | sha256sum | grep -q "^$sha256 "
    done
}

@test "hik_sim: a window in another offset than the terminal's finds nothing" {
    start_hik_sim --events 5
    search '{"startTime": "2020-01-01T00:00:00+00:00"}' | jq -e '.AcsEvent | .responseStatusStrg == "NO MATCH" and (has("InfoList") | not)'
    search '{"startTime": "2020-01-01T00:00:00+07:00"}' | jq -e '.AcsEvent.numOfMatches == 5'
}

@test "hik_sim: a terminal can be switched off, on, and back to the factory" {
    start_hik_sim --events 5
    sim_switch 'device?name=dev-001&off=1'
    run isapi System/deviceInfo
    [ "$status" = 7 ]
    sim_switch 'device?name=dev-001&off=0'
    [[ $(isapi System/deviceInfo) == *"<deviceName>dev-001<"* ]]
    sim_switch 'wipe?name=dev-001'
    sim_switch 'events?name=dev-001&count=2'
    sim_truth dev-001 | jq -se 'map([.serial, .epoch]) == [[1, 1], [2, 1]]'
}

@test "api_sim: half of the calls fail, some of these after they were recorded" {
    start_api_sim --fail-rate 0.5 --fail-with 500,503,close --seed 7
    local number
    for number in $(seq 40); do
        curl -s -o /dev/null -w '%{http_code}\n' -d "event $number" "$api_url/events" >>statuses || true
    done
    curl -sf "$api_control/stats" | jq -e '.requests == 40 and .accepted + .failed == 40 and .failed > 5 and .failed_recorded > 0'
    curl -sf "$api_control/received" >received
    [ "$(jq -r 'select(.answered == "200" or .answered == "201").answered' received | wc -l)" = "$(grep -c '^20' statuses)" ]
    jq -se 'all(.[]; .body_bytes == (.body | length) and .target == "/events")' received
}

@test "api_sim: the presence reply names person, device and date of the event" {
    start_api_sim --presence-reply
    curl -sf -d '{"device": "gate", "authId": 42, "date": "2026-09-01T07:00:00", "picture": ""}' "$api_url/" |
        jq -e '. == {status: "success", attendance: {student_id: 42, device: "gate", date: "2026-09-01T07:00:00"}}'
}

@test "api_sim: down means refused, up again means served" {
    start_api_sim
    curl -sf -X POST "$api_control/mode?down=1" >/dev/null
    run curl -s -d x "$api_url/"
    [ "$status" = 7 ]
    curl -sf -X POST "$api_control/mode?down=0" >/dev/null
    curl -sf -d x "$api_url/"
}
