load helpers
load lib/sim
load lib/terminals

teardown() { stop_sims; }

@test "devices: what is wrong is said before anything is made" {
    run_split bioctl devices show gate
    assert_status 66
    assert_stderr "bioctl: there are no devices yet; \`bioctl devices add\` adds one"
    run_split bioctl devices add gate http://192.0.2.10/path --user admin
    assert_status 64
    assert_stderr_has "must have no path"
    run_split bioctl devices add gate ftp://192.0.2.10 --user admin
    assert_status 64
    [ ! -e "$BIOCTL_DATA_DIR" ]
}

@test "devices: a password comes from a private file or from stdin, and is never shown" {
    echo secret-4711 >password
    chmod 644 password
    run_split bioctl devices add gate http://192.0.2.10 --user admin --password-file password
    assert_status 77
    assert_stderr_has "chmod 600 password"
    chmod 600 password
    run_split bioctl devices add gate http://192.0.2.10 --user admin --password-file password --location "North gate" --tag a --tag b
    assert_status 0
    assert_stdout "$(printf 'gate\thttp://192.0.2.10\tadmin\tNorth gate')"
    run_split bioctl --json devices show gate
    assert_json '.[0] | .name == "gate" and .state == "unknown" and .tags == ["a", "b"]'
    bioctl devices export >out
    run ! grep -ra secret-4711 out "$BIOCTL_DATA_DIR" "$BATS_TEST_TMPDIR/stdout"
    [ "$(stat -c %a "$BIOCTL_DATA_DIR/secret.key")" = 600 ]
}

@test "devices: names are unique, a slip gets a suggestion, a removed name is free again" {
    echo pw | bioctl devices add gate http://192.0.2.10 --user admin --password-file - >/dev/null
    run_split bash -c 'echo pw | "$BIOCTL" devices add gate http://192.0.2.11 --user admin --password-file -'
    assert_status 65
    assert_stderr_has "there is a device 'gate' already"
    run_split bioctl devices show gaet
    assert_status 66
    assert_stderr "bioctl: there is no device 'gaet'; did you mean 'gate'? \`bioctl devices list\` shows all"
    run_split bioctl devices remove gate
    assert_status 64
    run_split bioctl devices remove gate --yes
    assert_status 0
    echo pw | bioctl devices add gate http://192.0.2.12 --user admin --password-file - >/dev/null
    run_split bioctl --json devices list
    assert_json 'length == 1 and .[0].url == "http://192.0.2.12"'
}

@test "devices: export and import carry a list to another machine" {
    echo pw | bioctl devices add gate http://192.0.2.10 --user admin --password-file - --location Hall >/dev/null
    echo pw | bioctl devices add door https://192.0.2.11:8443 --user admin --password-file - --tls off --disabled >/dev/null
    bioctl devices export >list
    echo pw >password
    chmod 600 password
    export BIOCTL_DATA_DIR="$BATS_TEST_TMPDIR/other"
    echo '{"name":"broken"}' >>list
    run_split bioctl devices import --password-file password list
    assert_status 3
    assert_stderr_has "list:3: lacks"
    [ "$(bioctl devices export | wc -l)" = 2 ]
    [ "$(bioctl devices export)" = "$(head -2 list)" ]
}

@test "devices check: one line for each question, each with its remedy" {
    start_hik_sim --devices 2 --quirks clock-drift,pictures-not-saved
    add_simulated
    run_split bioctl --json devices check dev-001
    assert_status 1
    assert_json 'map(.topic) == ["reach", "login", "identity", "clock", "search", "pictures", "lock"]'
    assert_json '.[3] | .result == "warning" and (.remedy | contains("time server"))'
    assert_json '.[5] | .result == "warning"'
    sim_switch "device?name=dev-002&off=1"
    run_split bioctl --json devices check dev-002
    assert_status 1
    assert_json 'length == 1 and .[0].topic == "reach" and .[0].result == "failed"'
}

@test "devices check: a wrong password is tried once, whoever asks how often" {
    start_hik_sim --devices 1
    password=wrong add_simulated
    for _ in 1 2 3; do
        run_split bioctl devices check dev-001
        assert_status 1
        run_split bioctl sync-hikvision
        assert_status 3
        assert_stderr_has "bioctl devices edit dev-001 --password-file FILE"
    done
    [ "$(sim_stat dev-001 logins_failed)" = 1 ]
    echo hik-Secret-1 | bioctl devices edit dev-001 --password-file - >/dev/null
    run_split bioctl sync-hikvision
    assert_status 0
}

