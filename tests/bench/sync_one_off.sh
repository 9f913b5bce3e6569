#!/usr/bin/env bash
# Does a terminal that is off slow down the others? Twenty terminals, the same sync with all of them and with one off, taken in
# turns; prints the median time of a device in both, and their ratio.
#
#   sync_one_off.sh BUILD_DIR [EVENTS [ROUNDS]]
set -euo pipefail
build=$(cd "$1" && pwd) events=${2:-300} rounds=${3:-5}
bioctl=$build/bioctl
scratch=$(mktemp -d)
cd "$scratch"
export BIOCTL_DATA_DIR=$scratch/data BIOCTL_CONFIG=$scratch/bioctl.toml HOME=$scratch
: >"$BIOCTL_CONFIG"
"$build/tests/support/hik_sim/hik_sim" --devices 20 --events "$events" --latency-ms 20 >sim.ndjson &
sim=$!
trap 'kill $sim 2>/dev/null; rm -rf "$scratch"' EXIT
until grep -q '"type":"ready"' sim.ndjson; do sleep 0.05; done
control=$(jq -r 'select(.type == "ready").control' sim.ndjson)
(umask 077 && echo hik-Secret-1 >password)
jq -c 'select(.type == "device") | {name, url, user}' sim.ndjson >devices.ndjson
"$bioctl" -q devices import --password-file password devices.ndjson >/dev/null

# times: milliseconds of each device but the one that is switched off
times() {
    "$bioctl" --json sync-hikvision --since 3d --dry-run --jobs 20 2>/dev/null |
        jq -r 'select(.type == "device_pass" and .device != "dev-020") | .took_ms' || true
}
times >/dev/null
for ((i = 0; i < rounds; ++i)); do
    times >>all
    curl -sf "$control/device?name=dev-020&off=1" -X POST >/dev/null
    times >>one_off
    curl -sf "$control/device?name=dev-020&off=0" -X POST >/dev/null
done
median() { sort -n "$1" | awk '{v[NR] = $1} END {print v[int((NR + 1) / 2)]}'; }
a=$(median all) b=$(median one_off)
printf 'a device of 20, %s events: %s ms with all of them, %s ms with one off (%s and %s figures); ratio %s\n' \
    "$events" "$a" "$b" "$(wc -l <all)" "$(wc -l <one_off)" "$(awk "BEGIN {printf \"%.2f\", $b / $a}")"
