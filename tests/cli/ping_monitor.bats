# Rounds over the ONTs of the store, with real packets in a network namespace.

load helpers
load lib/network

setup() {
    setup_sandbox
    own_network
}

teardown() { close_network; }

@test "ping-onts --once: all are up, the last line says so" {
    add_onts 300
    watch
    assert_status 0
    [[ $stdout =~ ^301\ ONTs:\ 301\ up,\ 0\ down,\ 0\ unknown,\ 0\ flapping\;\ loss\ 0\.0\ %\;\ [0-9.]+\ s$ ]] || fail "another summary"
    assert_stderr ""
    watch --json
    assert_json 'length == 1 and .[0].type == "round" and .[0].up == 301 and .[0].loss_percent == 0 and (.[0].is_blind | not)'
    run_split bioctl --json onts show 2
    assert_json '.[0].state == "up" and .[0].rtt_us != null'
}

@test "ping-onts --once: an outage begins after three lost rounds, ends after two answered ones, and is one outage" {
    add_onts 6
    watch
    silence 127.0.1.2
    watch
    assert_status 0
    watch
    assert_status 0
    watch
    assert_status 1
    assert_stdout_has "down	3	home 1	127.0.1.2"
    run_split bioctl --json outages list --open
    assert_json 'length == 1 and .[0].name == "home 1" and .[0].ended_at == null and .[0].location == "Area 1" and .[0].parent == "OLT-1"'
    let_speak 127.0.1.2
    watch
    assert_status 1
    watch --json
    assert_status 0
    assert_json '.[0] | .type == "change" and .state == "up" and .id == 3'
    run_split bioctl --json outages list
    assert_json 'length == 1 and .[0].ended_at > .[0].started_at'
    run_split bioctl outages summary
    assert_stdout_has "home 1	Area 1	1	false"
}

@test "ping-onts --once: an OLT takes its children with it, and one cause is blamed" {
    add_onts 8
    watch
    silence 127.1.0.1 127.0.1.{1..8}
    for _ in 1 2 3; do watch --guard 127.9.9.9; done
    assert_status 1
    run_split bioctl --json outages list
    assert_json 'length == 9'
    assert_json '(map(select(.name == "OLT-1"))[0].id) as $olt | map(select(.name != "OLT-1")) | all(.parent_outage == $olt)'
    run_split bioctl outages list --own
    [ "$(wc -l <<<"$stdout")" = 1 ]
    [ "$(sqlite3 "$BIOCTL_DATA_DIR/bioctl.db" "SELECT group_concat(kind) FROM alert")" = parent ]
}

@test "ping-onts --once: a monitor that is cut off reports no outages" {
    add_onts 12
    watch --guard 127.9.9.9
    silence 127.9.9.9 127.1.0.1 127.0.1.{1..12}
    for _ in 1 2 3 4; do watch --guard 127.9.9.9; done
    assert_status 3
    assert_stderr_has "none of the guard addresses answers (127.9.9.9): this machine is cut off"
    run_split bioctl outages list
    assert_stdout ""
    let_speak 127.9.9.9 127.1.0.1 127.0.1.{1..12}
    watch --guard 127.9.9.9
    assert_status 0
}

@test "ping-onts --once without guards: everybody silent at once is suspicious" {
    add_onts 12
    watch
    in_network ip link set lo down
    for _ in 1 2 3 4; do watch; done
    assert_status 3
    run_split bioctl outages list
    assert_stdout ""
}

@test "ping-onts --once: chosen by group, place and name; a slip is told" {
    add_onts 6
    bioctl -q onts edit 4 --group core >/dev/null
    watch --json --group core
    assert_json '.[0].asked == 2'
    watch --json --location "Area 0"
    assert_json '.[0].asked == 4'
    watch --ont "home 17"
    assert_status 66
    assert_stderr "bioctl: there is no ONT called 'home 17'; see \`bioctl onts list\`"
}

@test "ping-onts --once: a registry that somebody has emptied does not pass for a network without trouble" {
    bioctl -q onts add gone --ip 127.0.9.9 >/dev/null
    bioctl -q onts remove gone --yes >/dev/null
    watch
    assert_status 66
    assert_stderr_has "there are no ONTs to ask; \`bioctl onts add\`"
}

@test "ping-onts: watching and hosts do not mix, and an empty registry says what to do" {
    run_split bioctl ping-onts --once
    assert_status 66
    assert_stderr_has "bioctl onts import"
    add_onts 1
    run_split bioctl ping-onts --once 127.0.0.1
    assert_status 64
    run_split bioctl ping-onts --once -c 3
    assert_status 64
    run_split bioctl ping-onts --once --down 5/4
    assert_status 64
    assert_stderr_has "the first not above the second"
    run_split env BIOCTL_PING_GROUP_RULES=core=1 "$BIOCTL" ping-onts --once
    assert_status 78
}

@test "ping-onts: rules of the command line and of groups" {
    add_onts 4
    bioctl -q onts edit 3 --group core >/dev/null
    watch
    silence 127.0.1.1 127.0.1.2
    export BIOCTL_PING_GROUP_RULES="core=1/1:1/1"
    watch --down 2/2
    assert_status 1
    assert_stdout_has "down	3	home 1"
    assert_stdout_lacks "home 0"
    watch --down 2/2
    assert_stdout_has "down	2	home 0"
}

