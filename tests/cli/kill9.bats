# kill -9 at any moment of whatever writes: the store is whole, what was said to be done is done, and the verb run again ends as one that
# nobody killed. BIOCTL_LONG_TESTS=1 for 20 rounds of 500 photos, and 9 of every other verb.

load helpers
load lib/faces
load lib/models
load lib/people
load lib/sim
load lib/terminals
load lib/faults

setup_file() {
    make_base
    # Short rounds fit into every test run.
    local photos=60 number
    [ -z "${BIOCTL_LONG_TESTS:-}" ] || photos=500
    cd "$BATS_FILE_TMPDIR" || return
    mkdir -p staff/anna staff/bela staff/cora staff/dora
    for number in $(seq "$photos"); do
        case $((number % 5)) in
            0) variant faces/face-1-0.jpg "$number" >"staff/anna/$number.jpg" ;;
            1) variant faces/face-1-1.jpg "$number" >"staff/bela/$number.jpg" ;;
            2) variant faces/face-6-0.jpg "$number" >"staff/cora/$number.jpg" ;;
            3) variant faces/face-6-1.jpg "$number" >"staff/dora/$number.jpg" ;;
            # Anna's face under another id: rejected, whenever it is judged.
            *) variant faces/face-3-0.jpg "$number" >"staff/dora/$number.jpg" ;;
        esac
    done
}
setup() {
    setup_sandbox
    cd "$BATS_FILE_TMPDIR" || return
}

killed_run() {
    "$BIOCTL" --json bulk-enroll staff >"$BATS_TEST_TMPDIR/out" 2>/dev/null &
    local pid=$!
    sleep "$1"
    kill -9 "$pid" 2>/dev/null || true
    wait "$pid" 2>/dev/null || true
}

# Every photo that a record calls enrolled is in the store, whatever came after.
nothing_told_is_lost() {
    local told kept
    told="$(grep '"type":"enrolled"' "$BATS_TEST_TMPDIR/out" | jq -r .template_id 2>/dev/null | sort -n)"
    kept="$(sqlite3 "$BIOCTL_DATA_DIR/bioctl.db" 'SELECT id FROM template' 2>/dev/null | sort -n)"
    same "" "$(comm -23 <(sort <<<"$told") <(sort <<<"$kept"))"
}

@test "bulk-enroll killed at random moments and run again ends as one that was not" {
    local rounds=3 round kills expected full duration
    [ -z "${BIOCTL_LONG_TESTS:-}" ] || rounds=20
    full="$(date +%s%N)"
    "$BIOCTL" -q --json bulk-enroll staff >/dev/null || [ $? -eq 3 ]
    duration=$((($(date +%s%N) - full) / 1000000))
    expected="$(store_content)"
    for round in $(seq "$rounds"); do
        rm -r "$BIOCTL_DATA_DIR"
        kills=$((RANDOM % 2 + 1))
        while [ $((kills--)) -gt 0 ]; do
            killed_run "$(awk -v ms=$((RANDOM % duration)) 'BEGIN { printf "%.3f", ms / 1000 }')"
            nothing_told_is_lost
        done
        "$BIOCTL" -q --json bulk-enroll staff >/dev/null || [ $? -eq 3 ]
        echo "round $round of $rounds"
        same "$expected" "$(store_content)"
        same ok "$(sqlite3 "$BIOCTL_DATA_DIR/bioctl.db" 'PRAGMA integrity_check')"
    done
}

# kill_often LINE VERB...: at moments of its duration, and a little beyond
kill_often() {
    local line="$1" rounds=1 round first milliseconds pid
    shift
    [ -z "${BIOCTL_LONG_TESTS:-}" ] || rounds=9
    milliseconds=$(cat "$BATS_FILE_TMPDIR/milliseconds-$line")
    for round in $(seq "$rounds"); do
        begin_round
        "$BIOCTL" -q "$@" >"$root/out/stdout" 2>"$root/out/stderr" </dev/null 3>&- &
        pid=$!
        sleep "$(awk -v ms=$((RANDOM % (milliseconds + milliseconds / 8 + 1))) 'BEGIN { printf "%.3f", ms / 1000 }')"
        kill -9 "$pid" 2>/dev/null || true
        first=0
        wait "$pid" 2>/dev/null || first=$?
        echo "round $round: $*: $first"
        [ "$first" = 0 ] || [ "$first" = 137 ] || fail "ended by itself: $(cat "$root/out/stderr")"
        assert_loses_nothing "$first" "$line" "$@"
    done
}

@test "every verb that writes, killed at random moments and run again, ends as one that was not" {
    setup_root
    each_verb kill_often
}
