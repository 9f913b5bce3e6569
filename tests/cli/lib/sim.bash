# Simulated terminals and the simulated target API. Each start_* leaves what the program announced in a file and kills it at the
# end of the test: call stop_sims in teardown.

HIK_SIM=${HIK_SIM:-$repository/build/tests/support/hik_sim/hik_sim}
API_SIM=${API_SIM:-$repository/build/tests/support/api_sim/api_sim}
ROUTEROS_SIM=${ROUTEROS_SIM:-$repository/build/tests/support/routeros_sim/routeros_sim}
SMTP_SIM=${SMTP_SIM:-$repository/build/tests/support/smtp_sim/smtp_sim}
sim_pids=()

# start_sim PROGRAM FILE OPTION...: runs it until its ready line is in FILE.
start_sim() {
    local program="$1" announced="$2" tries=200
    shift 2
    rm -f "$announced"  # of one before it
    "$program" "$@" >"$announced" 2>"$announced.err" 3>&- &
    sim_pids+=($!)
    until grep -qs '"type":"ready"' "$announced"; do
        if ((tries-- == 0)) || ! kill -0 "${sim_pids[-1]}"; then
            cat "$announced.err" >&2
            return 1
        fi
        sleep 0.05
    done
}

start_hik_sim() {
    start_sim "$HIK_SIM" hik_sim.ndjson "$@"
    sim_control=$(jq -r 'select(.type == "ready").control' hik_sim.ndjson)
}

# shellcheck disable=SC2034  # for the tests
start_api_sim() {
    start_sim "$API_SIM" api_sim.ndjson "$@"
    api_url=$(jq -r .url api_sim.ndjson)
    api_control=$(jq -r .control api_sim.ndjson)
}

# Messages that it takes are in the file `mails`, one JSON object a line.
# shellcheck disable=SC2034  # for the tests
start_smtp_sim() {
    : >mails
    start_sim "$SMTP_SIM" smtp_sim.ndjson --out mails "$@"
    smtp_port=$(jq -r .port smtp_sim.ndjson)
    smtp_pin=$(jq -r '.pin | @uri' smtp_sim.ndjson)
}

stop_sims() {
    local pid
    for pid in "${sim_pids[@]}"; do
        kill "$pid" 2>/dev/null || true
        wait "$pid" || true
    done
    sim_pids=()
}

device_url() { jq -r --arg name "$1" 'select(.name == $name).url' hik_sim.ndjson; }

# sim_switch "device?name=dev-001&off=1"
sim_switch() { curl -sf -X POST "$sim_control/$1" >/dev/null; }
sim_truth() { curl -sf "$sim_control/truth?device=$1"; }
# sim_stat DEVICE FIELD
sim_stat() { curl -sf "$sim_control/stats?device=$1" | jq -r ".$2"; }

# start_routeros_sim [OPTION...]: sets router_port and router_control.
# shellcheck disable=SC2034  # for the tests
start_routeros_sim() {
    start_sim "$ROUTEROS_SIM" routeros_sim.ndjson "$@"
    router_port=$(jq -r .port routeros_sim.ndjson)
    router_control=$(jq -r .control routeros_sim.ndjson)
}

# router_do "script?log-in=3", "mode?fault=stall"
router_do() { curl -sf -X POST "$router_control/$1" >/dev/null; }
router_stat() { curl -sf "$router_control/stats" | jq -r ".$1"; }

router_password=router-Secret-1
# add_router NAME [OPTION...]: the simulated router that was started last.
add_router() {
    local name="$1"
    shift
    printf '%s\n' "$router_password" |
        "$BIOCTL" -q routers add "$name" "127.0.0.1:$router_port" --user monitor --password-file - --tls off "$@" >/dev/null 2>&1
}
