#!/usr/bin/env bats
# The pages as files: what the server hands to browsers, and what it lets them do. The pages at work: tests/e2e.

load helpers
load lib/serve
load lib/sim
load lib/terminals
load lib/api

setup() { setup_api; }

teardown() {
    stop_serve || true
    stop_sims
}

# static NAME: its address, as the document names it.
static() { grep -o "\"[^\"]*/static/[0-9a-f]\{12\}/$1\"" <<<"$document" | head -1 | tr -d '"'; }

@test "/ leads to the pages, and each of their addresses is the same document" {
    start_serve
    ask /
    assert_status 302
    assert_header 'location: /ui/'
    ask /ui/
    assert_status 200
    assert_header 'content-type: text/html; charset=utf-8'
    assert_header 'cache-control: no-cache'
    document=$body
    for path in /ui /ui/login /ui/devices /ui/devices/gate%20A /ui/events '/ui/events?device=gate' /ui/people/1001 /ui/test; do
        ask "$path"
        assert_status 200
        assert_body "$document"
    done
    tag=$(sed -n 's/^etag: //p' <<<"$headers")
    ask /ui/devices -H "If-None-Match: $tag"
    assert_status 304
    assert_body ''
    ask /ui/nowhere
    assert_status 404
    assert_body "$document"
    ask /ui/ -X POST
    assert_status 405
    for path in /ui/..%2f /static/ /static/x/app.js /index.html /nowhere; do
        ask "$path"
        [ "$status" = 404 ] || [ "$status" = 400 ] || fail "$path"
    done
}

@test "the document lets nothing in but what this server has" {
    start_serve
    ask /ui/
    assert_header "content-security-policy: default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data: blob:; connect-src 'self'; media-src 'self' blob:; worker-src 'self'; frame-ancestors 'none'; base-uri 'none'; form-action 'self'"
    assert_header 'x-content-type-options: nosniff'
    assert_header 'referrer-policy: no-referrer'
    assert_header 'cross-origin-opener-policy: same-origin'
    assert_header 'permissions-policy: camera=(self), microphone=(), geolocation=()'
}

@test "map tiles of the settings may be shown, and nothing can be smuggled in with them" {
    BIOCTL_MAP_TILES='https://{s}.tiles.example/{z}/{x}/{y}.png' BIOCTL_MAP_ATTRIBUTION='"><script>1</script>' start_serve
    ask /ui/
    grep -q "img-src 'self' data: blob: https://\*.tiles.example; " <<<"$headers"
    assert_body_has 'data-tiles="https://{s}.tiles.example/{z}/{x}/{y}.png"'
    assert_body_has 'data-attribution="&#34;&gt;&lt;script&gt;1&lt;/script&gt;"'
    stop_serve
    for tiles in 'https://x.example/{z}/{x}/{y}; script-src *' 'https://x.example/{z}/{x}' 'javascript:{z}{x}{y}' "https://x'/{z}/{x}/{y}"; do
        BIOCTL_MAP_TILES=$tiles run_split bioctl serve --listen 127.0.0.1:0
        assert_status 78
    done
}

@test "files are kept for ever by browsers, compressed unless they cannot take it, and gone with their version" {
    start_serve
    ask /ui/
    document=$body
    path=$(static app.js)
    ask "$path"
    assert_status 200
    assert_header 'content-type: text/javascript; charset=utf-8'
    assert_header 'cache-control: public, max-age=31536000, immutable'
    assert_header 'vary: Accept-Encoding'
    assert_no_header content-encoding
    cmp "$BATS_TEST_TMPDIR/body" "$repository/lib/http/web/src/app.js"
    ask "$path" -H 'Accept-Encoding: gzip'
    assert_header 'content-encoding: gzip'
    assert_header 'vary: Accept-Encoding'
    gunzip <"$BATS_TEST_TMPDIR/body" | cmp - "$repository/lib/http/web/src/app.js"
    ask "$path" -H 'Accept-Encoding: gzip' -H "If-None-Match: $(sed -n 's/^etag: //p' <<<"$headers")"
    assert_status 304
    for type in 'vendor/pico.css text/css' 'icon.svg image/svg+xml'; do
        ask "$(static "${type% *}")"
        assert_status 200
        grep -q "^content-type: ${type#* }" <<<"$headers"
    done
    ask "${path/app.js/vendor\/models\/tiny_face_detector_model.bin}" -H 'Accept-Encoding: gzip'
    assert_status 200
    ask "/static/000000000000/app.js"
    assert_status 404
    assert_header 'cache-control: no-store'
    ask "${path/app.js/..%2fpages.cpp}"
    [ "$status" = 400 ] || [ "$status" = 404 ]
}

@test "below a base path everything is there; --off pages leaves none" {
    start_serve --base-path /bioctl
    ask /bioctl/
    assert_header 'location: /bioctl/ui/'
    ask /bioctl/ui/
    document=$body
    assert_body_has 'data-base="/bioctl"'
    [ "$(grep -c '/static/' <<<"$body")" = "$(grep -c '/bioctl/static/' <<<"$body")" ]
    ask "$(static app.js)"
    assert_status 200
    stop_serve
    start_serve --off pages
    for path in / /ui/ /ui/events /ws/live; do
        ask "$path"
        assert_status 404
    done
}

