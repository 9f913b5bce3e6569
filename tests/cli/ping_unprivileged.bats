# Without CAP_NET_RAW the kernel's ping sockets do the work; they tell an ICMP error of one host on the next send to another.

load helpers

setup() {
    setup_sandbox
    [ "$(id -u)" = 0 ] || skip "not root: cannot make two network namespaces"
    command -v setpriv >/dev/null || skip "no setpriv here"
    unshare --net sleep 600 3>&- &
    router=$!
    unshare --net sleep 600 3>&- &
    monitor=$!
    until_true is_apart "$router"
    until_true is_apart "$monitor"
    on_router ip link add to_monitor type veth peer name to_router netns "$monitor" 2>/dev/null || skip "no veth here"
}

is_apart() { [ "$(readlink "/proc/$1/ns/net")" != "$(readlink /proc/self/ns/net)" ]; }

teardown() { kill "${router-}" "${monitor-}" 2>/dev/null || true; }

on_router() { nsenter -t "$router" --net -- "$@"; }
on_monitor() { nsenter -t "$monitor" --net -- "$@"; }

@test "ping-onts: who cannot be reached costs nobody else a probe" {
    local i
    on_router ip addr add 10.8.0.254/24 dev to_monitor
    on_router ip link set lo up
    on_router ip link set to_monitor up
    for i in {1..100}; do on_router ip addr add "10.8.0.$i/32" dev lo; done
    on_router ip route add unreachable 10.9.0.0/16
    on_router sysctl -qw net.ipv4.ip_forward=1 net.ipv4.icmp_ratemask=0
    on_monitor ip addr add 10.8.0.253/24 dev to_router
    on_monitor ip link set to_router up
    on_monitor ip route add default via 10.8.0.254
    on_monitor sysctl -qw net.ipv4.ping_group_range="0 2147483647"
    # Each behind one that the router refuses.
    for i in {1..100}; do printf '10.9.0.%s\n10.8.0.%s\n' "$i" "$i"; done >hosts
    run_split on_monitor setpriv --bounding-set=-all --inh-caps=-all "$BIOCTL" --json ping-onts -f hosts -r 0 --rate 2000
    assert_status 1
    assert_json '.[-1].alive == 100'
    assert_json '.[-1].icmp_errors > 0'
}
