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

@test "of an account both is changed or neither; no message speaks of a command line" {
    start_serve
    send "$admin" POST /api/v2/accounts '{"name":"budi","role":"viewer","password":"long enough password"}'
    assert_status 201
    send "$admin" PATCH /api/v2/accounts/budi '{"enabled":false,"password":"short"}'
    problem 400 bad_request
    as "$admin" /api/v2/accounts
    assert_body_json '[.items[] | select(.name == "budi")][0].enabled == true'
    send "$admin" PATCH /api/v2/accounts/siti '{"enabled":false,"password":"another long password"}'
    problem 409 conflict
    assert_body_has 'siti is the last admin'
    [[ $body != *--* ]]
    log_in
    assert_status 200
    send "$admin" DELETE /api/v2/accounts/siti
    problem 409 conflict
    [[ $body != *--* ]]
    send "$admin" PATCH /api/v2/accounts/budi '{"enabled":false,"password":"another long password"}'
    assert_body_json '.enabled == false'
}

@test "a key ends in the future or never" {
    start_serve
    for time in 1970-01-01T00:00:00Z 1970-01-01T07:00:00+07:00 1969-12-31T00:00:00Z 2001-01-01T00:00:00Z; do
        send "$admin" POST /api/v2/keys "{\"name\":\"late\",\"scopes\":[\"read\"],\"expires_at\":\"$time\"}"
        problem 400 bad_request
        assert_body_has expires_at
    done
    as "$admin" /api/v2/keys
    assert_body_json '[.items[].name] | sort == ["everything", "reader"]'
}

@test "a stored login is not sent to another host" {
    start_serve
    send "$admin" POST /api/v2/devices '{"name":"gate","url":"https://127.0.0.1:9","user":"admin","password":"s3cret-pass","tls":"pin","pin":"sha256//AAAA"}'
    assert_status 201
    for change in '{"url":"https://192.0.2.66"}' '{"tls":"off"}' '{"tls":"ca"}' '{"pin":"sha256//BBBB"}'; do
        send "$admin" PATCH /api/v2/devices/gate "$change"
        problem 400 bad_request
        assert_body_has 'send the password, too'
    done
    as "$reader" /api/v2/devices/gate
    assert_body_json '.url == "https://127.0.0.1:9" and .tls == "pin" and .pin == "sha256//AAAA"'
    send "$admin" PATCH /api/v2/devices/gate '{"url":"https://127.0.0.1:9/","tls":"pin","location":"Lobby"}'
    assert_body_json '.location == "Lobby"'
    send "$admin" PATCH /api/v2/devices/gate '{"url":"https://192.0.2.66","password":"another"}'
    assert_body_json '.url == "https://192.0.2.66"'
}

@test "the audit log says what is different now, and nothing of what stays" {
    start_serve
    send "$admin" POST /api/v2/devices '{"name":"gate","url":"https://127.0.0.1:9","user":"admin","password":"x"}'
    send "$admin" PATCH /api/v2/devices/gate '{"tls":"pin","pin":"sha256//AAAA","window":"utc","tags":["a","b"],"reuse_nonce":true,"location":"","password":"y"}'
    assert_status 200
    send "$admin" PATCH /api/v2/devices/gate '{"tls":"pin","user":"admin","enabled":true}'
    assert_status 200
    as "$admin" '/api/v2/audit?action=devices.edit'
    assert_body_json '[.items[].detail] == [{"password":"set","tags":"a,b","tls":"pin","pin":"sha256//AAAA","window":"utc","reuse_nonce":"yes"}]'
    send "$admin" POST /api/v2/onts '{"name":"Budi","host":"192.0.2.1"}'
    send "$admin" PATCH /api/v2/onts/1 '{"kind":"switch","tags":["desa"],"latitude":-7.5,"longitude":110.5}'
    send "$admin" PATCH /api/v2/onts/1 '{"kind":"switch","name":"Budi"}'
    assert_status 200
    as "$admin" '/api/v2/audit?action=onts.edit'
    assert_body_json '[.items[].detail] == [{"kind":"switch","latitude":"-7.5","longitude":"110.5","tags":"desa"}]'
    add_people 1 1
    send "$admin" PATCH /api/v2/people/p001 '{"name":"Orang 1","id":"p001"}'
    assert_status 200
    as "$admin" '/api/v2/audit?action=people'
    assert_body_json '.items == []'
}

