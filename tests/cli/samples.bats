# samples/: units, crontabs, proxies, containers and monitoring rules, checked by the programs that they are for, or run.

load helpers
load lib/serve

samples="$repository/samples"

setup() {
    setup_sandbox
    put_on_path
}

teardown() {
    [ ! -e nginx.pid ] || kill "$(cat nginx.pid)" 2>/dev/null || true
    stop_serve
}

need() { command -v "$1" >/dev/null || skip "no $1 here"; }

@test "systemd: every unit is one that systemd takes, with a command that bioctl takes" {
    local unit file command verb
    for unit in "$samples"/systemd/*.service "$samples"/systemd/*.timer; do
        file=$(basename "$unit")
        sed "s|/usr/local/bin/bioctl|$BIOCTL|" "$unit" >"$file"
        head -1 "$unit" | grep -q "^# /etc/systemd/system/$file" || fail "$file does not say where it belongs"
        grep -q '^Documentation=man:' "$unit"
    done
    for unit in "$samples"/systemd/*.service; do
        command=$(sed -nE 's|^ExecStart=/usr/local/bin/bioctl ||p' "$unit")
        [ -n "$command" ] || fail "$unit: no command"
        # Parsed, and no more.
        # shellcheck disable=SC2086  # words of a command
        run_split bioctl $command --help
        assert_status 0
    done
    for unit in "$samples"/systemd/*.timer; do
        [ -e "${unit%.timer}.service" ] || fail "$unit starts nothing"
    done
    need systemd-analyze
    systemd-analyze verify --man=no ./*.service ./*.timer 2>&1 | tee verified
    run ! grep -E '^(\./)?bioctl-[^ ]*:|Unknown|[Ff]ailed|ignoring' verified
    for unit in "$samples"/systemd/*.timer; do
        systemd-analyze calendar "$(sed -n 's/^OnCalendar=//p' "$unit")"
    done
}

@test "systemd: the services may do little" {
    need systemd-analyze
    local unit
    for unit in "$samples"/systemd/*.service; do
        sed "s|/usr/local/bin/bioctl|$BIOCTL|" "$unit" >"$(basename "$unit")"
        systemd-analyze security --offline=true --threshold=30 "./$(basename "$unit")" >security 2>&1 || fail "$(cat security)"
        # It would forbid the code that oneDNN makes for the processor.
        run ! grep '^MemoryDenyWriteExecute' "$unit"
        grep -q '^NoNewPrivileges=yes' "$unit"
    done
}

@test "cron: every line works as it is written" {
    need jq
    bioctl -q targets add hooks https://hrd.example/hook >/dev/null  # so that there is a store
    cp "$samples/pipelines/daily-attendance.sh" bin/
    printf '#!/bin/sh\ncat >mail\n' >bin/sendmail
    chmod +x bin/sendmail
    export SENDMAIL="$PWD/bin/sendmail"
    local line lines=0
    while read -r line; do
        run_split sh -c "$line"
        # 66: nobody is enrolled.
        case $line in *dedupe*) [ "$status" = 0 ] || assert_status 66 ;; *) assert_status 0 ;; esac
        assert_stdout ""
        lines=$((lines + 1))
    done < <(sed -nE 's/^([*0-9,/-]+ +){5}//p' "$samples/cron/services.crontab")
    [ "$lines" = 3 ]
    grep -q '^# TYPE bioctl_people gauge' bioctl.prom
    grep -q '^Subject: Attendance: 0 people' mail
}

@test "logrotate takes its file" {
    PATH="$PATH:/usr/sbin" need logrotate
    # The user of the package is not on every machine that tests.
    sed "s/su bioctl bioctl/su $(id -un) $(id -gn)/; s|/var/log/bioctl|$PWD/log|" "$samples/logrotate/bioctl" >conf
    mkdir log
    echo line >log/serve.log
    chmod 600 conf
    PATH="$PATH:/usr/sbin" logrotate -f -s state conf
    [ "$(cat log/serve.log.1)" = line ]
    [ ! -s log/serve.log ]
}

# A certificate for the proxies.
make_certificate() {
    openssl req -x509 -newkey rsa:2048 -nodes -days 1 -subj /CN=faces.example.sch.id -addext subjectAltName=DNS:faces.example.sch.id \
        -keyout proxy.key -out proxy.pem 2>/dev/null
}

@test "nginx in front of serve: TLS, WebSockets, the client's address; no figures for everybody" {
    PATH="$PATH:/usr/sbin" need nginx
    need openssl
    make_certificate
    # Behind a name that is not localhost nobody is trusted without.
    local key
    key=$(bioctl -q accounts keys create gate --scope recognize --scope read)
    start_serve --trusted-proxy 127.0.0.1
    local port=$((20000 + RANDOM % 10000))
    sed "s|/etc/ssl/certs/faces.example.sch.id.pem|$PWD/proxy.pem|; s|/etc/ssl/private/faces.example.sch.id.key|$PWD/proxy.key|
         s|listen 443 ssl|listen 127.0.0.1:$port ssl|; s|127.0.0.1:8080|${url#http://}|" "$samples/proxy/nginx.conf" >site.conf
    printf 'pid %s/nginx.pid; error_log stderr; events {} http { access_log off; client_body_temp_path %s/t1; proxy_temp_path %s/t2;
        fastcgi_temp_path %s/t3; uwsgi_temp_path %s/t4; scgi_temp_path %s/t5; include %s/site.conf; }\n' \
        "$PWD" "$PWD" "$PWD" "$PWD" "$PWD" "$PWD" "$PWD" >nginx.conf
    PATH="$PATH:/usr/sbin"
    nginx -t -c "$PWD/nginx.conf"
    nginx -c "$PWD/nginx.conf" 2>nginx.err 3>&-
    local ask=(curl -sS --max-time 30 --cacert proxy.pem --resolve "faces.example.sch.id:$port:127.0.0.1")
    [ "$("${ask[@]}" "https://faces.example.sch.id:$port/health" | jq -r .ok)" = true ]
    [ "$("${ask[@]}" -o /dev/null -w '%{http_code}' "https://faces.example.sch.id:$port/metrics")" = 404 ]
    # The handshake of a WebSocket: 101 is an answer of bioctl's, through nginx.
    [ "$("${ask[@]}" --http1.1 -o /dev/null -w '%{http_code}' --max-time 2 -H "X-API-Key: $key" -H 'Upgrade: websocket' -H 'Connection: Upgrade' -H 'Sec-WebSocket-Version: 13' \
        -H 'Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==' "https://faces.example.sch.id:$port/ws/recognitions" || true)" = 101 ]
}

@test "Caddy takes its file" {
    need caddy
    caddy validate --adapter caddyfile --config "$samples/proxy/Caddyfile"
}

@test "the container: a pinned base, nothing left of apt, no root, a health check that tells" {
    local file="$samples/container/Dockerfile"
    # What hadolint asks for: DL3006, DL3007, DL3008's reason, DL3009, DL3015, DL3020, DL3025, DL4000, DL3002.
    grep -E '^(ARG BASE=|FROM )' "$file" | while read -r _ base _; do
        case $base in '${BASE}' | BASE=*:*[0-9]*) ;; *) fail "not pinned: $base" ;; esac
        [[ $base != *latest* ]] || fail "latest: $base"
    done
    python3 - "$file" <<'CHECK'
import re, sys
text = re.sub(r"\\\n\s*", " ", open(sys.argv[1], encoding="utf-8").read())
lines = [line for line in text.splitlines() if line and not line.startswith("#")]
for line in lines:
    if "apt-get install" in line:
        for wanted in ("apt-get update", "--no-install-recommends", "-y", "rm -rf /var/lib/apt/lists/*"):
            assert wanted in line, f"{wanted} is missing: {line}"
    assert not re.match(r"(ADD|MAINTAINER)\b|RUN .*\bsudo\b", line), line
    if line.startswith(("CMD", "ENTRYPOINT")):
        assert line.split(" ", 1)[1].startswith("["), f"not as a list: {line}"
last = lines[max(i for i, line in enumerate(lines) if line.startswith("FROM")):]
users = [line.split()[1] for line in last if line.startswith("USER")]
assert users and users[-1] not in ("root", "0"), "it runs as root"
assert sum(line.startswith("HEALTHCHECK") for line in last) == 1
CHECK
    # Its health check is good while the server answers, and only then.
    local check
    check=$(sed -nE 's/^ *CMD \["\/bin\/bash", "-c", "(exec .*)"\]$/\1/p' "$file")
    [ -n "$check" ]
    check=$(printf '%s' "$check" | sed 's/\\"/"/g')
    start_serve
    check=${check//127.0.0.1\/8080/127.0.0.1/${url##*:}}
    bash -c "$check"
    stop_serve
    run ! bash -c "$check" 2>/dev/null
    # Every command of the Dockerfile and of compose.yaml is one that bioctl takes.
    local words commands=0
    while IFS= read -r words; do
        mapfile -t words < <(jq -r '.[]' <<<"$words")
        run_split bioctl "${words[@]}" --help
        assert_status 0
        commands=$((commands + 1))
    done < <(sed -nE 's/^(CMD|    command:) (\[.*\])$/\2/p' "$file" "$samples/container/compose.yaml")
    [ "$commands" = 4 ]
    python3 -c 'import yaml' 2>/dev/null || skip "no yaml for Python here: compose.yaml was not read"
    python3 -c 'import sys, yaml; services = yaml.safe_load(open(sys.argv[1]))["services"]
for name, service in services.items(): assert service["read_only"] and service["cap_drop"] == ["ALL"] and ":latest" not in service["image"], name' \
        "$samples/container/compose.yaml"
}

@test "Prometheus: rules and dashboard know no figure that a running server does not have" {
    start_serve
    curl -sf "$url/health" >/dev/null
    curl -sf "$url/metrics" >scraped
    sed -n 's/^# TYPE \([a-z_]*\) .*/\1/p' scraped | sort -u >known
    local file name names=0
    for file in alerts.yml dashboard.json; do
        while read -r name; do
            names=$((names + 1))
            grep -qxE "${name%_bucket}" known || fail "$file: there is no $name"
        done < <(sed -n '/expr\|query/p' "$samples/prometheus/$file" | grep -oE 'bioctl_[a-z_]+' | sort -u)
    done
    [ "$names" -ge 30 ] || fail "only $names names"
    # Labels and their values, too.
    for name in offline locked refused; do grep -q "^bioctl_devices{state=\"$name\"}" scraped; done
    for name in up down flapping; do grep -q "^bioctl_onts{state=\"$name\"}" scraped; done
    for name in failing refused; do grep -q "^bioctl_routers{state=\"$name\"}" scraped; done
    jq -e '[.panels[].targets[].expr | length > 0] | all and length >= 20' "$samples/prometheus/dashboard.json" >/dev/null
    jq -e '[.panels[].id] | length == (unique | length)' "$samples/prometheus/dashboard.json" >/dev/null
    # Each rule says what to do.
    [ "$(grep -c 'alert:' "$samples/prometheus/alerts.yml")" = "$(grep -c 'action:' "$samples/prometheus/alerts.yml")" ]
}

