#!/bin/sh
# Who came yesterday, first and last seen, as a CSV by mail. For cron, some minutes after midnight.
#
#   daily-attendance.sh ADDRESS...      SENDMAIL=/usr/sbin/sendmail, FROM=bioctl@<this machine> unless set
set -eu
[ $# -gt 0 ] || { echo "usage: $0 ADDRESS..." >&2; exit 64; }
sendmail=${SENDMAIL:-/usr/sbin/sendmail}
from=${FROM:-bioctl@$(hostname)}
day=${DAY:-yesterday}
until=${UNTIL:-today}

folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT

# Into a file first: if bioctl fails nothing is sent, and cron mails what it said.
bioctl -q events export --since "$day" --until "$until" --kind recognized --format ndjson >"$folder/events"
jq -rs '
    # Without the offset, which spreadsheets do not know: a terminal stands where its people are.
    def clock: .local_time[0:19] | sub("T"; " ");
    group_by(.employee_no)
    | map(sort_by(.time) | {id: .[0].employee_no, name: .[-1].name, first: (.[0] | clock), last: (.[-1] | clock), times: length})
    | (["id", "name", "first", "last", "times"], (.[] | [.id, .name, .first, .last, .times]))
    | @csv' "$folder/events" >"$folder/attendance.csv"

recipients=$(printf ', %s' "$@")
people=$(($(wc -l <"$folder/attendance.csv") - 1))
{
    printf 'From: %s\nTo: %s\nSubject: Attendance: %s people\n' "$from" "${recipients#, }" "$people"
    printf 'MIME-Version: 1.0\nContent-Type: text/csv; charset=utf-8\nContent-Transfer-Encoding: base64\n'
    printf 'Content-Disposition: attachment; filename="attendance.csv"\n\n'
    base64 "$folder/attendance.csv"
} | "$sendmail" -f "$from" "$@"