@test "devices: an import that says the same again does not wake a device whose logins are stopped" {
    start_hik_sim --devices 1 --events 5
    add_simulated
    echo wrong | bioctl -q devices edit dev-001 --password-file - >/dev/null
    run_split bioctl sync-hikvision
    assert_status 3
    echo wrong >wrong
    chmod 600 wrong
    bioctl devices export >list
    bioctl -q devices import --password-file wrong list >/dev/null
    bioctl -q devices edit dev-001 --password-file wrong >/dev/null
    run_split bioctl --json devices show dev-001
    assert_json '.[0].state == "refused"'
    [ "$(sim_stat dev-001 logins_failed)" = 1 ]
    bioctl -q devices edit dev-001 --password-file password >/dev/null
    run_split bioctl sync-hikvision
    assert_status 0
}

@test "devices import: a line that is not JSON is refused without being quoted" {
    echo '{"name": "gate", "url": "http://192.0.2.1", "user": "a", "password": "tell-nobody' >list
    run_split bioctl devices import list
    assert_status 3
    assert_stderr_has "is not JSON from byte"
    assert_stderr_lacks "nobody"
    assert_stdout_lacks "nobody"
}

@test "devices: slips are named, with the way out" {
    run_split bioctl devices add gate 127.0.0.1:8080 --user a --password-file pw
    assert_status 64
    assert_stderr_has "did you mean http://127.0.0.1:8080?"
    run_split bioctl devices add gate http://admin:tell-nobody@127.0.0.1 --user a --password-file pw
    assert_status 64
    assert_stderr_lacks tell-nobody
    run_split bioctl devices add --pasword-file pw
    assert_status 64
    assert_stderr_has "there is no option --pasword-file; did you mean '--password-file'?"
    run_split bash -c 'echo pw | "$BIOCTL" devices add "Gerbang 2" http://127.0.0.1 --user admin --password-file -'
    assert_status 0
    assert_stderr_has "\`bioctl devices check 'Gerbang 2'\`"
    run_split bash -c 'echo pw | "$BIOCTL" devices add twin http://127.0.0.1 --user admin --password-file -'
    assert_stderr_has "warning: Gerbang 2 has the same URL"
    bioctl -q devices edit twin --reuse-nonce >/dev/null
    bioctl -q devices edit twin --location Hall >/dev/null
    run_split bioctl --json devices show twin
    assert_json '.[0].reuse_nonce and .[0].location == "Hall"'
    run_split bioctl devices edit twin
    assert_status 64
    assert_stderr_has "say what to change"
    run_split bioctl events list --device gerbang
    assert_status 66
    run_split bioctl --data-dir /etc/hostname devices list
    assert_status 78
    assert_stderr_has "is no folder"
}

@test "devices import: a rehearsal finds what the real one would" {
    echo '{"name": "bad/name", "url": "http://192.0.2.1", "user": "a"}' >list
    echo '{"name": "gate", "url": "http://192.0.2.1", "user": "a"}' >>list
    run_split bioctl devices import -n list
    assert_status 3
    assert_stderr_has "list:1:"
    assert_stderr_has "list:2: a password is missing"
    echo '{"name": "gate", "url": "http://192.0.2.1", "user": "a", "password": "x"}' >list
    chmod 644 list
    run_split bioctl devices import list
    assert_status 77
    assert_stderr_has "chmod 600 list"
}

@test "devices: a lost key is told, and how to go on" {
    start_hik_sim --devices 2 --events 5
    add_simulated
    rm "$BIOCTL_DATA_DIR/secret.key"
    run_split bioctl sync-hikvision
    assert_status 3
    assert_stderr_has "secret.key is missing"
    assert_stderr_has "\`bioctl devices edit dev-001 --password-file FILE\`"
    bioctl -q devices edit dev-002 --password-file password >/dev/null
    run_split bioctl sync-hikvision
    assert_status 3
    assert_stdout_has "synced	dev-002"
}

@test "devices check: another terminal behind the address is no success" {
    start_hik_sim --devices 2 --events 5
    add_simulated
    bioctl -q sync-hikvision >/dev/null
    bioctl -q devices edit dev-001 --url "$(device_url dev-002)" >/dev/null
    run_split bioctl devices check dev-001
    assert_status 1
    run_split bioctl --json devices show dev-001
    assert_json '.[0].state != "ok"'
}
