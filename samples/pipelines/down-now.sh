#!/bin/sh
# What is down now, by place, for a message of the day or a chat: one line for each place, the longest outage first. Silent and 0 if all is up, 1
# if not.
set -eu
lines=$(bioctl -q outages list --open --json | jq -rs '
    map(select(.type == "outage")) | group_by(.location // "")
    | map({place: (.[0].location // "no place"), number: length, since: (map(.started_at) | min), names: (map(.name) | sort)})
    | sort_by(.since)[]
    | "\(.place): \(.number) down since \(.since): \(.names[:5] | join(", "))\(if .number > 5 then ", ..." else "" end)"')
[ -z "$lines" ] || { printf '%s\n' "$lines"; exit 1; }
