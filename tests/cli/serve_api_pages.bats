#!/usr/bin/env bats
# /api/v2: what the pages of the network and of the settings call: import, duplicates, maintenance, availability, hotspot figures,
# tests of targets, settings, health, attendance.

load helpers
load lib/serve
load lib/api
load lib/sim
load lib/faces
load lib/people

setup_file() {
    BIOCTL=${BIOCTL:-$repository/build/bioctl}
    make_faces
}

setup() {
    setup_api
    faces=$(faces)
}

teardown() {
    stop_serve || true
    stop_sims
}

# send_csv KEY QUERY FILE
send_csv() { as "$1" "/api/v2/onts/import$2" -X POST -H 'Content-Type: text/csv' --data-binary @"$3"; }

@test "import of ONTs: a rehearsal changes nothing, bad rows are told, merging changes what is there" {
    start_serve
    printf 'name,customer_id,ip,parent,latitude\nBudi,C1,192.0.2.1,OLT 9,\nAni,C1,192.0.2.1,,\n,C3,192.0.2.3,,\nSiti,C4,not an address!,,\n' >onts.csv
    send_csv "$reader" '' onts.csv
    problem 403 forbidden
    send_csv "$admin" '?dry_run=true' onts.csv
    assert_body_json '.rows == 4 and .added == 1 and .rejected == 3 and .is_rehearsal and .parents_made == ["OLT 9"]'
    assert_body_json '[.notes[] | select(.result == "rejected") | .line] == [3, 4, 5]'
    as "$reader" /api/v2/onts
    assert_body_json '.items == []'
    send_csv "$admin" '' onts.csv
    assert_body_json '.added == 1 and (.is_rehearsal | not)'
    as "$reader" '/api/v2/onts?search=C1'
    assert_body_json '[.items[] | .name + "/" + .parent] == ["Budi/OLT 9"]'
    printf '[{"customer_id":"C1","name":"Pak Budi"}]' >onts.json
    send_csv "$admin" '' onts.json
    assert_body_json '.rejected == 1 and .updated == 0'
    send_csv "$admin" '?merge=1' onts.json
    assert_body_json '.updated == 1 and .rejected == 0'
    as "$admin" '/api/v2/audit?action=onts.import'
    assert_body_json '[.items[].detail.updated] == ["1", "0"]'
    printf '[1,2' >onts.json
    send_csv "$admin" '' onts.json
    problem 400 bad_request
    send_csv "$admin" '?dry-run=true' onts.csv
    problem 400 bad_request
    head -c 17000000 /dev/zero | tr '\0' a >huge.csv
    send_csv "$admin" '' huge.csv
    assert_status 413
}

@test "duplicates among ONTs, by key" {
    start_serve
    as "$reader" /api/v2/onts/duplicates
    assert_body_json '.items == [] and .duplicates == 0'
    "$BIOCTL" -q onts add Budi --host 192.0.2.1 >/dev/null
    "$BIOCTL" -q onts add Ani --host 192.0.2.1 >/dev/null
    as "$reader" /api/v2/onts/duplicates
    assert_body_json '[.items[] | {key, value, names: [.onts[].name]}] == [{"key":"ip","value":"192.0.2.1","names":["Budi","Ani"]}]'
    assert_body_json '.duplicates == 1 and .without_coordinates == 2 and .without_address == 0'
}

