# Ad-hoc pings over loopback, next to fping where the option is the same.

load helpers

setup() {
    setup_sandbox
    "$BIOCTL" ping-onts 127.0.0.1 >/dev/null 2>&1 || skip "this user may not send ICMP"
}

# shape FILE: the text without its figures.
shape() { sed -E 's/[0-9]+\.[0-9]+ ms/T ms/g; s/\(([0-9.]+|NaN) avg/(T avg/; s/(min\/avg\/max = ).*/\1T/' "$1"; }

# as_fping OPTION...: the same standard output, standard error and status but for the times.
as_fping() {
    local theirs=0
    fping "$@" >fping.out 2>fping.err || theirs=$?
    run_split bioctl ping-onts "$@"
    assert_status "$theirs"
    diff <(shape fping.out) <(shape "$BATS_TEST_TMPDIR/stdout")
    diff <(grep -v '^ICMP' fping.err | shape /dev/stdin) <(shape "$BATS_TEST_TMPDIR/stderr")
}

@test "ping-onts says the same as fping, in the same words, with the same status" {
    as_fping 127.0.0.1 127.0.0.2
    as_fping -t 50 -r 1 127.0.0.1 240.0.0.1
    as_fping -a -t 50 -r 0 127.0.0.1 240.0.0.1
    as_fping -u -t 50 -r 0 127.0.0.1 240.0.0.1
    as_fping -e -a 127.0.0.1
    as_fping -c 2 -p 50 127.0.0.1 127.0.0.22
    as_fping -c 2 -p 50 -q 127.0.0.1
    as_fping -c 1 -t 50 240.0.0.1 127.0.0.1
    as_fping -a -g 127.0.0.0/29
    as_fping -a -g 127.0.0.254 127.0.1.2
    as_fping -b 100 -c 1 127.0.0.1
}

@test "ping-onts -C lists every time, and a dash for what was lost" {
    run_split bioctl ping-onts -C 2 -q -p 50 -t 50 127.0.0.1 240.0.0.1
    assert_status 1
    assert_stdout ""
    [[ $stderr =~ ^127\.0\.0\.1\ :\ [0-9.]+\ [0-9.]+$'\n'240\.0\.0\.1\ :\ -\ -$ ]] || fail "other times"
}

@test "ping-onts: 65534 hosts at once, all found" {
    [ "$(bioctl ping-onts -g 127.0.0.0/16 --rate 0 -a -q | sort -u | wc -l)" = 65534 ]
}

@test "ping-onts: hosts from standard input and files, with comments" {
    printf '127.0.0.1 # gate\n\n# all\n  127.0.0.2\r\n' >hosts
    run_split bash -c '"$BIOCTL" ping-onts -a --from - <hosts'
    assert_status 0
    assert_stdout "$(printf '127.0.0.1\n127.0.0.2')"
    run_split bioctl ping-onts -a -f hosts 127.0.0.3
    assert_stdout "$(printf '127.0.0.3\n127.0.0.1\n127.0.0.2')"
    run_split bioctl ping-onts -f nowhere
    assert_status 66
    run_split bioctl ping-onts
    assert_status 64
    assert_stderr_has "--from or -g"
    run_split bioctl ping-onts -g 10.0.0.0/33
    assert_status 64
    run_split bioctl ping-onts -g 0.0.0.0/0
    assert_status 64
    assert_stderr_has "more than 1000000 hosts"
}

@test "ping-onts: a name that nobody knows is told, the others are pinged, status 2" {
    run_split bioctl ping-onts no-such-host.invalid 127.0.0.1
    assert_status 2
    assert_stdout "127.0.0.1 is alive"
    assert_stderr_has "no-such-host.invalid"
}

@test "ping-onts --json: a record for each host and a summary" {
    run_split bioctl --json ping-onts -t 50 -r 1 127.0.0.1 240.0.0.1
    assert_status 1
    assert_json 'map(select(.type == "ping")) | map({(.host): [.alive, .sent, .received, .loss_percent]}) | add ==
        {"127.0.0.1": [true, 1, 1, 0], "240.0.0.1": [false, 2, 0, 100]}'
    assert_json '.[-1] | .type == "summary" and .targets == 2 and .alive == 1 and .sent == 3 and .received == 1'
    assert_json '.[0] | .rtt_min_ms > 0 and .rtt_min_ms < 1000'
    run_split bioctl --json ping-onts -c 2 -p 30 127.0.0.1
    assert_json 'map(.type) == ["reply", "reply", "ping", "summary"]'
}

@test "ping-onts: the rate is kept, whatever the number of hosts" {
    run_split bioctl --json ping-onts -a -g 127.0.0.1 127.0.0.50 --rate 100
    assert_json '.[-1].seconds >= 0.45 and .[-1].seconds < 3'
    run_split bioctl --json ping-onts -a -g 127.0.0.1 127.0.0.50 -i 10
    assert_json '.[-1].seconds >= 0.45 and .[-1].seconds < 3'
    run_split bioctl ping-onts --rate 5 -i 5 127.0.0.1
    assert_status 64
}

@test "ping-onts: a signal ends it with what there is" {
    "$BIOCTL" --json ping-onts -g 127.0.0.0/20 --rate 200 >out &
    local pid=$!
    until_true eval '[ "$(wc -l <out)" -gt 10 ]'
    kill -INT "$pid"
    status=0
    wait "$pid" || status=$?
    assert_status 130
    [ "$(jq -r 'select(.type == "summary").alive' out)" -gt 10 ]
}

@test "ping-onts: a user who may not is told both remedies" {
    [ "$(id -u)" = 0 ] || skip "not root"
    cp "$BIOCTL" bioctl 2>/dev/null
    chmod 755 "$BATS_TEST_TMPDIR" . bioctl
    read -r first last </proc/sys/net/ipv4/ping_group_range
    [ "$first" -gt 65534 ] || [ "$last" -lt 65534 ] || skip "every user may ping here"
    export BIOCTL_CONFIG_SYSTEM=/dev/null HOME=/nonexistent  # the test's own are closed to others
    run_split setpriv --reuid=65534 --regid=65534 --clear-groups --inh-caps=-all ./bioctl ping-onts 127.0.0.1
    [ "$status" != 126 ] || skip "the folder is closed to others"
    assert_status 77
    assert_stderr_has "cap_net_raw"
    assert_stderr_has "ping_group_range"
}
