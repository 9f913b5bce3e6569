# What every bats file loads: a private home and working folder, the program under test, and assertions that show what they saw.
# The program is $BIOCTL, else build/bioctl.

bats_require_minimum_version 1.5.0
repository=$(cd "$BATS_TEST_DIRNAME/../.." && pwd)
export BIOCTL=${BIOCTL:-$repository/build/bioctl}

setup_sandbox() {
    local variable
    for variable in $(compgen -e); do
        case $variable in BIOCTL | BIOCTL_TEST_DATA | BIOCTL_LONG_TESTS) ;; BIOCTL_* | FACE_TOLERANCE) unset "$variable" ;; esac
    done
    unset XDG_CONFIG_HOME XDG_DATA_HOME NO_COLOR
    export HOME="$BATS_TEST_TMPDIR/home" TERM=xterm LC_ALL=C.UTF-8
    export BIOCTL_CONFIG_SYSTEM="$BATS_TEST_TMPDIR/etc/bioctl.toml"
    export BIOCTL_DATA_DIR="$BATS_TEST_TMPDIR/data"
    mkdir -p "$HOME" "$BATS_TEST_TMPDIR/work"
    cd "$BATS_TEST_TMPDIR/work" || return
}

setup() { setup_sandbox; }

# run_split COMMAND...: sets status, stdout and stderr (without their last newlines).
run_split() {
    status=0
    "$@" >"$BATS_TEST_TMPDIR/stdout" 2>"$BATS_TEST_TMPDIR/stderr" </dev/null || status=$?
    stdout=$(tr -d '\0' <"$BATS_TEST_TMPDIR/stdout")
    stderr=$(tr -d '\0' <"$BATS_TEST_TMPDIR/stderr")
}

bioctl() { "$BIOCTL" "$@"; }

# For scripts that call it by its name: bin/ of the working folder, first on PATH.
put_on_path() {
    mkdir -p bin
    ln -s "$BIOCTL" bin/bioctl
    export PATH="$PWD/bin:$PATH"
}

fail() {
    printf '%s\n--- status: %s\n--- stdout:\n%s\n--- stderr:\n%s\n' "$1" "${status-}" "${stdout-}" "${stderr-}" >&2
    return 1
}

# until_true COMMAND...: at most 30 s
until_true() {
    local tries=600
    until "$@"; do
        ((tries-- > 0)) || fail "not in time: $*; err: $(cat err 2>/dev/null)"
        sleep 0.05
    done
}

assert_status() { [ "$status" = "$1" ] || fail "expected status $1"; }
assert_stdout() { [ "$stdout" = "$1" ] || fail "expected on stdout: $1"; }
assert_stderr() { [ "$stderr" = "$1" ] || fail "expected on stderr: $1"; }
assert_stdout_has() { [[ $stdout == *"$1"* ]] || fail "stdout lacks: $1"; }
assert_stderr_has() { [[ $stderr == *"$1"* ]] || fail "stderr lacks: $1"; }
assert_stdout_lacks() { [[ $stdout != *"$1"* ]] || fail "stdout must not have: $1"; }
assert_stderr_lacks() { [[ $stderr != *"$1"* ]] || fail "stderr must not have: $1"; }

# assert_json FILTER: a jq filter over the records of stdout, read as an array, that must be true.
assert_json() { jq -se "$1" <"$BATS_TEST_TMPDIR/stdout" >/dev/null || fail "stdout does not satisfy: $1"; }
assert_json_stderr() { jq -se "$1" <"$BATS_TEST_TMPDIR/stderr" >/dev/null || fail "stderr does not satisfy: $1"; }

# on_terminal COMMAND...: runs it with stdin, stdout and stderr on a terminal; what it wrote is in `output`.
on_terminal() { run script -qec "$(printf '%q ' "$@")" /dev/null </dev/null; }
