# store: check, backup, verify, restore, stats, vacuum, migrate.

load helpers
load lib/faces
load lib/people

setup() {
    setup_sandbox
    backups="$BATS_TEST_TMPDIR/backups"
}

teardown() { touch stop; }  # write_pairs, also when a test fails; in the folder of setup_sandbox

# portrait ID PHOTO: a person with a portrait, as enrolment leaves it, without the time that takes.
portrait() {
    local path="faces/aa/$1.jpg"
    mkdir -p -m 0700 "$BIOCTL_DATA_DIR/media/faces/aa"
    printf '\xff\xd8%s\xff\xd9' "$2" >"$BIOCTL_DATA_DIR/media/$path"
    chmod 0600 "$BIOCTL_DATA_DIR/media/$path"
    in_store "UPDATE template SET crop = CAST('$path' AS BLOB) WHERE person = (SELECT key FROM person WHERE id = '$1')"
}

make_store() {
    enrol_vectors anna bela
    portrait anna one
    portrait bela two
}

# back_up [OPTION]...: prints the folder
back_up() { bioctl -q store backup --to "$backups" "$@" | cut -f 1; }

people_of() { BIOCTL_DATA_DIR="$1" bioctl people list | cut -f 1 | tr '\n' ' '; }

@test "store: without a store there is nothing to look after" {
    for verb in stats check 'backup --to b' vacuum migrate; do
        # shellcheck disable=SC2086 # words on purpose
        run_split bioctl store $verb
        assert_status 66
        assert_stderr_has "bioctl enroll"
    done
    [ ! -e b ]
    run_split bioctl store verify nowhere
    assert_status 66
}

@test "store stats: sizes and counts" {
    make_store
    run_split bioctl --json store stats
    assert_status 0
    assert_json 'all(.type == "figure")'
    assert_json '[.[] | select(.what == "people")][0].count == 2'
    assert_json '[.[] | select(.what == "files" and .of == "faces")][0] | [.count, .bytes] == [2, 14]'
    assert_json '[.[] | select(.what == "database")][0].bytes > 100000'
    assert_json '[.[] | select(.what == "templates")][0].count == 2'
    assert_json '[.[] | select(.what == "events")][0] | [.count, .oldest] == [0, null]'
}

@test "store backup: the audit log keeps the digest, and metrics tell when it was" {
    make_store
    bioctl metrics | grep -qx 'bioctl_backup_last_timestamp_seconds 0'
    digest=$(bioctl -q store backup --to "$backups" | cut -f 2)
    bioctl --json audit list | jq -se --arg digest "$digest" 'any(.action == "store.backup" and (tostring | contains($digest)))' >/dev/null
    then=$(bioctl metrics | sed -n 's/^bioctl_backup_last_timestamp_seconds \([0-9]*\).*/\1/p')
    (($(date +%s) - then < 60))
}

@test "store check: a whole store is whole, and the check changes nothing" {
    make_store
    before=$(find "$BIOCTL_DATA_DIR" -type f ! -name '*-shm' ! -name '*-wal' -exec sha256sum {} +)
    run_split bioctl --json store check --deep
    assert_status 0
    assert_json 'length == 1 and .[0].type == "checked" and .[0].sound and .[0].portraits == 2 and .[0].files == 2'
    same "$before" "$(find "$BIOCTL_DATA_DIR" -type f ! -name '*-shm' ! -name '*-wal' -exec sha256sum {} +)"
}

