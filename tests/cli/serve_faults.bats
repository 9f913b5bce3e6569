#!/usr/bin/env bats
# What goes wrong around the service, and who means it no good: nothing that it has acknowledged is lost, and it goes on.

load helpers
load lib/faces
load lib/serve

setup_file() { make_faces; }

setup() {
    setup_sandbox
    faces="$BATS_FILE_TMPDIR/faces"
    peers="$BATS_TEST_DIRNAME/lib/hostile_peers.py"
}

teardown() { stop_serve || true; }

port() { echo "${url##*:}"; }

# enrol_for_ever NAME FACE: one client that enrols photo after photo of a person until the service is gone; the digests of those that
# were acknowledged go to the file acknowledged-NAME.
enrol_for_ever() {
    local number=0
    while :; do
        number=$((number + 1))
        variant "$faces/$2" "$1-$number" >"$1.jpg"
        curl -s -o "$1.body" --max-time 20 -F student_id="$1" -F image=@"$1.jpg" "$url/enroll" || return 0
        jq -e '.ok' "$1.body" >/dev/null && sha256sum <"$1.jpg" | cut -d' ' -f1 >>"acknowledged-$1"
    done
}

@test "kill -9 under load: what was acknowledged is there afterwards, with its portrait" {
    local round
    for round in 1 2 3; do
        start_serve
        enrol_for_ever anna face-1-0.jpg 3>&- &
        enrol_for_ever bela face-1-1.jpg 3>&- &
        enrol_for_ever cora face-6-0.jpg 3>&- &
        # In the first round something has been acknowledged, however slow the machine is; then at any moment.
        until [ -s acknowledged-anna ] || [ -s acknowledged-bela ] || [ -s acknowledged-cora ]; do
            kill -0 "$serve_pid"
            sleep 0.05
        done
        sleep "$((round - 1)).$((RANDOM % 10))"
        kill -9 "$serve_pid"
        wait || true
        serve_pid=
    done
    sort -u acknowledged-* >acknowledged
    [ -s acknowledged ]
    local db="$BIOCTL_DATA_DIR/bioctl.db"
    same ok "$(sqlite3 "$db" 'PRAGMA integrity_check')"
    sqlite3 "$db" 'SELECT lower(hex(photo)) FROM template' | sort >stored
    [ -z "$(comm -23 acknowledged stored)" ] || fail "acknowledged and lost: $(comm -23 acknowledged stored)"
    sqlite3 "$db" 'SELECT crop FROM template' >crops
    while read -r crop; do [ -s "$BIOCTL_DATA_DIR/media/$crop" ] || fail "no portrait $crop"; done <crops
    # And it can be gone on with.
    start_serve
    ask /recognize -F image=@"$faces/face-3-0.jpg"
    assert_body_json '.results[0].label == "anna"'
}

@test "two services on one store see what the other has done" {
    start_serve
    local first_url=$url first_pid=$serve_pid
    "$BIOCTL" serve --listen 127.0.0.1:0 >/dev/null 2>second.log 3>&- &
    local second_pid=$!
    until grep -q 'listening on' second.log; do sleep 0.05; done
    local second_url
    second_url=$(sed -n 's/^bioctl: listening on //p' second.log)
    ask /enroll -F student_id=alip -F image=@"$faces/face-1-0.jpg"
    assert_status 200
    url=$second_url
    ask /recognize -F image=@"$faces/face-3-0.jpg"
    assert_body_json '.results[0].label == "alip"'
    # Both write at once, and nobody is told to go away.
    local number attempt
    for number in $(seq 12); do
        variant "$faces/face-6-0.jpg" "$number" >"p$number.jpg"
        (curl -s -F student_id=bela -F image=@"p$number.jpg" "$([ $((number % 2)) = 0 ] && echo "$first_url" || echo "$second_url")/enroll" >"r$number") &
    done
    wait $(jobs -p | grep -vx "$first_pid\|$second_pid") || true
    same 12 "$(cat r* | jq -s 'map(select(.ok)) | length')"
    for url in "$first_url" "$second_url"; do
        for attempt in $(seq 50); do
            ask /health
            [ "$body" != '{"ok":true,"encodings":13,"labels":2}' ] || break
            sleep 0.1
        done
        assert_body '{"ok":true,"encodings":13,"labels":2}'
    done
    url=$first_url
    kill "$second_pid"
    wait "$second_pid"
}

@test "10,000 connections that say nothing keep nobody else out, and leave nothing behind" {
    [ "$(ulimit -Hn)" = unlimited ] || [ "$(ulimit -Hn)" -ge 10100 ] || skip "this machine allows $(ulimit -Hn) descriptors"
    start_serve
    local before
    before=$(ls "/proc/$serve_pid/fd" | wc -l)
    mkfifo hold
    (ulimit -n "$(ulimit -Hn)"; exec python3 "$peers" idle "$(port)" 10000 stand <hold) 3>&- &
    local peers_pid=$!
    exec 6>hold
    local attempt
    for attempt in $(seq 300); do [ -e stand ] && break; kill -0 "$peers_pid" || break; sleep 0.1; done
    [ -e stand ]
    ask /health
    assert_status 200
    ask /recognize -F image=@"$faces/face-1-0.jpg"
    assert_status 200
    # Those that idle longest had to go: 4096 is the limit.
    [ "$(ls "/proc/$serve_pid/fd" | wc -l)" -lt 4300 ]
    exec 6>&-
    wait "$peers_pid"
    for attempt in $(seq 100); do
        [ "$(ls "/proc/$serve_pid/fd" | wc -l)" -le $((before + 4)) ] && break
        sleep 0.1
    done
    [ "$(ls "/proc/$serve_pid/fd" | wc -l)" -le $((before + 4)) ]
}

