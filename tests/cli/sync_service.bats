# The sync as cron and systemd run it: the samples and the examples of the man page, as they are written.

load helpers
load lib/sim
load lib/terminals

setup() {
    setup_sandbox
    put_on_path
}

teardown() { stop_sims; }

page="$repository/man/bioctl-sync-hikvision.1.scd"
unit="$repository/samples/systemd/bioctl-sync-hikvision.service"
crontab="$repository/samples/cron/sync-hikvision.crontab"

# listen_as_systemd: writes the messages of sd_notify(3) to the file notices, one a line. Perl is part of every Debian.
listen_as_systemd() {
    export NOTIFY_SOCKET="$PWD/notify"
    perl -MSocket -e 'socket(my $s, PF_UNIX, SOCK_DGRAM, 0) or die; bind($s, pack_sockaddr_un($ENV{NOTIFY_SOCKET})) or die "$!";
        open(my $out, ">", "notices") or die; $out->autoflush(1); use IO::Handle;
        while (defined recv($s, my $m, 4096, 0)) { print $out "$m\n" }' 3>&- &
    sim_pids+=($!)
    local tries=100
    until [ -S notify ] || ((tries-- == 0)); do sleep 0.05; done
}

# What stands behind five fields of time.
cron_commands() { sed -nE 's/^([*0-9,/-]+ +){5}//p' "$@"; }

@test "the cron lines of the sample and of the man page work as they are written" {
    start_hik_sim --devices 1 --events 10
    add_simulated
    local line lines=0
    # Five fields of time, then what sh runs. Cron mails whatever is printed: nothing, when all is well.
    while read -r line; do
        run_split sh -c "$line"
        assert_status 0
        assert_stdout ""
        assert_stderr ""
        lines=$((lines + 1))
    done < <(cron_commands "$crontab" "$page")
    [ "$lines" = 3 ]
    [ "$(sqlite 'SELECT count(*) > 0 FROM event')" = 1 ]
    # And something, when it is not.
    sim_switch "device?name=dev-001&off=1"
    run_split sh -c "$(cron_commands "$crontab" | head -n 1)"
    assert_status 3
    assert_stderr_has "dev-001"
}

@test "the pipeline of the man page works as it is written" {
    start_hik_sim --devices 2 --events 20
    add_simulated
    bioctl -q sync-hikvision --since 3d >/dev/null
    sim_switch "events?name=dev-001&count=5&recognized=1" || sim_switch "events?name=dev-001&count=5"
    local line lines=0
    while read -r line; do
        run_split sh -c "$line"
        assert_status 0
        [ -n "$stdout" ] || fail "nothing came of: $line"
        lines=$((lines + 1))
    done < <(grep '^bioctl .* | jq ' "$page")
    [ "$lines" = 2 ]
}

@test "the systemd unit: ready, alive, stopped as systemd expects it" {
    command -v systemd-analyze >/dev/null && {
        sed "s|/usr/local/bin/bioctl|$BIOCTL|" "$unit" >bioctl-sync-hikvision.service
        systemd-analyze verify --man=no ./bioctl-sync-hikvision.service 2>&1 | tee verified
        run ! grep -E 'bioctl-sync-hikvision.service:[0-9]+' verified
    }
    start_hik_sim --devices 1 --events 10
    add_simulated
    local command
    command=$(sed -nE 's|^ExecStart=/usr/local/bin/bioctl ||p' "$unit")
    [ "$command" = "sync-hikvision --follow --interval 5" ]
    grep -q "^bioctl $command\$" "$page"
    listen_as_systemd
    # shellcheck disable=SC2086  # words of a command
    env -u WATCHDOG_PID WATCHDOG_USEC=1000000 "$BIOCTL" $command >/dev/null 2>err 3>&- &
    local service=$!
    until_true grep -q '^READY=1' notices
    until_true eval '[ "$(grep -c "^WATCHDOG=1" notices)" -ge 3 ]'
    until_true eval '[ "$(sqlite "SELECT count(*) FROM event")" = "$(ground_truth | wc -l)" ]'
    kill -TERM "$service"
    wait "$service"
    grep -q '^STOPPING=1' notices
}

@test "a service whose disk is full says so and waits, and SIGTERM ends it" {
    start_hik_sim --devices 1 --events 300
    add_simulated
    bash -c 'trap "" XFSZ; ulimit -f 200; exec "$BIOCTL" sync-hikvision --follow --interval 1' >/dev/null 2>err 3>&- &
    local service=$!
    until_true grep -q 'the sync has to wait: ' err
    sleep 2
    [ "$(grep -c 'has to wait' err)" = 1 ] || fail "said more than once: $(cat err)"
    kill -TERM "$service"
    wait "$service"
}
