# Figures for Prometheus from cron, and that they are those of /metrics.

load helpers
load lib/serve

teardown() { stop_serve; }

# A store with a terminal, a target and an ONT.
fill() {
    printf 'secret-Word-1\n' >password
    chmod 600 password
    bioctl -q devices add gate http://192.0.2.10 --user admin --password-file password >/dev/null
    bioctl -q targets add hooks https://hrd.example/hook >/dev/null
    printf 'name,ip\nhome,192.0.2.20\n' >onts.csv
    bioctl -q onts import onts.csv >/dev/null
}

series() { sed -n 's/^\(bioctl_[a-z_]*\).*/\1/p' "$1" | sort -u; }

@test "it prints what Prometheus reads" {
    fill
    run_split bioctl metrics
    assert_status 0
    assert_stderr ""
    python3 "$BATS_TEST_DIRNAME/lib/check_metrics.py" "$BATS_TEST_TMPDIR/stdout"
    grep -qx 'bioctl_devices{state="unknown"} 1' <<<"$stdout"
    grep -qx 'bioctl_onts{state="unknown"} 1' <<<"$stdout"
    grep -qx 'bioctl_deliveries{target="hooks",state="pending"} 0' <<<"$stdout"
    grep -qx 'bioctl_device_last_sync_timestamp_seconds{device="gate"} 0' <<<"$stdout"
    [ "$(sed -n 's/^bioctl_store_bytes //p' <<<"$stdout")" = "$(stat -c %s "$BIOCTL_DATA_DIR/bioctl.db")" ]
    # The same under --json: it is no list of records.
    run_split bioctl --json metrics
    grep -qx 'bioctl_people 0' <<<"$stdout"
}

@test "a file for the collector: whole at any time, readable by all, whatever the umask" {
    fill
    run_split sh -c 'umask 077; exec "$BIOCTL" metrics --textfile bioctl.prom'
    assert_status 0
    assert_stdout ""
    assert_stderr ""
    [ "$(stat -c %a bioctl.prom)" = 644 ]
    python3 "$BATS_TEST_DIRNAME/lib/check_metrics.py" bioctl.prom
    # Replaced, not written over: who reads the old file goes on reading it.
    exec 9<bioctl.prom
    bioctl metrics --textfile bioctl.prom
    [ "$(stat -Lc %i /proc/self/fd/9)" != "$(stat -c %i bioctl.prom)" ]
    exec 9<&-
    [ "$(ls -A | sort | tr '\n' ' ')" = "bioctl.prom onts.csv password " ]
    run_split bioctl metrics --textfile bioctl.txt
    assert_status 0
    assert_stderr_has "only files whose name ends in .prom"
}

@test "without a store, or where nothing can be written, it says so and leaves the file as it was" {
    echo before >bioctl.prom
    run_split bioctl metrics --textfile bioctl.prom
    assert_status 66
    [ "$(cat bioctl.prom)" = before ]
    [ ! -e "$BIOCTL_DATA_DIR" ]
    fill
    run_split bioctl metrics --textfile /proc/bioctl.prom
    [ "$status" -ge 73 ] || fail "status"
    assert_stderr_has "/proc/"
}

@test "/metrics has all of them, with the same values" {
    fill
    bioctl metrics >printed
    start_serve
    curl -sf "$url/metrics" >scraped
    run ! grep -vxFf <(grep -v '^bioctl_store_' scraped) <(grep -v '^bioctl_store_' printed)
    [ "$(comm -23 <(series printed) <(series scraped))" = "" ]
}
