# samples/migrate: the commands of each guide, run as they are written on small files of the old services.

load helpers
load lib/faces
load lib/people
load lib/sim

guides="$repository/samples/migrate"

setup_file() { make_faces; }

setup() {
    setup_sandbox
    mkdir bin
    ln -s "$BIOCTL" bin/bioctl
    cp "$repository"/samples/pipelines/*.sh bin/
    export PATH="$PWD/bin:$PATH"
}

teardown() { stop_sims; }

# follow GUIDE: every block of ```sh, one after the other, in one shell that stops at the first failure.
follow() {
    awk '/^ *```sh$/ { is_open = 1; next } /^ *```$/ { is_open = 0 } is_open { sub(/^   /, ""); print }' "$guides/$1" >guide.sh
    [ -s guide.sh ] || fail "$1 has no commands"
    run_split bash -euo pipefail guide.sh
}

@test "every guide says how to go back, or that nothing has to" {
    [ "$(find "$guides" -name '*.md' | wc -l)" = 5 ]
    local guide
    for guide in "$guides"/*.md; do
        grep -qE '^(Back again:|4\. Destroy)' "$guide" || fail "$guide"
        grep -q '^What moves: ' "$guide" || fail "$guide"
    done
}

@test "the Hikvision event sync: terminals and target come along, events are fetched again" {
    start_hik_sim --devices 2 --events 20
    start_api_sim
    printf 'hik-Secret-1\n' >terminals.password
    { echo name,ip,username,location; jq -r 'select(.type == "device") | [.name, (.url | ltrimstr("http://")), .user, "Gate"] | @csv' hik_sim.ndjson; } >devices.csv
    PRESENCE_URL="$api_url" follow hikvision-sync.md
    assert_status 0
    [ "$(bioctl devices list --json | jq -s 'map(select(.state == "ok" and .location == "Gate")) | length')" = 2 ]
    [ "$(bioctl events list --json | wc -l)" -ge 1 ]
    [ "$(bioctl targets list --json | jq -r '[.format, .cooldown] | join(" ")')" = "presence 60" ] ||
        [ "$(bioctl targets list --json | jq -r '[.format, .cooldown_s] | join(" ")')" = "presence 60" ]
}

@test "the hotspot monitor: ONTs, parents, notifications, a router; and back byte for byte" {
    jq -n --indent 2 '[range(1; 6) | {id: ., id_ccbs: "4-\(.)", name: "Pelanggan \(.)", lokasi: "Dusun \(. % 2)",
        latitude: (-7 - . / 1024), longitude: (110 + . / 1024), ip: "127.0.1.\(.)"}]' | head -c -1 >wifi_sleman.json
    echo '[{"id": 1, "message": "ONT OFF", "type": "error", "timestamp": "2026-01-02 03:04:05", "ont_id": 1, "ont_name": "Pelanggan 1", "read": false}]' \
        >notifications.json
    printf 'customer_id,parent\n4-1,OLT Kalasan\n4-2,OLT Kalasan\n' >parents.csv
    printf 'router-Secret-1\n' >router.password
    chmod 600 router.password
    cp wifi_sleman.json before.json
    follow hotspot-monitor.md
    assert_status 0
    [ "$(bioctl onts list --json | jq -s 'map(select(.kind == "ont")) | length')" = 5 ]
    [ "$(bioctl onts show 4-1 --json | jq -r .parent)" = "OLT Kalasan" ]
    [ "$(bioctl notifications list --json | jq -rs 'map(select(.message == "ONT OFF")) | length')" = 1 ]
    [ "$(bioctl routers list --json | jq -r .name)" = bukit ]
    # All but the bracket at the end, behind which the parent comes.
    cmp -n $(($(stat -c %s before.json) - 2)) before.json back.json
    [ "$(jq -r '.[5:][].name' back.json)" = "OLT Kalasan" ]
}

@test "the face attendance service: embeddings and photos; and back without a bit lost" {
    enrol_vectors alice bob
    mkdir -p data photos/anna
    bioctl -q people export --npy data/embeddings >/dev/null
    cp "$(faces)/face-1-0.jpg" photos/anna/1.jpg
    export BIOCTL_DATA_DIR="$PWD/new" FACE_TOLERANCE=0.55 ATTENDANCE_WEBHOOK_URL=https://hrd.example/hook
    follow face-attendance.md
    assert_status 0
    [ "$(bioctl people list --json | jq -r .person_id | sort | tr '\n' ' ')" = "alice anna bob " ]
    grep -q 'threshold	0.55	env FACE_TOLERANCE' <<<"$stdout"
    cmp data/embeddings/alice.npy back/alice.npy
    cmp data/embeddings/bob.npy back/bob.npy
}

@test "the Laravel application: its employees from a dump" {
    mkdir -p photos/1042
    cp "$(faces)/face-1-0.jpg" photos/1042/a.jpg
    printf 'nik,name,photo,active\n1042,Anna,1042/a.jpg,1\n' >employees.csv
    follow laravel-attendance.md
    assert_status 0
    [ "$(bioctl people list --json | jq -r '[.person_id, .name] | join(" ")')" = "1042 Anna" ]
    [ -s again.html ]
}

@test "the Biometric Service: faces and palms under their ids" {
    HAND=${HAND:-$repository/build/tests/support/hand/hand}
    mkdir -p uploads
    cp "$(faces)/face-1-0.jpg" uploads/a.jpg
    "$HAND" uploads/b.jpg 800x600 person=1 shot=0
    printf 'id,biometric_type,path\nFACE-0123456789,face,a.jpg\nPALM-ABCDEF0123,palm,b.jpg\n' >records.csv
    follow biometric-service.md
    assert_status 0
    [ "$(bioctl people list --json | jq -r .person_id | sort | tr '\n' ' ')" = "FACE-0123456789 PALM-ABCDEF0123 " ]
}
