# What happens to a sync when clocks, disks and other devices misbehave.

load helpers
load lib/sim
load lib/terminals

teardown() { stop_sims; }

@test "sync-hikvision: a device whose clock is set back, and forward again, loses nothing" {
    start_hik_sim --devices 1 --events 50
    add_simulated
    bioctl -q sync-hikvision --since 3d >/dev/null
    sim_switch "device?name=dev-001&clock_jump_s=-7200"
    sim_switch "events?name=dev-001&count=7"
    run_split bioctl sync-hikvision
    assert_status 0
    diff <(ground_truth) <(stored_events)
    sim_switch "device?name=dev-001&clock_jump_s=7200"
    sim_switch "events?name=dev-001&count=7"
    run_split bioctl sync-hikvision
    assert_status 0
    diff <(ground_truth) <(stored_events)
    run_split bioctl --json sync-hikvision
    assert_json '.[-1].added == 0'
}

@test "sync-hikvision: a device that goes to summer time and back neither loses nor doubles" {
    local offset
    start_hik_sim --devices 1 --events 50
    add_simulated
    bioctl -q sync-hikvision --since 3d >/dev/null
    for offset in +08:00 +07:00; do
        sim_switch "device?name=dev-001&utc_offset=$offset"
        sim_switch "events?name=dev-001&count=7"
        run_split bioctl sync-hikvision
        assert_status 0
        [ "$(sqlite 'SELECT count(*) FROM event')" = "$(ground_truth | wc -l)" ]
        # The device tells old times anew; which events they are stays.
        diff <(ground_truth | cut -f 1,2,4-) <(stored_events | cut -f 1,2,4-)
    done
}

@test "sync-hikvision: an event in the far future does not hide those of today" {
    start_hik_sim --devices 1 --events 50 --quirks future-event
    add_simulated
    run_split bioctl sync-hikvision --since 3d
    assert_status 0
    sim_switch "events?name=dev-001&count=7"
    run_split bioctl sync-hikvision
    assert_status 0
    [ "$(sqlite 'SELECT count(*) FROM event')" -ge 50 ]
    diff <(ground_truth) <(stored_events)
}

@test "sync-hikvision: a disk that is full is an error with status 74, and the next run has everything" {
    start_hik_sim --devices 2 --events 400
    add_simulated
    run_split bash -c 'trap "" XFSZ; ulimit -f 300; "$BIOCTL" -q sync-hikvision --since 3d --no-pictures'
    assert_status 74
    assert_stderr_has "bioctl.db"
    [ "$(sqlite 'PRAGMA integrity_check')" = ok ]
    [ "$(sqlite 'SELECT count(*) FROM event')" -lt "$(ground_truth | wc -l)" ]
    run_split bioctl sync-hikvision --since 3d
    assert_status 0
    diff <(ground_truth) <(stored_events)
}

@test "sync-hikvision: a picture that does not fit on the disk is fetched another time" {
    start_hik_sim --devices 1 --events 40
    add_simulated
    bioctl -q sync-hikvision --since 3d --no-pictures >/dev/null
    local store picture
    store=$(($(stat -c %s "$BIOCTL_DATA_DIR/bioctl.db") / 1024 + 600))
    mkdir -p "$BIOCTL_DATA_DIR/media"
    # Files may not be made here: the next best thing to a full disk that works for every user.
    mount -t tmpfs -o size=16k tmpfs "$BIOCTL_DATA_DIR/media" 2>/dev/null || skip "may not mount (it took $store kB)"
    run_split bioctl sync-hikvision
    umount "$BIOCTL_DATA_DIR/media"
    assert_status 74
    assert_stderr_has "No space left"
    # What the small disk held went away with it.
    sqlite "UPDATE event SET picture_state = 'pending', picture = '' WHERE picture_state = 'stored'"
    run_split bioctl sync-hikvision
    assert_status 0
    diff <(ground_truth) <(stored_events)
}

@test "sync-hikvision: a device that is slow, stalls or is off does not hold up the others" {
    start_hik_sim --devices 6 --events 200 --latency-ms 2
    add_simulated
    bioctl --json sync-hikvision --since 3d --dry-run --jobs 6 >quiet
    sim_switch "device?name=dev-005&quirk=%2Bslow"
    sim_switch "device?name=dev-006&off=1"
    bioctl --json sync-hikvision --since 3d --dry-run --jobs 6 >busy 2>/dev/null || true
    jq -r 'select(.type == "device_pass") | [.device, .took_ms] | @tsv' quiet | sort >quiet.tsv
    jq -r 'select(.type == "device_pass") | [.device, .took_ms] | @tsv' busy | sort >busy.tsv
    # No figure here: the order of who is done says it. `make bench` measures.
    [ "$(jq -r 'select(.type == "device_pass").device' busy | tail -n 1)" = dev-005 ]
    [ "$(jq -r 'select(.type == "device_pass" and .result == "synced").device' busy | wc -l)" = 5 ]
}

@test "sync-hikvision: a terminal that was removed and is added again goes on where it was" {
    start_hik_sim --devices 1 --events 60
    start_api_sim
    add_simulated
    bioctl targets add api "$api_url/hook" >/dev/null
    bioctl -q sync-hikvision --since 3d >/dev/null
    local received
    received=$(curl -sf "$api_control/received" | wc -l)
    bioctl -q devices remove dev-001 --yes >/dev/null
    sim_switch "events?name=dev-001&count=7"
    bioctl -q devices add gate "$(device_url dev-001)" --user admin --password-file password >/dev/null
    run_split bioctl --json sync-hikvision
    assert_json '.[0] | .added == 7 and .missed == 0'
    # A second run must not find its cursor where a new device would have it.
    [ "$(sqlite 'SELECT max(cursor_serial) = max(serial) FROM device, event')" = 1 ]
    run_split bioctl --json sync-hikvision
    assert_json '.[0].added == 0 and .[0].known <= 67'
    [ "$(sqlite 'SELECT count(*) FROM event')" = "$(ground_truth | wc -l)" ]
    [ "$(sqlite 'SELECT count(DISTINCT epoch) FROM event')" = 1 ]
    [ "$(curl -sf "$api_control/received" | wc -l)" -le $((received + 7)) ]
}

@test "sync-hikvision: one password that cannot be unsealed does not stop the other devices" {
    start_hik_sim --devices 2 --events 20
    add_simulated
    sqlite "UPDATE device SET password = x'00' WHERE name = 'dev-001'"
    run_split bioctl sync-hikvision --since 3d
    assert_status 3
    assert_stderr_has "the password of dev-001"
    [ "$(sqlite "SELECT count(*) FROM event JOIN device ON device = device.key WHERE name = 'dev-002'")" = 20 ] ||
        [ "$(sqlite "SELECT count(*) FROM event")" -gt 10 ]
}

@test "sync-hikvision --limit: small bites get through a log that was read half by a run that was killed" {
    start_hik_sim --devices 1 --events 400 --latency-ms 2
    add_simulated
    timeout -s KILL 0.25 "$BIOCTL" -q sync-hikvision --since 3d --no-pictures >/dev/null || true
    local runs=0
    until run_split bioctl --json sync-hikvision --limit 60 --no-pictures && [ "$status" = 0 ] &&
        jq -se '.[0].added == 0' "$BATS_TEST_TMPDIR/stdout" >/dev/null; do
        ((++runs < 12)) || fail "does not end"
    done
    diff <(ground_truth | cut -f 1-6) <(stored_events | cut -f 1-6)
    [ "$(sqlite 'SELECT cursor_serial = max(serial) FROM device, event')" = 1 ]
}
