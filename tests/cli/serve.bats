#!/usr/bin/env bats
# The service itself: who gets in, how it starts and stops, what it does with odd and hostile peers.

load helpers
load lib/serve

teardown() { stop_serve || true; }

# speak TEXT: sends it (printf escapes) on a fresh connection and prints what comes back within 5 seconds.
speak() {
    local host_port="${url#*//}"
    timeout 5 bash -c 'exec 5<>"/dev/tcp/${1%:*}/${1##*:}"; printf "$2" >&5; cat <&5' _ "$host_port" "$1" | tr -d '\0' || true
}

@test "serve refuses an address that others reach while nobody needs a key, and says what to do" {
    run_split bioctl serve --listen 0.0.0.0:0
    assert_status 78
    assert_stderr_has 'bioctl accounts add admin --role admin'
    assert_stderr_has 'bioctl accounts keys create'
    if [ -s /proc/net/if_inet6 ]; then
        run_split bioctl serve --listen '[::]:0'
        assert_status 78
    fi
    "$BIOCTL" accounts keys create laravel --scope recognize >key
    start_serve --listen 0.0.0.0:0
    url="http://127.0.0.1:${url##*:}"
    ask /config
    assert_status 401
    assert_header 'www-authenticate: Bearer'
    ask /mock/webhook -H "X-API-Key: $(cat key)" -d '{}'
    assert_status 200
}

@test "serve says what is wrong with its options" {
    run_split bioctl serve --listen nowhere
    assert_status 64
    assert_stderr_has "'nowhere' is no address to listen on"
    run_split bioctl serve --listen 127.0.0.1:99999
    assert_status 64
    run_split bioctl serve --tls-cert x
    assert_status 64
    run_split bioctl serve --tls-cert absent.pem --tls-key absent.pem
    assert_status 78
    assert_stderr_has 'absent.pem: this certificate cannot be used'
    run_split bioctl serve --trusted-proxy 10.0.0.0/99
    assert_status 64
    run_split bioctl serve --off faces
    assert_status 64
    assert_stderr_has "there is no family 'faces'; there are: attendance"
}

@test "a second serve on the same port is refused with 75" {
    start_serve
    run_split bioctl serve --listen "${url#*//}"
    assert_status 75
    assert_stderr_has 'another program does already'
}

@test "serve stops in order: what is in hand is finished, and the exit status is 0" {
    start_serve
    ask /health
    assert_status 200
    kill -TERM "$serve_pid"
    wait "$serve_pid"
    same_log=$(cat "$serve_log")
    [[ $same_log != *error* ]]
    serve_pid=
    run_split curl -sS --max-time 2 "$url/health"
    assert_status 7
}

@test "every reply has a request id and security headers; the client's own id is kept" {
    start_serve
    ask /health
    assert_header 'x-content-type-options: nosniff'
    assert_header 'x-frame-options: DENY'
    assert_header 'cache-control: no-store'
    assert_header 'server: bioctl'
    grep -qE '^x-request-id: [0-9a-f-]{36}$' <<<"$headers"
    ask /health -H 'X-Request-Id: abc-1'
    assert_header 'x-request-id: abc-1'
    ask /health -H 'X-Request-Id: a b;c'
    run ! grep -qF 'a b;c' <<<"$headers"
    grep -qP '\tabc-1$' "$access_log"
}

@test "HEAD, OPTIONS and unknown paths are answered as HTTP says" {
    start_serve
    ask /health -I
    assert_status 200
    assert_header 'content-length: 36'
    [ "$(wc -c <"$BATS_TEST_TMPDIR/body")" = "$(wc -c <"$BATS_TEST_TMPDIR/headers")" ] # curl puts the header into both
    ask /nowhere
    assert_status 404
    assert_header 'content-type: application/problem+json'
    assert_body '{"type":"about:blank","title":"Not Found","status":404,"detail":"nothing is here","code":"not_found"}'
    ask /health -X DELETE
    assert_status 405
    assert_header 'allow: GET'
}

@test "no path leads out of the table of routes" {
    start_serve
    for path in '/../../etc/passwd' '/%2e%2e/%2e%2e/etc/passwd' '/%252e%252e/etc/passwd' '/health%00' '/health%0d%0aX:y' '/%ff'; do
        ask "$path" --path-as-is
        [ "$status" = 400 ] || fail "expected 400 for $path"
    done
}