@test "/api/v2/overview: how things are, for whoever may read" {
    start_hik_sim --devices 2 --events 30
    add_simulated
    bioctl -q sync-hikvision >/dev/null
    printf 'id,name,ip\n1,Sumber,192.0.2.1\n' >onts.csv
    bioctl -q onts import onts.csv >/dev/null
    start_serve
    as "$reader" /api/v2/overview
    assert_status 200
    assert_body_json '.devices.ok == 2 and .devices.offline == 0 and .onts.unknown == 1 and .people == 0'
    assert_body_json '.outages == {"open": 0, "unacknowledged": 0} and .deliveries == {"pending": 0, "failed": 0, "oldest_pending_at": null}'
    midnight=$(TZ=Asia/Jakarta date -d 00:00 +%s)
    recognized=$(sql "SELECT count(*) FROM event WHERE recognized AND time >= ${midnight}000")
    assert_body_json ".today.recognized == $recognized and (.today.since | fromdateiso8601) == $midnight"
    ask /api/v2/overview
    problem 401 no_credential
    send "$reader" GET '/api/v2/overview?colour=red'
    problem 400 bad_request
}

@test "the own password: who knows the old one may set another, and other sessions end" {
    start_serve
    log_in
    other=$cookie
    log_in
    put() { ask /api/v2/session/password -X PUT -b "$cookie" -H 'Content-Type: application/json' -H "X-CSRF-Token: ${2-$csrf}" -d "$1"; }
    put '{"current":"correct horse battery","password":"another horse battery"}' guess
    problem 403 forbidden
    put '{"current":"wrong horse battery","password":"another horse battery"}'
    problem 422 wrong_password
    assert_no_header set-cookie
    put '{"current":"correct horse battery","password":"short"}'
    problem 422 bad_password
    put '{"current":"correct horse battery"}'
    problem 400 bad_request
    ask /api/v2/people -b "$other"
    assert_status 200
    put '{"current":"correct horse battery","password":"another horse battery"}'
    assert_status 200
    fresh=$(sed -n 's/^set-cookie: \(bioctl_session=[^;]*\);.*/\1/p' <<<"$headers")
    assert_body_json '.name == "siti" and (.csrf_token | length) == 43'
    for gone in "$other" "$cookie"; do
        ask /api/v2/people -b "$gone"
        problem 401 no_credential
    done
    ask /api/v2/people -b "$fresh"
    assert_status 200
    log_in
    problem 401 wrong_credential
    log_in 'another horse battery'
    assert_status 200
    ask /api/v2/session/password -X PUT -H "X-API-Key: $admin" -H 'Content-Type: application/json' -d '{"current":"x","password":"y"}'
    problem 401 no_credential
    as "$admin" '/api/v2/audit?action=accounts.passwd'
    assert_body_json '.items | length == 1'
    assert_body_json '.items[0] | .who == "account:siti" and .subject == "siti"'
    as "$admin" /api/v2/audit
    [[ $body != *'horse battery'* ]]
}

@test "a guess at the own password counts as a failed login" {
    start_serve
    log_in
    for _ in $(seq 14); do
        ask /api/v2/session/password -X PUT -b "$cookie" -H 'Content-Type: application/json' -H "X-CSRF-Token: $csrf" \
            -d '{"current":"wrong horse battery","password":"another horse battery"}'
        [ "$status" != 429 ] || break
    done
    problem 429 too_many_requests
}

@test "where a terminal pushes: shown without the path, set, refused while it is somebody else's, ended" {
    start_hik_sim --devices 1
    add_simulated
    start_serve
    at=/api/v2/devices/dev-001/listener
    send "$admin" GET $at
    assert_status 200
    assert_body_json '. == {"is_ours": false, "host": null, "warning": null}'
    send "$admin" PUT $at "{\"server\":\"$url\"}"
    assert_status 200
    assert_body_json ".is_ours and .host == \"$url\" and .warning == null"
    [[ $body != */hik/* ]]
    push_url=$(sql "SELECT push_url FROM device")
    [[ $push_url == "$url"/hik/* ]]
    send "$admin" PUT $at "{\"server\":\"$url/\"}"
    [ "$(sql "SELECT push_url FROM device")" = "$push_url" ]
    send "$admin" GET $at
    assert_body_json '.is_ours'
    sql "UPDATE device SET push_url = ''"
    send "$admin" PUT $at '{"server":"http://192.0.2.5:8080"}'
    problem 503 busy
    send "$admin" PUT $at '{"server":"http://192.0.2.5:8080","force":true}'
    assert_status 200
    send "$admin" DELETE $at
    assert_status 200
    assert_body_json '.is_ours == false and .host == null'
    send "$admin" PUT $at '{"server":"not a url"}'
    problem 400 bad_request
    send "$admin" PUT /api/v2/devices/nobody/listener "{\"server\":\"$url\"}"
    problem 404 not_found
    for call in GET PUT DELETE; do
        send "$reader" $call $at '{}'
        problem 403 forbidden
    done
    as "$admin" '/api/v2/audit?action=devices.listen'
    assert_body_json '(.items | length) >= 3 and all(.items[]; .detail.server != null)'
    [[ $body != */hik/* ]]
}
