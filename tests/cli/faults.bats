#!/usr/bin/env bats
# Every verb that writes, with a call of the system failing in its middle: it says so, loses nothing that it had said was done, leaves a
# store that is whole, and does its work when it is run again. Two calls of each kind; BIOCTL_LONG_TESTS=1 for up to 25.

load helpers
load lib/faces
load lib/models
load lib/people
load lib/sim
load lib/terminals
load lib/faults

setup_file() { make_base; }
setup() {
    # A sanitizer has to be the first library itself.
    ! grep -qs __asan_init "$BIOCTL" || skip "a build with sanitizers takes no other malloc"
    setup_root
}

# What a verb may say instead of 0, as the manual has it.
is_documented() { [[ " 1 3 65 66 69 70 73 74 75 77 78 " == *" $1 "* ]]; }

# oneDNN 2.6 looks at what it was not given (brgemm_kernel_create): the process dies, and what it leaves must be as after any death.
is_killed_by_library() { [[ "$1 $2 $status" == "memory "*"enroll 139" ]]; }

# walk LINE VERB...: the verb with calls of the kind $fault failing, one at a time
walk() {
    local line="$1" what rest number most=2
    shift
    read -r what rest <<<"$fault"
    [ -z "${BIOCTL_LONG_TESTS:-}" ] || most=25
    begin_round
    failing "$what 0 $rest" "$@"
    assert_status 0
    for number in $(nth "$calls" "$most"); do
        begin_round
        failing "$what $number $rest" "$@"
        echo "$what $number $rest: $*: $status: $stderr"
        if [ "$status" != 0 ] && ! is_killed_by_library "$what" "$1"; then
            is_documented "$status" || fail "no documented status"
            [[ ${stderr##*$'\n'} == "bioctl: "* ]] || fail "no word of it"
            assert_stderr_lacks "this is a bug"
        fi
        assert_loses_nothing "$status" "$line" "$@"
    done
}

@test "a disk that is full from some moment on" { fault="write ENOSPC 1 0" each_verb walk; }
@test "a disk that takes half of a write, then none" { fault="write ENOSPC 1 1" each_verb walk; }
@test "a write that fails once" { fault="write EIO 0 0" each_verb walk; }
@test "a file that does not get to the disk" { fault="sync EIO 0 0" each_verb walk; }
@test "a rename that fails" { fault="rename EIO 0 0" each_verb walk; }
@test "no file can be made from some moment on" { fault="open ENOSPC 1 0" each_verb walk; }
@test "an allocation that fails" { fault="memory ENOMEM 0 0" each_verb walk; }
