load helpers
load lib/sim

teardown() { stop_sims; }

in_store() { sqlite3 "$BIOCTL_DATA_DIR/bioctl.db" "$1"; }

@test "hotspot: without routers the next step is said" {
    for verb in users poll history sessions top; do
        run_split bioctl hotspot "$verb"
        assert_status 66
        assert_stderr_has "bioctl routers add"
    done
}

@test "hotspot users: live, by server, and as stored" {
    start_routeros_sim --users 10 --odd-replies --split
    add_router bukit
    run_split bioctl --json hotspot users
    assert_status 0
    assert_json 'length == 10 and all(.type == "user" and .router == "bukit" and .uptime_s > 59 and .bytes_in > 0)'
    assert_json 'map(.user) | index("café-7") != null'
    assert_json '.[0] | .ip == "10.0.0.1" and .mac == "02:00:00:00:00:01" and .server == "hs-desa"'
    run_split bioctl hotspot users --server hs-kota
    [ "$(wc -l <"$BATS_TEST_TMPDIR/stdout")" = 5 ] || fail "five of hs-kota"
    [ "$(head -1 "$BATS_TEST_TMPDIR/stdout" | awk -F '\t' '{ print NF }')" = 8 ] || fail "eight columns"
    run_split bioctl --json hotspot users --stored
    assert_stdout ""
    bioctl hotspot poll >/dev/null
    router_do "mode?down=1"
    run_split bioctl --json hotspot users --stored
    assert_status 0
    assert_json 'length == 10'
    run_split bioctl hotspot users
    assert_status 69
    assert_stderr_has "bukit: 127.0.0.1 port"
}