@test "store check: files without rows, rows without files, open modes and leftovers are found and mended" {
    local media="$BIOCTL_DATA_DIR/media"
    make_store
    rm "$media/faces/aa/bela.jpg"
    mkdir -p "$media/events/2026/11/22"
    printf x >"$media/events/2026/11/22/77.jpg"
    printf x >"$media/faces/aa/stray.jpg"
    printf x >"$media/faces/aa/young.jpg"
    printf x >"$BIOCTL_DATA_DIR/.bioctl-1-2.tmp"
    touch -d '2 hours ago' "$media/events/2026/11/22/77.jpg" "$media/faces/aa/stray.jpg" "$BIOCTL_DATA_DIR/.bioctl-1-2.tmp"
    chmod 0755 "$BIOCTL_DATA_DIR"
    chmod 0644 "$BIOCTL_DATA_DIR/bioctl.db"
    kinds='["leftover", "missing_portrait", "mode", "orphan_file"]'
    for option in '' '--repair --dry-run'; do
        # shellcheck disable=SC2086 # words on purpose
        run_split bioctl --json store check $option
        assert_status 1
        assert_json "[.[] | select(.type == \"finding\") | .kind] | unique == $kinds"
        assert_json 'all(.[] | select(.type == "finding"); .repaired == false and .remedy != null)'
    done
    run_split bioctl store check --repair
    assert_status 64
    assert_stderr_has --yes
    [ -e "$media/faces/aa/stray.jpg" ]
    run_split bioctl --json store check --repair --yes
    assert_status 0
    assert_json '.[-1] | .sound and .findings == .repaired and .findings >= 6'
    [ ! -e "$media/faces/aa/stray.jpg" ]
    [ -e "$media/faces/aa/young.jpg" ]
    [ "$(cat "$BIOCTL_DATA_DIR"/lost+found/*/media/faces/aa/stray.jpg)" = x ]
    [ "$(find "$BIOCTL_DATA_DIR/lost+found" -type f | wc -l)" = 3 ]
    [ "$(stat -c %a "$BIOCTL_DATA_DIR" "$BIOCTL_DATA_DIR/bioctl.db" | tr '\n' ' ')" = "700 600 " ]
    [ "$(in_store "SELECT count(*) FROM template WHERE crop = x''")" = 1 ]
    run_split bioctl store check
    assert_status 0
    assert_stdout ""
    [ "$(bioctl audit list --action store | cut -f 5)" = store.repair ]
}

@test "store check: a page that is damaged, a row that refers to nothing, and a log that was changed are named" {
    make_store
    bioctl -q people rename anna --name Anna >/dev/null
    in_store "PRAGMA foreign_keys = OFF; UPDATE template SET person = 99 WHERE id = 1; UPDATE audit SET who = 'x' WHERE id = 1" >/dev/null
    run_split bioctl --json store check
    assert_status 1
    assert_json 'map(.kind) | contains(["broken_reference", "audit"])'
    printf garbage | dd of="$BIOCTL_DATA_DIR/bioctl.db" bs=1 seek=$((4096 * 3 + 100)) conv=notrunc 2>/dev/null
    printf '\xff\xff\xff\xff' | dd of="$BIOCTL_DATA_DIR/bioctl.db" bs=1 seek=$((4096 * 3)) conv=notrunc 2>/dev/null
    run_split bioctl --json store check
    assert_status 1
    assert_json 'map(.kind) | contains(["damage"])'
    run_split bioctl store backup --to "$backups"
    assert_status 65
    [ -z "$(find "$backups" -name 'bioctl-*')" ]
    [ -z "$(find "$backups" -name '*.partial')" ]
}

@test "store: what a process that died has half written is undone by whoever comes next, a reader, too" {
    make_store
    # More than fits into its memory, so that it is in the file already.
    printf '%s\n' 'PRAGMA journal_mode = DELETE;' 'PRAGMA cache_size = 1;' 'BEGIN;' \
        'WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 5000)
            INSERT INTO person (id, name, created_at, updated_at) SELECT i, i, 0, 0 FROM n;' '.shell kill -9 $PPID' |
        sqlite3 "$BIOCTL_DATA_DIR/bioctl.db" >/dev/null || true
    [ -s "$BIOCTL_DATA_DIR/bioctl.db-journal" ]
    cp -r "$BIOCTL_DATA_DIR" again
    run_split bioctl people list
    assert_status 0
    same "anna bela " "$(cut -f 1 <<<"$stdout" | tr '\n' ' ')"
    run_split bioctl --data-dir again store check
    assert_status 0
}

