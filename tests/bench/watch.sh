#!/usr/bin/env bash
# Part of `make bench`: how many frames of 640 x 480 a second one core looks at, with one face walking by, two standing, nobody.
#
#   watch.sh BUILD_DIR [FRAMES]
#
# The target is 10 a second. The peer is `recognize` on the same frames with one worker: every face of every frame embedded.
set -euo pipefail
cd "$(dirname "$0")/../.."
build=$PWD/$1
frames=${2:-200}
demo=$PWD/lib/face/npm/node_modules/@vladmandic/face-api/demo
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
cd "$scratch"
export BIOCTL_DATA_DIR=$scratch/data BIOCTL_CONFIG=$scratch/bioctl.toml BIOCTL_CONFIG_SYSTEM=$scratch/none.toml BIOCTL_JOBS=1
: >"$BIOCTL_CONFIG"
bioctl=$build/bioctl film=$build/tests/support/film/film

"$bioctl" -q enroll --id all --faces all --on-duplicate allow "$demo/sample1.jpg" >/dev/null
mapfile -t faces < <(find data/media/faces -name '*.jpg' | sort)
"$film" walking 10 "$frames,${faces[0]}@-100:120+3"
"$film" standing 10 "$frames,${faces[0]}@20:120+0,${faces[1]}@380:120+0"
"$film" nobody 10 "$frames"

# rate NAME COMMAND...: frames a second of process time, of a command on one core
rate() {
    local name=$1 begin
    shift
    begin=$EPOCHREALTIME
    taskset -c 0 "$@" >/dev/null 2>&1 || true
    awk -v us=$((${EPOCHREALTIME/./} - ${begin/./})) -v frames="$frames" -v name="$name" \
        'BEGIN { printf "%-40s %8.1f frames/s (%d frames, %.2f s with start-up)\n", name, frames * 1e6 / us, frames, us / 1e6 }'
}

echo "== watch, 640x480, one core =="
for film in walking standing nobody; do
    rate "watch, $film" "$bioctl" watch "$film" --fps 10 -n
    rate "recognize -j1, $film" "$bioctl" recognize "$film"
done