@test "a base path, families that are off, and others that are moved" {
    start_serve --base-path /bioctl/ --off laravel --mount attendance=/face
    ask /bioctl/face/health
    assert_status 200
    ask /face/health
    assert_status 404
    ask /bioctl/api/health
    assert_status 404
    ask /bioctlx/face/health
    assert_status 404
}

@test "--readonly answers, and changes nothing" {
    start_serve --readonly
    ask /health
    assert_status 200
    ask /enroll -F student_id=a -F image=@/dev/null
    assert_status 403
    ask /api/v1/biometric/x -X DELETE
    assert_status 403
    assert_body_has 'reading only'
}

@test "pages of other origins may not make this machine's service do anything" {
    start_serve
    ask /recognize -F image=@/dev/null -H 'Origin: https://evil.example'
    assert_status 403
    ask /recognize -F image=@/dev/null -H 'Origin: null'
    assert_status 403
    ask /recognize -F image=@/dev/null -H "Origin: $url"
    assert_status 400
    ask /config -H 'Host: evil.example'
    assert_status 403
    ask /config -H 'Origin: https://evil.example'
    assert_status 200
    assert_no_header access-control-allow-origin
}

@test "origins of the settings are told that they may" {
    BIOCTL_CORS_ORIGINS=https://hrd.example,https://b.example start_serve
    ask /recognize -X OPTIONS -H 'Origin: https://hrd.example' -H 'Access-Control-Request-Method: POST'
    assert_status 204
    assert_header 'access-control-allow-origin: https://hrd.example'
    assert_header 'access-control-allow-methods: POST'
    ask /recognize -X OPTIONS -H 'Origin: https://evil.example' -H 'Access-Control-Request-Method: POST'
    assert_no_header access-control-allow-origin
    ask /config -H 'Origin: https://hrd.example'
    assert_header 'access-control-allow-origin: https://hrd.example'
}

@test "a body beyond the limit is refused before it is sent" {
    start_serve
    run_split speak 'POST /mock/webhook HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: 2147483648\r\n\r\n'
    assert_stdout_has '413 Content Too Large'
    assert_stdout_has 'Connection: close'
    run_split speak 'POST /mock/webhook HTTP/1.1\r\nHost: localhost\r\nExpect: 100-continue\r\nContent-Length: 9\r\nConnection: close\r\n\r\n{"a":1}  '
    assert_stdout_has 'HTTP/1.1 100 Continue'
    assert_stdout_has 'HTTP/1.1 200 OK'
}

@test "malformed and smuggled requests are refused, and the connection ends" {
    start_serve
    run_split speak 'nonsense\r\n\r\n'
    assert_stdout_has '400 Bad Request'
    run_split speak 'GET /health HTTP/1.1\r\nHost: localhost\r\nX: \001\r\n\r\n'
    assert_stdout_has '400 Bad Request'
    run_split speak 'POST /mock/webhook HTTP/1.1\r\nHost: localhost\r\nContent-Length: 4\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\nGET /health HTTP/1.1\r\n\r\n'
    assert_stdout_has '400 Bad Request'
    assert_stdout_lacks '200 OK'
    run_split speak 'POST /mock/webhook HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\nZZ\r\n\r\n'
    assert_stdout_has '400 Bad Request'
    run_split speak "GET /health HTTP/1.1\r\nHost: localhost\r\nX: $(head -c 20000 /dev/zero | tr '\0' a)\r\n\r\n"
    assert_stdout_has '431 Request Header Fields Too Large'
    run_split speak 'POST /mock/webhook HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\nConnection: close\r\n\r\n2\r\n{}\r\n0\r\n\r\n'
    assert_stdout_has '200 OK'
}

@test "two requests in one packet get two replies, in order" {
    start_serve
    run_split speak 'GET /health HTTP/1.1\r\nHost: localhost\r\nX-Request-Id: one\r\n\r\nGET /health HTTP/1.1\r\nHost: localhost\r\nX-Request-Id: two\r\nConnection: close\r\n\r\n'
    [ "$(grep -o 'X-Request-Id: [a-z]*' <<<"$stdout" | tr '\n' ' ')" = 'X-Request-Id: one X-Request-Id: two ' ] || fail 'order'
}