@test "maintenance: planned, listed with its state, taken back" {
    start_serve
    "$BIOCTL" -q onts add Budi --host 192.0.2.1 >/dev/null
    send "$admin" POST /api/v2/maintenance '{"scope":"ont","value":"Budi","starts":"2020-01-01T22:00","duration":"2h"}'
    assert_status 201
    assert_body_json '.subject == "Budi" and .state == "over" and .next == null and .duration_s == 7200 and .zone == "Asia/Jakarta"'
    send "$admin" POST /api/v2/maintenance '{"scope":"all","starts":"2020-01-01T00:00","duration":"1d","repeats":"daily","reason":"selalu"}'
    assert_body_json '.state == "active" and .subject == null'
    for wrong in '{"scope":"odd","starts":"2020-01-01T22:00","duration":"2h"}' '{"scope":"all","starts":"soon","duration":"2h"}' \
        '{"scope":"all","starts":"2020-01-01T22:00","duration":"2h","zone":"Mars/Base"}' '{"scope":"all","duration":"2h"}' \
        '{"scope":"all","starts":"2020-01-01T22:00","duration":"2h","oops":1}'; do
        send "$admin" POST /api/v2/maintenance "$wrong"
        problem 400 bad_request
    done
    send "$admin" POST /api/v2/maintenance '{"scope":"ont","value":"Nobody","starts":"2020-01-01T22:00","duration":"2h"}'
    problem 404 not_found
    as "$reader" '/api/v2/maintenance?limit=1'
    assert_body_json '[.items[].id] == [1] and .next_cursor != null'
    send "$reader" DELETE /api/v2/maintenance/1
    problem 403 forbidden
    send "$admin" DELETE /api/v2/maintenance/1
    assert_status 204
    send "$admin" DELETE /api/v2/maintenance/1
    problem 404 not_found
    as "$reader" /api/v2/maintenance
    assert_body_json '[.items[].id] == [2]'
    as "$admin" '/api/v2/audit?action=maintenance'
    assert_body_json '[.items[].action] == ["maintenance.remove", "maintenance.add", "maintenance.add"]'
}

@test "availability of what was watched" {
    start_serve
    as "$reader" /api/v2/outages/report
    assert_body_json '.items == [] and .by == "location" and .total.availability == null'
    "$BIOCTL" -q onts add Budi --host 127.0.0.1 --location Sleman >/dev/null
    for _ in 1 2; do
        "$BIOCTL" -q ping-onts --once --no-deliver >/dev/null 2>&1 || true
        sleep 1.1
    done
    as "$reader" '/api/v2/outages/report?by=ont&since=1h'
    assert_body_json '.rows == 1 and .items[0].name == "Budi" and .items[0].covered_s >= 1 and .items[0].availability == 1 and .items[0].mttr_s == null'
    as "$reader" '/api/v2/outages/report?location=Sleman'
    assert_body_json '.items[0].name == "Sleman" and .items[0].onts == 1'
    as "$reader" '/api/v2/outages/report?by=moon'
    problem 400 bad_request
    as "$reader" '/api/v2/outages/report?since=2020-01-01&until=2025-01-01'
    problem 400 bad_request
    as "$reader" '/api/v2/outages/report?location=Nowhere'
    problem 404 not_found
}

@test "hotspot users over time, and the busiest" {
    start_serve
    as "$reader" /api/v2/hotspot/history
    assert_body_json '.items == [] and .devices == 0 and .by == "day"'
    start_routeros_sim --users 10
    add_router bukit
    "$BIOCTL" -q hotspot poll >/dev/null
    as "$reader" '/api/v2/hotspot/history?by=hour&since=2h'
    assert_body_json '.devices == 10 and (.items | length) == 1 and .items[0].peak == 10 and .items[0].average == 10 and .items[0].samples == 1'
    as "$reader" '/api/v2/hotspot/top?limit=2&router=bukit'
    assert_body_json '(.items | length) == 2 and .items[0].bytes_out >= .items[1].bytes_out and .items[0].sessions == 1'
    as "$reader" '/api/v2/hotspot/top?router=nowhere'
    problem 404 not_found
    as "$reader" '/api/v2/hotspot/top?limit=0'
    problem 400 bad_request
    as "$reader" '/api/v2/hotspot/history?by=hour&since=3000d'
    problem 400 bad_request
}

