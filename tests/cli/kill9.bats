# kill -9 at any moment of a bulk enrolment: run again, the store is that of a run nobody killed.
# BIOCTL_LONG_TESTS=1 for 20 rounds of 500 photos.

load helpers
load lib/faces

setup_file() {
    make_faces
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
