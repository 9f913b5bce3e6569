#!/bin/sh
# Fuzzes one target for FUZZ_SECONDS (60). What libFuzzer finds worth keeping goes to corpus/<target> beside the binary, so that the
# next run begins there; a crash is left in crashes/.
#
#   run.sh BUILD/tests/fuzz/fuzz_x SEEDS
set -eu
target=$(basename "$1")
cd "$(dirname "$1")"
mkdir -p "corpus/$target" crashes
cd crashes
echo "$target"
if ! "../$target" -max_total_time="${FUZZ_SECONDS:-60}" -timeout=20 -max_len=65536 \
    "../corpus/$target" "$2" >"$target.log" 2>&1; then
    cat "$target.log" >&2
    exit 1
fi
