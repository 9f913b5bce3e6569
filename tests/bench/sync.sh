#!/usr/bin/env bash
# Part of `make bench`: one pass of sync-hikvision over many simulated terminals that answer after 5 ms.
#
#   sync.sh BUILD_DIR [DEVICES [EVENTS [LATENCY_MS]]]
#
# The peer is the least that any client needs which logs in anew for each request and keeps one in flight: 16 devices at a time,
# each answering challenge and request one after the other, take requests * 2 * latency / 16. "Waiting" is the part of the passes' time that was spent between sending a request and
# having its answer; the rest is ours: parsing, storing, fsync.
set -euo pipefail
cd "$(dirname "$0")/../.."
build=$PWD/$1
devices=${2:-200} events=${3:-1000} latency=${4:-5}
scratch=$(mktemp -d)
simulators=()
trap 'kill "${simulators[@]}" 2>/dev/null; wait; rm -rf "$scratch"' EXIT
cd "$scratch"
export BIOCTL_DATA_DIR=$scratch/data BIOCTL_CONFIG=$scratch/bioctl.toml BIOCTL_CONFIG_SYSTEM=$scratch/none.toml
: >"$BIOCTL_CONFIG"

"$build/tests/support/hik_sim/hik_sim" --devices "$devices" --events "$events" --latency-ms "$latency" >announced &
simulators+=($!)
until grep -q '"type":"ready"' announced; do sleep 0.1; done
(umask 077 && echo hik-Secret-1 >password)
jq -c 'select(.type == "device") | {name, url, user}' announced |
    "$build/bioctl" -q devices import --password-file password - >/dev/null

# peak_kb FILE COMMAND...: the highest resident size that was seen
peak_kb() {
    local file=$1 pid peak=0 now
    shift
    "$@" >records 2>notes &
    pid=$!
    while now=$(awk '/VmHWM/ {print $2}' "/proc/$pid/status" 2>/dev/null) && [ -n "$now" ]; do
        peak=$now
        sleep 0.05
    done
    wait "$pid"
    echo "$peak" >"$file"
}

pass() {
    local name=$1
    shift
    cat records >>all 2>/dev/null || true
    peak_kb peak "$build/bioctl" --json sync-hikvision --since 3d --no-deliver --jobs 16 "$@"
    jq -sr --arg name "$name" --argjson peak "$(cat peak)" --argjson latency "$latency" '
        (map(select(.type == "summary")) | .[0]) as $all
        | map(select(.type == "device_pass")) as $p
        | ($p | map(.requests) | add) as $requests
        | ($requests * 2 * $latency / 16 / 1000) as $least
        | [$name, $all.added, ($p | map(.pictures) | add), $all.seconds, ($all.added / $all.seconds | floor),
           ($all.seconds / $least * 100 | round / 100), (100 * ($p | map(.waited_ms) | add) / ($p | map(.took_ms) | add) | round),
           ($peak / 1024 | floor)] | @tsv' records |
        awk -F'\t' '{ printf "%-28s %9d %9d %8.1f s %8d/s   %5.2fx   %3d %%   %4d MB\n", $1, $2, $3, $4, $5, $6, $7, $8 }'
}

echo "== sync-hikvision, $devices terminals x $events events, $latency ms =="
printf '%-28s %9s %9s %10s %10s %8s %7s %7s\n' pass events pictures time events of\ least waiting memory
pass 'first, events only' --no-pictures
pass 'second, pictures only'
pass 'third, nothing new'
cat records >>all
jq -sr '"together: \(map(select(.type == "device_pass")) | 100 * (map(.waited_ms) | add) / (map(.took_ms) | add) | round) % of the time is waiting for devices"' all
