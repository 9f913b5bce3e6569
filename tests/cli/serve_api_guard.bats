#!/usr/bin/env bats
# /api/v2: what it must neither tell nor do by mistake.

load helpers
load lib/faces
load lib/serve
load lib/api

setup() { setup_api; }
teardown() { stop_serve || true; }

@test "of a webhook that cannot be reached nobody learns the address" {
    "$BIOCTL" -q devices add gate http://192.0.2.10 --user admin --password-file password >/dev/null
    "$BIOCTL" -q targets add hooks http://127.0.0.1:9/hooks/T0PSECRET >/dev/null
    add_events 2
    "$BIOCTL" -q events resend 1 2 --target hooks >/dev/null
    sql "UPDATE delivery SET state = 'failed', reason = 'https://hrd.example/hooks/0LDSECRET?sig=HUSH: timed out; try later' WHERE event = 2"
    start_serve
    for _ in $(seq 100); do
        as "$reader" /api/v2/events/1
        [ "$(jq '.deliveries[0].attempts' <<<"$body")" = 0 ] || break
        sleep 0.1
    done
    assert_body_json '.deliveries[0].reason | startswith("http://127.0.0.1:9: ")'
    [[ $body != *T0PSECRET* ]]
    as "$reader" /api/v2/events/2
    assert_body_json '.deliveries[0].reason == "https://hrd.example: timed out; try later"'
    as "$admin" /api/v2/outbox
    [[ $body != *SECRET* && $body != *HUSH* ]]
}

@test "an id of any size costs nothing to look for, and is echoed in part" {
    start_serve
    add_people 1 300
    head -c 60000 /dev/zero | tr '\0' a >long
    before=$(date +%s)
    as "$reader" "/api/v2/people/$(head -c 6000 long)"
    problem 404 not_found
    [ "${#body}" -lt 400 ]
    send "$admin" POST /api/v2/people/p001/merge "{\"into\":\"$(cat long)\"}"
    problem 404 not_found
    [ "${#body}" -lt 400 ]
    as "$reader" /api/v2/people/p00l
    assert_body_has "did you mean 'p00"
    [ $(($(date +%s) - before)) -lt 10 ]
}

@test "a comparison with somebody of a name of megabytes is refused at once" {
    make_faces
    start_serve
    add_people 1 50
    head -c 3000000 /dev/zero | tr '\0' a >long
    before=$(date +%s)
    as "$admin" /api/v2/compare -F a=@"$(faces)/face-1-0.jpg" -F 'person=<long'
    problem 404 not_found
    [ $(($(date +%s) - before)) -lt 20 ]
}

@test "who may enrol may not rename; a photo that is known changes no name" {
    make_faces
    faces=$(faces)
    enroller=$("$BIOCTL" -q accounts keys create enroller --scope enrol)
    start_serve
    as "$enroller" /api/v2/people/siti/photos -F image=@"$faces/face-1-0.jpg" -F 'name=Siti'
    assert_status 201
    as "$enroller" /api/v2/people/siti/photos -F image=@"$faces/face-3-0.jpg" -F 'name=Mallory'
    problem 403 forbidden
    as "$enroller" /api/v2/people/siti/photos -F image=@"$faces/face-1-0.jpg" -F 'name=Mallory'
    problem 403 forbidden
    as "$admin" /api/v2/people/siti/photos -F image=@"$faces/face-1-0.jpg" -F 'name=Mallory'
    assert_body_json '.result == "unchanged"'
    as "$admin" /api/v2/people/siti
    assert_body_json '.name == "Siti" and .templates == 1'
    as "$enroller" /api/v2/people/siti/photos -F image=@"$faces/face-3-0.jpg" -F 'name=Siti'
    assert_status 201
    as "$admin" /api/v2/audit
    [[ $body != *Mallory* ]]
    assert_body_json '.items[0].action == "people.enrol" and .items[0].subject == "'"$(digest_of siti)"'"'
}

@test "a filter that fits nobody finds nothing" {
    "$BIOCTL" -q onts add Budi --group desa --location Sleman >/dev/null
    "$BIOCTL" -q onts add Ani --group kota --location Bantul >/dev/null
    sql "INSERT INTO outage (ont, ont_name, started_at, start_error) VALUES (1, 'Budi', 1763700000000, 0), (2, 'Ani', 1763700001000, 0)"
    start_serve
    as "$reader" '/api/v2/outages?group=desa&location=Bantul'
    assert_status 200
    assert_body_json '.items == []'
    as "$reader" '/api/v2/outages?group=desa&open=true'
    assert_body_json '[.items[].ont] == [1]'
    run_split bioctl --json outages list --group desa --location Bantul
    assert_status 0
    assert_stdout ''
    run_split bioctl --json outages list --group desa
    assert_json 'map(.ont) == [1]'
}

@test "the outbox takes so many ids and no more, and finds each" {
    "$BIOCTL" -q devices add gate http://192.0.2.10 --user admin --password-file password >/dev/null
    "$BIOCTL" -q targets add hooks http://127.0.0.1:9/ >/dev/null
    add_events 12
    "$BIOCTL" -q events resend $(seq 12) --target hooks >/dev/null
    start_serve --no-deliver
    send "$admin" POST /api/v2/outbox/drop "{\"ids\":$(jq -nc '[range(1001)]')}"
    problem 400 bad_request
    send "$admin" POST /api/v2/outbox/drop '{"ids":[1,2,11,-5,9223372036854775807]}'
    assert_body_json '.deliveries == 3'
    as "$admin" '/api/v2/outbox?state=pending&limit=5'
    assert_body_json '[.items[].id] == [3, 4, 5, 6, 7]'
    as "$admin" "/api/v2/outbox?state=pending&limit=5&cursor=$(jq -r .next_cursor <<<"$body")"
    assert_body_json '[.items[].id] == [8, 9, 10, 12] and .next_cursor == null'
}