@test "store backup: all that is needed, no more, and a second one costs links" {
    make_store
    printf x >"$BIOCTL_DATA_DIR/media/faces/aa/stray.jpg"
    mkdir -p "$BIOCTL_DATA_DIR/models/mine" "$BIOCTL_DATA_DIR/index"
    printf m >"$BIOCTL_DATA_DIR/models/mine/model.json"
    printf i >"$BIOCTL_DATA_DIR/index/faces"
    run_split bioctl --json store backup --to "$backups"
    assert_status 0
    assert_json '.[0] | .files == 4 and .linked == 0 and .absent == 0'
    first=$(jq -r .folder "$BATS_TEST_TMPDIR/stdout")
    [[ $(basename "$first") =~ ^bioctl-[0-9]{8}T[0-9]{6}Z$ ]] || fail name
    same "bioctl.db manifest.json manifest.sha256 media/faces/aa/anna.jpg media/faces/aa/bela.jpg models/mine/model.json " \
        "$(cd "$first" && find . -type f | sed 's,^./,,' | sort | tr '\n' ' ')"
    [ -z "$(find "$first" -perm /077)" ] || fail "others may read it"
    (cd "$first" && sha256sum -c --quiet manifest.sha256)
    same "$(jq -r .manifest_sha256 "$BATS_TEST_TMPDIR/stdout")" "$(sha256sum "$first/manifest.json" | cut -d ' ' -f 1)"
    rm "$BIOCTL_DATA_DIR/media/faces/aa/bela.jpg"
    run_split bioctl --json store backup --to "$backups"
    assert_status 0
    assert_json '.[0] | .files == 3 and .linked == 2 and .absent == 1'
    assert_stderr_has "store check"
    second=$(jq -r .folder "$BATS_TEST_TMPDIR/stdout")
    [ "$first/media/faces/aa/anna.jpg" -ef "$second/media/faces/aa/anna.jpg" ]
    run_split bioctl store verify "$second"
    assert_status 0
    # What is not there is not named either.
    [ "$(sqlite3 "$second/bioctl.db" "SELECT count(*) FROM template WHERE crop = x''")" = 1 ]
    [ "$(in_store "SELECT count(*) FROM template WHERE crop = x''")" = 0 ]
}

@test "store backup --keep: the oldest go, of whole ones only" {
    make_store
    mkdir -p "$backups/bioctl-20200101T000000Z" "$backups/notes"
    one=$(back_up) && two=$(back_up) && three=$(back_up)
    run_split bioctl --json store backup --to "$backups" --keep 2
    assert_status 0
    assert_json "[.[0].pruned[]] == [\"$(basename "$one")\", \"$(basename "$two")\"]"
    [ ! -e "$one" ] && [ ! -e "$two" ] && [ -e "$three" ] && [ -e "$backups/bioctl-20200101T000000Z" ] && [ -e "$backups/notes" ]
    run_split bioctl store verify "$three"
    assert_status 0
    run_split bioctl store backup --to "$backups" --keep 0
    assert_status 64
}

@test "store verify: a flipped byte, a missing file, an extra one, a manifest that was changed" {
    make_store
    backup=$(back_up)
    digest=$(sha256sum "$backup/manifest.json" | cut -d ' ' -f 1)
    run_split bioctl store verify "$backup" --expect "$digest"
    assert_status 0
    run_split bioctl store verify "$backup" --expect "${digest//[0-9]/a}"
    assert_status 1
    printf 'O' | dd of="$backup/media/faces/aa/anna.jpg" bs=1 seek=2 conv=notrunc 2>/dev/null
    rm "$backup/media/faces/aa/bela.jpg"
    touch "$backup/media/new"
    run_split bioctl store verify "$backup"
    assert_status 1
    same "$(printf '%s\t%s\n' changed media/faces/aa/anna.jpg extra media/new missing media/faces/aa/bela.jpg)" "$(sort <<<"$stdout")"
    run_split bioctl store restore "$backup" --into elsewhere
    assert_status 65
    [ ! -e elsewhere ]
    sed -i s/anna/anne/ "$backup/manifest.json"
    run_split bioctl store verify "$backup"
    assert_status 65
    assert_stderr_has "is not what was written"
}

@test "store restore: puts it in the place of what is there, which stays beside it" {
    make_store
    printf key >"$BIOCTL_DATA_DIR/secret.key"
    backup=$(back_up)
    bioctl -q people remove anna --yes >/dev/null
    run_split bioctl store restore "$backup"
    assert_status 73
    assert_stderr_has --force
    same "bela " "$(people_of "$BIOCTL_DATA_DIR")"
    run_split bioctl --json store restore "$backup" --force
    assert_status 0
    same "anna bela " "$(people_of "$BIOCTL_DATA_DIR")"
    same "bela " "$(people_of "$(jq -r .previous "$BATS_TEST_TMPDIR/stdout")")"
    [ "$(cat "$BIOCTL_DATA_DIR/secret.key")" = key ]
    run_split bioctl store check --deep
    assert_status 0
    [ "$(bioctl audit list | cut -f 5)" = store.restore ]
    run_split bioctl audit verify
    assert_status 0
    run_split bioctl store restore "$backup" --into new/place
    assert_status 0
    same "anna bela " "$(people_of new/place)"
    [ "$(stat -c %a new/place)" = 700 ]
}

