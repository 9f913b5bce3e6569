load helpers
load lib/sim
load lib/terminals

teardown() { stop_sims; }

received() { curl -s "$api_control/received"; }

@test "targets: what is wrong is said by name" {
    run_split bioctl targets add api ftp://example.org/
    assert_status 64
    run_split bioctl targets add api https://example.org/ --format presense
    assert_status 64
    assert_stderr_has "presence, attendance, event, template"
    printf '{"name": {{name}}}' >body
    run_split bioctl targets add api https://example.org/ --format template --template body
    assert_status 65
    assert_stderr_has "no JSON once it is filled in"
    printf '{"name": "{{nmae}}"}' >body
    run_split bioctl targets add api https://example.org/ --format template --template body
    assert_status 65
    assert_stderr_has "did you mean 'name'?"
}

@test "targets edit: what is not named stays" {
    start_hik_sim --devices 1 --events 1
    add_simulated
    bioctl targets add api http://127.0.0.1:1/x --kind other --cooldown 7 >/dev/null
    bioctl targets edit api --timeout 3 >/dev/null
    run_split bioctl --json targets list
    assert_json '.[0] | .enabled and .timeout_s == 3 and .cooldown_s == 7 and .kinds == ["other"]'
    bioctl targets edit api --disable >/dev/null
    bioctl targets edit api --timeout 4 >/dev/null
    run_split bioctl --json targets list
    assert_json '.[0].enabled == false'
    bioctl targets edit api --enable >/dev/null
    run_split bioctl --json targets list
    assert_json '.[0].enabled'
}

@test "deliveries: every recognised event arrives once, signed, in the order of each person" {
    start_hik_sim --devices 2 --events 60
    start_api_sim
    add_simulated
    echo token-1 >token
    echo key-1 >key
    chmod 600 token key
    bioctl targets add api "$api_url/hook" --token-file token --hmac-key-file key >/dev/null
    run_split bioctl --json sync-hikvision --since 3d
    assert_status 0
    received >received
    [ "$(jq -r '.headers["idempotency-key"]' received | sort -u | wc -l)" = "$(sqlite 'SELECT sum(recognized) FROM event')" ]
    jq -se 'all(.headers.authorization == "Bearer token-1")' received
    local first stamp body
    first=$(head -1 received)
    stamp=$(jq -r '.headers["x-bioctl-timestamp"]' <<<"$first")
    body=$(jq -r .body <<<"$first")
    [ "$(jq -r '.headers["x-bioctl-signature"]' <<<"$first")" = "sha256=$(printf '%s.%s' "$stamp" "$body" |
        openssl dgst -sha256 -hmac key-1 | sed 's/.*= //')" ]
    jq -se '[.[].body | fromjson] | group_by(.employee_no) | all([.[].time] | . == sort)' received
    ! grep -ra 'token-1\|key-1' "$BIOCTL_DATA_DIR"
}

@test "deliveries: presence is byte for byte what the old sync service sent" {
    start_hik_sim --devices 1 --events 20
    start_api_sim --presence-reply
    add_simulated
    bioctl targets add api "$api_url/presence" --format presence >/dev/null
    run_split bioctl sync-hikvision --since 3d
    assert_status 0
    received | jq -r .body | head -1 |
        grep -qE '^\{"device": "dev-001", "authId": [0-9]+, "date": "20[0-9]{2}(-[0-9]{2}){2}T([0-9]{2}:?){3}", "picture": "[A-Za-z0-9+/]+=*"\}$'
}

@test "deliveries: a target that is down loses nothing; a refusal is parked with its reply and can be tried again" {
    start_hik_sim --devices 1 --events 12
    start_api_sim
    add_simulated
    bioctl targets add api "$api_url/hook" >/dev/null
    curl -sf -X POST "$api_control/mode?down=1" >/dev/null
    bioctl -q sync-hikvision --since 3d --no-deliver >/dev/null
    local wanted
    wanted=$(sqlite 'SELECT sum(recognized) FROM event')
    run_split bioctl outbox flush --patience 0
    assert_status 3
    [ "$(sqlite "SELECT count(*) FROM delivery WHERE state = 'pending'")" = "$wanted" ]
    curl -sf -X POST "$api_control/mode?down=0" >/dev/null
    sqlite "UPDATE delivery SET not_before = 0"
    run_split bioctl outbox flush
    assert_status 0
    run_split bioctl --json outbox stats
    assert_json "length == 1 and .[0].state == \"sent\" and .[0].deliveries == $wanted"
    curl -sf -X POST "$api_control/mode?fail-rate=1&fail-with=422" >/dev/null
    local event
    event=$(sqlite 'SELECT min(event) FROM delivery')
    bioctl events resend "$event" >/dev/null
    run_split bioctl outbox flush --patience 0
    assert_status 3
    assert_stderr_has "refused for good: HTTP 422"
    run_split bioctl --json outbox list --state failed
    assert_json "length == 1 and .[0].event == $event and .[0].http_status == 422"
    curl -sf -X POST "$api_control/mode?fail-rate=0" >/dev/null
    run_split bioctl outbox retry
    assert_status 0
    run_split bioctl outbox flush
    assert_status 0
    received | jq -se "[.[] | select(.headers[\"x-bioctl-event\"] == \"$event\").headers[\"idempotency-key\"]] | length >= 2 and (unique | length == 1)"
}