@test "a disk that is full refuses what it cannot keep, and takes it when there is room" {
    unshare --mount true 2>/dev/null || skip "may not mount"
    cat >full.sh <<'SCRIPT'
set -e
trap 'kill $pid || true; cat serve.log >&2' EXIT
mkdir small && mount -t tmpfs -o size=3m tmpfs small
export BIOCTL_DATA_DIR=$PWD/small
"$BIOCTL" serve --listen 127.0.0.1:0 --no-access-log 2>serve.log >/dev/null 3>&- &
pid=$!
until grep -q 'listening on' serve.log; do kill -0 $pid; sleep 0.05; done
url=$(sed -n 's/^bioctl: listening on //p' serve.log)
dd if=/dev/zero of=small/ballast bs=1k count=100000 2>/dev/null || true
curl -s -w '\n%{http_code}\n' -F student_id=alip -F image=@"$1" "$url/enroll" >refused
curl -s -w '\n%{http_code}\n' "$url/health" >health
curl -s -w '\n%{http_code}\n' -F image=@"$1" "$url/recognize" >recognized
rm small/ballast
curl -s -w '\n%{http_code}\n' -F student_id=alip -F image=@"$1" "$url/enroll" >taken
kill $pid
wait $pid
"$BIOCTL" --json people list >people
trap - EXIT
SCRIPT
    run_split unshare --mount bash full.sh "$faces/face-1-0.jpg"
    assert_status 0
    same 507 "$(tail -1 refused)"
    same 200 "$(tail -1 health)"
    same 200 "$(tail -1 recognized)"
    same 200 "$(tail -1 taken)"
    same alip "$(jq -r .person_id people)"
    grep -Eq 'No space left on device|disk full' serve.log || fail "the log says: $(cat serve.log)"
}

@test "a store that somebody holds locked: photos are still looked at, writing is 503 with Retry-After, then all is well" {
    start_serve
    ask /enroll -F student_id=alip -F image=@"$faces/face-1-0.jpg"
    assert_status 200
    printf 'BEGIN IMMEDIATE;\n.shell touch locked; sleep 14\nCOMMIT;\n' | sqlite3 "$BIOCTL_DATA_DIR/bioctl.db" 3>&- &
    local holder=$!
    until [ -e locked ]; do sleep 0.02; done
    ask /health
    assert_status 200
    ask /recognize -F image=@"$faces/face-3-0.jpg"
    assert_body_json '.results[0].label == "alip"'
    variant "$faces/face-1-0.jpg" 2 >second.jpg
    ask /enroll -F student_id=alip -F image=@second.jpg
    assert_status 503
    grep -qi '^retry-after: [0-9]' <<<"$headers" || fail "no Retry-After"
    wait "$holder"
    ask /enroll -F student_id=alip -F image=@second.jpg
    assert_status 200
}

@test "bodies that lie, burst or go on for ever are refused in time, and the next request is served" {
    start_serve
    python3 "$peers" png bomb.png
    ask /recognize -F image=@bomb.png
    assert_status 400
    local image
    for image in "$(printf 'x%.0s' $(seq 2000) | base64 -w0)" 'data:image/jpeg;base64,%%%%'; do
        ask /api/face-recognition/recognize -H 'Content-Type: application/json' -d "{\"image\":\"$image\"}"
        assert_status 400
        assert_body_json '.success == false'
    done
    # 10,000 parts
    { for number in $(seq 10000); do printf -- '--b\r\nContent-Disposition: form-data; name="f%d"\r\n\r\nx\r\n' "$number"; done; printf -- '--b--\r\n'; } >parts
    ask /recognize -H 'Content-Type: multipart/form-data; boundary=b' --data-binary @parts
    assert_status 400
    assert_body '{"detail":"There was an error parsing the body"}'
    ask /recognize -H 'Content-Type: multipart/form-data' --data-binary @parts
    assert_status 400
    assert_body '{"detail":"There was an error parsing the body"}'
    # 2 GB are announced: refused before they come.
    exec 5<>"/dev/tcp/127.0.0.1/$(port)"
    printf 'POST /recognize HTTP/1.1\r\nHost: localhost\r\nContent-Type: image/jpeg\r\nContent-Length: 2147483648\r\n\r\n' >&5
    IFS= read -r -t 5 first <&5
    exec 5>&-
    [[ $first == *" 413 "* ]]
    # Half a body, and then only half a connection.
    run_split timeout 10 python3 "$peers" half "$(port)"
    assert_status 0
    [[ $stdout == closed || $stdout == *" 400 "* ]] || fail "half a body was taken"
    ask /recognize -F image=@"$faces/face-1-0.jpg"
    assert_status 200
}

@test "a WebSocket that breaks the rules is ended with the code for it, and a flood of pings harms nobody" {
    start_serve
    key=$("$BIOCTL" -q --json accounts keys create watcher --scope read | jq -r .key)
    python3 "$peers" websocket "ws${url#http}/ws/live" "$key" >endings 3>&- &
    local peers_pid=$!
    local attempt
    for attempt in 1 2 3 4 5 6; do
        ask /health
        assert_status 200
        sleep 0.3
    done
    wait "$peers_pid"

    for what in fragments oversize pings unmasked reserved no-utf8; do
        grep -q "^$what " endings || fail "nothing said of $what"
        ! grep -q "^$what open" endings || fail "$what: the connection is still open"
    done
    grep -qx 'oversize 1009' endings
    grep -qx 'unmasked 1002' endings
}