@test "the audit log comes in pages, and says which deliveries were given up" {
    "$BIOCTL" -q targets add hooks http://127.0.0.1:9/ >/dev/null
    "$BIOCTL" -q devices add gate http://192.0.2.10 --user admin --password-file password >/dev/null
    add_events 2
    "$BIOCTL" -q events resend 1 2 --target hooks >/dev/null
    start_serve --no-deliver
    send "$admin" POST /api/v2/outbox/drop '{"states":["pending"]}'
    assert_body_json '.deliveries == 2'
    as "$admin" '/api/v2/audit?action=outbox'
    assert_body_json '.items[0].subject == "all" and .items[0].detail == {"deliveries":"2","states":"pending"}'
    as "$admin" '/api/v2/audit?limit=1000'
    all=$(jq -c '[.items[].id]' <<<"$body")
    seen= cursor=
    for _ in $(seq 50); do
        as "$admin" "/api/v2/audit?limit=2${cursor:+&cursor=$cursor}"
        seen+=$(jq '.items[].id' <<<"$body")$'\n'
        cursor=$(jq -r '.next_cursor // ""' <<<"$body")
        [ -n "$cursor" ] || break
    done
    [ "$(jq -sc . <<<"$seen")" = "$all" ]
    [ "$(jq length <<<"$all")" -gt 4 ]
}

@test "three may wait for other machines at once; a fourth is told to come again, and people log in" {
    # A terminal that takes connections and never answers.
    python3 -c 'import socket, time
s = socket.socket(); s.bind(("127.0.0.1", 0)); s.listen(50); print(s.getsockname()[1], flush=True); time.sleep(60)' >port 3>&- &
    deaf=$!
    for _ in $(seq 100); do [ -s port ] && break; sleep 0.05; done
    for name in a b c d; do
        "$BIOCTL" -q devices add "$name" "http://127.0.0.1:$(cat port)" --user admin --password-file password >/dev/null
    done
    start_serve
    waiting=()
    for name in a b c; do
        curl -s -o /dev/null -X POST -H "X-API-Key: $admin" "$url/api/v2/devices/$name/check" 3>&- &
        waiting+=($!)
    done
    sleep 1
    send "$admin" POST /api/v2/devices/d/check '{}'
    problem 503 busy
    grep -qE '^retry-after: [1-9][0-9]*$' <<<"$headers"
    as "$admin" /api/v2/hotspot/users/live
    problem 503 busy
    log_in
    assert_status 200
    kill "$deaf"
    wait "$deaf" || true
    wait "${waiting[@]}"
    send "$admin" POST /api/v2/devices/d/check '{}'
    assert_body_json '.result == "failed"'
}

@test "a damaged store is no fault of the client, and its administrator is told" {
    start_serve
    add_people 1 2000
    sql 'PRAGMA wal_checkpoint(TRUNCATE)' >/dev/null
    for page in $(sql "SELECT rootpage FROM sqlite_master WHERE tbl_name = 'person' AND rootpage > 0"); do
        dd if=/dev/zero of="$BIOCTL_DATA_DIR/bioctl.db" bs="$(sql 'PRAGMA page_size')" seek=$((page - 1)) count=1 conv=notrunc status=none
    done
    as "$reader" '/api/v2/people?search=orang'
    problem 500 internal
    [[ $body != *bioctl.db* && $body != *damaged* ]]
    stop_serve || true
    grep -q 'bioctl.db: the store is damaged' "$serve_log"
}

@test "templates of other models are no fault of a photo" {
    make_faces
    faces=$(faces)
    start_serve
    as "$admin" /api/v2/people/siti/photos -F image=@"$faces/face-1-0.jpg"
    assert_status 201
    stop_serve
    sql "UPDATE contract SET id = '0123456789abcdef'"
    start_serve
    as "$admin" /api/v2/recognize -F image=@"$faces/face-1-0.jpg"
    problem 500 internal
    stop_serve || true
    grep -q 'made with other models' "$serve_log"
}

