#!/usr/bin/env bats
# Frames in real time: the webhook's answer in the reply, and everybody who listens on the WebSocket.

load helpers
load lib/faces
load lib/sim
load lib/serve

setup_file() { make_faces; }

setup() {
    setup_sandbox
    faces="$BATS_FILE_TMPDIR/faces"
    ws_client="$repository/tests/support/ws_client.py"
}

teardown() {
    stop_serve || true
    stop_sims
}

live() { python3 "$ws_client" "ws${url#http}/ws/recognitions" "$@"; }

@test "realtime waits for the webhook, tells the listeners, and holds back within the cooldown" {
    start_api_sim
    "$BIOCTL" -q enroll --id alip "$faces/face-1-0.jpg" >/dev/null
    ATTENDANCE_WEBHOOK_URL="$api_url" EVENT_COOLDOWN_SECONDS=60 start_serve
    live --count 1 --timeout 30 --send ping --ready ready >heard &
    local listener=$!
    for _ in $(seq 100); do [ -e ready ] && break || sleep 0.05; done
    ask '/recognize/realtime?min_conf=0.0&send_unknown=false' -F image=@"$faces/face-3-0.jpg"
    assert_status 200
    assert_body_json '.ok and .webhook_enabled and .results[0].label == "alip" and .dispatch[0].label == "alip"
        and .dispatch[0].report.status == "sent" and .dispatch[0].report.http_status == 200 and .dispatch[0].report.reason == "ok"'
    wait "$listener"
    jq -e '.type == "recognized" and .student_id == "alip" and .distance < 0.6 and (.ts | type) == "number" and .dispatch.status == "sent"' heard
    ask /recognize/realtime -F image=@"$faces/face-3-0.jpg"
    assert_body_json '.dispatch[0].report.status == "skipped" and (.dispatch[0].report.reason | test("^cooldown_active \\([0-9]+s left\\)$"))'
    ask /config
    assert_body_json '.webhook_enabled and .cooldown_seconds == 60'
}

@test "a webhook that is away delays nobody for ever, and the event is not lost" {
    "$BIOCTL" -q enroll --id alip "$faces/face-1-0.jpg" >/dev/null
    ATTENDANCE_WEBHOOK_URL=http://127.0.0.1:9/hook start_serve --no-deliver
    ask /recognize/realtime -F image=@"$faces/face-3-0.jpg"
    assert_status 200
    assert_body_json '.dispatch[0].report.status == "failed"'
    run_split bioctl outbox list --json
    assert_json 'map(select(.type == "delivery")) | length == 1 and .[0].state == "pending"'
}

@test "unknown faces are told of when they are asked for, and min_conf is a distance" {
    "$BIOCTL" -q enroll --id alip "$faces/face-1-0.jpg" >/dev/null
    start_serve
    ask /recognize/realtime -F image=@"$faces/face-6-0.jpg"
    assert_body_json '.results[0].label == "Unknown" and .dispatch == [] and .webhook_enabled == false'
    ask '/recognize/realtime?send_unknown=true' -F image=@"$faces/face-6-0.jpg"
    assert_body_json '.dispatch[0].label == "Unknown" and .dispatch[0].report.status == "skipped"'
    ask '/recognize/realtime?min_conf=0.01' -F image=@"$faces/face-3-0.jpg"
    assert_body_json '.results[0].label == "Unknown"'
    ask '/recognize/realtime?min_conf=near' -F image=@"$faces/face-3-0.jpg"
    assert_status 422
}

@test "a WebSocket of another origin, without upgrade, or of too old a version is refused" {
    start_serve
    run_split live --header 'Origin: https://evil.example' --timeout 5
    assert_status 2
    assert_stderr_has 403
    ask /ws/recognitions
    assert_status 426
    assert_header 'upgrade: websocket'
}

@test "a thousand listeners hear of a recognition within a second, and one that stalls harms nobody" {
    "$BIOCTL" -q enroll --id alip "$faces/face-1-0.jpg" >/dev/null
    ulimit -n 4096 || skip 'no room for a thousand sockets'
    start_serve
    cat >storm.py <<'PY'
import selectors, socket, subprocess, sys, time
sys.path.insert(0, sys.argv[1])
import ws_client
url = sys.argv[2]
sockets = [ws_client.WebSocket("ws" + url[4:] + "/ws/recognitions") for _ in range(1000)]
stalled = sockets.pop()  # is never read
wanted = 5
for turn in range(wanted):
    subprocess.run(["curl", "-sS", "-F", "image=@" + sys.argv[3], url + "/recognize/realtime"], check=True,
                   stdout=subprocess.DEVNULL)
    began = time.monotonic()
    for one in sockets:
        assert '"alip"' in one.receive(timeout=5)
    took = time.monotonic() - began
    assert took < 1, took
print("heard", len(sockets) * wanted)
PY
    run_split python3 storm.py "$repository/tests/support" "$url" "$faces/face-3-0.jpg"
    assert_status 0
    assert_stdout 'heard 4995'
}

@test "listeners are told when the service stops" {
    start_serve
    live --count 9 --timeout 20 --ready ready &
    local listener=$!
    for _ in $(seq 100); do [ -e ready ] && break || sleep 0.05; done
    stop_serve
    wait "$listener" # 0: closed in order
}
