load helpers
load lib/people

@test "doctor answers where everything is broken" {
    mkdir -p "$(dirname "$BIOCTL_DATA_DIR")"
    echo "not a folder" >"$BIOCTL_DATA_DIR"
    BIOCTL_MODELS_DIR=/nowhere run_split "$BIOCTL" doctor --json
    assert_status 1
    assert_json 'map(select(.status == "fail") | .name) | contains(["data_dir", "models"])'
    assert_json 'all(.[]; .type == "check" and (.status == "ok" or (.remedy | length > 0)))'
}

@test "doctor of a fresh installation finds nothing that fails" {
    run_split "$BIOCTL" doctor --json
    assert_status 0
    assert_json 'all(.[]; .status != "fail") and any(.[]; .name == "contract") and any(.[]; .name == "store")'
    [ ! -e "$BIOCTL_DATA_DIR" ]
}

@test "doctor finds a damaged store and names the way out" {
    enrol_vectors alice
    printf 'garbage' | dd of="$BIOCTL_DATA_DIR/bioctl.db" conv=notrunc 2>/dev/null
    run_split "$BIOCTL" doctor --json
    assert_status 1
    assert_json 'any(.[]; .name == "store" and .status == "fail" and (.remedy | contains("backup")))'
}

@test "doctor --deep checks digests and portraits" {
    "$BIOCTL" -q enroll --id alice --faces largest "$demo/sample1.jpg" >/dev/null
    run_split "$BIOCTL" doctor --deep --json
    assert_status 0
    assert_json 'any(.[]; .name == "model:faceapi-resnet" and (.detail | contains("sha256")))'
    assert_json 'any(.[]; .name == "portraits" and .status == "ok")'
    rm -r "$BIOCTL_DATA_DIR/media"
    run_split "$BIOCTL" doctor --deep --json
    assert_status 0
    assert_json 'any(.[]; .name == "portraits" and .status == "warn" and (.detail | contains("1 missing")))'
}

@test "doctor warns of other models' templates and of files that others can read" {
    enrol_vectors alice
    make_contract_old
    chmod 0644 "$BIOCTL_DATA_DIR/bioctl.db"
    run_split "$BIOCTL" doctor
    assert_status 0
    assert_stdout_has "people reembed"
    assert_stdout_has "chmod 0600"
}