@test "deliveries: kill -9 at any moment and a target that fails half of the time lose nothing" {
    local devices=4 events=100 last
    [ -z "${BIOCTL_LONG_TESTS:-}" ] || { devices=20 events=500; }
    start_hik_sim --devices "$devices" --events "$events" --quirks mixed --latency-ms 2
    start_api_sim --fail-rate 0.5 --fail-with 500,503,close
    add_simulated
    bioctl targets add api "$api_url/hook" >/dev/null
    last=$((SECONDS + 600))
    while [ $SECONDS -lt $last ]; do
        # What has failed often waits longer and longer: the test does not.
        sqlite "UPDATE delivery SET not_before = 0 WHERE state = 'pending'" 2>/dev/null || true
        timeout -s KILL "$(awk -v r=$RANDOM 'BEGIN { printf "%.2f", 0.2 + 1.8 * r / 32768 }')" \
            "$BIOCTL" -q sync-hikvision --since 3d >/dev/null 2>&1 || true
        [ "$(sqlite "SELECT count(*) FROM event WHERE picture_state = 'pending'")" = 0 ] || continue
        [ "$(sqlite "SELECT count(*) FROM delivery WHERE state = 'pending'")" != 0 ] || [ "$(sqlite 'SELECT count(*) FROM event')" = 0 ] || break
    done
    diff <(ground_truth) <(stored_events)
    received >received
    [ "$(jq -r '.headers["x-bioctl-event"]' received | sort -u | wc -l)" = "$(sqlite 'SELECT sum(recognized) FROM event')" ]
    [ "$(jq -r '.headers | .["x-bioctl-event"] + " " + .["idempotency-key"]' received | sort -u | wc -l)" = \
        "$(jq -r '.headers["idempotency-key"]' received | sort -u | wc -l)" ]
}

@test "deliveries: with a target that is down and many people the run ends, and says what is left" {
    start_hik_sim --devices 2 --events 300
    start_api_sim --fail-rate 1 --fail-with 503
    add_simulated
    bioctl targets add api "$api_url/hook" >/dev/null
    bioctl -q sync-hikvision --since 3d --no-deliver --no-pictures >/dev/null
    local begin=$SECONDS
    run_split timeout 60 "$BIOCTL" outbox flush --patience 2
    assert_status 3
    [ $((SECONDS - begin)) -lt 30 ]
    [ "$(sqlite "SELECT count(*) FROM delivery WHERE state <> 'pending'")" = 0 ]
}

@test "deliveries: a target that is added while the service runs gets the next events" {
    start_hik_sim --devices 1 --events 5
    start_api_sim
    add_simulated
    "$BIOCTL" -q sync-hikvision --follow --interval 1 >/dev/null 2>err 3>&- &
    local service=$! tries=200
    until [ "$(sqlite 'SELECT count(*) FROM event' 2>/dev/null)" = 5 ] || ((tries-- == 0)); do sleep 0.05; done
    bioctl targets add api "$api_url/hook" >/dev/null
    sim_switch "events?name=dev-001&count=40"
    tries=200
    until [ "$(curl -sf "$api_control/received" | wc -l)" -gt 0 ] || ((tries-- == 0)); do sleep 0.05; done
    kill -TERM "$service"
    wait "$service"
    [ "$(curl -sf "$api_control/received" | wc -l)" -gt 0 ]
}

@test "deliveries: presence without its picture is parked, and goes out when the picture has come" {
    start_hik_sim --devices 1 --events 40
    start_api_sim
    add_simulated
    bioctl targets add old "$api_url/hook" --format presence >/dev/null
    bioctl -q sync-hikvision --since 3d --no-deliver --no-pictures >/dev/null
    local wanted
    wanted=$(sqlite "SELECT count(*) FROM delivery WHERE state = 'pending'")
    # As if they had come an hour ago.
    sqlite "UPDATE event SET received_at = received_at - 3600000"
    run_split bioctl outbox flush --patience 0
    [ "$(sqlite "SELECT count(*) FROM delivery WHERE state = 'pending'")" = 0 ]
    [ "$(sqlite "SELECT count(*) FROM delivery WHERE state = 'failed' AND reason = 'no_picture'")" -gt 0 ]
    run_split bioctl sync-hikvision
    [ "$(sqlite "SELECT count(*) FROM delivery WHERE state = 'failed'")" = 0 ] ||
        [ "$(sqlite "SELECT count(*) FROM delivery d JOIN event e ON e.id = d.event WHERE d.state = 'failed' AND e.picture_state = 'stored'")" = 0 ]
    [ "$(sqlite "SELECT count(*) FROM delivery WHERE state = 'sent'")" -gt $((wanted / 2)) ]
}

@test "outbox flush: the process that delivers already is named" {
    start_api_sim
    bioctl targets add api "$api_url/hook" --kind notification >/dev/null
    bioctl -q notifications add one --send >/dev/null
    touch "$BIOCTL_DATA_DIR/deliveries.lock"
    flock "$BIOCTL_DATA_DIR/deliveries.lock" sleep 60 3>&- &
    local holder=$!
    until ! flock -n "$BIOCTL_DATA_DIR/deliveries.lock" true; do sleep 0.02; done
    printf '%s\n' "$holder" >"$BIOCTL_DATA_DIR/deliveries.lock"
    run_split bioctl -q outbox flush
    kill "$holder"
    assert_status 75
    assert_stderr_has "process $holder is delivering already"
    [ "$(sqlite 'SELECT count(*) FROM delivery WHERE attempts = 0')" = 1 ]
}