@test "store restore: not while somebody has the store open, or a service runs on it" {
    make_store
    backup=$(back_up)
    printf '.open %s\nSELECT count(*) FROM person;\n.shell touch opened; sleep 5\n' "$BIOCTL_DATA_DIR/bioctl.db" | sqlite3 >/dev/null 3>&- &
    until_true test -e opened
    run_split bioctl store restore "$backup" --force
    assert_status 75
    assert_stderr_has "in use by process"
    kill %1 && wait %1 || true
    flock "$BIOCTL_DATA_DIR/ping-onts.lock" -c 'touch held; sleep 5' 3>&- &
    until_true test -e held
    run_split bioctl store restore "$backup" --force
    assert_status 75
    assert_stderr_has "ping-onts.lock"
    [ -z "$(find "$BATS_TEST_TMPDIR" -maxdepth 1 -name 'data.*')" ]
}

# Whoever writes adds two people at once, or renames both: a backup has both or neither.
write_pairs() {
    local number=0
    while [ ! -e stop ]; do
        number=$((number + 1))
        { person "a$number" 1 && person "b$number" 2; } >pair
        sqlite3 "$BIOCTL_DATA_DIR/bioctl.db" ".timeout 10000" "BEGIN IMMEDIATE;
            INSERT INTO person (id, name, created_at, updated_at) VALUES ('left$number', '', 1, 1), ('right$number', '', 1, 1);
            UPDATE meta SET value = value + 1 WHERE key = 'generation'; COMMIT"
        "$BIOCTL" -q people import - <pair >/dev/null
        "$BIOCTL" -q people rename "a$number" --name "A$number" >/dev/null
    done
}

@test "store backup: under load each is of one moment, and what it restores to is whole" {
    local round backup
    make_store
    write_pairs 3>&- &
    for round in 1 2 3 4 5; do
        backup=$(back_up)
        same "" "$(sqlite3 "$backup/bioctl.db" "SELECT id FROM person WHERE id LIKE 'left%' AND replace(id, 'left', 'right') NOT IN (SELECT id FROM person)
            UNION SELECT id FROM person WHERE id LIKE 'right%' AND replace(id, 'right', 'left') NOT IN (SELECT id FROM person)")"
        BIOCTL_DATA_DIR="restored$round" bioctl -q store restore "$backup" >/dev/null
        BIOCTL_DATA_DIR="restored$round" bioctl -q store check
        BIOCTL_DATA_DIR="restored$round" bioctl -q audit verify >/dev/null
    done
    touch stop
    wait
    [ "$(sqlite3 restored5/bioctl.db "SELECT count(*) FROM person WHERE id LIKE 'left%'")" -gt 2 ] || fail "nobody wrote"
}

# killed MILLISECONDS COMMAND...
killed() {
    local after pid
    after=$(awk -v ms="$1" 'BEGIN { printf "%.3f", ms / 1000 }')
    shift
    "$@" >/dev/null 2>&1 3>&- &
    pid=$!
    sleep "$after"
    kill -9 "$pid" 2>/dev/null || true
    wait "$pid" 2>/dev/null || true
}

@test "store backup and restore killed at 20 moments: old or new, and nothing that only looks like a backup" {
    local round number duration started
    enroll_crowd 2000 1
    for number in $(seq 200); do portrait_fast "$number"; done
    started=$(date +%s%N)
    good=$(back_up)
    duration=$((($(date +%s%N) - started) / 1000000))
    old=$(bioctl people list | sha256sum)
    for round in $(seq 20); do
        killed $((RANDOM % duration)) "$BIOCTL" -q store backup --to "$backups"
        for folder in "$backups"/bioctl-*; do
            bioctl -q store verify "$folder" >/dev/null || fail "$folder after round $round"
        done
    done
    run_split bioctl store backup --to "$backups" --keep 1
    assert_status 0
    [ "$(find "$backups" -mindepth 1 -maxdepth 1 ! -name '.bioctl-backup.lock' | wc -l)" = 1 ]
    good=$(echo "$backups"/bioctl-*)
    bioctl -q people remove p1-7 --yes >/dev/null
    new=$(bioctl people list | sha256sum)
    for round in $(seq 20); do
        killed $((RANDOM % (2 * duration))) "$BIOCTL" -q store restore "$good" --force
        now=$(bioctl people list | sha256sum)
        [ "$now" = "$old" ] || [ "$now" = "$new" ] || fail "neither in round $round"
        bioctl -q store check >/dev/null || fail "round $round"
    done
    bioctl -q store restore "$good" --force >/dev/null
    same "$old" "$(bioctl people list | sha256sum)"
    same "" "$(find "$BATS_TEST_TMPDIR" -maxdepth 2 -name restore-unfinished)"
}

