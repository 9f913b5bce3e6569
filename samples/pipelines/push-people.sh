#!/bin/sh
# Puts everybody who is enrolled on the terminals that answer, and takes off who has left. Those that do not answer are told on stderr and come
# next time. Behind sync-employees.sh, or in cron.
set -eu
devices=$(mktemp)
trap 'rm -f "$devices"' EXIT
bioctl -q devices list --json | jq -c 'select(.type == "device" and .enabled)' >"$devices"

jq -r 'select(.state | IN("offline", "locked", "refused")) | "\(.name): \(.state) since \(.since): \(.reason)"' "$devices" >&2
set --
while IFS= read -r name; do
    set -- "$@" --device "$name"
done <<NAMES
$(jq -r 'select(.state | IN("offline", "locked", "refused") | not) | .name' "$devices")
NAMES
[ -n "${2-}" ] || { echo "no terminal answers" >&2; exit 69; }

bioctl -q devices push-people --prune "$@"