@test "two photos share one limit, and the smallest coordinates are taken" {
    start_serve
    head -c 26000000 /dev/zero >big
    as "$admin" /api/v2/compare -F a=@big -F b=@big
    problem 413 too_large
    send "$admin" POST /api/v2/onts '{"name":"Nol","latitude":0.00005,"longitude":-0.00002}'
    assert_status 201
    assert_body_json '.latitude == 0.00005 and .longitude == -0.00002'
}

@test "a parameter that there is not is refused by every operation, before anything is done" {
    start_serve
    add_people 1 1
    send "$admin" DELETE '/api/v2/people/p001?dry_run=true'
    problem 400 bad_request
    assert_body_has "there is no parameter 'dry_run' here"
    as "$reader" /api/v2/people/p001
    assert_status 200
    ask /openapi.json
    jq -r '.paths | to_entries[] | select(.key | startswith("/api/v2/")) | .key as $path | .value | keys[] | "\(.) \($path)"' \
        <<<"$body" >operations
    shopt -s extglob
    while read -r method path; do
        path=${path//\{*([a-z])\}/1}
        send "$admin" "${method^^}" "$path?colour=red" '{}'
        problem 400 bad_request
    done <operations
}

@test "what is wrong is named: the parameter, the state, the name" {
    start_serve
    as "$reader" '/api/v2/events?since=yesterdayish'
    problem 400 bad_request
    assert_body_json '.detail | startswith("since: ")'
    as "$admin" '/api/v2/audit?until=soon'
    assert_body_json '.detail | startswith("until: ")'
    as "$reader" '/api/v2/devices?state=offlin'
    problem 400 bad_request
    send "$admin" POST /api/v2/devices '{"name":"gate","url":"http://127.0.0.1:9"}'
    problem 400 bad_request
    [[ $body != *--* ]]
    send "$admin" POST /api/v2/devices '{"name":"gate","url":"https://127.0.0.1:9","user":"a","password":"b","tls":"pin"}'
    problem 400 bad_request
    [[ $body != *--* ]]
    run_split "$BIOCTL" devices add $'gate\xff' http://127.0.0.1:9 --user a --password-file password
    assert_status 64
}

@test "a portrait is asked for again each time, and sent once" {
    make_faces
    start_serve
    as "$admin" /api/v2/people/siti/photos -F image=@"$(faces)/face-1-0.jpg"
    assert_status 201
    as "$admin" /api/v2/people/siti/photo
    assert_status 200
    assert_header 'cache-control: private, no-cache'
    tag=$(sed -n 's/^etag: //p' <<<"$headers")
    as "$admin" /api/v2/people/siti/photo -H "If-None-Match: $tag"
    assert_status 304
    assert_header 'cache-control: private, no-cache'
    [ -z "$body" ]
    as "$admin" /api/v2/people/siti/photo -H 'If-None-Match: W/"0123"'
    assert_status 200
    send "$admin" DELETE /api/v2/people/siti
    as "$admin" /api/v2/people/siti/photo -H "If-None-Match: $tag"
    problem 404 not_found
}

@test "a face that is somebody else's is told without a word on options" {
    make_faces
    start_serve
    as "$admin" /api/v2/people/siti/photos -F image=@"$(faces)/face-1-0.jpg"
    as "$admin" /api/v2/people/other/photos -F image=@"$(faces)/face-3-0.jpg"
    assert_status 409
    assert_body_json '.detail | startswith("looks like '\''siti'\''") and (contains("--") | not)'
}

@test "the calls of the old services rename nobody for a key that may not, either" {
    make_faces
    faces=$(faces)
    enroller=$("$BIOCTL" -q accounts keys create enroller --scope enrol --scope recognize)
    start_serve
    load_as() {
        printf '{"faces":[{"nik":"3201","name":"%s","images":["%s"]}]}' "$2" "$(base64 -w0 "$faces/face-1-0.jpg")" >request.json
        as "$1" /api/face-recognition/load-faces -H 'Content-Type: application/json' --data-binary @request.json
        assert_body_json '.loaded == 1'
    }
    load_as "$enroller" Alip
    load_as "$enroller" Mallory
    as "$admin" /api/v2/people/3201
    assert_body_json '.name == "Alip"'
    load_as "$admin" 'Alip B'
    as "$admin" /api/v2/people/3201
    assert_body_json '.name == "Alip B"'
}
