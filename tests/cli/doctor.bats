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

@test "a full disk is called so, and doctor does not tell to move the store away" {
    enrol_vectors alice
    cat >full.sh <<'SCRIPT'
mount -t tmpfs -o size=600k tmpfs "$1/small" && cp "$BIOCTL_DATA_DIR/bioctl.db" "$1/small/" || exit 99
! dd if=/dev/zero of="$1/small/fill" bs=1k 2>/dev/null || exit 98
export BIOCTL_DATA_DIR="$1/small"
"$BIOCTL" onts add Andi
echo "status $?"
"$BIOCTL" doctor --json
SCRIPT
    mkdir small
    run_split unshare --mount bash full.sh "$PWD"
    [ "$status" != 99 ] && unshare --mount true 2>/dev/null || skip "may not mount"
    assert_stderr_has "small/bioctl.db: disk full; make room"
    assert_stdout_has "status 74"
    grep '^{' "$BATS_TEST_TMPDIR/stdout" >doctor.json
    jq -se 'any(.[]; .name == "disk" and .status == "fail")' doctor.json >/dev/null || fail "the disk is not told"
    jq -se 'map(select(.name == "store")) | all(.status == "ok" or (.remedy | contains("leave the file")))' doctor.json >/dev/null ||
        fail "wrong advice"
}

# installed_without MODULE: the program in a prefix of its own, where one of its modules is missing
installed_without() {
    local prefix=$BATS_TEST_TMPDIR/prefix from
    from=$(dirname "$BIOCTL")
    mkdir -p "$prefix/lib/bioctl"
    cp "$BIOCTL" "$prefix/bioctl"
    ln -s "$from/share" "$prefix/share"
    for module in "$from"/lib/bioctl/*.so; do
        [ "${module##*/}" = "$1" ] || ln -s "$module" "$prefix/lib/bioctl/"
    done
    echo "$prefix/bioctl"
}

@test "without the module that runs networks the verbs say what is missing" {
    local bioctl
    bioctl=$(installed_without bioctl-face-onednn.so)
    run_split "$bioctl" enroll --id alice --faces largest "$demo/sample1.jpg"
    assert_status 78
    [[ $stderr == *"bioctl-face-onednn.so: not found in"*"install all of bioctl"* ]]
    run_split "$bioctl" doctor --json
    assert_status 1
    assert_json 'any(.[]; .name == "face_modules" and .status == "fail" and (.remedy | contains("install")))'
    run_split "$bioctl" people list
    assert_status 0
}

@test "without the module for hard photos faces are still found, and doctor warns" {
    local bioctl
    bioctl=$(installed_without bioctl-face-dlib.so)
    run_split "$bioctl" enroll --id alice --faces largest "$demo/sample1.jpg"
    assert_status 0
    run_split "$bioctl" doctor --json
    assert_status 0
    assert_json 'any(.[]; .name == "face_modules" and .status == "warn" and (.detail | contains("bioctl-face-dlib.so")))'
}

@test "start-up loads no library that runs networks, speaks HTTP or plays videos" {
    for words in version --help 'people list' 'events list' 'config show'; do
        # shellcheck disable=SC2086  # words
        LD_DEBUG=files run_split "$BIOCTL" $words
        [[ $stderr == *libsqlite3* ]]
        [[ $stderr != *libdnnl* && $stderr != *libopencv_dnn* && $stderr != *libdlib* && $stderr != *libcurl* && $stderr != *libopencv_videoio* ]]
    done
}
