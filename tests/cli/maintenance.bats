# Maintenance windows.

load helpers

@test "maintenance: what is no window is refused, and nothing is stored" {
    run_split bioctl maintenance remove 1 --yes
    assert_status 66
    run_split bioctl maintenance add all --start tomorrow --duration 4h
    assert_status 64
    assert_stderr "bioctl: start 'tomorrow' is no wall time like 2026-12-01T22:00"
    run_split bioctl maintenance add all --start 2026-12-01T22:00
    assert_status 64
    run_split bioctl maintenance add all --start 2026-12-01T22:00 --duration 25h --repeat daily
    assert_status 64
    assert_stderr_has "the next would begin before it ends"
    run_split bioctl maintenance add all --start 2026-12-01T22:00 --duration 1h --zone Asia/Jakarat
    assert_status 78
    run_split bioctl maintenance add ont Andi --start 2026-12-01T22:00 --duration 1h
    assert_status 66
    run_split bioctl maintenance add city x --start 2026-12-01T22:00 --duration 1h
    assert_status 64
    run_split bioctl maintenance list
    assert_status 0
    assert_stdout ""
}

@test "maintenance: a window is added in its zone, listed, and removed" {
    bioctl -q onts add "OLT 1" --kind olt >/dev/null
    run_split bioctl --json maintenance add parent "OLT 1" --start 2126-12-01T22:00 --duration 1h30m --reason "new card"
    assert_status 0
    assert_stderr ""
    assert_json '.[0] | .type == "added" and .id == 1 and .value == "1" and .subject == "OLT 1" and .zone == "Asia/Jakarta" and
        .duration_s == 5400 and .state == "planned" and .next == "2126-12-01T15:00:00Z"'
    run_split bioctl maintenance add group gold --start "2020-01-01 00:00" --duration 24h --repeat daily --zone Europe/Berlin
    assert_status 0
    assert_stderr "bioctl: warning: no ONT is meant by it"
    run_split bioctl maintenance add all --start 2020-01-01T00:00 --duration 1h
    assert_stderr "bioctl: warning: this window is over already"
    run_split bioctl --json maintenance list
    assert_json 'map([.id, .state]) == [[1, "planned"], [2, "active"], [3, "over"]] and .[2].next == null'
    run_split bioctl maintenance remove 1
    assert_status 64
    run_split bioctl maintenance remove 1 9 --yes
    assert_status 66
    assert_stderr_has "there is no maintenance window 9"
    run_split bioctl maintenance remove 1 3 --yes
    assert_status 0
    [ "$(bioctl maintenance list | wc -l)" = 1 ]
}

@test "maintenance: a rehearsal stores nothing" {
    run_split bioctl --json maintenance add all --start 2126-12-01T22:00 --duration 1h --dry-run
    assert_status 0
    assert_json '.[0] | .id == null and .created_at == null and .state == "planned"'
    [ "$(bioctl maintenance list | wc -l)" = 0 ]
}
