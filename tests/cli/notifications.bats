load helpers
load lib/sim
load lib/terminals

teardown() { stop_sims; }

titles() { bioctl --json notifications list | jq -r 'select(.type == "notification").message' | paste -sd ' '; }

@test "notifications: added, listed newest first, filtered, read" {
    run_split bioctl notifications list
    assert_status 0
    assert_stdout ""
    run_split bioctl --json notifications add "one" --type error
    assert_status 0
    assert_json '.[0] | .type == "added" and .id == 1 and .severity == "error" and (.is_read | not)'
    bioctl -q notifications add two >/dev/null
    [ "$(titles)" = "two one" ]
    run_split bioctl --json notifications list --type error --since 1h --limit 5
    assert_json '[.[] | select(.type == "notification").message] == ["one"] and .[-1].type == "unread" and .[-1].notifications == 2'
    run_split bioctl notifications read 1 99
    assert_status 3
    assert_stdout 1
    assert_stderr_has "no notification 99"
    run_split bioctl --json notifications list --unread
    assert_json '[.[] | select(.type == "notification").id] == [2]'
    run_split bioctl notifications read 99
    assert_status 66
    run_split bioctl notifications read
    assert_status 64
    run_split bioctl notifications read --all
    assert_status 0
    assert_stdout 1
    run_split bioctl notifications add ""
    assert_status 64
    run_split bioctl notifications add x --type fatal
    assert_status 64
    run_split bioctl notifications list --since soon
    assert_status 64
}

@test "notifications: cleared with a backup, restored exactly, once, beside what came since" {
    bioctl -q notifications add one >/dev/null
    bioctl -q notifications add two --type warning >/dev/null
    bioctl -q notifications read 1 >/dev/null
    run_split bioctl notifications clear
    assert_status 64
    assert_stderr_has "--yes"
    run_split bioctl --json notifications clear --yes
    assert_status 0
    assert_json '.[0].notifications == 2'
    local backup
    backup=$(jq -r .backup <<<"$stdout")
    [[ $(basename "$backup") =~ ^notifications-[0-9]{8}-[0-9]{6}-[0-9]{3}\.json$ ]]
    [ "$(stat -c %a "$backup")" = 600 ]
    jq -e 'length == 2 and .[0].message == "one" and .[0].read and .[1].type == "warning" and (.[1].read | not) and .[0].ont_id == null' "$backup"
    [ "$(titles)" = "" ]
    bioctl -q notifications add three >/dev/null
    run_split bioctl notifications restore
    assert_status 0
    assert_stdout 2
    [ "$(titles)" = "three two one" ]
    run_split bioctl --json notifications list --unread
    assert_json '[.[] | select(.type == "notification").id] == [3, 2]'
    run_split bioctl notifications restore
    assert_status 1
    run_split bioctl notifications clear -y
    assert_status 0
    run_split bioctl notifications clear -y
    assert_status 0
    assert_stdout "$(printf '0\t-')"
}

@test "notifications: a backup that cannot be written clears nothing" {
    bioctl -q notifications add one >/dev/null
    : >"$BIOCTL_DATA_DIR/backups"
    run_split bioctl notifications clear --yes
    [ "$status" -ge 64 ]
    [ "$(titles)" = "one" ]
}

@test "notifications: only the newest ten backups stay" {
    local i
    for i in 1 2 3 4 5 6 7 8 9 10 11 12; do
        bioctl -q notifications add "$i" >/dev/null
        bioctl -q notifications clear --yes >/dev/null
    done
    : >"$BIOCTL_DATA_DIR/backups/notifications-of-mine.json"
    bioctl -q notifications add last >/dev/null
    bioctl -q notifications clear --yes >/dev/null
    [ "$(find "$BIOCTL_DATA_DIR/backups" -name 'notifications-2*' | wc -l)" = 10 ]
    [ -e "$BIOCTL_DATA_DIR/backups/notifications-of-mine.json" ]
}

