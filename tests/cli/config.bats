# Settings: layers, origins, mistakes, changes.

load helpers

threshold() { bioctl config show "$@" --json | jq -r 'select(.key == "threshold") | "\(.value) \(.origin)"'; }

setup() {
    setup_sandbox
    user="$HOME/.config/bioctl/bioctl.toml"
    mkdir -p "$(dirname "$user")" "$(dirname "$BIOCTL_CONFIG_SYSTEM")"
}

@test "an unknown key in a file is refused with file, line and the nearest key" {
    printf '# mine\nthresold = 0.5\n' >"$user"
    run_split bioctl config show
    assert_status 78
    assert_stdout ""
    assert_stderr_has "$user:2: unknown key 'thresold'; did you mean 'threshold'?"
}

@test "a bad value is refused with file, line and what is allowed" {
    echo 'metric = "cosine"' >"$user"
    run_split bioctl people list
    assert_status 78
    assert_stderr_has "$user:1: metric must be one of: unit l2, not 'cosine'"
}

@test "a broken file stops the verbs that need settings, and no others" {
    echo 'this is not TOML' >"$user"
    run_split bioctl people list
    assert_status 78
    assert_stderr_has "$user:1: not TOML"
    for words in "help" "help config" "version" "config path" "--version"; do
        # shellcheck disable=SC2086 # words on purpose
        run_split bioctl $words
        assert_status 0
    done
}

@test "an unreadable file is refused, not skipped" {
    [ "$(id -u)" != 0 ] || skip "root reads everything"
    echo 'jobs = 1' >"$user"
    chmod 0 "$user"
    run_split bioctl config show
    assert_status 78
}

@test "the system's file in a folder that is closed to this user is not for this user; the user's own file is refused then" {
    local closed=() folder="$BATS_TEST_TMPDIR/closed"
    [ "$(id -u)" != 0 ] || closed=(setpriv --bounding-set=-dac_override,-dac_read_search)
    mkdir "$folder"
    echo 'jobs = 7' >"$folder/bioctl.toml"
    BIOCTL_CONFIG_SYSTEM="$folder/bioctl.toml" run_split bioctl config get jobs
    assert_stdout 7
    chmod 0 "$folder"
    BIOCTL_CONFIG_SYSTEM="$folder/bioctl.toml" run_split "${closed[@]}" "$BIOCTL" config get jobs
    assert_status 0
    assert_stdout 0
    chmod 0 "$(dirname "$user")"
    run_split "${closed[@]}" "$BIOCTL" config get jobs
    chmod 700 "$(dirname "$user")" "$folder"
    assert_status 78
}

@test "a file named by --config must exist" {
    run_split bioctl config show --config "$PWD/none.toml"
    assert_status 78
    assert_stderr_has "none.toml"
}

@test "each layer beats the next weaker one, and the origin says which won" {
    [ "$(threshold)" = "null default" ]
    export FACE_TOLERANCE=0.61
    [ "$(threshold)" = "0.61 env FACE_TOLERANCE" ]
    echo 'threshold = 0.62' >"$BIOCTL_CONFIG_SYSTEM"
    [ "$(threshold)" = "0.62 file $BIOCTL_CONFIG_SYSTEM:1" ]
    printf '\nthreshold = 0.63\n' >"$user"
    [ "$(threshold)" = "0.63 file $user:2" ]
    echo 'threshold = 0.64' >mine.toml
    [ "$(threshold --config mine.toml)" = "0.64 file mine.toml:1" ]
    [ "$(BIOCTL_CONFIG=mine.toml threshold)" = "0.64 file mine.toml:1" ]
    export BIOCTL_THRESHOLD=0.65
    [ "$(threshold --config mine.toml)" = "0.65 env BIOCTL_THRESHOLD" ]
    BIOCTL_DATA_DIR=/env
    [ "$(bioctl config get data_dir --data-dir /flag)" = /flag ]
    [ "$(bioctl config show --data-dir /flag --json | jq -r 'select(.key == "data_dir").origin')" = "flag --data-dir" ]
}

@test "get prints the bare value, and 1 says that there is none" {
    run_split bioctl config get jobs
    assert_status 0
    assert_stdout 0
    run_split bioctl config get threshold
    assert_status 1
    assert_stdout ""
    run_split bioctl config get thresold
    assert_status 64
    assert_stderr_has "did you mean 'threshold'?"
}

@test "set keeps comments and order, and tells what it did" {
    printf '# door 1\njobs = 2   # two cores\n\n# colours\nmetric = "l2"\n' >"$user"
    run_split bioctl config set jobs 4
    assert_status 0
    assert_stdout ""
    assert_stderr "bioctl: $user: jobs = 4"
    printf '# door 1\njobs = 4   # two cores\n\n# colours\nmetric = "l2"\n' | cmp - "$user"
    run_split bioctl config unset jobs
    printf '# door 1\n\n# colours\nmetric = "l2"\n' | cmp - "$user"
}

@test "set makes the user's file, for its owner only" {
    run_split bioctl config set threshold 0.45
    assert_status 0
    [ "$(stat -c %a "$user")" = 600 ]
    [ "$(bioctl config get threshold)" = 0.45 ]
}

@test "set refuses a bad value and leaves the file alone" {
    echo 'jobs = 1' >"$user"
    run_split bioctl config set jobs many
    assert_status 64
    assert_stderr_has "jobs must be a whole number"
    [ "$(cat "$user")" = 'jobs = 1' ]
}

@test "a mistake in the file can be repaired with set" {
    echo 'jobs = "many"' >"$user"
    run_split bioctl config set jobs 3
    assert_status 0
    [ "$(cat "$user")" = 'jobs = 3' ]
}

@test "set warns when a stronger place has the last word" {
    BIOCTL_JOBS=7 run_split bioctl config set jobs 3
    assert_status 0
    assert_stderr_has "warning: jobs is still taken from: env BIOCTL_JOBS"
}

@test "set --system changes the system's file, --config the named one" {
    bioctl config set --system jobs 5 -q
    [ "$(cat "$BIOCTL_CONFIG_SYSTEM")" = 'jobs = 5' ]
    bioctl config set --config mine.toml jobs 6 -q
    [ "$(cat mine.toml)" = 'jobs = 6' ]
    [ ! -e "$user" ]
}

@test "without a home the data folder has to be named" {
    unset HOME BIOCTL_DATA_DIR
    run_split bioctl people list
    assert_status 78
    assert_stderr_has "--data-dir"
    run_split bioctl config show
    assert_status 0
}

@test "path lists the files, strongest first" {
    touch "$user"
    run_split bioctl config path --json
    assert_status 0
    assert_json 'map(.layer) == ["user", "system"] and map(.exists) == [true, false]'
}

@test "log_level decides about notes, and the flags decide over it" {
    BIOCTL_LOG_LEVEL=warn run_split bioctl people list
    assert_stderr ""
    BIOCTL_LOG_LEVEL=warn run_split bioctl people list --verbose
    assert_stderr_has "nobody is enrolled"
    run_split bioctl people list --quiet
    assert_stderr ""
}
