# A network of one's own: every address of 127.0.0.0/8 answers until it is silenced.

# own_network: makes it, or skips the test where that is not permitted.
own_network() {
    local how=(unshare --net)
    [ "$(id -u)" = 0 ] || how=(unshare --map-root-user --net)
    "${how[@]}" sleep 600 3>&- &
    network_pid=$!
    # unshare becomes sleep once it is apart.
    until [ "$(cat "/proc/$network_pid/comm" 2>/dev/null)" = sleep ]; do
        kill -0 "$network_pid" 2>/dev/null || skip "no network namespaces here"
        sleep 0.02
    done
    in_network ip link set lo up 2>/dev/null || {
        kill "$network_pid" 2>/dev/null
        skip "no network namespaces here"
    }
    in_network "$BIOCTL" ping-onts 127.0.0.1 >/dev/null 2>&1 || skip "this user may not send ICMP"
}

# become_in_network COMMAND...: in the place of this shell; for what is started with & and gets signals.
become_in_network() {
    local how=(--net)
    [ "$(id -u)" = 0 ] || how=(--user --preserve-credentials --net)
    exec nsenter -t "$network_pid" "${how[@]}" -- "$@"
}

in_network() { (become_in_network "$@"); }

close_network() { [ -z "${network_pid-}" ] || kill "$network_pid" 2>/dev/null || true; }

# silence ADDRESS..., let_speak ADDRESS...: from now on
silence() { for address in "$@"; do in_network ip route add unreachable "$address/32" table local; done; }
let_speak() { for address in "$@"; do in_network ip route del unreachable "$address/32" table local; done; }

# add_onts NUMBER: an OLT at 127.1.0.1 and so many ONTs from 127.0.1.1 on
add_onts() {
    {
        echo "id,name,location,ip,parent,kind"
        echo "1,OLT-1,Pusat,127.1.0.1,,olt"
        local i
        for ((i = 0; i < $1; ++i)); do echo "$((i + 2)),home $i,Area $((i % 2)),127.0.$((1 + i / 200)).$((1 + i % 200)),OLT-1,ont"; done
    } >onts.csv
    bioctl -q onts import onts.csv >/dev/null
}

# watch OPTION...: a quick round of the monitor, as run_split
watch() { run_split in_network "$BIOCTL" ping-onts --once -r 1 -t 60 --rate 0 --parent-rate 0 "$@"; }
