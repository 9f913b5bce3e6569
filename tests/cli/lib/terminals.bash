# What the tests of devices, syncs and deliveries share, besides helpers.bash and lib/sim.bash.

password=hik-Secret-1

# add_simulated [OPTION...]: every simulated device, under its own name.
add_simulated() {
    printf '%s\n' "$password" >password
    chmod 600 password
    jq -c 'select(.type == "device") | {name, url, user}' hik_sim.ndjson >devices.ndjson
    "$BIOCTL" -q devices import --password-file password devices.ndjson >/dev/null
}

# What the terminals hold, as sorted lines: device, serial, time, minor, employee number, name, SHA-256 of the picture.
ground_truth() {
    local device
    for device in $(jq -r 'select(.type == "device").name' hik_sim.ndjson); do
        sim_truth "$device" | jq -r --arg device "$device" 'select(.major == 5) |
            [$device, .serial, .time, .minor, .employee_no // "", .name // "", .picture_sha256 // ""] | join("\t")'
    done | sort
}

# What the store holds, in the same form.
stored_events() {
    local digests="$BATS_TEST_TMPDIR/digests"
    { cd "$BIOCTL_DATA_DIR/media" 2>/dev/null && find events -name '*.jpg' -exec sha256sum {} +; } |
        awk '{ printf "{\"%s\": \"%s\"}\n", $2, $1 }' | jq -s add >"$digests"
    "$BIOCTL" events export --format ndjson | jq -r --slurpfile digest "$digests" '
        [.device, .serial, .local_time, .minor, .employee_no // "", .name // "", (if .picture then $digest[0][.picture] else "" end)]
        | join("\t")' | sort
}

sqlite() { sqlite3 "$BIOCTL_DATA_DIR/bioctl.db" "$1"; }
