load helpers
load lib/sim
load lib/faces

FILM=${FILM:-$repository/build/tests/support/film/film}

setup_file() {
    make_faces
    enrol_pair
}

# tala and bayu, the two largest faces of sample1.jpg; face-6-0.jpg is nobody's. Kept to be copied into each test.
enrol_pair() {
    local data="$BATS_FILE_TMPDIR/data"
    BIOCTL_DATA_DIR="$data" "$BIOCTL" -q enroll --id tala --name "Tala Ayu" "$(faces)/face-1-0.jpg" >/dev/null
    BIOCTL_DATA_DIR="$data" "$BIOCTL" -q enroll --id bayu "$(faces)/face-1-1.jpg" >/dev/null
}

setup() {
    setup_sandbox
    cp -r "$BATS_FILE_TMPDIR/data" "$BIOCTL_DATA_DIR"
    tala="$(faces)/face-1-0.jpg" bayu="$(faces)/face-1-1.jpg" stranger="$(faces)/face-6-0.jpg"
}
teardown() { stop_sims; }

# What was told, in order: "seen Tala Ayu,left Tala Ayu,..."
told() { jq -r 'select(.type == "seen" or .type == "left") | "\(.type) \(.label)"' <<<"$stdout" | paste -sd,; }

# The usual film, at 5 frames a second: tala walks by, nobody for 12 s, bayu with a stranger, tala again.
usual_film() { "$FILM" "$1" 5 "10,$tala@20:100+8" 60 "10,$bayu@10:100+0,$stranger@400:100+0" "10,$bayu@10:100+0,$tala@300:200+4"; }

@test "watch: each person once per visit, in order, from a folder of frames" {
    usual_film frames
    run_split bioctl --json watch frames --start 2026-11-21T07:00:00Z --name gate
    assert_status 0
    same "seen Tala Ayu,left Tala Ayu,seen bayu,seen Tala Ayu,left bayu,left Tala Ayu" "$(told)"
    assert_json '[.[] | select(.type == "seen")] | map(.time) == ["2026-11-21T07:00:00.200Z", "2026-11-21T07:00:14.200Z", "2026-11-21T07:00:16.200Z"]'
    assert_json '[.[] | select(.type == "seen")] | all(.source == "gate" and .distance < 0.5 and .box.right > .box.left)'
    # The same frames say the same again, to the digit.
    local first
    first=$(jq -c 'del(.event)' <<<"$stdout")
    run_split bioctl --json watch frames --start 2026-11-21T07:00:00Z --name gate
    same "$first" "$(jq -c 'del(.event)' <<<"$stdout")"
    run_split bioctl --json events list --device gate
    assert_json 'length == 6 and (map(.serial) | sort) == [1, 2, 3, 4, 5, 6] and all(.kind == "recognized")'
}

@test "watch: a video and a pipe tell what the frames tell" {
    usual_film film.avi
    usual_film film.mjpeg
    usual_film frames
    run_split bioctl --json watch frames --start 2026-11-21T07:00:00Z --name a -n
    assert_status 0
    local expected
    expected=$(jq -c '[.type, .time, .label]' <<<"$stdout")
    run_split bioctl --json watch film.avi --start 2026-11-21T07:00:00Z --name a -n
    assert_status 0
    assert_stderr ""
    same "$expected" "$(jq -c '[.type, .time, .label]' <<<"$stdout")"
    with_stdin film.mjpeg "$BIOCTL" --json watch - --input-fps 5 --start 2026-11-21T07:00:00Z --name a -n
    assert_status 0
    same "$expected" "$(jq -c '[.type, .time, .label]' <<<"$stdout")"
}

@test "watch: of a faster film only so many frames are looked at, at their times" {
    "$FILM" film.avi 20 "40,$tala@20:100+2"
    run_split bioctl --json watch film.avi --fps 2 --annotate pictures --start 2026-11-21T07:00:00Z -n
    assert_status 0
    same "seen Tala Ayu,left Tala Ayu" "$(told)"
    assert_json '.[0].time == "2026-11-21T07:00:00.500Z" and .[1].time == "2026-11-21T07:00:01.500Z"'
    same 4 "$(find pictures -name 'frame-*.jpg' | wc -l)"
    run_split bioctl recognize pictures/frame-000004.jpg
    assert_status 0
}

