load helpers
load lib/sim
load lib/terminals

teardown() { stop_sims; }

synced() {
    start_hik_sim --devices 2 --events 80
    add_simulated
    bioctl -q sync-hikvision --since 3d >/dev/null
}

@test "events: times, kinds and numbers that make no sense are refused" {
    run_split bioctl events list
    assert_status 0
    assert_stderr_has "there are no events yet"
    run_split bioctl events list --since nonsense
    assert_status 64
    assert_stderr_has "'nonsense' is no time"
    run_split bioctl events list --kind face
    assert_status 64
    run_split bioctl events show 1
    assert_status 66
    run_split bioctl events prune
    assert_status 64
}

@test "events list: filters choose, --json tells all" {
    synced
    run_split bioctl --json events list
    assert_json 'all(.type == "event") and ([.[].time] | . == sort)'
    assert_json '.[0] | has("device_serial") and has("epoch") and has("received_at") and has("minor_name") and has("picture_state")'
    run_split bioctl --json events list --kind recognized --device dev-002 --limit 3 --newest
    assert_json 'length == 3 and all(.device == "dev-002" and .kind == "recognized") and ([.[].time] | . == (sort | reverse))'
    local person
    person=$(sqlite "SELECT employee_no FROM event WHERE employee_no <> '' LIMIT 1")
    run_split bioctl --json events list --person "$person"
    assert_json "length > 0 and all(.employee_no == \"$person\")"
    run_split bioctl --json events list --until 30d
    assert_json 'length == 0'
}

@test "events: an employee number is matched to the person who is enrolled under it, now or later" {
    synced
    local number
    number=$(sqlite "SELECT employee_no FROM event WHERE employee_no <> '' LIMIT 1")
    sqlite "INSERT INTO person (id, name, created_at, updated_at) VALUES ('$number', 'Ana', 0, 0)"
    run_split bioctl --json events list --person "$number"
    assert_json "length > 0 and all(.person_id == \"$number\")"
}

@test "events export: CSV with a header that spreadsheets read and cannot run" {
    synced
    sqlite "UPDATE event SET name = '=1+1, \"x\"' WHERE id = 1"
    bioctl events export >out.csv
    [ "$(head -1 out.csv)" = "$(printf 'id,time,local_time,device,device_serial,location,serial,epoch,kind,minor,employee_no,name,picture,delivery\r')" ]
    grep -q "\"'=1+1, \"\"x\"\"\"" out.csv
    [ "$(wc -l <out.csv)" = "$((1 + $(sqlite 'SELECT count(*) FROM event')))" ]
}

@test "events: nothing is asked where there is nothing to do, and resend says what it wants" {
    bioctl -q onts add somebody >/dev/null # a store without events
    run_split bioctl events prune --before 1d
    assert_status 0
    assert_stdout "$(printf '0\t0\t0')"
    run_split bioctl events resend --target school
    assert_status 64
    assert_stderr "bioctl: events resend: say which events: their numbers, or --since, --device and the like"
}

@test "events prune: by age and by size, with a rehearsal" {
    synced
    local pictures
    pictures=$(find "$BIOCTL_DATA_DIR/media/events" -name '*.jpg' | wc -l)
    run_split bioctl --json events prune --max-pictures 100k --dry-run
    assert_status 0
    [ "$(find "$BIOCTL_DATA_DIR/media/events" -name '*.jpg' | wc -l)" = "$pictures" ]
    run_split bioctl events prune --max-pictures 100k
    assert_status 64
    run_split bioctl events prune --max-pictures 100k --yes
    assert_status 0
    [ "$(find "$BIOCTL_DATA_DIR/media/events" -name '*.jpg' -printf '%s\n' | awk '{ s += $1 } END { print s + 0 }')" -le 102400 ]
    run_split bioctl events prune --before 1s --yes
    assert_status 0
    # What the next sync reads again stays: it would come back as new.
    [ "$(sqlite 'SELECT count(*) FROM event')" -gt 0 ]
    [ "$(sqlite 'SELECT count(*) FROM event JOIN device ON device = device.key WHERE time < cursor_time - 7200000')" = 0 ]
    [ "$(find "$BIOCTL_DATA_DIR/media/events" -name '*.jpg' | wc -l)" = 0 ]
    run_split bioctl --json sync-hikvision # what was pruned does not come back
    assert_json '.[-1].added == 0'
}
