# Lists of ONTs in and out. All rows are invented.

load helpers

# What a bad list looks like: one row is good in all, three are without a place or a parent, four are bad.
make_list() {
    cat >list.csv <<'CSV'
no;Nama;ID Pelanggan;Lokasi;Latitude;Longitude;Alamat IP;OLT
1;Andi;C1;Dusun A;-7,7956;110,3695;192.0.2.1;OLT Selatan
2;Budi;C2;Dusun A;7°47'44" S;110.3 E;192.0.2.2;OLT Selatan
3;Cici;C3;Dusun B;0;0;;
4;;C4;;;;;
5;Dodi;C5;;;;10.0.0.1-20;
6;Eka;C1;;;;192.0.2.6;
7;Fani;C7;;nan;110;192.0.2.7;
8;"open;C8;;;;;
CSV
}

# 383 rows with the flaws of a real list, byte for byte as the old program would have written them.
make_wifi_sleman() {
    jq -n --indent 2 '[range(1; 384) | {
        id: ., id_ccbs: "4-\(. * 7)", name: "Pelanggan \(. % 222)", lokasi: "Dusun \(. % 9)",
        latitude: (if . == 200 then "-7.71 2345" else -7 - (. * 2 + 1) / 1024 end), longitude: (110 + (. * 2 + 1) / 1024),
        ip: (if . <= 11 then "" elif . >= 381 then "198.51.100.\(. - 300)" else "198.51.\(100 + (. / 256 | floor)).\(. % 256)" end)}]' |
        head -c -1
}

@test "onts import: what is no list is refused, and nothing is stored" {
    run_split bioctl onts import missing.csv
    assert_status 66
    echo "kode,orang" >list.csv
    run_split bioctl onts import list.csv
    assert_status 65
    assert_stdout ""
    assert_stderr_has "no column has the names of the customers"
    assert_stderr_has "there are 'kode', 'orang'"
    echo '{"name": "x"}' >list.json
    run_split bioctl onts import list.json
    assert_status 65
    assert_stderr_has "must be an array"
    printf '[%.0s' {1..5000} >deep.json
    run_split bioctl onts import deep.json
    assert_status 65
    run_split bioctl onts import list.csv --map kode=colour
    assert_status 64
    run_split bioctl onts import --map nama=name list.csv
    assert_status 64
    assert_stderr "bioctl: there is no column 'nama' in the file"
    run_split bioctl onts import -n --map Orang=name list.csv
    assert_status 0
    run_split bioctl onts list
    assert_stdout ""
}

@test "onts import: bad rows are told by line and kept out, the others come in" {
    make_list
    run_split bioctl --json onts import list.csv
    assert_status 3
    assert_json 'map(select(.type == "rejected") | .line) == [5, 6, 7, 9]'
    assert_json 'map(select(.type == "warning") | .line) == [4, 8]'
    assert_json '.[-1] == {type: "summary", rows: 8, added: 4, updated: 0, unchanged: 0, rejected: 4, warnings: 2, parents_made: 1}'
    run_split bioctl --json onts list
    assert_json 'map(.id) == [1, 2, 3, 7, 8] and map(.parent) == ["OLT Selatan", "OLT Selatan", null, null, null]'
    assert_json '.[0].latitude == -7.7956 and .[0].longitude == 110.3695 and .[2].latitude == null'
    assert_json '.[4] | .kind == "olt" and .ip == null and .name == "OLT Selatan"'
}

@test "onts import: words on stderr name file, line and reason" {
    make_list
    run_split bioctl onts import - <list.csv
    run_split bash -c '"$BIOCTL" onts import - <list.csv'
    assert_status 3
    assert_stderr_has "bioctl: warning: -: line 6: host '10.0.0.1-20' is no address; an ONT has one, not a range"
    assert_stderr_has "bioctl: warning: -: line 7: the customer id 'C1' is that of line 2 already"
    assert_stderr_has "bioctl: warning: -: line 4: the coordinates are 0,0, so the place is not known"
    assert_stderr_has "bioctl: the parent 'OLT Selatan' was not there: it is made as an OLT without an address"
    assert_stderr_has "bioctl: 8 rows: 4 added, 0 updated, 0 unchanged, 4 rejected"
}

@test "onts import: a rehearsal changes nothing, not even an empty machine" {
    make_list
    run_split bioctl onts import -n list.csv
    assert_status 3
    assert_stderr_has "rehearsal: 8 rows: 4 added"
    assert_stderr_has "it would be made"
    run_split bioctl onts list
    assert_stdout ""
}

