load helpers
load lib/sim

teardown() { stop_sims; }

# finding TOPIC FIELD
finding() { jq -r --arg topic "$1" --arg field "$2" 'select(.topic == $topic) | .[$field]' "$BATS_TEST_TMPDIR/stdout"; }

@test "routers: from nothing to a checked router, and its password is never shown" {
    run_split bioctl routers list
    assert_status 0
    assert_stderr_has "bioctl routers add"
    run_split bioctl routers check bukit
    assert_status 66
    start_routeros_sim --users 12
    printf '%s\n' "$router_password" >password
    chmod 600 password
    run_split bioctl --json routers add bukit "127.0.0.1:$router_port" --user monitor --password-file password --tls off
    assert_status 0
    assert_json '.[0].type == "added" and .[0].name == "bukit" and .[0].state == "unknown" and .[0].via == "api"'
    assert_stderr_has "in the clear"
    run_split bioctl --json routers check bukit
    assert_status 0
    [ "$(finding identity text)" = "Kantor Sleman" ] || fail "identity"
    [ "$(finding version text)" = "RouterOS 7.18.2 (stable) on RB4011iGS+, up 1d" ] || fail "version"
    [ "$(finding hotspot text)" = "hs-kota, hs-desa" ] || fail "hotspot"
    [ "$(finding users text)" = "12 active users" ] || fail "users"
    [ "$(finding tls result)" = warning ] || fail "tls"
    run_split bioctl --json routers list
    assert_json '.[0].state == "ok" and .[0].identity == "Kantor Sleman" and .[0].version == "7.18.2 (stable)"'
    run grep -rl "$router_password" "$BIOCTL_DATA_DIR" "$BATS_TEST_TMPDIR/stdout" "$BATS_TEST_TMPDIR/stderr"
    [ "$status" = 1 ]
}

@test "routers check: a wrong password is tried once; an edit ends the refusal" {
    start_routeros_sim --password another
    add_router bukit
    run_split bioctl --json routers check bukit
    assert_status 1
    [ "$(finding login result)" = failed ] || fail "login"
    [[ $(finding login text) == *"invalid user name or password"* ]] || fail "text"
    run_split bioctl routers check bukit
    assert_status 1
    assert_stdout_has "not tried again"
    run_split bioctl hotspot users
    assert_status 77
    assert_stderr_has "bioctl routers edit bukit --password-file FILE"
    run_split bioctl hotspot poll
    assert_status 69
    [ "$(router_stat refused_logins)" = 1 ]
    bioctl routers check --force bukit >/dev/null || true
    [ "$(router_stat refused_logins)" = 2 ]
    echo another | bioctl routers edit bukit --password-file - >/dev/null
    run_split bioctl routers check bukit
    assert_status 0
    [ "$(router_stat refused_logins)" = 2 ]
}

@test "routers: what is wrong is said by name" {
    run_split bioctl routers add bukit http://192.0.2.1 --user u --password-file - <<<x
    assert_status 65
    echo secret >password
    run_split bioctl routers add bukit 192.0.2.1 --user u --password-file password
    assert_status 77
    assert_stderr_has "chmod 600"
    chmod 600 password
    run_split bioctl routers add bukit http://192.0.2.1 --user u --password-file password
    assert_status 64
    assert_stderr_has "without a scheme"
    run_split bioctl routers add bukit 192.0.2.1 --user u --password-file password --tls pin
    assert_status 64
    assert_stderr_has "--pin"
    run_split bioctl routers add bukit 192.0.2.1 --user u
    assert_status 64
    assert_stderr_has "--password-file"
    bioctl routers add bukit 192.0.2.1 --user u --password-file password >/dev/null
    run_split bioctl routers add bukit 192.0.2.2 --user u --password-file password
    assert_status 65
    run_split bioctl routers edit bukit
    assert_status 64
    run_split bioctl routers edit bukti --tls off
    assert_status 66
    assert_stderr_has "did you mean 'bukit'?"
}

