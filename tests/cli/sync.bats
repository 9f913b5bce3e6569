# Syncs of simulated terminals, which speak the real protocol over TCP and misbehave as real ones do.

load helpers
load lib/sim
load lib/terminals

teardown() { stop_sims; }

@test "sync-hikvision: without devices it says how to add one" {
    run_split bioctl sync-hikvision
    assert_status 66
    assert_stderr_has "bioctl devices add"
    run_split bioctl sync-hikvision --follow --since 2h
    assert_status 64
    run_split bioctl sync-hikvision --follow --interval 0
    assert_status 64
    run_split bioctl sync-hikvision --interval 5
    assert_status 64
    run_split bioctl sync-hikvision --since 1d --until 2d
    assert_status 66 # no device yet, which is said first
}

@test "sync-hikvision: 20 devices of mixed firmware, every event once, every picture whole" {
    start_hik_sim --devices 20 --events 500 --seed 7 --quirks mixed
    add_simulated
    run_split bioctl --json sync-hikvision --since 3d
    assert_status 0
    assert_json '.[-1].type == "summary" and .[-1].added == 9683'
    ground_truth >truth
    stored_events >stored
    diff truth stored
    curl -s "$sim_control/stats" | jq -se 'all(.logins_failed == 0 and .max_in_flight == 1)'
    run_split bioctl --json sync-hikvision
    assert_status 0
    assert_json '.[-1].added == 0'
    [ "$(sqlite 'PRAGMA integrity_check')" = ok ]
}

@test "sync-hikvision: two at once, the second says who is at work and exits 75" {
    start_hik_sim --devices 1 --latency-ms 50
    add_simulated
    "$BIOCTL" -q sync-hikvision >/dev/null &
    local first=$!
    until [ -s "$BIOCTL_DATA_DIR/sync-hikvision.lock" ]; do sleep 0.02; done
    kill -STOP "$first"  # however slow the second one is to start
    run_split bioctl sync-hikvision
    kill -CONT "$first"
    assert_status 75
    assert_stderr "bioctl: process $first is syncing already; wait for it, or stop it"
    wait "$first"
}

@test "sync-hikvision: a device that is off for a while goes to offline and comes back with its backlog" {
    start_hik_sim --devices 3 --events 60
    add_simulated
    bioctl -q sync-hikvision --since 3d >/dev/null
    sim_switch "device?name=dev-002&off=1"
    sim_switch "events?name=dev-002&count=40"
    for _ in 1 2 3 4 5; do
        run_split bioctl sync-hikvision
        assert_status 3
        assert_stdout_has "synced	dev-001	ok"
    done
    run_split bioctl --json devices show dev-002
    assert_json '.[0].state == "offline"'
    assert_json 'map(select(.type == "transition").to) == ["offline", "warning", "ok"]'
    sim_switch "device?name=dev-002&off=0"
    run_split bioctl sync-hikvision # nothing is sent before the time of the next probe
    assert_stdout_has "failed	dev-002	offline"
    sqlite "UPDATE device SET not_before = 0"
    run_split bioctl sync-hikvision
    assert_status 0
    assert_stdout_has "synced	dev-002	ok"
    diff <(ground_truth) <(stored_events)
}

@test "sync-hikvision: after a factory reset the serials start again, and nothing is lost or doubled" {
    start_hik_sim --devices 1 --events 200
    add_simulated
    bioctl -q sync-hikvision --since 3d >/dev/null
    ground_truth >before
    sim_switch "wipe?name=dev-001"
    sim_switch "events?name=dev-001&count=50"
    run_split bioctl sync-hikvision
    assert_status 0
    assert_stderr_has "a new epoch begins"
    diff <(sort before <(ground_truth)) <(stored_events)
    run_split bioctl --json sync-hikvision
    assert_json '.[-1].added == 0'
    diff <(sort before <(ground_truth)) <(stored_events)
}

@test "sync-hikvision: rows that were written late, with an old time, are found" {
    start_hik_sim --devices 1 --events 100
    add_simulated
    bioctl -q sync-hikvision --since 3d >/dev/null
    sim_switch "events?name=dev-001&count=10&late_by_s=7200"
    run_split bioctl --json sync-hikvision
    assert_json '.[0].missed >= 1'
    diff <(ground_truth) <(stored_events)
}

@test "sync-hikvision: answers that are no answers harm nobody, and say what was wrong" {
    local quirk
    for quirk in html-for-json huge-answer nested-json no-acs-event more-with-zero-rows; do
        rm -rf "$BIOCTL_DATA_DIR"
        start_hik_sim --devices 1 --events 30 --quirks "$quirk"
        add_simulated
        run_split timeout 60 "$BIOCTL" sync-hikvision --since 3d
        [ "$status" = 3 ] || [ "$status" = 0 ] || fail "$quirk: expected status 3 or 0"
        [ "$status" = 0 ] || [[ $stderr == *"dev-001: "* ]] || fail "$quirk: the device is not named"
        [ "$(sqlite 'PRAGMA integrity_check')" = ok ]
        stop_sims
    done
}

@test "sync-hikvision --dry-run: tells what is there and stores none of it" {
    start_hik_sim --devices 1 --events 50
    add_simulated
    run_split bioctl --json sync-hikvision --since 3d --dry-run
    assert_status 0
    assert_json '.[0].added > 40'
    [ "$(sqlite 'SELECT count(*) FROM event')" = 0 ]
}

@test "sync-hikvision --follow: new events arrive, SIGTERM ends it cleanly" {
    start_hik_sim --devices 2 --events 20
    add_simulated
    "$BIOCTL" --json sync-hikvision --follow --interval 1 >out 2>err &
    local service=$! tries=100
    until grep -q '"device":"dev-002".*"state":"ok"' out || ((tries-- == 0)); do sleep 0.1; done
    sim_switch "events?name=dev-001&count=5"
    tries=100
    until diff <(ground_truth | wc -l) <(sqlite 'SELECT count(*) FROM event') >/dev/null || ((tries-- == 0)); do sleep 0.1; done
    kill -TERM "$service"
    wait "$service"
    diff <(ground_truth) <(stored_events)
}