@test "notifications import: good rows are taken, poison is named by row, twice changes nothing" {
    cat >old.json <<'EOF'
[
  {"id": 5, "message": "Site A down", "type": "error", "timestamp": "2025-11-27T10:11:12.345678", "ont_id": 3, "ont_name": "Site A", "read": true},
  {"id": 6, "message": "bad time", "type": "info", "timestamp": 1732680672, "ont_id": null, "ont_name": null, "read": false},
  {"id": 7, "message": "Site A up", "type": "success", "timestamp": "2025-11-27T03:30:00.500Z", "ont_id": null, "ont_name": null, "read": false},
  {"id": "8", "message": "bad id", "type": "info", "timestamp": "2025-11-27T10:11:12"},
  {"id": 9, "message": "bad type", "type": "fatal", "timestamp": "2025-11-27T10:11:12"},
  7,
  {"id": 10, "message": "no type", "timestamp": "2025-11-27T10:11:12"}
]
EOF
    run_split bioctl notifications import old.json --dry-run
    assert_status 3
    [ "$(titles)" = "" ]
    run_split bioctl --json notifications import old.json
    assert_status 3
    assert_json '[.[] | .type] == ["added", "rejected", "added", "rejected", "rejected", "rejected", "added"]'
    assert_stderr_has "old.json: row 2: timestamp is no text"
    assert_stderr_has "row 4: id"
    assert_stderr_has "row 5: type"
    assert_stderr_has "row 6: is no object"
    run_split bioctl --json notifications list
    assert_json '[.[] | select(.type == "notification") | [.id, .at]] == [[7, "2025-11-27T03:30:00.500Z"], [5, "2025-11-27T03:11:12.345Z"], [10, "2025-11-27T03:11:12Z"]]'
    assert_json '[.[] | select(.id == 5)][0] | .is_read and .ont == 3 and .ont_name == "Site A"'
    run_split bioctl --json notifications import old.json
    assert_json '[.[] | select(.type != "rejected").type] == ["unchanged", "unchanged", "unchanged"]'
    run_split bioctl notifications export back.json
    assert_status 0
    run_split bioctl --json notifications import back.json
    assert_status 0
    assert_json 'all(.type == "unchanged")'
    bioctl notifications export | jq -e 'length == 3 and (.[0] | keys_unsorted == ["id", "message", "type", "timestamp", "ont_id", "ont_name", "read"])'
    echo '{"a": 1}' >bad.json
    run_split bioctl notifications import bad.json
    assert_status 65
    assert_stderr_has "bad.json"
    head -c 100000 /dev/zero | tr '\0' '[' >deep.json
    run_split bioctl notifications import deep.json
    assert_status 65
    run_split bioctl notifications import gone.json
    assert_status 66
}

@test "notifications import: an id that is taken by something else gets another" {
    bioctl -q notifications add mine >/dev/null
    echo '[{"id": 1, "message": "theirs", "type": "info", "timestamp": "2025-11-27T10:11:12"}]' >old.json
    run_split bioctl --json notifications import old.json
    assert_status 0
    assert_json '.[0].type == "renumbered"'
    [ "$(titles)" = "mine theirs" ]
}

@test "notifications test: says what is missing, and which target failed why" {
    run_split bioctl notifications test
    assert_status 66
    assert_stderr_has "--kind notification"
    start_api_sim
    bioctl -q targets add events "$api_url/hook" >/dev/null
    run_split bioctl notifications test --target events
    assert_status 64
    assert_stderr_has "takes no notifications"
    run_split bioctl notifications test --target evnts
    assert_status 66
    bioctl -q targets add good "$api_url/hook" --kind notification >/dev/null
    bioctl -q targets add gone http://127.0.0.1:1/ --kind notification >/dev/null
    run_split bioctl --json notifications test
    assert_status 1
    assert_json '[.[] | [.target, .result]] == [["gone", "not_sent"], ["good", "sent"]]'
    assert_stderr_has "gone: not sent"
    bioctl -q targets edit gone --disable >/dev/null
    run_split bioctl notifications test --target gone
    assert_status 64
    assert_stderr_has "is disabled"
    run_split bioctl notifications test
    assert_status 0
    [ "$(sqlite "SELECT count(*) FROM delivery WHERE state = 'pending'")" = 0 ]
}

@test "notifications test: goes ahead of what waits, and is sent by a service that is at it" {
    start_hik_sim --devices 1 --events 1
    start_api_sim
    add_simulated
    bioctl -q targets add hook "$api_url/hook" --kind notification >/dev/null
    "$BIOCTL" -q sync-hikvision --follow --interval 1 >/dev/null 2>err 3>&- &
    local service=$!
    until [ -e "$BIOCTL_DATA_DIR/deliveries.lock" ]; do sleep 0.05; done
    # The service gives up its turn between two looks. Held for it, the test finds somebody else at it and waits.
    flock "$BIOCTL_DATA_DIR/deliveries.lock" -c 'touch held; sleep 2' 3>&- &
    local attempt
    for attempt in $(seq 100); do [ -e held ] && break; sleep 0.05; done
    run_split bioctl notifications test
    kill -TERM "$service"
    wait "$service" || true
    assert_status 0
    assert_stdout_has sent
    assert_stderr_has "another bioctl is delivering"
}

@test "notifications add --send: without a target nobody is told, and that is said" {
    run_split bioctl notifications add one --send
    assert_status 0
    assert_stderr_has "no target takes notifications"
}
