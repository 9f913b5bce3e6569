# From a silent OLT to what people read: real packets, the real outbox, a real receiver.

load helpers
load lib/sim
load lib/network

setup() {
    setup_sandbox
    own_network
}

teardown() {
    close_network
    stop_sims
}

told() { sqlite3 "$BIOCTL_DATA_DIR/bioctl.db" "SELECT json_extract(body, '$.title') FROM delivery ORDER BY id"; }

@test "an OLT with its children is one message for each target and one line of the list, and one when it is back" {
    add_onts 20
    bioctl -q targets add hook http://127.0.0.1:9/x --kind notification --after 0s >/dev/null
    bioctl -q targets add pager "exec:/bin/sh?arg=-c&arg=cat%20%3E%3E%20$PWD/paged" --format exec --kind notification --after 0s >/dev/null
    watch --guard 127.9.9.9
    silence 127.1.0.1 127.0.1.{1..20}
    # One whose own time has not come yet holds nobody up: --no-deliver leaves the rest for the service.
    for _ in 1 2 3; do watch --guard 127.9.9.9 --no-deliver; done
    [ "$(told | grep -c 'OLT-1: 20 ONTs down since')" = 2 ]
    [ "$(told | wc -l)" = 2 ]
    bioctl -q outbox flush --patience 0 >/dev/null 2>&1 || true
    [ "$(jq -r .type paged)" = notification ]
    [ "$(jq -r .severity paged)" = error ]
    [ "$(jq -r .counts.onts paged)" = 20 ]
    let_speak 127.1.0.1 127.0.1.{1..20}
    for _ in 1 2; do watch --guard 127.9.9.9 --no-deliver; done
    bioctl -q outbox flush --patience 0 >/dev/null 2>&1 || true
    [ "$(jq -r .severity paged | tail -n 1)" = success ]
    [[ "$(jq -r .title paged | tail -n 1)" == "OLT-1 is back at "*"; 20 ONTs had been down" ]]
    [ "$(jq -s length paged)" = 2 ]
}

@test "--once waits for the wait of a target, and tells no more of what is over by then" {
    add_onts 3
    bioctl -q targets add pager "exec:/bin/sh?arg=-c&arg=cat%20%3E%3E%20$PWD/paged" --format exec --kind notification --after 2s >/dev/null
    watch --no-deliver
    silence 127.0.1.1
    watch --no-deliver
    watch --no-deliver
    watch
    [[ "$(jq -r .title paged)" == "home 0 is down since "* ]]
}
