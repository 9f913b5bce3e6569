# Every recipe of bioctl-recipes(7) does what it says: all are run as they stand, one after the other, on a store with people and
# events, and none may fail.

load helpers
load lib/faces

page="$BATS_TEST_DIRNAME/../../man/bioctl-recipes.7.scd"

setup_file() { make_faces; }

# recipes: all blocks, each ended by NUL.
recipes() { awk '/^```/ { if (is_open) printf "%c", 0; is_open = !is_open; next } is_open { print }' "$page"; }

make_site() {
    mkdir -p staff/1042 staff/1043 staff/1044 bin
    cp "$(faces)/face-1-0.jpg" staff/1042/1.jpg
    cp "$(faces)/face-1-1.jpg" staff/1043/1.jpg
    cp "$(faces)/face-6-0.jpg" staff/1044/1.jpg
    cp "$(faces)/face-1-0.jpg" gate.jpg
    ln -s "$BIOCTL" bin/bioctl
    bioctl -q bulk-enroll staff/ >/dev/null
    printf 'x\n' >password
    chmod 600 password
    bioctl -q devices add gate http://127.0.0.1:1 --user admin --password-file password >/dev/null
    sqlite3 "$BIOCTL_DATA_DIR/bioctl.db" "
        INSERT INTO event (device, epoch, serial, time, local_time, received_at, major, minor, recognized, employee_no, name,
                           picture_url, picture_state, raw)
        WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 40)
        SELECT (SELECT key FROM device), 1, i, (unixepoch() - i) * 1000, '', 0, 5, 75, i % 2, CASE i % 2 WHEN 1 THEN '1043' ELSE '' END,
               CASE i % 2 WHEN 1 THEN 'Citra' ELSE '' END, '', 'none', '{}' FROM n"
    export PATH="$PWD/bin:$PATH" card=1042
}

@test "every recipe runs and succeeds" {
    local recipe runs=0
    make_site
    while IFS= read -rd '' recipe; do
        [[ $recipe != *"* * * "* ]] || continue  # a crontab
        recipe=${recipe//\/tmp\/recipes-other/other}
        run_split bash -euo pipefail -c "$recipe"
        [ "$status" = 0 ] || fail "$recipe"
        assert_stderr_lacks "bioctl: warning"
        runs=$((runs + 1))
    done < <(recipes)
    [ "$runs" -ge 15 ] || fail "only $runs recipes"
    # They did what they say.
    [ "$(bioctl people list | cut -f 1)" = 1042 ]
    [ "$(BIOCTL_DATA_DIR=other bioctl people list | wc -l)" = 1 ]
    jq -e '.templates == 1 and .events == 20 and .terminals == ["gate"]' receipt.json >/dev/null
    tar -tzf 1042.tar.gz | grep -qx 1042/README.txt
    bioctl store retention show --json | jq -es 'map(select(.kind == "unknown"))[0].keep == "8h"' >/dev/null
}

@test "the lines of crontabs in the manual name a user and a call that bioctl takes" {
    local line
    while IFS= read -r line; do
        [[ $line =~ ^[0-9*/,-]+(\ [0-9*/,-]+){4}\ (root|bioctl)\ bioctl\ (.*)$ ]] || fail "$line"
        # shellcheck disable=SC2086 # words on purpose
        run_split bioctl ${BASH_REMATCH[3]}
        [ "$status" != 64 ] || fail "$line"
    done < <(recipes | tr '\0' '\n' | grep '^[0-9*]')
}

@test "help shows recipes and security, and the pages name what there is" {
    for topic in recipes security; do
        run_split bioctl help "$topic"
        assert_status 0
        assert_stdout_has "bioctl-$topic(7)"
        assert_stdout_has "SEE ALSO"
    done
    run_split bioctl help recipe
    assert_status 64
    assert_stderr_has "did you mean 'recipes'"
}