@test "hotspot poll: who came, who left, bytes as differences of counters" {
    start_routeros_sim --users 5000
    add_router bukit
    run_split bioctl --json hotspot poll
    assert_status 0
    assert_json '.[0] | .users == 5000 and .joined == 5000 and .left == 0 and .error == null'
    router_do "script?log-out=10&advance=60&bytes=1000&log-in=5&again=0"
    run_split bioctl --json hotspot poll
    assert_json '.[0] | .users == 4995 and .joined == 6 and .left == 11'
    # User 12 has 1000 * 12 bytes at first, and 1000 more now: not the sum of both.
    [ "$(in_store "SELECT bytes_in || ' ' || bytes_out FROM hotspot_session WHERE mac = '02:00:00:00:00:0C'")" = "13000 130000" ]
    [ "$(in_store 'SELECT count(*) FROM hotspot_session WHERE ended_at IS NULL')" = 4995 ]
    [ "$(in_store 'SELECT sum(users) FROM hotspot_count GROUP BY at ORDER BY at')" = "5000
4995" ]
    run_split bioctl --json hotspot top --limit 1
    assert_json 'length == 1 and .[0].bytes_out == 50050000'
    run_split bioctl --json hotspot sessions --open --limit 3
    assert_json 'length == 3 and all(.ended_at == null)'
    run_split bioctl --json hotspot history --since 1d --by hour
    assert_json 'map(.samples) | add == 2'
    run_split bioctl --json hotspot history --since 1d
    assert_json 'map(.peak) | max == 5000'
    assert_json 'map(.trough) | min == 4995'
    assert_json 'map(.devices) | max >= 4995'
}

@test "hotspot poll: a silent router spoils nothing, and is left alone" {
    start_routeros_sim --users 3
    add_router kota
    start_routeros_sim --users 4
    add_router desa
    bioctl hotspot poll >/dev/null
    router_do "mode?down=1"
    run_split bioctl --json hotspot poll
    assert_status 3
    assert_json 'map({(.router): .users}) | add == {"desa": null, "kota": 3}'
    # Cron throws stdout away and mails this; once, not while the router is left alone.
    assert_json_stderr 'map(select(.type == "warning") | .message) | length == 1 and (.[0] | startswith("desa: "))'
    run_split bioctl --json hotspot poll
    assert_stderr ""
    assert_json '.[0] | .is_skipped and (.error | contains("not tried again before"))'
    [ "$(in_store 'SELECT count(*) FROM hotspot_session WHERE ended_at IS NULL')" = 7 ]
    run_split bioctl hotspot users
    assert_status 3
    assert_stderr_has "desa: "
    run_split bioctl --json routers list
    assert_json 'map({(.name): .state}) | add == {"desa": "failing", "kota": "ok"}'
}

@test "hotspot poll: faults of a router end in time with a reason" {
    start_routeros_sim --users 100
    add_router bukit
    local fault
    for fault in bad-length huge-length fatal cut stall silent trap; do
        router_do "mode?fault=$fault"
        bioctl routers edit bukit --enable >/dev/null
        run_split timeout 20 "$BIOCTL" hotspot poll --timeout 2
        assert_status 69
        assert_stdout_has "bukit"
    done
    router_do "mode?fault=none"
    bioctl routers edit bukit --enable >/dev/null
    run_split bioctl --json hotspot poll
    assert_json '.[0].users == 100'
}

@test "hotspot poll: old routers, without tags, with a challenge" {
    start_routeros_sim --users 20 --old-login --no-empty --no-tags
    add_router bukit
    run_split bioctl --json hotspot poll
    assert_json '.[0].users == 20'
    bioctl routers edit bukit --login plain >/dev/null
    run_split bioctl hotspot poll
    assert_status 69
    assert_stdout_has "--login md5"
}

@test "hotspot poll: a second one at the same time is told so" {
    start_routeros_sim --users 3 --fault silent
    add_router bukit
    bioctl hotspot poll --timeout 5 >/dev/null 2>&1 3>&- &
    local first=$!
    for _ in $(seq 100); do
        [ "$(router_stat logins)" = 1 ] && break
        sleep 0.05
    done
    run_split bioctl hotspot poll
    assert_status 75
    assert_stderr_has "polling the hotspots"
    wait "$first" || true
}

@test "hotspot poll: of a router that fails again and again people are told once, and when it is back" {
    start_routeros_sim --users 3
    add_router bukit
    bioctl -q targets add pager http://127.0.0.1:9/x --kind notification --after 0s >/dev/null
    router_do "mode?down=1"
    local i
    for i in 1 2 3 4; do
        [ -z "$(in_store 'SELECT 1 FROM delivery')" ] || [ "$i" = 4 ]
        run_split bioctl hotspot poll
        assert_status 69
        in_store "UPDATE router SET not_before = 0"
    done
    router_do "mode?down=0"
    run_split bioctl hotspot poll
    assert_status 0
    run_split bioctl --json outbox list
    assert_json 'length == 2'
    [[ "$(in_store "SELECT group_concat(json_extract(body, '$.title'), ' / ') FROM delivery")" == \
        "router bukit cannot be read since "*" / over at "*": router bukit cannot be read" ]]
}

@test "hotspot poll: ping-onts --hotspot leaves the routers to a hotspot poll that is at them, and pings" {
    start_routeros_sim --users 3 --fault silent
    add_router bukit
    bioctl -q onts add home --ip 127.0.0.1 >/dev/null
    "$BIOCTL" hotspot poll --timeout 5 >/dev/null 2>&1 3>&- &
    local first=$!
    for _ in $(seq 100); do
        [ "$(router_stat logins)" = 1 ] && break
        sleep 0.05
    done
    run_split bioctl ping-onts --once --hotspot --no-deliver
    assert_status 0
    assert_stdout_has "1 up"
    assert_stderr_has "hotspot users are left out: process $first is polling hotspots already"
    [ "$(router_stat logins)" = 1 ]
    wait "$first" || true
}

@test "hotspot history: what cannot be is refused" {
    start_routeros_sim --users 1
    add_router bukit
    run_split bioctl hotspot history --by week
    assert_status 64
    run_split bioctl hotspot history --since today --until yesterday
    assert_status 64
    run_split bioctl hotspot history --by hour --since 2000-01-01
    assert_status 64
    assert_stderr_has "--by day"
    run_split bioctl hotspot history --router bukti
    assert_status 66
    assert_stderr_has "did you mean 'bukit'?"
    run_split bioctl hotspot history
    assert_status 0
    assert_stdout ""
    assert_stderr_has "bioctl hotspot poll"
}
