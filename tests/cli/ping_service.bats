# The monitor as cron and systemd run it: the samples, as they are written.

load helpers
load lib/network

setup() {
    setup_sandbox
    put_on_path
    own_network
}

teardown() { close_network; }

page="$repository/man/bioctl-ping-onts.1.scd"
unit="$repository/samples/systemd/bioctl-ping-onts.service"
crontab="$repository/samples/cron/ping-onts.crontab"

# What stands behind five fields of time.
cron_commands() { sed -nE 's/^([*0-9,/-]+ +){5}//p' "$@"; }

@test "the cron lines of the sample work as they are written, silent while all is well" {
    add_onts 3
    local line lines=0
    while read -r line; do
        run_split in_network sh -c "$line"
        assert_status 0
        assert_stdout ""
        lines=$((lines + 1))
    done < <(cron_commands "$crontab")
    [ "$lines" = 2 ]
    grep -q "<svg" outages.html
    [ "$(sqlite3 "$BIOCTL_DATA_DIR/bioctl.db" 'SELECT up FROM ping_round')" = 4 ]
    # Down is an answer for cron, too.
    silence 127.0.1.1
    for _ in 1 2 3; do run_split in_network sh -c "$(cron_commands "$crontab" | head -n 1) --down 2/2 -r 0 -t 50"; done
    assert_status 1
}

@test "the systemd unit: its command watches, with no right but to send ICMP" {
    command -v systemd-analyze >/dev/null && {
        sed "s|/usr/local/bin/bioctl|$BIOCTL|" "$unit" >bioctl-ping-onts.service
        systemd-analyze verify --man=no ./bioctl-ping-onts.service 2>&1 | tee verified
        run ! grep -E 'bioctl-ping-onts.service:[0-9]+' verified
    }
    local command
    command=$(sed -nE 's|^ExecStart=/usr/local/bin/bioctl ||p' "$unit")
    [ "$command" = "ping-onts --follow --interval 60" ]
    grep -q "^bioctl $command" "$page"
    [ "$(id -u)" = 0 ] || skip "not root: cannot give rights away"
    command -v setpriv >/dev/null || skip "no setpriv here"
    add_onts 3
    chmod -R a+rwX "$BIOCTL_DATA_DIR"
    # shellcheck disable=SC2086  # words of a command
    become_in_network setpriv --bounding-set=-all,+net_raw --inh-caps=-all,+net_raw --ambient-caps=-all,+net_raw --no-new-privs \
        "$BIOCTL" --json $command >out 2>err 3>&- &
    local service=$! tries=200
    until grep -q '"type":"round"' out || ((tries-- == 0)); do sleep 0.05; done
    kill -TERM "$service"
    wait "$service"
    [ "$(jq -s 'map(select(.type == "round"))[0].up' out)" = 4 ]
}
