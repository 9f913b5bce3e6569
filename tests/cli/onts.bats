# The registry of ONTs by hand: add, list, show, edit, remove.

load helpers

backups() { find "$BIOCTL_DATA_DIR/backups" -name 'onts-*.json' 2>/dev/null | wc -l; }

@test "onts: what is wrong is said, and nothing is stored" {
    run_split bioctl onts show 1
    assert_status 66
    assert_stderr "bioctl: there are no ONTs yet; \`bioctl onts add\` adds one, \`bioctl onts import\` many"
    run_split bioctl onts list
    assert_status 0
    assert_stdout ""
    run_split bioctl onts add Andi --ip '192.0.2.1; reboot'
    assert_status 64
    assert_stdout ""
    assert_stderr "bioctl: host '192.0.2.1; reboot' is neither an address nor a host name"
    run_split bioctl onts add Andi --ip 10.0.0.1-20
    assert_status 64
    assert_stderr_has "an ONT has one, not a range"
    run_split bioctl onts add Andi --latitude 0 --longitude 0
    assert_status 64
    assert_stderr_has "lies in the sea"
    run_split bioctl onts add Andi --latitude -7.5
    assert_status 64
    assert_stderr_has "go together"
    run_split bioctl onts add Andi --parent OLT
    assert_status 66
    run_split bioctl onts add ""
    assert_status 64
    run_split bioctl onts list
    assert_stdout ""
}

@test "onts: one is added, found by id, customer id and name, and shown in full" {
    bioctl -q onts add "OLT 1" --kind olt >/dev/null
    run_split bioctl onts add --group gold --customer-id C-7 --ip 192.0.2.1 --parent "OLT 1" --location "Dusun A" --group b Andi \
        --latitude "7°30' S" --longitude 110,5
    assert_status 0
    assert_stderr ""
    assert_stdout "$(printf '2\tC-7\tAndi\tDusun A\t192.0.2.1\tOLT 1\tunknown')"
    for reference in 2 C-7 Andi id:2 customer:C-7 name:Andi; do
        run_split bioctl --json onts show "$reference"
        assert_status 0
        assert_json 'length == 1 and (.[0] | .type == "ont" and .id == 2 and .latitude == -7.5 and .longitude == 110.5 and
            .tags == ["gold", "b"] and .parent == "OLT 1" and .parent_id == 1 and .children == 0 and .last_answered == null)'
    done
    run_split bioctl onts show "OLT 1"
    assert_stdout_has "$(printf 'name\tOLT 1')"
    assert_stdout_has "$(printf 'latitude\t-')"
    assert_stdout_has "$(printf 'children\t1')"
    run_split bioctl onts show Adni
    assert_status 66
    assert_stderr "bioctl: there is no ONT 'Adni'; did you mean 'Andi'? \`bioctl onts list\` shows all"
    run_split bioctl onts add Other --customer-id C-7
    assert_status 65
    assert_stderr_has "is that of ONT 2 already"
}

@test "onts list: filters, and a table on a terminal" {
    bioctl -q onts add "OLT 1" --kind olt >/dev/null
    bioctl -q onts add Andi --location "Dusun A" --parent "OLT 1" --group gold >/dev/null
    bioctl -q onts add Budi --disable --ip 192.0.2.77 >/dev/null
    for filter in "--group GOLD" "--parent id:1" "--search andi" "--location=dusun\ a"; do
        run_split bash -c "$BIOCTL onts list $filter"
        assert_stdout "$(printf '2\t-\tAndi\tDusun A\t-\tOLT 1\tunknown')"
    done
    run_split bioctl onts list --state disabled
    assert_stdout "$(printf '3\t-\tBudi\t-\t192.0.2.77\t-\tdisabled')"
    run_split bioctl onts list --search nobody
    assert_status 0
    assert_stdout ""
    assert_stderr "bioctl: no ONT fits"
    run_split bioctl onts list --parent OTL
    assert_status 66
    run_split bioctl onts list --state broken
    assert_status 64
    NO_COLOR=1 on_terminal "$BIOCTL" onts list
    [[ ${lines[0]} =~ ^\ *ID\ +CUSTOMER_ID\ +NAME\ +LOCATION\ +IP\ +PARENT\ +STATE ]]
}

@test "onts edit: what is given changes, the rest stays, and the registry is backed up first" {
    bioctl -q onts add Andi --location "Dusun A" --ip 192.0.2.1 --latitude -7.5 --longitude 110.5 >/dev/null
    [ "$(backups)" = 0 ]
    run_split bioctl onts edit Andi
    assert_status 64
    assert_stderr_has "say what to change"
    run_split bioctl onts edit --dry-run Andi --name Budi
    assert_status 0
    [ "$(backups)" = 0 ]
    run_split bioctl onts edit Andi --name Budi --latitude "" --longitude ""
    assert_status 0
    [ "$(backups)" = 1 ]
    [ "$(stat -c %a "$BIOCTL_DATA_DIR"/backups/onts-*.json)" = 600 ]
    jq -e 'length == 1 and .[0].name == "Andi" and .[0].latitude == -7.5' "$BIOCTL_DATA_DIR"/backups/onts-*.json
    run_split bioctl --json onts show Budi
    assert_json '.[0] | .latitude == null and .location == "Dusun A" and .ip == "192.0.2.1"'
    bioctl -q onts edit Budi --disable >/dev/null
    bioctl -q onts edit Budi --location "Dusun B" >/dev/null
    run_split bioctl --json onts show Budi
    assert_json '.[0] | .state == "disabled" and .location == "Dusun B"'
    run_split bioctl onts edit Budi --parent Budi
    assert_status 64
    assert_stderr_has "it would hang on itself"
    run_split bioctl onts add Cici --ip 192.0.2.1
    assert_stderr "bioctl: warning: Budi (id 1) has the same address"
    [ "$(backups)" = 4 ]
}

@test "onts remove: asks, removes all or none, and does not use an id again" {
    for name in Andi Budi Cici; do bioctl -q onts add "$name" >/dev/null; done
    run_split bioctl onts remove Andi
    assert_status 64
    assert_stderr_has "--yes"
    run_split bioctl onts remove Andi Dodi --yes
    assert_status 66
    run_split bioctl onts remove --dry-run Andi Budi
    assert_status 0
    [ "$(bioctl onts list | wc -l)" = 3 ]
    run_split bioctl onts remove Andi 3 --yes
    assert_status 0
    assert_stdout "$(printf '1\t-\tAndi\t-\t-\t-\tunknown\n3\t-\tCici\t-\t-\t-\tunknown')"
    run_split bioctl onts add Dodi
    assert_stdout "$(printf '4\t-\tDodi\t-\t-\t-\tunknown')"
}
