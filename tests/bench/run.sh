#!/usr/bin/env bash
# `make bench`: the table against named peers, then what has no peer of its kind. Prints figures; never judges. See README.md.
#
#   run.sh BUILD_DIR
set -euo pipefail
cd "$(dirname "$0")/../.."
build=$1
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
export BIOCTL_DATA_DIR=$scratch/data BIOCTL_CONFIG=$scratch/bioctl.toml
: >"$BIOCTL_CONFIG"

tests/bench/table.py "$build"

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