@test "JSON without end or bottom is refused" {
    start_serve
    head -c 300000 /dev/zero | tr '\0' '[' >deep.json
    ask /mock/webhook -H 'Content-Type: application/json' --data-binary @deep.json
    assert_status 422
}

@test "TLS: a certificate, its reload on SIGHUP, and no old versions" {
    make_certificate() {
        openssl req -x509 -newkey rsa:2048 -nodes -keyout key.pem -out cert.pem -days 2 -subj "/CN=$1" \
            -addext 'subjectAltName=IP:127.0.0.1' 2>/dev/null
    }
    make_certificate one
    start_serve --tls-cert cert.pem --tls-key key.pem
    [[ $url == https://* ]]
    ask /health --cacert cert.pem
    assert_status 200
    assert_header 'strict-transport-security: max-age=31536000'
    run_split curl -sS --tls-max 1.1 --cacert cert.pem "$url/health"
    [ "$status" != 0 ]
    shown() { openssl s_client -connect "${url#*//}" </dev/null 2>/dev/null | openssl x509 -noout -subject; }
    [[ $(shown) == *one* ]]
    make_certificate two
    kill -HUP "$serve_pid"
    for _ in $(seq 100); do
        grep -q 'read again' "$serve_log" && break
        sleep 0.05
    done
    [[ $(shown) == *two* ]]
    echo broken >cert.pem
    kill -HUP "$serve_pid"
    for _ in $(seq 100); do
        grep -q 'nothing is changed' "$serve_log" && break
        sleep 0.05
    done
    [[ $(shown) == *two* ]]
}

@test "systemd may hand the socket over" {
    python3 - "$BIOCTL" <<'PY' 2>serve.log 3>&- &
import os, socket, sys
listener = socket.create_server(("127.0.0.1", 0))
open("port", "w").write(str(listener.getsockname()[1]))
if listener.fileno() != 3:
    os.dup2(listener.fileno(), 3)
os.set_inheritable(3, True)
os.environ.update(LISTEN_FDS="1", LISTEN_PID=str(os.getpid()))
os.execv(sys.argv[1], [sys.argv[1], "serve", "--no-access-log"])
PY
    serve_pid=$!
    for _ in $(seq 200); do
        grep -q 'listening on' serve.log && break
        sleep 0.05
    done
    url="http://127.0.0.1:$(cat port)"
    ask /health
    assert_status 200
    stop_serve
}

@test "gzip for those who take it" {
    start_serve
    printf '{"a":"%s"}' "$(head -c 4000 /dev/zero | tr '\0' x)" >big.json
    ask /mock/webhook --data-binary @big.json -H 'Accept-Encoding: gzip' --raw
    assert_header 'content-encoding: gzip'
    assert_header 'vary: Accept-Encoding'
    [ "$(gzip -dc <"$BATS_TEST_TMPDIR/body" | jq -r '.received.a | length')" = 4000 ]
    ask /mock/webhook --data-binary @big.json -H 'Accept-Encoding: gzip;q=0'
    assert_no_header content-encoding
}

@test "a proxy is believed only when it is trusted" {
    "$BIOCTL" accounts keys create k --scope read >key
    start_serve --trusted-proxy 127.0.0.1 --rate 1
    ask /config -H 'X-Forwarded-For: 198.51.100.7' -H "X-API-Key: $(cat key)"
    assert_status 200
    for _ in 1 2 3 4 5; do ask /config -H 'X-Forwarded-For: 198.51.100.7' -H "X-API-Key: $(cat key)"; done
    assert_status 429
    assert_header 'retry-after: 1'
    ask /config -H 'X-Forwarded-For: 198.51.100.8' -H "X-API-Key: $(cat key)"
    assert_status 200
    grep -qP '\t198.51.100.7\t' "$access_log"
}

@test "a peer that sends its header byte by byte holds up nobody" {
    start_serve
    local host_port="${url#*//}"
    for _ in $(seq 50); do
        bash -c 'exec 5<>"/dev/tcp/${1%:*}/${1##*:}"; printf "GET /health HTTP/1.1\r\nX: " >&5; sleep 3' _ "$host_port" &
    done
    ask /health
    assert_status 200
    wait $(jobs -p | grep -v "^$serve_pid$") || true
}
