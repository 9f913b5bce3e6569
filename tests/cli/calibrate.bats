load helpers
load lib/faces
load lib/people

@test "calibrate answers a wrong call with 64 and an empty installation with 66" {
    run_split "$BIOCTL" calibrate --apply --forget
    assert_status 64
    run_split "$BIOCTL" calibrate --target-fpir 0
    assert_status 64
    run_split "$BIOCTL" calibrate
    assert_status 66
    assert_stderr_has "nobody is enrolled"
}

@test "calibrate refuses a target that the people cannot show" {
    enroll_crowd 40 1
    run_split "$BIOCTL" calibrate
    assert_status 65
    assert_stderr_has "40 people cannot show how often 0.01 of strangers are named: that takes 300"
    run_split "$BIOCTL" calibrate --target-fpir 0.1 --target-fmr 1e-6
    assert_status 65
    run_split "$BIOCTL" calibrate --target-fpir 0.1
    assert_status 0
}

@test "calibrate changes nothing without --apply, and everything that recognizes with it" {
    enroll_crowd 310 2
    run_split "$BIOCTL" --json config show
    local before="$stdout"
    run_split "$BIOCTL" --json calibrate --replicates 100
    assert_status 0
    assert_json 'map(select(.type == "threshold")) | length == 2 and .[0].now == 0.489 and .[1].now == 0.54 and .[0].measured <= 0.01 and .[0].high > 0.01'
    assert_stderr_has "nothing is changed"
    run_split "$BIOCTL" --json config show
    assert_stdout "$before"

    run_split "$BIOCTL" --json calibrate --replicates 100 --apply
    assert_status 0
    local identify verify
    identify=$(jq 'select(.use == "recognize") | .threshold' <<<"$stdout")
    verify=$(jq 'select(.use == "compare") | .threshold' <<<"$stdout")
    run_split "$BIOCTL" --json config show
    same "$identify" "$(jq 'select(.key == "threshold (1:N, unit)") | .value' <<<"$stdout")"
    assert_stdout_has "310 people"
    run_split "$BIOCTL" --json calibrate --replicates 100
    same "$identify" "$(jq 'select(.use == "recognize") | .now' <<<"$stdout")"
    run_split "$BIOCTL" --json compare "$demo/sample1.jpg" "$demo/sample3.jpg"
    same "$verify" "$(field comparison threshold <<<"$stdout")"
    # What is set beats what was measured.
    BIOCTL_THRESHOLD=0.3 run_split "$BIOCTL" --json compare "$demo/sample1.jpg" "$demo/sample3.jpg"
    same 0.3 "$(field comparison threshold <<<"$stdout")"
    BIOCTL_THRESHOLD=0.3 run_split "$BIOCTL" config show
    assert_stdout_has "overruled by env BIOCTL_THRESHOLD"

    run_split "$BIOCTL" calibrate --forget
    assert_status 0
    run_split "$BIOCTL" --json compare "$demo/sample1.jpg" "$demo/sample3.jpg"
    same 0.54 "$(field comparison threshold <<<"$stdout")"
    run_split "$BIOCTL" calibrate --forget
    assert_status 1
}

@test "calibrate does not put thresholds to use that people enrolled twice have spoilt" {
    crowd 12 6 >people.ndjson
    # Four of them a second time, under another id.
    head -4 people.ndjson | sed 's/"person_id": "/&again-/' >>people.ndjson
    "$BIOCTL" -q people import people.ndjson >/dev/null
    local targets=(--target-fpir 0.2 --target-fmr 0.01 --replicates 100)
    run_split "$BIOCTL" --json config show
    local before="$stdout"
    run_split "$BIOCTL" calibrate "${targets[@]}"
    assert_status 0
    assert_stderr_has "bioctl people dedupe"
    run_split "$BIOCTL" --quiet calibrate "${targets[@]}" --apply
    assert_status 65
    assert_stderr_has "were not put to use: the threshold of recognize would be"
    assert_stderr_has "bioctl people dedupe"
    run_split "$BIOCTL" --json config show
    assert_stdout "$before"
}

@test "calibrate --json tells the curve as numbers" {
    enroll_crowd 40 7
    run_split "$BIOCTL" --json calibrate --target-fpir 0.1 --replicates 100
    assert_status 0
    assert_json 'map(select(.type == "calibration"))[0].curve | length > 10 and all(.[]; length == 3 and all(.[]; type == "number"))'
}

@test "doctor warns when a gallery has outgrown its calibration" {
    enroll_crowd 310 3
    "$BIOCTL" -q calibrate --replicates 100 --apply >/dev/null
    run_split "$BIOCTL" --json doctor
    same ok "$(jq -r 'select(.name == "calibration:face") | .status' <<<"$stdout")"
    enroll_crowd 2200 4
    run_split "$BIOCTL" --json doctor
    same warn "$(jq -r 'select(.name == "calibration:face") | .status' <<<"$stdout")"
    assert_stdout_has "chosen from 310 people, now there are 2510"
}

@test "evaluate --store and calibrate agree about who is named wrongly" {
    enroll_crowd 310 5
    run_split "$BIOCTL" --json calibrate --replicates 100
    local threshold missed
    threshold=$(jq 'select(.use == "recognize") | .threshold' <<<"$stdout")
    missed=$(jq 'select(.use == "recognize") | .missed' <<<"$stdout")
    run_split "$BIOCTL" --json evaluate --store --replicates 100
    same "$threshold" "$(jq 'select(.name == "fnir@fpir=0.01") | .threshold' <<<"$stdout")"
    same "$missed" "$(jq 'select(.name == "fnir@fpir=0.01") | .value' <<<"$stdout")"
}
