# sync-hikvision --verify-faces: does the picture of an event show the person that the terminal named?

load helpers
load lib/sim
load lib/terminals
load lib/faces

setup_file() { make_faces; }

setup() {
    setup_sandbox
    export BIOCTL_JOBS=1
}

teardown() { stop_sims; }

# show PHOTO EVENT: puts a photo in the place of the picture that the simulated terminal gave.
show() { cp "$1" "$BIOCTL_DATA_DIR/media/$(sqlite "SELECT picture FROM event WHERE id = $2")"; }

@test "verify-faces: the right face, another one, a picture that is none" {
    start_hik_sim --devices 1 --events 60
    add_simulated
    bioctl -q sync-hikvision --since 3d >/dev/null
    # Two events of one person, one of a second whose picture stays as the simulator made it: no photo.
    local person same_event other_event second empty_event
    person=$(sqlite "SELECT employee_no FROM event WHERE recognized = 1 AND picture_state = 'stored' GROUP BY employee_no HAVING count(*) > 1 LIMIT 1")
    same_event=$(sqlite "SELECT min(id) FROM event WHERE recognized = 1 AND picture_state = 'stored' AND employee_no = '$person'")
    other_event=$(sqlite "SELECT max(id) FROM event WHERE recognized = 1 AND picture_state = 'stored' AND employee_no = '$person'")
    second=$(sqlite "SELECT employee_no FROM event WHERE recognized = 1 AND picture_state = 'stored' AND employee_no <> '$person' LIMIT 1")
    empty_event=$(sqlite "SELECT min(id) FROM event WHERE recognized = 1 AND picture_state = 'stored' AND employee_no = '$second'")
    bioctl -q enroll --id "$person" "$(faces)/face-1-0.jpg" >/dev/null
    bioctl -q enroll --id "$second" "$(faces)/face-6-0.jpg" >/dev/null
    sqlite "UPDATE event SET picture_state = 'gone' WHERE id NOT IN ($same_event, $other_event, $empty_event)"
    show "$(faces)/face-1-0.jpg" "$same_event"
    show "$(faces)/face-6-0.jpg" "$other_event"

    run_split bioctl --json sync-hikvision --verify-faces
    assert_json_stderr "map(select(.message | contains(\"event $other_event: the picture does not show $person\"))) | length == 1"
    run_split bioctl --json events show "$same_event"
    assert_json '.[0] | .verdict == "same" and .distance < 0.3'
    run_split bioctl --json events show "$other_event"
    assert_json '.[0] | .verdict == "different" and .distance > 0.5'
    run_split bioctl --json events show "$empty_event"
    assert_json '.[0] | .verdict == "unreadable" and .distance == null'
    # Nothing is looked at twice.
    run_split bioctl sync-hikvision --verify-faces
    assert_stderr_lacks "does not show"
}