@test "targets: quiet hours and a test, without a word of the address" {
    start_api_sim
    "$BIOCTL" -q targets add pager "$api_url/hooks/T0PSECRET" --kind notification >/dev/null
    start_serve
    send "$admin" PATCH /api/v2/targets/pager '{"quiet_hours":"22:00-05:30","after_s":90}'
    assert_body_json '.quiet_hours == "22:00-05:30" and .after_s == 90 and .enabled'
    send "$admin" PATCH /api/v2/targets/pager '{"quiet_hours":"late"}'
    problem 400 bad_request
    for wrong in '{}' '{"after_s":-1}' '{"after_s":1.5}' '{"after_s":99999999999999999999}' '{"url":"http://evil.example"}'; do
        send "$admin" PATCH /api/v2/targets/pager "$wrong"
        problem 400 bad_request
    done
    send "$admin" PATCH /api/v2/targets/nobody '{"enabled":true}'
    problem 404 not_found
    send "$admin" PATCH /api/v2/targets/pager '{"quiet_hours":""}'
    assert_body_json '.quiet_hours == null and .after_s == 90'
    send "$admin" PATCH /api/v2/targets/pager '{"after_s":90}'
    assert_status 200
    as "$admin" '/api/v2/audit?action=targets.edit'
    assert_body_json '[.items[].detail] == [{"quiet":"off"},{"quiet":"22:00-05:30","after":"90"}]'
    send "$admin" POST /api/v2/notifications/test '{"target":"pager"}'
    assert_body_json '.items == [{"target":"pager","result":"sent","http_status":200,"reason":null}]'
    send "$admin" POST /api/v2/notifications/test '{"target":"nobody"}'
    problem 404 not_found
    send "$reader" POST /api/v2/notifications/test '{}'
    problem 403 forbidden
    curl -sf -X POST "$api_control/mode?down=1"
    send "$admin" POST /api/v2/notifications/test '{}'
    assert_body_json '.items[0].result == "not_sent" and (.items[0].reason | length) > 0'
    [[ $body != *T0PSECRET* ]]
    as "$admin" '/api/v2/outbox?state=pending'
    assert_body_json '.items == []'
}

@test "settings with their origin, thresholds, models, health: for administrators, without secrets" {
    BIOCTL_THRESHOLD=0.5 BIOCTL_WEBHOOK_URL=https://hrd.example/hooks/T0PSECRET start_serve
    as "$reader" /api/v2/settings
    problem 403 forbidden
    as "$admin" /api/v2/settings
    assert_body_json '[.settings[] | select(.key == "threshold")][0] | .value == "0.5" and .origin == "env BIOCTL_THRESHOLD"'
    assert_body_json '[.settings[] | select(.key == "timezone")][0] | .origin == "default" and .value == "Asia/Jakarta"'
    assert_body_json '.thresholds.identify == 0.5 and .thresholds.measured_identify > 0'
    assert_body_json '[.models[].kind] == ["detector", "landmarks", "embedder"] and (.store.bytes > 0) and (.retention | length) > 5'
    [[ $body != *T0PSECRET* ]]
    as "$reader" /api/v2/doctor
    problem 403 forbidden
    as "$admin" /api/v2/doctor
    assert_body_json '[.items[] | select(.name == "integrity")][0].status == "ok"'
}