@test "routers edit: what is not named stays, the port follows tls" {
    echo secret >password
    chmod 600 password
    bioctl routers add bukit 192.0.2.1 --user u --password-file password --login md5 >/dev/null
    run_split bioctl --json routers edit bukit --disable
    assert_json '.[0].state == "disabled" and .[0].port == 8729'
    run_split bioctl --json routers edit bukit --tls off
    assert_json '.[0].enabled == false and .[0].port == 8728 and .[0].login == "md5" and .[0].user == "u"'
    run_split bioctl --json routers edit bukit --enable --via rest
    assert_json '.[0].enabled and .[0].port == 80'
    run_split bioctl --json routers edit bukit --host '[2001:db8::1]:8443' --tls ca
    assert_json '.[0].host == "2001:db8::1" and .[0].port == 8443'
}

@test "routers remove: asks, and the history stays" {
    start_routeros_sim --users 4
    add_router bukit
    bioctl hotspot poll >/dev/null
    run_split bioctl routers remove bukit
    assert_status 64
    assert_stderr_has "--yes"
    run_split bioctl --json routers remove bukit --yes
    assert_status 0
    assert_json '.[0].type == "removed"'
    run_split bioctl --json routers list
    assert_stdout ""
    run_split bioctl --json hotspot sessions --router bukit
    assert_json 'length == 4 and all(.ended_at != null)'
}

@test "routers check: TLS with a certificate of its own is told with the pin that believes it" {
    openssl req -x509 -nodes -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -subj /CN=127.0.0.1 \
        -addext subjectAltName=IP:127.0.0.1 -keyout key.pem -out cert.pem 2>/dev/null
    start_routeros_sim --users 3 --certificate cert.pem --private-key key.pem
    add_router bukit
    bioctl routers edit bukit --tls ca --host "127.0.0.1:$router_port" >/dev/null
    run_split bioctl --json routers check bukit
    assert_status 1
    local pin
    pin=$(grep -o 'sha256//[A-Za-z0-9+/=]*' "$BATS_TEST_TMPDIR/stdout")
    [ "$pin" = "sha256//$(openssl pkey -in key.pem -pubout -outform der | openssl dgst -sha256 -binary | base64)" ]
    [ "$(router_stat logins)" = 0 ]
    bioctl routers edit bukit --tls pin --pin "$pin" >/dev/null
    run_split bioctl --json routers check bukit
    assert_status 0
    [ "$(finding tls result)" = ok ] || fail "tls"
    [ "$(finding users text)" = "3 active users" ] || fail "users"
}

@test "routers check: anonymous TLS works where it is asked for, with a warning" {
    start_routeros_sim --users 3 --anonymous
    add_router bukit
    run_split bioctl routers edit bukit --tls anon
    assert_status 0
    assert_stderr_has "does not prove who the router is"
    run_split bioctl --json routers check bukit
    assert_status 0
    [ "$(finding tls result)" = warning ] || fail "tls"
}

@test "the simulated router answers Debian's librouteros, old login and new" {
    /usr/bin/python3 -c 'import librouteros' 2>/dev/null || skip "no python3-librouteros"
    cat >client.py <<'EOP'
import sys
from librouteros import connect
from librouteros.login import plain, token
from librouteros.exceptions import TrapError

port, method = int(sys.argv[1]), {"plain": plain, "token": token}[sys.argv[2]]
api = connect(host="127.0.0.1", port=port, username="monitor", password="router-Secret-1", login_method=method, encoding="latin-1")
users = list(api("/ip/hotspot/active/print"))
macs = {user["mac-address"] for user in users}
print(len(users), len(macs), list(api("/system/identity/print"))[0]["name"])
try:
    list(api("/no/such/menu"))
except TrapError as error:
    print(error)
EOP
    local expected="150 150 Kantor Sleman
no such command prefix"
    start_routeros_sim --users 150
    run_split /usr/bin/python3 client.py "$router_port" plain
    assert_stdout "$expected"
    start_routeros_sim --users 150 --old-login --no-empty
    run_split /usr/bin/python3 client.py "$router_port" token
    assert_stdout "$expected"
}
