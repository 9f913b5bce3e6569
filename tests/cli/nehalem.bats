# The release binary on the oldest processor it is meant for: SSE4.2, no AVX. Kernels are chosen at run time, and one that is built for
# the wrong processor dies of an illegal instruction here and nowhere on newer machines. The photos are small: qemu is slow.

load helpers
load lib/faces

setup_file() { make_faces; }
setup() {
    setup_sandbox
    command -v qemu-x86_64 >/dev/null || skip "skipped: no qemu-x86_64 (package qemu-user)"
    grep -q __asan_init "$BIOCTL" && skip "skipped: AddressSanitizer does not run under qemu"
    return 0
}

nehalem() { qemu-x86_64 -cpu Nehalem "$BIOCTL" "$@"; }

# answers COMMAND...: what it says of both photos, after enrolling the first person's face with it
answers() {
    export BIOCTL_DATA_DIR="$BATS_TEST_TMPDIR/data-$1"
    "$@" -q enroll --id tala "$(faces)/face-1-0.jpg" >/dev/null
    "$@" --json recognize -j 1 "$(faces)/face-3-0.jpg" | jq -c '[.person_id, .distance]'
}

@test "an old processor: version" {
    run_split nehalem version
    assert_status 0
    assert_stderr ""
    same "$("$BIOCTL" version)" "$stdout"
}

@test "an old processor: enroll and recognize answer what a new one answers" {
    local old new
    old=$(answers nehalem)
    new=$(answers bioctl)
    jq -en --argjson old "$old" --argjson new "$new" \
        '$old[0] == "tala" and $new[0] == "tala" and ($old[1] - $new[1] | fabs) <= 1e-3' >/dev/null ||
        fail "Nehalem says $old, this processor $new"
}
