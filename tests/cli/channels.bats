load helpers
load lib/sim
load lib/terminals

teardown() { stop_sims; }

received() { curl -s "$api_control/received"; }

token=123456:AAE-secret_Token

# The bot's token in a file for its owner only.
write_token() {
    printf '%s\n' "$token" >token
    chmod 600 token
}

add_chat() {
    write_token
    bioctl -q targets add chat "$api_url?chat_id=${1:-77}" --format telegram --token-file token >/dev/null
}

# script NAME BODY: an executable file
script() {
    printf '#!/bin/sh\n%s\n' "$2" >"$1"
    chmod 755 "$1"
}

@test "targets: a channel takes notifications unless told otherwise, and what makes no sense is refused" {
    write_token
    run_split bioctl --json targets add chat 'https://api.telegram.org?chat_id=-100123' --format telegram --token-file token --after 10m --quiet-hours 22:00-06:00
    assert_status 0
    assert_json '.[0] | .kinds == ["notification"] and .after_s == 600 and .quiet_hours == "22:00-06:00" and .has_token'
    assert_stderr_has "notifications test --target chat"
    run_split bioctl --json targets edit chat --quiet-hours off --kind notification --kind device
    assert_json '.[0] | .kinds == ["notification", "device"] and .quiet_hours == null and .after_s == 600'
    run_split bioctl targets edit chat --kind recognized
    assert_status 64
    assert_stderr_has "is for people"
    run_split bioctl targets add x 'https://api.telegram.org?chat_id=1' --format telegram
    assert_status 64
    assert_stderr_has "--token-file"
    run_split bioctl targets add x "https://api.telegram.org/bot$token?chat_id=1" --format telegram --token-file token
    assert_status 64
    assert_stderr_lacks "$token"
    run_split bioctl targets add x https://example.org/ --format presence --kind notification
    assert_status 64
    run_split bioctl targets add x https://example.org/ --kind notification --device gate-1
    assert_status 64
    run_split bioctl targets add x https://example.org/ --quiet-hours 22:00-06:00
    assert_status 64
    run_split bioctl targets add x https://example.org/ --kind notification --quiet-hours 22-6
    assert_status 64
    assert_stderr_has "22:00-06:00"
    run_split bioctl targets add x https://example.org/ --kind notification --after soon
    assert_status 64
    run_split bioctl targets add x exec:page --format exec
    assert_status 64
    assert_stderr_has "begins with a slash"
    run_split bioctl targets add x exec:/bin/true --format exec --picture base64
    assert_status 64
    run_split bioctl targets add x 'smtp://mail.example.org?from=a@example.org' --format mail
    assert_status 64
    assert_stderr_has "to="
    run_split bioctl targets list
    [ "$(wc -l <<<"$stdout")" = 1 ]
}

@test "telegram: a test arrives, and the token is nowhere in the store, in messages or in logs" {
    start_api_sim --telegram "$token"
    add_chat
    run_split bioctl notifications test
    assert_status 0
    assert_stdout "$(printf 'chat\tsent\t-')"
    received | jq -se 'length == 1 and (.[0].body | fromjson | .chat_id == "77" and (.text | startswith("bioctl: test notification")))'
    stop_sims
    run_split bioctl -v notifications test
    assert_status 1
    assert_stdout_has not_sent
    assert_stderr_has "127.0.0.1"
    assert_stdout_lacks secret_Token
    assert_stderr_lacks secret_Token
    run_split bioctl --json outbox list
    assert_stdout_lacks secret_Token
    assert_json '[.[].state] == ["sent", "dropped"]'
    ! grep -ra 'secret_Token' "$BIOCTL_DATA_DIR"
}

@test "telegram: a wrong token is a refusal with its reason" {
    start_api_sim --telegram 1:other
    add_chat
    run_split bioctl notifications test --target chat
    assert_status 1
    assert_stderr_has "Telegram: 404 Not Found"
    run_split bioctl --json outbox list
    assert_json '.[0].state == "failed" and (.[0].reply | contains("secret") | not)'
}

@test "telegram: messages to one chat keep its pace, also from two targets and two runs" {
    start_api_sim --telegram "$token"
    add_chat 77
    bioctl -q targets add escalation "$api_url/?chat_id=77" --format telegram --token-file token --after 2h >/dev/null
    bioctl -q notifications add one --send >/dev/null
    run_split bioctl -q outbox flush
    assert_status 0
    bioctl -q notifications add two --send >/dev/null
    run_split bioctl -q outbox flush
    assert_status 0
    # The simulated Telegram answers 429 to whoever is too fast: two or three times, if nobody keeps a pace. One may be when a busy
    # machine lets a message arrive late and the next one in time.
    received | jq -se 'map(.answered) | map(select(. == "200")) | length == 4'
    received | jq -se 'map(select(.answered == "429")) | length <= 1'
}

@test "telegram: after 429 nothing is sent before the time it names" {
    start_api_sim --telegram "$token" --fail-rate 1 --fail-with 429 --retry-after-s 30
    add_chat
    bioctl -q notifications add one --send >/dev/null
    bioctl -q notifications add two --send >/dev/null
    run_split bioctl outbox flush --patience 2
    assert_status 3
    [ "$(curl -s "$api_control/stats" | jq .requests)" = 1 ]
    [ "$(sqlite "SELECT max(not_before) - max(created_at) >= 29000 FROM delivery")" = 1 ]
    [ "$(sqlite "SELECT count(*) FROM delivery WHERE state = 'pending'")" = 2 ]
    # Nor by the next run, which has not heard it.
    run_split bioctl outbox flush --patience 0
    assert_status 3
    run_split bioctl notifications test
    assert_status 1
    [ "$(curl -s "$api_control/stats" | jq .requests)" = 1 ]
}

