# The audit log.

load helpers
load lib/people

make_log() {
    printf '%s\n' 'correct horse battery' | bioctl -q accounts add siti --role admin --password-file - >/dev/null
    bioctl -q accounts keys create laravel --scope read --expires 90d >/dev/null
    bioctl -q accounts keys revoke laravel --yes >/dev/null
}

@test "audit: without a store there is nothing to list, and nothing to verify" {
    run_split bioctl audit list
    assert_status 0
    assert_stdout ""
    run_split bioctl audit verify
    assert_status 66
    run_split bioctl audit verify --expect 5
    assert_status 64
}

@test "audit: a row that is edited, and one that is removed, are named" {
    make_log
    run_split bioctl audit verify
    assert_status 0
    last=$stdout
    [[ $last =~ ^3:[0-9a-f]{64}$ ]] || fail "last"
    in_store "UPDATE audit SET who = 'local:somebody' WHERE id = 2"
    run_split bioctl --json audit verify
    assert_status 1
    assert_json 'map([.type, .id, .problem]) == [["finding", 2, "edited"], ["verified", null, null]] and .[1].sound == false'
    assert_stderr_has "tampered with: 1 finding"
    in_store "DELETE FROM audit WHERE id = 2"
    run_split bioctl audit verify
    assert_status 1
    assert_stdout "$(printf '2\tremoved\trow 2 is missing')"
    in_store "DELETE FROM audit WHERE id = 3; UPDATE audit_head SET id = 1, hash = (SELECT hash FROM audit)"
    run_split bioctl audit verify
    assert_status 0
    run_split bioctl audit verify --expect "$last"
    assert_status 1
    assert_stdout_has not_as_expected
}

@test "audit: who did what, from where, and no secret" {
    make_log
    run_split bioctl --json audit list
    assert_status 0
    assert_json "map([.id, .who, .origin, .action, .subject]) == [
        [1, \"local:$(id -un)\", \"cli uid $(id -u)\", \"accounts.add\", \"siti\"],
        [2, \"local:$(id -un)\", \"cli uid $(id -u)\", \"accounts.keys.create\", \"laravel\"],
        [3, \"local:$(id -un)\", \"cli uid $(id -u)\", \"accounts.keys.revoke\", \"laravel\"]]"
    assert_json '.[0].detail == {"role": "admin"} and .[1].detail.scopes == "read" and .[1].detail.expires_at != null'
    assert_stdout_lacks battery
    run_split bioctl audit list --action accounts.keys --limit 1
    [ "$(cut -f 1,5,6 <<<"$stdout")" = "$(printf '3\taccounts.keys.revoke\tlaravel')" ] || fail "limit"
    run_split bioctl audit list --since 1h --who "local:$(id -un)" --subject siti
    [ "$(wc -l <<<"$stdout")" = 1 ] || fail "since"
    run_split bioctl audit list --until yesterday
    assert_stdout ""
    run_split bioctl audit list --since nonsense
    assert_status 64
}

@test "audit: what verbs change is there, what they rehearse or refuse is not" {
    enrol_vectors anna bela cora
    printf '%s\n' hik-Secret-1 >pw && chmod 600 pw
    {
        bioctl -q people rename anna --name Anna
        bioctl -q people rename anna --name Anne --dry-run
        bioctl -q people remove bela --dry-run
        bioctl -q people remove bela --yes
        bioctl -q devices add gate http://192.0.2.10 --user admin --password-file pw
        bioctl -q devices edit gate --location Lobby --dry-run
        bioctl -q devices edit gate --location Lobby
        bioctl -q devices disable gate
        bioctl -q targets add school https://school.example/api
        bioctl -q targets edit school --disable
        bioctl -q onts add "OLT 1" --kind olt
        bioctl -q onts edit "OLT 1" --location Kota
        printf 'name,ip\nhome,192.0.2.1\n' | bioctl -q onts import -
        bioctl -q onts remove home --yes
        bioctl -q targets remove school --yes
        bioctl -q devices remove gate --yes
    } >/dev/null
    run_split bioctl people remove nobody --yes
    assert_status 66
    run_split bioctl audit list
    digest() { printf 'sha256:%s' "$(printf %s "$1" | sha256sum | cut -c 1-16)"; }
    [ "$(cut -f 5,6 <<<"$stdout")" = "$(printf '%s\t%s\n' people.rename "$(digest anna)" people.remove "$(digest bela)" devices.add gate devices.edit gate \
        devices.disable gate targets.add school targets.edit school onts.add 'OLT 1' onts.edit 'OLT 1' onts.import - onts.remove home \
        targets.remove school devices.remove gate)" ] || fail "actions"
    assert_stdout_lacks hik-Secret-1
    assert_stdout_lacks bela
    [ "$(bioctl audit list --person bela | cut -f 5)" = people.remove ]
    run_split bioctl audit verify
    assert_status 0
}
