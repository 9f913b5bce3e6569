#!/usr/bin/env bash
# `make bench`: the figures that README.md and the closing notes quote. Prints medians and spread; never judges.
#
#   run.sh BUILD_DIR
set -euo pipefail
cd "$(dirname "$0")/../.."
build=$1
bioctl=$PWD/$build/bioctl
photos=lib/face/npm/node_modules/@vladmandic/face-api/demo
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
export BIOCTL_DATA_DIR=$scratch/data BIOCTL_CONFIG=$scratch/bioctl.toml
: >"$BIOCTL_CONFIG"

# Random vectors of the default recogniser's length: what 1,000 people cost to load and search.
thousand_people() {
    awk 'BEGIN {
        srand(1)
        for (p = 1; p <= 1000; ++p) {
            printf "{\"type\":\"person\",\"person_id\":\"p%04d\",\"space\":\"dlib-resnet-v1\",\"templates\":[{\"vector\":[", p
            for (d = 0; d < 128; ++d) printf "%s%.6f", d ? "," : "", (rand() - .5) * .44
            print "]}]}"
        }
    }'
}

# median_ms RUNS COMMAND...: "median min max" in milliseconds of wall time, after one warm-up
median_ms() {
    local runs=$1 start end i
    shift
    "$@" >/dev/null 2>&1 || true
    for ((i = 0; i < runs; ++i)); do
        start=$EPOCHREALTIME
        "$@" >/dev/null 2>&1 || true
        end=$EPOCHREALTIME
        echo $((${end/./} - ${start/./}))
    done | sort -n | awk '{v[NR] = $1 / 1000} END {printf "%.1f %.1f %.1f", v[int((NR + 1) / 2)], v[1], v[NR]}'
}

row() {
    local name=$1
    shift
    local figures
    read -r -a figures <<<"$(median_ms 11 "$@")"
    printf '%-58s %8s ms   (%s .. %s, 11 runs)\n' "$name" "${figures[@]}"
}

echo '== start-up and a cold recognize, wall time, warm file cache =='
"$build/tests/bench/vga_photo" "$photos/sample3.jpg" 820 160 640 "$scratch/gate.jpg"
thousand_people | "$bioctl" people import --json - --quiet >/dev/null
row 'bioctl version' "$bioctl" version
row 'bioctl people list (1,000 people)' "$bioctl" people list
row 'bioctl recognize, 640x480, 1,000 people enrolled' "$bioctl" recognize "$scratch/gate.jpg"
echo 'split of one run:'
"$bioctl" recognize -v "$scratch/gate.jpg" 2>&1 >/dev/null | grep 'timing' || true

echo
echo '== 65,534 hosts that answer (127.0.0.0/16), as fast as it goes =='
if "$bioctl" ping-onts -q 127.0.0.1 >/dev/null 2>&1; then
    row 'fping -g 127.0.0.0/16 -i 0 -r 0 -a -q' fping -g 127.0.0.0/16 -i 0 -r 0 -a -q
    row 'bioctl ping-onts -g 127.0.0.0/16 --rate 0 -r 0 -a -q' "$bioctl" ping-onts -g 127.0.0.0/16 --rate 0 -r 0 -a -q
    row 'fping -g 127.0.0.0/16 -i 0 -r 0 -a -q (again)' fping -g 127.0.0.0/16 -i 0 -r 0 -a -q
    row 'bioctl ping-onts (again)' "$bioctl" ping-onts -g 127.0.0.0/16 --rate 0 -r 0 -a -q
else
    echo 'this user may not send ICMP'
fi

echo
echo '== 5,000 ONTs, a round a minute: what the store is asked to keep =='
"$build/tests/bench/ping_history" "$scratch"

echo
tests/bench/sync.sh "$build"

echo
tests/bench/watch.sh "$build"

echo
echo '== accuracy =='
"$build/tests/bench/lfw_view1"