@test "watch: unknown faces once per visit, only when asked for" {
    # The usual film, without the steps at which the square of the portrait itself looks like a face.
    "$FILM" frames 5 "10,$tala@100:100+0" 60 "10,$bayu@10:100+0,$stranger@400:100+0" "10,$bayu@10:100+0,$tala@300:200+4"
    run_split bioctl --json watch frames --unknown --gone 3
    assert_status 0
    same "seen Tala Ayu,left Tala Ayu,seen bayu,seen Unknown,seen Tala Ayu,left bayu,left Unknown,left Tala Ayu" "$(told)"
    assert_json '[.[] | select(.type == "seen" and .label == "Unknown")] | length == 1 and .[0].unknown == 1 and .[0].person_id == null'
    run_split bioctl --json events list --device frames --kind other
    assert_json 'length == 1 and .[0].minor_name == "face_failed" and .[0].person_id == null'
}

@test "watch: nobody known is exit 1, and a dry run stores nothing" {
    "$FILM" frames 5 "5,$stranger@100:100+0"
    run_split bioctl --json watch frames
    assert_status 1
    assert_stdout ""
    "$FILM" others 5 "5,$tala@100:100+0"
    run_split bioctl --json watch others -n
    assert_status 0
    assert_json '.[0].event == null'
    run_split bioctl --json events list
    assert_stdout ""
    run_split bioctl --json devices list --all
    assert_stdout ""
}

@test "watch: sightings are events of a source that is no terminal, with the picture that was asked for" {
    "$FILM" frames 5 "5,$tala@100:100+0"
    run_split bioctl watch frames --name lobby --picture face
    assert_status 0
    run_split bioctl --json events list --device lobby
    assert_json '.[0] | .person_id == "tala" and .name == "Tala Ayu" and .distance < 0.5 and .picture_state == "stored" and .device == "lobby"'
    run_split bioctl recognize "$BIOCTL_DATA_DIR/media/$(jq -r .picture <<<"$stdout")"
    assert_status 0
    run_split bioctl --json devices list
    assert_stdout ""
    run_split bioctl --json devices list --all
    assert_json '.[0].name == "lobby" and .[0].state == "source"'
    run_split bioctl devices check lobby
    assert_status 65
    assert_stderr_has "no terminal but a source"
    run_split bioctl sync-hikvision
    assert_status 0
    run_split bioctl devices remove lobby --yes
    assert_status 0
    run_split bioctl --json events list --device lobby
    assert_json 'length == 1'
}

@test "watch: the webhook of the old service gets what it always got" {
    start_api_sim
    "$FILM" frames 5 "5,$tala@100:100+0" 60 "5,$tala@100:100+0" 5 "5,$bayu@100:100+0"
    printf 'token-1\n' >token
    chmod 600 token
    ATTENDANCE_WEBHOOK_URL="$api_url/hook" BIOCTL_WEBHOOK_KEY_FILE=token \
        run_split bioctl --json watch frames --start 2026-11-21T07:00:00Z
    assert_status 0
    curl -s "$api_control/received" >received
    same "bayu tala tala" "$(jq -r '.body | fromjson | .student_id' received | sort | xargs)"
    jq -se 'all(.headers.authorization == "Bearer token-1")' received
    # Deliveries go out side by side, so nothing is said of their order.
    jq -se 'map(.body | fromjson)
        | all(.[]; .event == "attendance.recognized" and .frame_info == {"w": 640, "h": 480}
            and (.box | keys == ["bottom", "left", "right", "top"]) and .distance < 0.5)
        and (map(select(.student_id == "tala").ts) | min) == 1795244400' received
    run_split bioctl --json targets list
    assert_json '.[0].name == "webhook" and .[0].format == "attendance" and .[0].has_token'
    # Within the cooldown nothing is sent again; the old variable of the key counts where no file is named.
    ATTENDANCE_WEBHOOK_URL="$api_url/hook" ATTENDANCE_API_KEY=token-2 EVENT_COOLDOWN_SECONDS=60 \
        run_split bioctl --json watch frames --start 2026-11-21T08:00:00Z
    assert_status 0
    curl -s "$api_control/received" >received
    same "bayu bayu tala tala tala" "$(jq -r '.body | fromjson | .student_id' received | sort | xargs)"
    jq -se '.[3:] | length == 2 and all(.headers.authorization == "Bearer token-2")' received
    run ! grep -ra 'token-1\|token-2' "$BIOCTL_DATA_DIR"
    # Without the setting it rests.
    run_split bioctl watch frames --start 2026-11-21T09:00:00Z
    assert_status 0
    same 5 "$(curl -s "$api_control/received" | wc -l)"
}