@test "Prometheus: the rules fire when they should, and only then" {
    need promtool
    promtool check rules "$samples/prometheus/alerts.yml"
    cat >rules_test.yml <<TESTS
rule_files: [$samples/prometheus/alerts.yml]
evaluation_interval: 1m
tests:
  - interval: 1m
    input_series:
      - {series: 'bioctl_devices{instance="a",state="offline"}', values: '0x5 2x30'}
      - {series: 'bioctl_devices{instance="a",state="ok"}', values: '3x35'}
      - {series: 'bioctl_device_last_sync_timestamp_seconds{device="gate"}', values: '60x60'}
      - {series: 'bioctl_device_last_sync_timestamp_seconds{device="new"}', values: '0x60'}
      - {series: 'bioctl_deliveries{target="hooks",state="failed"}', values: '0x20 3x30'}
      - {series: 'bioctl_onts{instance="a",state="down"}', values: '0x10 20x40'}
      - {series: 'bioctl_onts{instance="a",state="up"}', values: '100x10 80x40'}
      - {series: 'bioctl_ping_last_round_timestamp_seconds', values: '0x60'}
    alert_rule_test:
      - {alertname: BioctlTerminalAway, eval_time: 8m, exp_alerts: []}
      - eval_time: 20m
        alertname: BioctlTerminalAway
        exp_alerts:
          - exp_labels: {severity: warning, instance: a, state: offline}
            exp_annotations: {summary: "2 face terminals are offline", action: "bioctl devices list; bioctl devices check NAME says what to do"}
      - {alertname: BioctlTerminalNotRead, eval_time: 20m, exp_alerts: []}
      - eval_time: 40m
        alertname: BioctlTerminalNotRead
        exp_alerts:
          - exp_labels: {severity: warning, device: gate}
            exp_annotations: {summary: "gate has not been read for 39m 0s", action: "systemctl status bioctl-sync-hikvision; bioctl devices check gate"}
      - {alertname: BioctlDeliveriesRefused, eval_time: 15m, exp_alerts: []}
      - eval_time: 30m
        alertname: BioctlManyOntsDown
        exp_alerts:
          - exp_labels: {severity: critical, instance: a}
            exp_annotations: {summary: "20% of the ONTs are down", action: "bioctl outages list"}
      - {alertname: BioctlPingsStopped, eval_time: 40m, exp_alerts: []}
TESTS
    promtool test rules rules_test.yml
}