portrait_fast() {
    mkdir -p -m 0700 "$BIOCTL_DATA_DIR/media/faces/aa"
    printf '\xff\xd8%s\xff\xd9' "$1" >"$BIOCTL_DATA_DIR/media/faces/aa/$1.jpg"
    [ "$1" = 1 ] || [ "$1" = 200 ] || return 0
    [ "$1" = 1 ] || in_store "UPDATE template SET crop = CAST('faces/aa/' || id || '.jpg' AS BLOB) WHERE id <= 200"
}

@test "store backup: a full disk, and one that may not be written: said so, nothing is left" {
    make_store
    enroll_crowd 300 1
    cat >full.sh <<'SCRIPT'
mount -t tmpfs -o size=200k tmpfs "$1/small" || exit 99
mount --bind "$1/closed" "$1/closed" && mount -o remount,ro,bind "$1/closed" || exit 99
"$BIOCTL" store backup --to "$1/small/backups"
echo "full $?"
find "$1/small" -name '*bioctl-2*'
"$BIOCTL" store backup --to "$1/closed/backups"
echo "closed $?"
SCRIPT
    mkdir small closed
    unshare --mount true 2>/dev/null || skip "may not mount"
    run_split unshare --mount bash full.sh "$PWD"
    assert_status 0
    assert_stdout "$(printf 'full 74\nclosed 73')"
    assert_stderr_has "disk full"
    run_split bioctl store check
    assert_status 0
}

@test "store vacuum: gives room back and says before what it needs" {
    enroll_crowd 300 1
    bioctl people list | cut -f 1 | head -280 | xargs "$BIOCTL" -q people remove --yes >/dev/null
    run_split bioctl --json store vacuum --dry-run
    assert_status 0
    assert_json '.[0] | .dry_run and .freed_bytes > 100000'
    run_split bioctl store vacuum
    assert_status 0
    [ "$stdout" -gt 100000 ] || fail "freed"
    assert_stderr_has "of free room"
    [ "$(bioctl people list | wc -l)" = 20 ]
    run_split bioctl store check
    assert_status 0
}

@test "store migrate: from an older schema, after a copy; never from a newer one" {
    make_store
    newest=$(in_store 'PRAGMA user_version')
    run_split bioctl --json store migrate
    assert_status 0
    assert_json ".[0] | .from == $newest and .to == $newest"
    # Step 7 undone: the store of the bioctl before.
    in_store "DROP TRIGGER template_added; DROP TRIGGER template_removed; DROP TRIGGER template_changed; DROP TRIGGER person_renamed;
        DROP TRIGGER person_removed; DROP TRIGGER gallery_change_pruned; DROP TABLE gallery_change; PRAGMA user_version = 6"
    run_split bioctl --json store check
    assert_status 1
    assert_json '.[0].kind == "schema"'
    run_split bioctl --json store migrate --dry-run
    assert_json ".[0] | .from == 6 and .to == $newest and .dry_run"
    [ "$(in_store 'PRAGMA user_version')" = 6 ]
    run_split bioctl --json store migrate --backup "$backups"
    assert_status 0
    [ "$(in_store 'PRAGMA user_version')" = "$newest" ]
    [ "$(sqlite3 "$(jq -r .backup "$BATS_TEST_TMPDIR/stdout")" 'PRAGMA user_version')" = 6 ]
    run_split bioctl store check
    assert_status 0
    backup=$(back_up)
    in_store "PRAGMA user_version = 99"
    for verb in migrate check stats; do
        run_split bioctl store $verb
        assert_status 78
        assert_stderr_has "install that one"
    done
    # A backup of a newer bioctl.
    sed -i 's/"schema_version":[0-9]*/"schema_version":99/' "$backup/manifest.json"
    (cd "$backup" && sha256sum manifest.json >manifest.sha256)
    run_split bioctl store restore "$backup" --into elsewhere
    assert_status 65
    assert_stderr_has "install that one"
    [ ! -e elsewhere ]
}