@test "watch: a target that is down makes it exit 3 and gets its events later" {
    start_api_sim
    curl -sf -X POST "$api_control/mode?down=1" >/dev/null
    bioctl -q targets add api "$api_url/hook" --kind sighting >/dev/null 2>&1
    "$FILM" frames 5 "5,$tala@100:100+0"
    run_split bioctl watch frames
    assert_status 3
    curl -sf -X POST "$api_control/mode?down=0" >/dev/null
    run_split bioctl outbox flush --patience 30
    assert_status 0
    same 1 "$(curl -s "$api_control/received" | wc -l)"
}

@test "watch: broken frames are told and passed over" {
    "$FILM" frames 5 "6,$tala@100:100+0"
    echo nonsense >frames/0001.jpg
    head -c 3000 frames/0002.jpg >cut && mv cut frames/0002.jpg
    : >frames/0003.jpg
    run_split bioctl --json watch frames
    assert_status 3
    same "seen Tala Ayu,left Tala Ayu" "$(told)"
    assert_stderr_has "0001.jpg"
    assert_stderr_has "0002.jpg"
    mkdir bad && echo nonsense >bad/1.jpg
    run_split bioctl watch bad
    assert_status 65
    "$FILM" film.mjpeg 5 "4,$tala@100:100+0"
    { head -c 5000 film.mjpeg && head -c 100000 /dev/urandom && cat film.mjpeg && head -c 2000 film.mjpeg; } >noisy.mjpeg
    with_stdin noisy.mjpeg "$BIOCTL" --json watch - --input-fps 5
    [[ $status = 0 || $status = 3 ]] || fail "crashed"
    same "seen Tala Ayu,left Tala Ayu" "$(told)"
    assert_stderr_has "cut off or too large"
}

@test "watch: what is not there, and what is no video" {
    run_split bioctl watch nowhere.avi
    assert_status 66
    assert_stderr_has "no such file or folder"
    mkdir empty
    run_split bioctl watch empty
    assert_status 66
    run_split bioctl watch 87
    assert_status 66
    assert_stderr_has "camera 87"
    echo nonsense >film.avi
    run_split bioctl watch film.avi
    assert_status 65
    run_split bioctl watch
    assert_status 64
    run_split bioctl watch --fps 0 empty
    assert_status 64
    run_split bioctl watch - --server http://127.0.0.1:1 --name x
    assert_status 64
    rm -r "$BIOCTL_DATA_DIR"
    run_split bioctl watch empty
    assert_status 66
    assert_stderr_has "nobody is enrolled yet"
}

@test "watch: a password in an address is neither needed on the command line nor shown" {
    run_split bioctl watch rtsp://admin:Secret-7@127.0.0.1:1/stream --stall 1
    assert_status 69
    assert_stderr_has "--source-file"
    assert_stderr_lacks "Secret-7"
    printf 'rtsp://admin:Secret-7@127.0.0.1:1/stream\n' >address
    run_split bioctl watch --source-file address --stall 1
    assert_status 77
    chmod 600 address
    run_split bioctl watch --source-file address --stall 1
    assert_status 69
    assert_stderr_lacks "Secret-7"
}

@test "watch: a pipe that falls silent is told of, and a signal ends it in order" {
    "$FILM" film.mjpeg 5 "1,$tala@100:100+0"
    mkfifo pipe
    sleep 60 >pipe 3>&- &
    local feeder=$!
    "$BIOCTL" --json watch - --stall 1 <pipe >out 2>err 3>&- &
    local watcher=$! tries=100
    until grep -q '"seen"' out; do
        ((tries-- > 0)) || fail "$(cat out err)"
        cat film.mjpeg >pipe
        sleep 0.3
    done
    until grep -q "no frame for 1 s" err; do
        ((tries-- > 0)) || fail "$(cat out err)"
        sleep 0.3
    done
    kill "$watcher"
    wait "$watcher"
    kill "$feeder"
    jq -se 'map(.type) == ["seen", "left"]' out
    run_split bioctl --json events list --device stdin
    assert_json 'length == 1'
}