@test "ping-onts: two at once, the second says who is at work and exits 75" {
    add_onts 2
    become_in_network "$BIOCTL" ping-onts --follow --interval 5 >/dev/null 2>&1 3>&- &
    local first=$!
    local tries=100
    until [ -s "$BIOCTL_DATA_DIR/ping-onts.lock" ] || ((tries-- == 0)); do sleep 0.05; done
    watch
    assert_status 75
    assert_stderr_has "is watching already; wait for it, or stop it"
    kill "$first"
    wait "$first"
}

@test "ping-onts --once: killed at any moment, the store is whole and no outage is doubled or lost" {
    add_onts 100
    watch
    silence 127.0.1.7
    local i
    for i in 5 20 40 60 80 100 130 160 200; do
        in_network timeout -s KILL "$(awk "BEGIN { print $i / 1000 }")" "$BIOCTL" ping-onts --once -r 1 -t 60 >/dev/null 2>&1 || true
    done
    for _ in 1 2 3 4; do watch; done
    assert_status 1
    [ "$(sqlite3 "$BIOCTL_DATA_DIR/bioctl.db" "PRAGMA integrity_check")" = ok ]
    run_split bioctl --json outages list
    assert_json 'length == 1 and .[0].name == "home 6"'
}

@test "ping-onts --once: a full disk is told, and the next round goes on" {
    add_onts 50
    watch
    run_split in_network bash -c 'trap "" XFSZ; ulimit -f 8; exec "$BIOCTL" -q ping-onts --once -r 0 -t 60'
    assert_status 74
    watch
    assert_status 0
}

@test "ping-onts --follow: rounds at their interval, ready, alive and stopped as systemd expects it" {
    add_onts 20
    export NOTIFY_SOCKET="$PWD/notify"
    perl -MSocket -MIO::Handle -e 'socket(my $s, PF_UNIX, SOCK_DGRAM, 0) or die; bind($s, pack_sockaddr_un($ENV{NOTIFY_SOCKET})) or die;
        open(my $out, ">", "notices") or die; $out->autoflush(1); while (defined recv($s, my $m, 4096, 0)) { print $out "$m\n" }' 3>&- &
    local listener=$! tries=100
    until [ -S notify ] || ((tries-- == 0)); do sleep 0.05; done
    WATCHDOG_USEC=1000000 become_in_network "$BIOCTL" --json ping-onts --follow --interval 5 >out 2>err 3>&- &
    local service=$!
    tries=200
    until [ "$(grep -c '"type":"round"' out)" -ge 2 ] || ((tries-- == 0)); do sleep 0.05; done
    kill -TERM "$service"
    wait "$service"
    kill "$listener"
    grep -q '^READY=1' notices
    grep -q '^WATCHDOG=1' notices
    grep -q '^STOPPING=1' notices
    [ "$(jq -s 'map(select(.type == "round"))[0:2] | map(.started_at | sub("\\.[0-9]+Z"; "Z") | fromdate) | .[1] - .[0]' out)" -ge 4 ]
}

@test "outages: report, ack and clear" {
    add_onts 4
    watch
    silence 127.0.1.3
    for _ in 1 2 3; do watch; done
    run_split bioctl outages ack --all --by Sari --note "teknisi, di jalan"
    assert_status 0
    assert_stdout_has "home 2"
    run_split bioctl outages list --unacked
    assert_stdout ""
    run_split bioctl outages ack 99
    assert_status 66
    assert_stderr "bioctl: there is no outage 99; \`bioctl outages list\` shows all"
    run_split bioctl --json outages report --since 1h
    assert_json 'map(select(.type == "availability")) | length == 5 and .[0].name == "home 2" and .[0].availability_percent < 100 and .[0].outages == 1'
    run_split bioctl outages report --since 1h --by location --csv
    [ "$(head -n 1 <<<"$stdout")" = "name,ont,location,parent,onts,availability_percent,covered_s,down_s,outages,mttr_s,mtbf_s,longest_s" ]
    [ "$(wc -l <<<"$stdout")" = 4 ]
    run_split bioctl outages report --since 1h --html page.html
    assert_status 0
    grep -q "<svg" page.html
    grep -q "home 2" page.html
    run_split bioctl outages clear </dev/null
    [ "$status" != 0 ]
    run_split bioctl outages clear --yes
    assert_stdout "0	-"
    let_speak 127.0.1.3
    watch
    watch
    run_split bioctl outages clear --yes
    assert_stdout_has "1	$BIOCTL_DATA_DIR/backups/outages-"
    [ "$(jq -r .ont_name "$BIOCTL_DATA_DIR"/backups/outages-*.ndjson)" = "home 2" ]
    run_split bioctl outages list
    assert_stdout ""
}

@test "onts history: rounds for programs, a curve for people" {
    add_onts 3
    watch
    silence 127.0.1.1
    watch
    run_split bioctl --json onts history 2 --by round
    assert_json 'length == 2 and .[0].lost == 0 and .[0].avg_ms > 0 and .[1].lost == 1 and .[1].avg_ms == null'
    run_split bioctl --json onts history "home 0" --by 5m
    assert_json 'map(.asked) | add == 2'
    on_terminal "$BIOCTL" onts history 2
    [[ $output == *"50.00 % lost of 2 rounds"* ]]
    silence 127.0.1.2
    bioctl -q onts add silent --ip 127.0.1.2 >/dev/null
    watch
    on_terminal "$BIOCTL" onts history silent
    [[ $output == *"no answer, 100.00 % lost of 1 round"* ]] || fail "$output"
    run_split bioctl onts history 2 --since 2020-01-01 --until 2020-01-02
    assert_status 0
    assert_stderr "bioctl: nothing is known of home 0 in this time"
}
