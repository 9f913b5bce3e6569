# The service under test, and how its replies are looked at. Besides helpers.bash.

# start_serve [OPTION]...: on a free port of 127.0.0.1 unless --listen says otherwise; sets url, serve_pid. Its messages are in
# $serve_log, its access log in $access_log.
start_serve() {
    local listen=(--listen 127.0.0.1:0)
    [[ " $* " != *" --listen "* ]] || listen=()
    serve_log="$BATS_TEST_TMPDIR/serve.log"
    access_log="$BATS_TEST_TMPDIR/access.log"
    : >"$serve_log"  # else the address of the service before is read, until the new one has begun
    "$BIOCTL" serve "${listen[@]}" "$@" >"$access_log" 2>"$serve_log" 3>&- &
    serve_pid=$!
    local attempt
    for attempt in $(seq 600); do
        url=$(sed -n 's/^bioctl: listening on //p' "$serve_log" | head -1)
        [ -n "$url" ] && return
        kill -0 "$serve_pid" 2>/dev/null || break
        sleep 0.05
    done
    cat "$serve_log" >&2
    return 1
}

# stop_serve: ends it in order and says how it ended.
stop_serve() {
    [ -n "${serve_pid-}" ] || return 0
    kill "$serve_pid" 2>/dev/null || true
    serve_status=0
    wait "$serve_pid" || serve_status=$?
    serve_pid=
    return "$serve_status"
}

# ask PATH [CURL-OPTION]...: sets status (of HTTP), headers (lower-case names, without \r) and body; adds the body as a line to the
# file $all_bodies, if that is set.
ask() {
    local path="$1"
    shift
    : >"$BATS_TEST_TMPDIR/body"  # curl leaves the one of the call before when a reply has none
    status=$(curl -sS --max-time 60 -o "$BATS_TEST_TMPDIR/body" -D "$BATS_TEST_TMPDIR/headers" -w '%{http_code}' "$@" "$url$path") || return
    headers=$(tr -d '\r' <"$BATS_TEST_TMPDIR/headers" | sed 's/^\([^: ]*\):/\L\1:/')
    body=$(tr -d '\0' <"$BATS_TEST_TMPDIR/body")
    [ -z "${all_bodies-}" ] || printf '%s\n' "$body" >>"$all_bodies"
    stdout=$body stderr=$headers  # what fail() shows
}

assert_body() { [ "$body" = "$1" ] || fail "expected body: $1"; }
assert_body_has() { [[ $body == *"$1"* ]] || fail "the body lacks: $1"; }
assert_body_json() { jq -e "$1" <"$BATS_TEST_TMPDIR/body" >/dev/null || fail "the body does not satisfy: $1"; }
assert_header() { grep -qixF "$1" <<<"$headers" || fail "no header: $1"; }
assert_no_header() { ! grep -qi "^$1:" <<<"$headers" || fail "there is a header: $1"; }