@test "onts import: what is known is refused, with --merge it is changed, and a backup is kept" {
    make_list
    bioctl -q onts import list.csv >/dev/null 2>&1 || true
    printf 'id_ccbs,name,ip\nC1,Andi Baru,192.0.2.9\nC9,Hadi,\n' >more.csv
    run_split bioctl onts import more.csv
    assert_status 3
    assert_stdout_has "is known as ONT 1"
    bioctl -q onts remove C9 --yes >/dev/null
    run_split bioctl onts import --merge more.csv
    assert_status 0
    assert_stderr_has "2 rows: 1 added, 1 updated, 0 unchanged, 0 rejected"
    run_split bioctl --json onts show C1
    assert_json '.[0] | .name == "Andi Baru" and .ip == "192.0.2.9" and .location == "Dusun A" and .parent == "OLT Selatan"'
    backup=$(find "$BIOCTL_DATA_DIR/backups" -name 'onts-*.json' | sort | tail -1)
    before=$(find "$BIOCTL_DATA_DIR/backups" -name 'onts-*.json' | wc -l)
    run_split bioctl onts import --merge more.csv
    assert_stderr_has "0 added, 0 updated, 2 unchanged"
    [ "$(find "$BIOCTL_DATA_DIR/backups" -name 'onts-*.json' | wc -l)" = "$before" ]
    run_split bioctl onts import --merge "$backup"
    assert_status 0
    run_split bioctl --json onts show C1
    assert_json '.[0].name == "Andi" and .[0].ip == "192.0.2.1"'
}

@test "onts: the file of the old service goes in and comes out byte for byte" {
    make_wifi_sleman >wifi_sleman.json
    run_split bioctl onts import wifi_sleman.json
    assert_status 0
    assert_stderr_has "383 rows: 383 added"
    bioctl onts export --format wifi_sleman >out.json
    cmp wifi_sleman.json out.json
    run_split bioctl onts export --format wifi_sleman wifi_sleman.json
    assert_status 73
    assert_stderr "bioctl: wifi_sleman.json: is there already; --force overwrites it"
    run_split bioctl onts export --format wifi_sleman wifi_sleman.json --force
    assert_status 0
    cmp wifi_sleman.json out.json
    bioctl onts export --format json >all.json
    export BIOCTL_DATA_DIR="$BATS_TEST_TMPDIR/other"
    bioctl -q onts import all.json >/dev/null
    bioctl onts export --format wifi_sleman | cmp - out.json
    bioctl onts export | bioctl --data-dir "$BATS_TEST_TMPDIR/third" -q onts import - >/dev/null
    cmp <(bioctl onts export) <(bioctl --data-dir "$BATS_TEST_TMPDIR/third" onts export)
}

@test "onts check-duplicates: a file, or the store; exit 1 when something is there twice" {
    make_wifi_sleman >wifi_sleman.json
    run_split bioctl --json onts check-duplicates wifi_sleman.json
    assert_status 1
    assert_json 'map(select(.type == "key") | [.key, .unique, .duplicated]) ==
        [["customer_id", 383, 0], ["ip", 369, 3], ["name", 222, 161], ["coordinates", 382, 0], ["id", 383, 0]]'
    assert_json 'map(select(.key == "ip" and .type == "duplicate") | .where)[0] == ["row 81", "row 381"]'
    assert_json '.[-1] == {type: "summary", rows: 383, findings: 164, without_coordinates: 1, unreadable_coordinates: 1, without_ip: 11}'
    assert_json 'map(select(.missing == "ip")) | length == 10'
    [ ! -e "$BIOCTL_DATA_DIR" ]
    run_split bioctl onts check-duplicates --key customer_id --key coordinates wifi_sleman.json
    assert_status 0
    bioctl -q onts import wifi_sleman.json >/dev/null
    run_split bioctl onts check-duplicates --key ip
    assert_status 1
    # Three kinds of lines, told apart by the first word of each.
    assert_stdout_has "$(printf 'duplicate\tip\t198.51.100.81\t2\t81,381')"
    assert_stdout_has "$(printf 'missing\tcoordinates\t')"
    assert_stdout_has "$(printf 'key\tip\t')"
    assert_stderr "bioctl: 383 rows, 3 duplicated values; 1 without coordinates (0 of them unreadable), 11 without an address"
}

@test "onts import --dry-run leaves no trace where there is no store yet" {
    printf 'name,ip\nhome,10.0.0.1\nhome 2,10.0.0.1-9\n' >list.csv
    run_split bioctl --json onts import -n list.csv
    assert_json 'map(select(.type == "summary"))[0] | .rows == 2 and .added == 1 and .rejected == 1'
    assert_status 3
    [ ! -e "$BIOCTL_DATA_DIR" ] || fail "it made $(find "$BIOCTL_DATA_DIR")"
    run_split bioctl maintenance add all -n --start 2030-01-01T22:00 --duration 4h
    [ ! -e "$BIOCTL_DATA_DIR" ] || fail "it made $(find "$BIOCTL_DATA_DIR")"
}

@test "onts import: what is no list of ONTs is named" {
    printf '\xff\xd8\xff\xe0' >photo.jpg
    run_split bioctl onts import photo.jpg
    assert_status 65
    assert_stderr_has "bioctl: photo.jpg: line 1: no column has the names of the customers"
    with_input() { "$BIOCTL" onts import - <<<'{}'; }
    status=0
    stderr=$(with_input 2>&1) || status=$?
    assert_status 65
    assert_stderr_has "bioctl: standard input: the file is a JSON object"
}