@test "watch: one name is watched once" {
    mkfifo pipe
    sleep 60 >pipe 3>&- &
    local feeder=$!
    "$BIOCTL" watch - --name door <pipe >/dev/null 2>&1 3>&- &
    local watcher=$! tries=100
    until [ -e "$BIOCTL_DATA_DIR/watch-door.lock" ]; do
        ((tries-- > 0)) || fail "it does not start"
        sleep 0.1
    done
    "$FILM" frames 5 "5,$tala@100:100+0"
    run_split bioctl watch frames --name door
    assert_status 75
    kill "$watcher" "$feeder"
    wait "$watcher"
}

# A server as bioctl's own answers; each request is written down. start_server [STATUS_OF_THE_FIRST]
start_server() {
    cat >server.py <<'PYTHON'
import http.server, json, sys
first = int(sys.argv[1])
class Handler(http.server.BaseHTTPRequestHandler):
    requests = 0
    def do_POST(self):
        Handler.requests += 1
        body = self.rfile.read(int(self.headers["Content-Length"]))
        print(json.dumps({"path": self.path, "key": self.headers["X-API-Key"], "is_jpeg": b"\xff\xd8\xff" in body, "field": b'name="image"' in body}), flush=True)
        if Handler.requests == 1 and first != 200:
            self.send_response(first)
            self.send_header("Retry-After", "1")
            self.send_header("Content-Length", "0")
            self.end_headers()
            return
        reply = json.dumps({"ok": True, "results": [{"box": [1, 4, 3, 2], "label": "alip", "distance": 0.38}],
                            "dispatch": [{"label": "alip", "report": {"status": "sent", "http_status": 200, "reason": "ok"}}], "webhook_enabled": True}).encode()
        self.send_response(200)
        self.send_header("Content-Length", str(len(reply)))
        self.end_headers()
        self.wfile.write(reply)
    def log_message(self, *arguments):
        pass
server = http.server.HTTPServer(("127.0.0.1", 0), Handler)
print(json.dumps({"type":"ready", "port": server.server_port}, separators=(",", ":")), flush=True)
server.serve_forever()
PYTHON
    start_sim python3 requests.ndjson server.py "${1-200}"
    server="http://127.0.0.1:$(jq -r 'select(.type == "ready").port' requests.ndjson)"
}

@test "watch --server: frames are posted as the old client did, and need no store here" {
    rm -r "$BIOCTL_DATA_DIR"
    start_server
    "$FILM" frames 5 "10,$tala@100:100+0"
    (umask 077 && echo key-1 >key)
    run_split bioctl --json watch frames --server "$server" --key-file key --input-fps 5 --unknown
    assert_status 0
    assert_stderr ""
    # Every 0.7 s of 2 s.
    assert_json 'length == 3 and all(.type == "face" and .label == "alip" and .distance == 0.38 and .dispatch == "sent" and .reason == "ok")'
    assert_json '.[0].box == {"top": 1, "right": 4, "bottom": 3, "left": 2}'
    jq -se 'map(select(.path)) | length == 3 and all(.path == "/recognize/realtime?send_unknown=true" and .key == "key-1" and .is_jpeg and .field)' requests.ndjson
    [ ! -e "$BIOCTL_DATA_DIR/bioctl.db" ]
}

@test "watch --server: a busy server is asked again with a later frame, a refusal ends it" {
    "$FILM" frames 5 "10,$tala@100:100+0"
    start_server 503
    run_split bioctl --json watch frames --server "$server" --input-fps 5
    assert_status 3
    assert_json 'length == 2'
    stop_sims
    start_server 401
    run_split bioctl --json watch frames --server "$server"
    assert_status 77
    assert_stdout ""
    stop_sims
    run_split bioctl watch frames --server http://127.0.0.1:1 --fps 5 --input-fps 50
    assert_status 69
}
