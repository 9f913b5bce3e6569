#!/usr/bin/env bats
# /api/v2: logging in, lists in pages, changes and who may make them, the audit log; /metrics, /openapi.json and /docs.

load helpers
load lib/faces
load lib/serve
load lib/api

setup() { setup_api; }

teardown() { stop_serve || true; }

@test "every address below /api/v2 wants a key, also on this machine and before there is one" {
    rm -r "$BIOCTL_DATA_DIR"
    shopt -s extglob
    start_serve
    ask /openapi.json
    jq -r '.paths | to_entries[] | select(.key | startswith("/api/v2/")) | .key as $path | .value | keys[] | "\(.) \($path)"' \
        <<<"$body" | grep -v '^post /api/v2/session$' >operations
    [ "$(wc -l <operations)" -gt 50 ]
    while read -r method path; do
        path=${path//\{*([a-z])\}/1}
        ask "$path" -X "${method^^}"
        problem 401 no_credential
        assert_header 'www-authenticate: Bearer'
    done <operations
    ask /api/v2/nothing
    problem 404 not_found
}

@test "a login sets a cookie that scripts cannot read, and names who it is" {
    start_serve
    log_in
    assert_status 200
    assert_body_json '.name == "siti" and .kind == "account" and .role == "admin" and (.scopes | index("admin")) and (.expires_at | endswith("Z"))'
    grep -qx 'set-cookie: bioctl_session=[A-Za-z0-9_-]\{43\}; Path=/; Max-Age=43200; HttpOnly; SameSite=Strict' <<<"$headers"
    [[ $body != *"${cookie#*=}"* ]]
    ask /api/v2/session -b "$cookie"
    assert_status 200
    assert_body_json ".name == \"siti\" and .csrf_token == \"$csrf\""
    ask /api/v2/people -b "$cookie"
    assert_status 200
    as "$reader" /api/v2/session
    assert_body_json '.name == "reader" and .kind == "key" and .role == null and .csrf_token == null and .scopes == ["read"]'
    ask /api/v2/session
    problem 401 no_credential
}

@test "below a base path the cookie is for that path" {
    start_serve --base-path /bioctl
    url=$url/bioctl
    log_in
    assert_status 200
    grep -q '^set-cookie: bioctl_session=[^;]*; Path=/bioctl; ' <<<"$headers"
    ask /openapi.json
    assert_body_json '.servers[0].url == "/bioctl"'
}

@test "a failed login says the same whatever is wrong, and the next ones have to wait" {
    start_serve
    log_in 'wrong horse battery'
    problem 401 wrong_credential
    assert_no_header set-cookie
    same_body=$body
    ask /api/v2/session -H 'Content-Type: application/json' -d '{"name":"nobody","password":"wrong horse battery"}'
    problem 401 wrong_credential
    [ "$body" = "$same_body" ]
    for _ in $(seq 12); do
        log_in 'wrong horse battery'
        [ "$status" != 429 ] || break
    done
    problem 429 too_many_requests
    grep -qE '^retry-after: [1-9][0-9]*$' <<<"$headers"
}

@test "a login is no business of other origins, forms and broken bodies" {
    BIOCTL_CORS_ORIGINS=https://hrd.example start_serve
    login=(-H 'Content-Type: application/json' -d '{"name":"siti","password":"correct horse battery"}')
    for origin in https://evil.example null https://hrd.example "${url/http:/https:}"; do
        ask /api/v2/session "${login[@]}" -H "Origin: $origin"
        problem 403 forbidden
        assert_no_header set-cookie
    done
    ask /api/v2/session "${login[@]}" -H 'Sec-Fetch-Site: cross-site'
    problem 403 forbidden
    ask /api/v2/session "${login[@]}" -H "Origin: $url" -H 'Sec-Fetch-Site: same-origin'
    assert_status 200
    ask /api/v2/session -d 'name=siti&password=correct horse battery'
    problem 415 unsupported_type
    for text in '' '[]' '{' '{"name":"siti"}' '{"name":1,"password":"x"}' '{"name":"siti","password":"x","role":"admin"}'; do
        ask /api/v2/session -H 'Content-Type: application/json' --data-raw "$text"
        problem 400 bad_request
    done
}

@test "changes by cookie want the CSRF token; logging out ends the session" {
    start_serve
    log_in
    add_people 1 1
    patch=(-X PATCH -b "$cookie" -H 'Content-Type: application/json' -d '{"name":"Budi"}')
    ask /api/v2/people/p001 "${patch[@]}"
    problem 403 forbidden
    ask /api/v2/people/p001 "${patch[@]}" -H 'X-CSRF-Token: guess'
    problem 403 forbidden
    ask /api/v2/people/p001 "${patch[@]}" -H "X-CSRF-Token: $csrf" -H 'Origin: https://evil.example'
    problem 403 forbidden
    ask /api/v2/people/p001 "${patch[@]}" -H "X-CSRF-Token: $csrf"
    assert_status 200
    assert_body_json '.name == "Budi"'
    ask /api/v2/session -X DELETE -b "$cookie"
    problem 403 forbidden
    ask /api/v2/session -X DELETE -b "$cookie" -H "X-CSRF-Token: $csrf"
    assert_status 204
    assert_header 'set-cookie: bioctl_session=; Path=/; Max-Age=0; HttpOnly; SameSite=Strict'
    ask /api/v2/people -b "$cookie"
    problem 401 no_credential
}

@test "another login ends the session before it" {
    start_serve
    log_in
    before=$cookie
    ask /api/v2/session -b "$before" -H 'Content-Type: application/json' -d '{"name":"siti","password":"correct horse battery"}'
    assert_status 200
    ask /api/v2/people -b "$before"
    problem 401 no_credential
}

@test "a scope opens what it says and nothing else; keys do not belong in URLs" {
    start_serve
    add_people 1 1
    as "$reader" /api/v2/people
    assert_status 200
    for call in 'DELETE people/p001' 'POST people/p001/merge' 'GET people/p001/templates' 'GET people/p001/photo' 'POST recognize' \
        'POST people/p001/photos' 'POST devices' 'GET targets' 'GET outbox' 'POST onts' 'POST notifications/clear' 'GET audit' \
        'GET accounts' 'POST keys'; do
        send "$reader" "${call% *}" "/api/v2/${call#* }"
        problem 403 forbidden
    done
    as bk_aaaaaaaa_aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa /api/v2/people
    problem 401 wrong_credential
    ask "/api/v2/people?key=$reader"
    problem 400 bad_request
    [ "$(sqlite3 "$BIOCTL_DATA_DIR/bioctl.db" 'SELECT count(*) FROM person')" = 1 ]
}

@test "--readonly refuses every change, and lets people log in" {
    start_serve --readonly
    log_in
    assert_status 200
    for call in 'PATCH people/x' 'DELETE people/x' 'POST devices' 'POST onts' 'POST notifications/read' 'POST outbox/retry' 'POST keys'; do
        send "$admin" "${call% *}" "/api/v2/${call#* }" '{}'
        problem 403 forbidden
        assert_body_has 'reading only'
    done
    ask /api/v2/session -X DELETE -b "$cookie" -H "X-CSRF-Token: $csrf"
    assert_status 204
}

@test "lists come in pages that neither lose nor double what stays, whatever comes in between" {
    start_serve
    add_people 1 25
    seen=
    path='/api/v2/people?limit=10'
    for page in 1 2 3; do
        as "$reader" "$path"
        assert_status 200
        seen+=$(jq -r '.items[].id' <<<"$body")$'\n'
        [ "$page" = 1 ] && sqlite3 "$BIOCTL_DATA_DIR/bioctl.db" "INSERT INTO person (id, name, created_at, updated_at) VALUES ('a', '', 1, 1)"
        next=$(jq -r '.next_cursor // ""' <<<"$body")
        [ "$page" = 3 ] || assert_header "link: </api/v2/people?limit=10&cursor=$next>; rel=\"next\""
        path="/api/v2/people?limit=10&cursor=$next"
    done
    [ -z "$next" ]
    assert_no_header link
    [ "$(sort <<<"$seen" | grep -c .)" = 25 ]
    [ "$(sort -u <<<"$seen" | grep -c .)" = 25 ]
    as "$reader" '/api/v2/people?search=ORANG%201'
    assert_body_json '.items | length == 11'
}

@test "events: newest first in pages, filters, one with its deliveries" {
    start_serve
    "$BIOCTL" -q devices add gate http://192.0.2.10 --user admin --password-file password >/dev/null
    add_events 101
    seen= cursor=
    for _ in 1 2 3; do
        as "$reader" "/api/v2/events?limit=40${cursor:+&cursor=$cursor}"
        assert_status 200
        seen+=$(jq -r '.items[] | "\(.time) \(.id)"' <<<"$body")$'\n'
        cursor=$(jq -r '.next_cursor // ""' <<<"$body")
    done
    [ -z "$cursor" ]
    [ "$(grep -c . <<<"$seen")" = 101 ]
    [ "$(cut -d' ' -f2 <<<"$seen" | grep .)" = "$(seq 101 -1 1)" ]
    as "$reader" '/api/v2/events?kind=recognized&device=gate&person=p001&since=2025-11-21T04:40:30Z&limit=1000'
    assert_status 200
    assert_body_json '(.items | length) == 21 and all(.items[]; .kind == "recognized" and .minor_name != null)'
    as "$reader" '/api/v2/events?since=2025-11-21T11:40:30+07:00&kind=recognized'
    assert_body_json '.items | length == 21'
    as "$reader" /api/v2/events/7
    assert_body_json '.id == 7 and .device == "gate" and .deliveries == []'
    as "$reader" /api/v2/events/7/picture
    problem 404 not_found
    for path in 999 0 -1 x 99999999999999999999; do
        as "$reader" "/api/v2/events/$path"
        problem 404 not_found
    done
}

@test "cursors and filters that nobody gave out are refused with a word on what is wrong" {
    start_serve
    add_people 1 3
    as "$reader" '/api/v2/people?limit=1'
    people_cursor=$(jq -r .next_cursor <<<"$body")
    for cursor in x '!!' "${people_cursor}x" "$people_cursor=" AAAA "$(printf 'events:1:2:3' | base64 -w0 | tr -d =)" "$people_cursor"; do
        as "$reader" "/api/v2/events?cursor=$cursor"
        problem 400 bad_request
    done
    as "$reader" "/api/v2/people?cursor=$people_cursor&cursor=$people_cursor"
    problem 400 bad_request
    for query in limit=0 limit=1001 limit=x limit=-1 limit=1e2 kind=odd since=yesterdayish device=nowhere colour=red; do
        as "$reader" "/api/v2/events?$query"
        problem 400 bad_request
    done
    assert_body_has "there is no parameter 'colour' here"
}

@test "people: rename, merge, remove; each in the audit log with who and from where" {
    start_serve
    add_people 1 4
    send "$admin" PATCH /api/v2/people/p001 '{"name":"Budi","id":"p100"}'
    assert_status 200
    assert_body_json '.id == "p100" and .name == "Budi"'
    send "$admin" PATCH /api/v2/people/p002 '{"id":"p100"}'
    problem 409 conflict
    send "$admin" PATCH /api/v2/people/p002 '{"colour":"red"}'
    problem 400 bad_request
    send "$admin" PATCH /api/v2/people/p002 '{}'
    problem 400 bad_request
    send "$admin" PATCH /api/v2/people/p002 '{"id":"../x"}'
    problem 400 bad_request
    send "$admin" POST /api/v2/people/p002/merge '{"into":"p100"}'
    assert_status 200
    assert_body_json '.person.id == "p100" and .templates == 0'
    send "$admin" POST /api/v2/people/p002/merge '{"into":"p100"}'
    problem 404 not_found
    send "$admin" DELETE /api/v2/people/p003
    assert_status 204
    [ -z "$body" ]
    send "$admin" DELETE /api/v2/people/p003
    problem 404 not_found
    as "$admin" '/api/v2/audit?action=people'
    assert_body_json '[.items[].action] == ["people.remove", "people.merge", "people.rename"]'
    assert_body_json 'all(.items[]; (.who | startswith("key:bk_")) and .origin == "127.0.0.1") '
    # Whoever knows an id finds what was done to it; nobody reads from the log who there was.
    [[ $body != *p100* && $body != *p002* && $body != *p003* && $body != *Budi* ]]
    assert_body_json '.items[2].subject == "'"$(digest_of p001)"'" and .items[2].detail == {"now":"'"$(digest_of p100)"'"}'
    assert_body_json '.items[1].detail == {"into":"'"$(digest_of p100)"'"}'
    as "$admin" '/api/v2/audit?person=p003'
    assert_body_json '[.items[].action] == ["people.remove"]'
    as "$admin" '/api/v2/audit?person=p003&subject=x'
    problem 400 bad_request
    "$BIOCTL" -q audit verify
}

@test "enrol, recognise, compare, portraits, templates" {
    make_faces
    faces=$(faces)
    start_serve
    as "$admin" /api/v2/people/siti%20a/photos -F image=@"$faces/face-1-0.jpg" -F 'name=Siti A'
    assert_status 201
    assert_header 'location: /api/v2/people/siti%20a'
    assert_body_json '.result == "enrolled" and (.templates | length) == 1 and .quality > 0'
    as "$admin" /api/v2/people/siti%20a/photos -H 'Content-Type: image/jpeg' --data-binary @"$faces/face-1-0.jpg"
    assert_status 200
    assert_body_json '.result == "unchanged"'
    as "$admin" /api/v2/people/other/photos -F image=@"$faces/face-3-0.jpg"
    assert_status 409
    assert_body_json '.code == "duplicate_person" and .resembles == "siti a" and .distance < 1'
    printf 'no picture' >text.jpg
    as "$admin" /api/v2/people/other/photos -F image=@text.jpg
    problem 422 unreadable
    as "$admin" /api/v2/people/other/photos -F picture=@text.jpg
    problem 400 bad_request
    as "$admin" '/api/v2/recognize?top=2' -F image=@"$faces/face-3-0.jpg"
    assert_status 200
    assert_body_json '.faces[0].person.id == "siti a" and .faces[0].person.name == "Siti A" and .faces[0].box.right > .faces[0].box.left'
    as "$admin" '/api/v2/recognize?threshold=0' -F image=@"$faces/face-3-0.jpg"
    assert_body_json '.faces[0].person == null and .faces[0].distance > 0'
    as "$admin" /api/v2/compare -F a=@"$faces/face-1-0.jpg" -F b=@"$faces/face-3-0.jpg"
    assert_body_json '.same == true and .distance < .threshold'
    as "$admin" /api/v2/compare -F a=@"$faces/face-6-0.jpg" -F 'person=siti a'
    assert_body_json '.same == false'
    as "$admin" /api/v2/compare -F a=@"$faces/face-6-0.jpg" -F person=nobody
    problem 404 not_found
    as "$admin" /api/v2/people/siti%20a/photo
    assert_status 200
    assert_header 'content-type: image/jpeg'
    as "$admin" /api/v2/people/siti%20a/templates
    assert_body_json '(.items | length) == 1 and .items[0].is_current and .items[0].has_photo and (.items[0] | has("vector") | not)'
    id=$(jq '.items[0].id' <<<"$body")
    as "$admin" "/api/v2/people/siti%20a/templates/$id/photo"
    assert_status 200
    send "$admin" DELETE "/api/v2/people/nobody/templates/$id"
    problem 404 not_found
    send "$admin" DELETE "/api/v2/people/siti%20a/templates/$id"
    assert_status 204
    as "$admin" /api/v2/people/siti%20a
    assert_body_json '.templates == 0'
    [ -z "$(find "$BIOCTL_DATA_DIR/media" -name '*.jpg')" ]
}

@test "accounts and keys: made, listed, ended; the last admin stays" {
    start_serve
    send "$admin" POST /api/v2/accounts '{"name":"budi","role":"viewer","password":"long enough password"}'
    assert_status 201
    assert_body_json '.name == "budi" and .role == "viewer" and (has("password") | not)'
    send "$admin" POST /api/v2/accounts '{"name":"BUDI","role":"viewer","password":"long enough password"}'
    problem 409 conflict
    send "$admin" POST /api/v2/accounts '{"name":"tono","role":"viewer","password":"short"}'
    problem 400 bad_request
    send "$admin" PATCH /api/v2/accounts/budi '{"enabled":false}'
    assert_body_json '.enabled == false'
    send "$admin" DELETE /api/v2/accounts/siti
    problem 409 conflict
    send "$admin" DELETE /api/v2/accounts/budi
    assert_status 204
    as "$admin" /api/v2/accounts
    assert_body_json '[.items[].name] == ["siti"]'
    send "$admin" POST /api/v2/keys '{"name":"laravel","scopes":["recognize"],"expires_at":"2099-01-01T00:00:00Z"}'
    assert_status 201
    key=$(jq -r .key <<<"$body") id=$(jq -r .id <<<"$body")
    [[ $key == "$id"_* ]]
    send "$admin" POST /api/v2/keys '{"name":"laravel","scopes":["recognize"]}'
    problem 409 conflict
    send "$admin" POST /api/v2/keys '{"name":"odd","scopes":["everything"]}'
    problem 400 bad_request
    as "$admin" /api/v2/keys
    [[ $body != *"$key"* ]]
    as "$key" /api/v2/session
    assert_body_json '.name == "laravel"'
    send "$admin" DELETE "/api/v2/keys/$id"
    assert_status 204
    as "$admin" '/api/v2/keys?revoked=true'
    assert_body_json "[.items[] | select(.id == \"$id\")][0].state == \"revoked\""
}

@test "/metrics is what Prometheus reads, whatever names the store holds" {
    start_serve
    "$BIOCTL" -q targets add hooks https://hrd.example/hook >/dev/null
    "$BIOCTL" -q devices add gate http://192.0.2.10 --user admin --password-file password >/dev/null
    "$BIOCTL" -q devices add quoted http://192.0.2.11 --user admin --password-file password >/dev/null
    sqlite3 "$BIOCTL_DATA_DIR/bioctl.db" "UPDATE device SET name = 'a \"b\" \\ c' || char(10) || 'd' WHERE name = 'quoted'"
    add_events 5
    "$BIOCTL" -q events resend 1 --target hooks >/dev/null
    as "$reader" /api/v2/people
    as "$reader" /metrics
    problem 403 forbidden
    as "$admin" /metrics
    assert_status 200
    assert_header 'content-type: text/plain; version=0.0.4; charset=utf-8'
    python3 "$BATS_TEST_DIRNAME/lib/check_metrics.py" "$BATS_TEST_TMPDIR/body"
    grep -qx 'bioctl_events{kind="recognized"} 3' <<<"$body"
    grep -qx 'bioctl_events{kind="other"} 2' <<<"$body"
    grep -qx 'bioctl_devices{state="unknown"} 2' <<<"$body"
    grep -qxF 'bioctl_device_last_sync_timestamp_seconds{device="a \"b\" \\ c\nd"} 0' <<<"$body"
    grep -qx 'bioctl_deliveries{target="hooks",state="pending"} 1' <<<"$body"
    grep -q '^bioctl_delivery_oldest_pending_age_seconds{target="hooks"} ' <<<"$body"
    grep -q '^bioctl_http_requests_total{method="GET",route="/api/v2/people",status="200"} 1' <<<"$body"
    for name in people templates outages_open alerts_open ping_last_round_timestamp_seconds store_bytes onts routers; do
        grep -q "^# TYPE bioctl_$name gauge" <<<"$body"
    done
}

@test "/openapi.json is valid, and knows every address; /docs shows them without a script" {
    start_serve
    ask /openapi.json
    assert_status 200
    assert_header 'content-type: application/json'
    node "$repository/tests/e2e/openapi.mjs" "$BATS_TEST_TMPDIR/body"
    assert_body_json '.paths["/api/v2/people/{id}"].patch.security[0].api_key == ["people"] and .paths["/enroll"].post and .paths["/metrics"].get'
    tag=$(sed -n 's/^etag: //p' <<<"$headers")
    ask /openapi.json -H "If-None-Match: $tag"
    assert_status 304
    [ -z "$body" ]
    ask /openapi.json -H 'If-None-Match: "other"'
    assert_status 200
    operations=$(jq '[.paths[] | keys[]] | length' <<<"$body")
    ask /docs
    assert_status 200
    assert_header 'content-type: text/html; charset=utf-8'
    grep -q "^content-security-policy: default-src 'none'; style-src 'sha256-" <<<"$headers"
    [[ $body != *'<script'* && $body != *'http://'* && $body != *'style='* ]]
    [ "$(grep -c '<b class="method">' <<<"$body")" = "$operations" ]
    # The style is the one that the policy lets through.
    digest=$(grep -o '<style>.*</style>' <<<"$body" | sed 's/<[^>]*>//g' | tr -d '\n' | openssl dgst -sha256 -binary | base64)
    grep -qF "'sha256-$digest'" <<<"$headers"
}