@test "attendance: who is on a photo becomes an event, with the time at which it was taken" {
    "$BIOCTL" -q enroll --id 1001 --name Ani "$faces/face-1-0.jpg" >/dev/null
    start_serve
    taken=$(date -u -d '2 hours ago' +%Y-%m-%dT%H:%M:%SZ)
    as "$reader" /api/v2/attendance -F image=@"$faces/face-3-0.jpg"
    problem 403 forbidden
    as "$admin" /api/v2/attendance -F image=@"$faces/face-3-0.jpg" -F source=gerbang -F taken_at="$taken"
    assert_status 200
    assert_body_json '.faces[0].person.id == "1001" and .sightings[0].event == 1 and (.sightings[0].is_repeat | not)'
    as "$admin" /api/v2/attendance -F image=@"$faces/face-3-0.jpg" -F source=gerbang -F taken_at="$taken"
    assert_body_json '.sightings[0].is_repeat and .sightings[0].event == 1'
    as "$reader" /api/v2/events/1
    assert_body_json ".device == \"gerbang\" and .person_id == \"1001\" and .is_sighting and .picture_state == \"stored\" and (.time | startswith(\"${taken%Z}\"))"
    as "$admin" /api/v2/attendance -F image=@"$faces/face-6-1.jpg"
    assert_body_json '.faces[0].person == null and .sightings == []'
    as "$admin" /api/v2/attendance -F image=@"$faces/face-3-0.jpg" -F taken_at=2020-01-01T00:00:00Z
    problem 400 bad_request
    as "$admin" /api/v2/attendance -F image=@"$faces/face-3-0.jpg" -F taken_at=soon
    problem 400 bad_request
    printf 'no picture' >notes.jpg
    as "$admin" /api/v2/attendance -F image=@notes.jpg
    assert_status 422
    as "$admin" /api/v2/attendance -F other=@notes.jpg
    problem 400 bad_request
    as "$reader" '/api/v2/events?limit=10'
    assert_body_json '.items | length == 1'
}

@test "a calibration is shown with its curve, and in force after a reload" {
    start_serve
    as "$reader" /api/v2/calibrations
    problem 403 forbidden
    as "$admin" /api/v2/calibrations
    assert_body_json '.items == [] and .next_cursor == null'
    enroll_crowd 60 7
    "$BIOCTL" -q --json calibrate --target-fpir 0.1 --target-fmr 0.01 --replicates 100 --apply >calibration
    local identify verify
    identify=$(jq 'select(.use == "recognize") | .threshold' calibration)
    verify=$(jq 'select(.use == "compare") | .threshold' calibration)
    as "$admin" /api/v2/calibrations
    assert_body_json '.items | length == 1 and (.[0] | .modality == "face" and .is_in_use and .people == 60 and .templates == 120)'
    assert_body_json ".items[0] | (.identify - $identify | fabs) < 1e-3 and (.verify - $verify | fabs) < 1e-3"
    assert_body_json '.items[0] | .fpir.value <= 0.1 and .fpir.low <= .fpir.value and .fpir.value <= .fpir.high and .fnir.value < 1'
    assert_body_json '.items[0].curve | length > 20 and .[0][1] <= .[-1][1] and .[0][2] >= .[-1][2] and . == sort'
    as "$admin" /api/v2/settings
    assert_body_json '.thresholds | .identify == .measured_identify and .palm_identify == .measured_palm_identify'
    kill -HUP "$serve_pid"
    until_true grep -q 'read again' "$serve_log"
    as "$admin" /api/v2/settings
    assert_body_json ".thresholds | (.identify - $identify | fabs) < 1e-3 and (.verify - $verify | fabs) < 1e-3"
    "$BIOCTL" -q calibrate --forget
    as "$admin" /api/v2/calibrations
    assert_body_json '.items == []'
}

@test "recognize names at the threshold that was chosen from the people" {
    "$BIOCTL" -q enroll --id ani "$faces/face-1-0.jpg"
    enroll_crowd 60 8
    "$BIOCTL" -q --json calibrate --target-fpir 0.1 --target-fmr 0.01 --replicates 100 --apply >calibration
    local own
    own=$("$BIOCTL" --json recognize "$faces/face-3-0.jpg" | jq -c 'select(.type == "face") | [.person_id, .distance]')
    [ "$(jq '.[0] == "ani"' <<<"$own")" = "$(jq --argjson own "$own" 'select(.use == "recognize") | $own[1] <= .threshold' calibration)" ]
    # A distance that no two photos have: nobody is named any more, neither here nor by the service.
    in_store 'UPDATE calibration SET identify = 0.001'
    same null "$("$BIOCTL" --json recognize "$faces/face-3-0.jpg" | jq 'select(.type == "face") | .person_id')"
    start_serve
    as "$admin" /api/v2/recognize -F image=@"$faces/face-3-0.jpg"
    assert_status 200
    assert_body_json '.threshold == 0.001 and .faces[0].person == null'
}