@test "mail: a test arrives with a login, over STARTTLS, from a server whose key is pinned" {
    printf 'w0rd\n' >password
    chmod 600 password
    start_smtp_sim --tls starttls --user ops --password w0rd
    bioctl -q targets add ops "smtp://ops@127.0.0.1:$smtp_port?from=bioctl@example.org&to=a@example.org&pin=$smtp_pin" \
        --format mail --token-file password >/dev/null
    run_split bioctl notifications test
    assert_status 0
    bioctl -q notifications add "Gerbang é: tidak ada jawaban" --type warning --send >/dev/null
    run_split bioctl outbox flush
    assert_status 0
    until_true eval '[ "$(wc -l <mails)" = 2 ]'
    jq -se 'length == 2 and all(.is_encrypted and .user == "ops" and .to == ["a@example.org"])' mails
    jq -rs '.[1].data' mails | grep -F 'Subject: =?UTF-8?B?R2VyYmFuZyDDqTogdGlkYWsgYWRhIGphd2FiYW4=?='
    jq -rs '.[1].data' mails | tr -d '\r' | sed '1,/^$/d' | base64 -d | grep -F "Gerbang é: tidak ada jawaban"
    ! grep -ra w0rd "$BIOCTL_DATA_DIR"
}

@test "mail: 5xx is parked with the server's words, 4xx stays in the outbox" {
    start_smtp_sim --fault 'RCPT=550 5.1.1 no such user'
    bioctl -q targets add ops "smtp://127.0.0.1:$smtp_port?from=bioctl@example.org&to=a@example.org&tls=off" --format mail >/dev/null
    bioctl -q notifications add one --send >/dev/null
    run_split bioctl outbox flush --patience 0
    assert_status 3
    assert_stderr_has "550 5.1.1 no such user"
    stop_sims
    start_smtp_sim --fault 'MAIL=451 4.7.1 later'
    bioctl -q targets edit ops --url "smtp://127.0.0.1:$smtp_port?from=bioctl@example.org&to=a@example.org&tls=off" >/dev/null
    bioctl -q outbox retry >/dev/null
    run_split bioctl outbox flush --patience 0
    assert_status 3
    run_split bioctl --json outbox list
    assert_json '.[0].state == "pending" and .[0].http_status == 451 and .[0].attempts == 2'
}

@test "exec: a program gets the notification, its arguments verbatim and no shell" {
    script page "cat >$PWD/body; printf '%s\n' \"\$@\" >$PWD/arguments; env >$PWD/environment"
    BIOCTL_LEAK=1 bioctl -q targets add page "exec:$PWD/page?arg=--urgent&arg=%3B%20touch%20x&arg=two%20words" --format exec >/dev/null
    bioctl -q notifications add "ONT 12 is down" --type error --send >/dev/null
    run_split env SECRET_OF_SERVICE=1 "$BIOCTL" outbox flush
    assert_status 0
    jq -e '.type == "notification" and .severity == "error" and .title == "ONT 12 is down"' body
    [ "$(cat arguments)" = "$(printf '%s\n' --urgent '; touch x' 'two words')" ]
    [ ! -e x ] && [ ! -e /x ]
    grep -qx 'BIOCTL_NOTIFICATION_TYPE=error' environment
    grep -qx 'BIOCTL_NOTIFICATION_CAUSE=notification:1' environment
    ! grep SECRET_OF_SERVICE environment
}

@test "exec: failures are kept with stderr and parked in the end; 75 waits; a hang is stopped" {
    script page "echo modem is off >&2; exit 3"
    bioctl -q targets add page "exec:$PWD/page" --format exec --timeout 1 >/dev/null
    bioctl -q notifications add one --send >/dev/null
    run_split bioctl outbox flush --patience 0
    run_split bioctl --json outbox list
    assert_json '.[0].state == "pending" and .[0].reply == "modem is off\n" and (.[0].reason | endswith("ended with 3"))'
    sqlite "UPDATE delivery SET attempts = 9, not_before = 0"
    run_split bioctl outbox flush --patience 0
    assert_status 3
    run_split bioctl --json outbox list
    assert_json '.[0].state == "failed" and .[0].attempts == 10'
    script page "exit 75"
    bioctl -q outbox retry >/dev/null
    run_split bioctl outbox flush --patience 0
    run_split bioctl --json outbox list
    assert_json '.[0].state == "pending" and .[0].attempts == 11'
    script page "echo \$\$ >$PWD/pid; sleep 60"
    run_split bioctl notifications test
    assert_status 1
    assert_stderr_has "was stopped after 1 s"
    ! kill -0 "$(cat pid)" 2>/dev/null
}

@test "webhook: a notification is our JSON, or a template of its own" {
    start_api_sim
    bioctl -q targets add hook "$api_url/hook" --kind notification >/dev/null
    printf '{"text": "{{text}}", "level": "{{severity}}"}' >body
    bioctl -q targets add chat "$api_url/chat" --kind notification --format template --template body >/dev/null
    bioctl -q notifications add 'say "hi"' --type warning --send >/dev/null
    run_split bioctl outbox flush
    assert_status 0
    received | jq -r 'select(.target == "/hook").body' | jq -e '.type == "notification" and .severity == "warning" and .title == "say \"hi\"" and .ended_at == null'
    received | jq -r 'select(.target == "/chat").body' | jq -e '. == {"text": "say \"hi\"", "level": "warning"}'
    printf '{"text": "{{employee_no}}"}' >body
    run_split bioctl targets edit chat --template body
    assert_status 65
    assert_stderr_has "there is no field 'employee_no'"
}
