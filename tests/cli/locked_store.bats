#!/usr/bin/env bats
# Services outlast a store that somebody holds locked for longer than they wait for it, and lose nothing.

load helpers
load lib/faces
load lib/sim
load lib/terminals
load lib/network

setup() {
    setup_sandbox
    export BIOCTL_BUSY_TIMEOUT=1s
}

teardown() {
    stop_sims
    close_network
    [ -z "${camera_pid-}" ] || kill "$camera_pid" 2>/dev/null || true
}

# lock_store: for 8 s; a service waits 1 s for it. Sets holder.
lock_store() {
    rm -f locked
    printf 'BEGIN IMMEDIATE;\n.shell touch locked; sleep 8\nCOMMIT;\n' | sqlite3 "$BIOCTL_DATA_DIR/bioctl.db" 3>&- &
    holder=$!
    until [ -e locked ]; do sleep 0.02; done
}

# stop SERVICE: in order, with status 0
stop() {
    kill -TERM "$1"
    wait "$1"
}

is_in_step() { [ "$(sqlite "SELECT count(*) FROM event")" = "$(ground_truth | wc -l)" ]; }

@test "sync-hikvision --follow: says that it waits, then goes on and has every event once" {
    start_hik_sim --devices 2 --events 20
    add_simulated
    "$BIOCTL" sync-hikvision --follow --interval 1 >/dev/null 2>err 3>&- &
    local service=$!
    until_true is_in_step
    lock_store
    sim_switch "events?name=dev-001&count=30"
    wait "$holder"
    grep -q 'the sync has to wait: ' err
    until_true grep -q 'the sync goes on' err
    until_true is_in_step
    stop "$service"
}

@test "ping-onts --follow: rounds wait, then go on" {
    own_network
    add_onts 5
    become_in_network "$BIOCTL" --json ping-onts --follow --interval 5 >out 2>err 3>&- &
    local service=$!
    until_true grep -q '"type":"round"' out
    lock_store
    wait "$holder"
    grep -q 'rounds have to wait: ' err
    until_true grep -q 'rounds go on' err
    local before
    before=$(grep -c '"type":"round"' out)
    until_true eval '[ "$(grep -c "\"type\":\"round\"" out)" -gt '"$before"' ]'
    stop "$service"
}

# A camera on the network: shows what is in the file now.jpg, as a stream that browsers and players know.
start_camera() {
    python3 - 3>&- >camera.port <<'PY' &
import http.server, time
class Handler(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        self.send_response(200)
        self.send_header("Content-Type", "multipart/x-mixed-replace; boundary=frame")
        self.end_headers()
        try:
            while True:
                with open("now.jpg", "rb") as file:
                    frame = file.read()
                self.wfile.write(b"--frame\r\nContent-Type: image/jpeg\r\nContent-Length: %d\r\n\r\n%s\r\n" % (len(frame), frame))
                time.sleep(0.1)
        except OSError:
            pass
    def log_message(self, *args):
        pass
server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
print(server.server_port, flush=True)
server.serve_forever()
PY
    camera_pid=$!
    until [ -s camera.port ]; do sleep 0.05; done
}

@test "watch: who came while the store was locked is an event all the same" {
    make_faces
    "$BIOCTL" -q enroll --id tala "$(faces)/face-1-0.jpg" >/dev/null
    "$HAND" now.jpg 640x480 length=1  # dark cloth
    start_camera
    "$BIOCTL" --json watch "http://127.0.0.1:$(cat camera.port)/stream.mjpg" --name gate -v >out 2>err 3>&- &
    local service=$!
    sleep 3
    lock_store
    cp "$(faces)/face-1-0.jpg" next.jpg
    mv next.jpg now.jpg
    wait "$holder"
    grep -q 'sightings have to wait: ' err
    until_true grep -q '"person_id":"tala"' out
    [ "$(sqlite "SELECT count(*) FROM event")" = 1 ]
    stop "$service"
}
