#!/bin/sh
# Keeps who is enrolled in step with the table of employees of a Laravel application: new photos are enrolled, changed names are taken over, who
# is gone or inactive is removed. For cron; again and again costs nothing.
#
#   sync-employees.sh DATABASE.sqlite PHOTOS     columns nik, name, photo (below PHOTOS) and active
#   sync-employees.sh EMPLOYEES.csv PHOTOS       a dump with the same columns, of whatever database
set -eu
[ $# = 2 ] || { echo "usage: $0 DATABASE.sqlite|EMPLOYEES.csv PHOTOS" >&2; exit 64; }

# Into a file first: a list that breaks off in the middle must not look like people who left.
manifest=$(mktemp)
trap 'rm -f "$manifest"' EXIT
query="SELECT nik AS id, name, photo AS path FROM employees WHERE active = 1 AND photo IS NOT NULL AND photo <> '' ORDER BY nik"
case $1 in
    *.csv) sqlite3 -json :memory: -cmd ".import --csv \"$1\" employees" "$query" ;;
    *) sqlite3 -json -readonly "$1" "$query" ;;
esac | jq -c '.[]' >"$manifest"
[ -s "$manifest" ] || { echo "$1: no active employees with a photo; nothing is changed" >&2; exit 66; }

# 3: some photos could not be used. They are told on stderr, for cron to mail, and everybody else is taken.
bioctl -q bulk-enroll --manifest "$manifest" --root "$2" --prune
