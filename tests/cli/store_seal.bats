# store encrypt, rekey, decrypt: the data folder sealed with a key that lies elsewhere.

load helpers
load lib/faces
load lib/people

setup() {
    setup_sandbox
    key="$BATS_TEST_TMPDIR/keys/store.key"
    mkdir -m 0700 "$BATS_TEST_TMPDIR/keys"
}

# Two people with portraits, and a picture that is as large as one of a terminal.
make_store() {
    enrol_vectors siswa-rahasia-1 siswa-rahasia-2
    bioctl -q people rename siswa-rahasia-1 --name 'Siti Rahasia'
    local id
    for id in 1 2; do
        mkdir -p -m 0700 "$BIOCTL_DATA_DIR/media/faces/aa"
        { printf '\xff\xd8'; yes "portrait of siswa-rahasia-$id" | head -c 40000; printf '\xff\xd9'; } >"$BIOCTL_DATA_DIR/media/faces/aa/$id.jpg"
        chmod 0600 "$BIOCTL_DATA_DIR/media/faces/aa/$id.jpg"
        in_store "UPDATE template SET crop = CAST('faces/aa/$id.jpg' AS BLOB)
                  WHERE person = (SELECT key FROM person WHERE id = 'siswa-rahasia-$id')"
    done
}

seal() { bioctl -q store encrypt --key-file "$key" >/dev/null; }

with_key() { BIOCTL_STORE_KEY_FILE="$key" "$@"; }

# Whatever tells who is in there: names, ids, vectors (as they were before), portraits, SQL.
shows_something() {
    grep -rqaE 'rahasia|Siti|CREATE TABLE|SQLite format' "$1"
}

@test "store encrypt: no name, template or portrait is left in any file, and sqlite3 cannot open it" {
    make_store
    shows_something "$BIOCTL_DATA_DIR"
    vector=$(in_store "SELECT hex(substr(vector, 1, 16)) FROM template LIMIT 1")
    xxd -p "$BIOCTL_DATA_DIR/bioctl.db" | tr -d '\n' | grep -qi "$vector"
    run_split bioctl store encrypt --key-file "$key"
    assert_status 0
    assert_stdout $'true\t2'
    assert_stderr_has "keep a copy elsewhere"
    [ "$(stat -c %a "$key")" = 600 ]
    with_key bioctl -q people rename siswa-rahasia-2 --name 'Budi Rahasia'  # through the log
    run ! shows_something "$BIOCTL_DATA_DIR"
    run ! grep -qi "$vector" <(cat "$BIOCTL_DATA_DIR"/bioctl.db* | xxd -p | tr -d '\n')
    run sqlite3 "$BIOCTL_DATA_DIR/bioctl.db" .tables
    [[ $output == *'not a database'* ]]

    run_split with_key bioctl people list
    assert_status 0
    assert_stdout_has "Budi Rahasia"
    run_split with_key bioctl store check --deep
    assert_status 0
    run_split with_key bioctl --json store stats
    assert_json 'any(.what == "sealed")'
}

@test "a sealed store: without the key every verb says so and exits 77" {
    make_store
    seal
    printf '{}' >empty.json
    local verb
    while read -r verb; do
        # shellcheck disable=SC2086 # words on purpose
        run_split bioctl $verb
        assert_status 77
        assert_stderr_has "is sealed, and no key was named"
        assert_stdout ""
    done <<'END'
people list
people show siswa-rahasia-1
people rename siswa-rahasia-1 --name X
people remove siswa-rahasia-1 --yes
people forget siswa-rahasia-1 --yes
people export out
people export-data siswa-rahasia-1 --to out
people merge siswa-rahasia-1 siswa-rahasia-2 --yes
people dedupe
people reembed
devices list
events list
outbox list
targets list
onts list
routers list
outages list
notifications list
maintenance list
accounts list
audit list
audit verify
store stats
store check
store backup --to out
store vacuum
store migrate
store retention show
store prune --yes
store rekey --new-key-file out.key
store decrypt
metrics
sync-hikvision
ping-onts --once
serve --listen 127.0.0.1:0
END
    [ ! -e out ]
    [ ! -e out.key ]
    run_split bioctl doctor
    assert_status 1
    assert_stdout_has "is sealed"
}

@test "a sealed store: faces are enrolled, recognised and forgotten as in any other" {
    make_faces
    bioctl -q enroll --id a --name Anna "$(faces)/face-1-0.jpg" >/dev/null
    seal
    export BIOCTL_STORE_KEY_FILE="$key"
    run_split bioctl --json recognize "$(faces)/face-1-0.jpg"
    assert_status 0
    assert_json '.[0].person_id == "a"'
    bioctl -q enroll --id b "$(faces)/face-6-0.jpg" >/dev/null
    run ! grep -rlaE 'JFIF|Exif' "$BIOCTL_DATA_DIR/media"
    run_split bioctl people export-data b --to dossier
    assert_status 0
    file -b "$(find dossier -name '*.jpg' | head -1)" | grep -q JPEG
    run_split bioctl people forget b --yes
    assert_status 0
    run_split bioctl store check --deep
    assert_status 0
}

@test "another key, a damaged envelope, a key that others can read, a key inside the data folder" {
    make_store
    run_split bioctl store encrypt
    assert_status 64
    assert_stderr_has "--key-file"
    run_split bioctl store encrypt --key-file "$BIOCTL_DATA_DIR/store.key"
    assert_status 73
    assert_stderr_has "lies in the folder"
    seal
    (umask 077 && printf '%064d\n' 7 >other.key)
    BIOCTL_STORE_KEY_FILE=other.key run_split bioctl people list
    assert_status 77
    assert_stderr_has "is another key"
    BIOCTL_STORE_KEY_FILE=nowhere run_split bioctl people list
    assert_status 77
    assert_stderr_has "cannot be read"
    chmod 0644 "$key"
    run_split with_key bioctl people list
    assert_status 78
    assert_stderr_has "chmod 600"
    chmod 0600 "$key"
    cp -p "$BIOCTL_DATA_DIR/sealed.key" envelope
    printf 'bioctl-envelope-1 x' >"$BIOCTL_DATA_DIR/sealed.key"
    run_split with_key bioctl people list
    assert_status 65
    assert_stderr_has "bring it back from a backup"
    cp -p envelope "$BIOCTL_DATA_DIR/sealed.key"
    run_split with_key bioctl people list
    assert_status 0
}

@test "the key as a systemd credential" {
    make_store
    seal
    mkdir credentials
    cp "$key" credentials/bioctl-store-key
    chmod 0440 credentials/bioctl-store-key
    CREDENTIALS_DIRECTORY=$PWD/credentials run_split bioctl people list
    assert_status 0
    assert_stdout_has "Siti Rahasia"
}

@test "store rekey: the new key opens it, the old one does not, and nothing else is written" {
    make_store
    seal
    before=$(sha256sum "$BIOCTL_DATA_DIR"/media/faces/aa/*)
    run_split with_key bioctl store rekey --new-key-file "$BATS_TEST_TMPDIR/keys/new.key"
    assert_status 0
    run_split with_key bioctl people list
    assert_status 77
    key="$BATS_TEST_TMPDIR/keys/new.key"
    run_split with_key bioctl people list
    assert_status 0
    [ "$(sha256sum "$BIOCTL_DATA_DIR"/media/faces/aa/*)" = "$before" ]
    run_split with_key bioctl --json audit list
    assert_json 'any(.action == "store.rekey")'
}

@test "store decrypt: all is as it was" {
    make_store
    before=$(bioctl people list; sha256sum "$BIOCTL_DATA_DIR"/media/faces/aa/*)
    seal
    run_split with_key bioctl store decrypt
    assert_status 0
    assert_stdout $'true\t2'
    [ "$(bioctl people list; sha256sum "$BIOCTL_DATA_DIR"/media/faces/aa/*)" = "$before" ]
    [ ! -e "$BIOCTL_DATA_DIR/sealed.key" ]
    run_split bioctl store check --deep
    assert_status 0
    run_split bioctl store decrypt
    assert_status 66
}

@test "store encrypt waits for nobody: while a service runs it says who" {
    make_store
    "$BIOCTL" serve --listen 127.0.0.1:0 >out 2>err 3>&- &
    service=$!
    until_true grep -q http:// err out
    run_split bioctl store encrypt --key-file "$key"
    kill "$service"
    assert_status 75
    assert_stderr_has "$service"
    [ ! -e "$BIOCTL_DATA_DIR/sealed.key" ]
}

@test "store encrypt, many at once: one does it, the others wait or say so, and everything is there" {
    make_store
    people=$(bioctl people list)
    pictures=$(sha256sum "$BIOCTL_DATA_DIR"/media/faces/aa/*)
    export BIOCTL_STORE_KEY_FILE="$key"
    for verb in encrypt decrypt; do
        for i in 1 2 3 4 5 6; do
            { "$BIOCTL" -q store $verb >out.$i 2>err.$i 3>&- || echo $? >status.$i; } &
        done
        wait
        for i in 1 2 3 4 5 6; do
            [ ! -e status.$i ] || grep -qE '^(75|66)$' status.$i || fail "$verb: $(cat status.$i err.$i)"
            rm -f status.$i
        done
        [ "$(bioctl people list)" = "$people" ]
        run_split bioctl store $verb
        [ "$status" = 0 ] || [ "$status" = 66 ]
    done
    [ "$(sha256sum "$BIOCTL_DATA_DIR"/media/faces/aa/*)" = "$pictures" ]
}

@test "store encrypt and decrypt, killed at any moment: everything can be read, and the next run finishes" {
    make_store
    # Pictures of the past, of which sealing takes a while.
    for i in $(seq 3 60); do
        cp "$BIOCTL_DATA_DIR/media/faces/aa/1.jpg" "$BIOCTL_DATA_DIR/media/faces/aa/$i.jpg"
    done
    people=$(bioctl people list)
    pictures=$(sha256sum "$BIOCTL_DATA_DIR"/media/faces/aa/*)
    export BIOCTL_STORE_KEY_FILE="$key"
    local verb delay
    for verb in encrypt decrypt; do
        for delay in 0.005 0.01 0.02 0.03 0.05 0.08 0.12 0.2; do
            "$BIOCTL" -q store $verb >/dev/null 2>&1 3>&- &
            sleep $delay
            kill -9 $! 2>/dev/null || true
            wait $! 2>/dev/null || true
            [ "$(bioctl people list)" = "$people" ]
            run_split bioctl --json store check --deep
            assert_json 'all(.type != "finding" or (.kind | IN("in_clear", "leftover", "orphan_file")))'
        done
        run_split bioctl store $verb
        [ "$status" = 0 ] || [ "$status" = 66 ]
        run_split bioctl store check --deep
        assert_status 0
    done
    [ "$(sha256sum "$BIOCTL_DATA_DIR"/media/faces/aa/*)" = "$pictures" ]
    leftovers=$(find "$BIOCTL_DATA_DIR" -name '*.old' -o -name '*.seal' -o -name '.bioctl-seal.db')
    [ -z "$leftovers" ]
}

# As a kill between two steps leaves them: a name that is the file itself, a draft that is cut off, the way back instead of on.
@test "store encrypt and decrypt: half-made names of a killed run cost nothing" {
    make_store
    people=$(bioctl people list)
    pictures=$(sha256sum "$BIOCTL_DATA_DIR"/media/faces/aa/*)
    export BIOCTL_STORE_KEY_FILE="$key"
    half() {
        ln "$BIOCTL_DATA_DIR/bioctl.db" "$BIOCTL_DATA_DIR/.bioctl.db.old"
        ln "$BIOCTL_DATA_DIR/media/faces/aa/1.jpg" "$BIOCTL_DATA_DIR/media/faces/aa/.1.jpg.old"
        head -c 100 "$BIOCTL_DATA_DIR/media/faces/aa/2.jpg" >"$BIOCTL_DATA_DIR/media/faces/aa/.2.jpg.seal"
        head -c 100 "$BIOCTL_DATA_DIR/media/faces/aa/2.jpg" >"$BIOCTL_DATA_DIR/media/faces/aa/.bioctl-1-2.tmp"
        cp "$BIOCTL_DATA_DIR/bioctl.db" "$BIOCTL_DATA_DIR/.bioctl-seal.db"
    }
    local verb
    for verb in encrypt encrypt decrypt; do
        half
        run_split bioctl store check
        assert_status 1
        assert_stdout_has .bioctl-seal.db
        bioctl -q store $verb >/dev/null
        [ "$(bioctl people list)" = "$people" ]
        leftovers=$(find "$BIOCTL_DATA_DIR" -name '.*' -type f)
        [ -z "$leftovers" ]
    done
    [ "$(sha256sum "$BIOCTL_DATA_DIR"/media/faces/aa/*)" = "$pictures" ]
}

@test "store encrypt: backups below the data folder stay what they are, and it says so; a store that is a link is refused" {
    make_store
    bioctl -q store backup --to "$BIOCTL_DATA_DIR/backups" >/dev/null
    run_split bioctl store encrypt --key-file "$key"
    assert_status 0
    assert_stderr_has "1 backup below the data folder is in clear still"
    run_split bioctl store verify "$BIOCTL_DATA_DIR"/backups/bioctl-*
    assert_status 0
    with_key bioctl -q store decrypt >/dev/null
    mv "$BIOCTL_DATA_DIR/bioctl.db" elsewhere.db
    ln -s "$PWD/elsewhere.db" "$BIOCTL_DATA_DIR/bioctl.db"
    run_split bioctl store encrypt --key-file "$key"
    assert_status 73
    assert_stderr_has "is a link"
    [ ! -e "$BIOCTL_DATA_DIR/sealed.key" ]
    run_split bioctl people list
    assert_status 0
}

@test "store decrypt: a damaged picture is named, the others are opened, and the envelope stays until it is gone" {
    make_store
    seal
    export BIOCTL_STORE_KEY_FILE="$key"
    truncate -s -1 "$BIOCTL_DATA_DIR/media/faces/aa/1.jpg"
    run_split bioctl store check --deep
    assert_status 1
    assert_stdout_has damaged_file
    run_split bioctl store decrypt
    assert_status 65
    assert_stderr_has 1.jpg
    head -c 2 "$BIOCTL_DATA_DIR/media/faces/aa/2.jpg" | cmp - <(printf '\xff\xd8')
    [ -e "$BIOCTL_DATA_DIR/sealed.key" ]
    mv "$BIOCTL_DATA_DIR/media/faces/aa/1.jpg" .
    run_split bioctl store decrypt
    assert_status 0
    [ ! -e "$BIOCTL_DATA_DIR/sealed.key" ]
}

@test "store encrypt: without room nothing is begun, and nothing looks sealed" {
    make_store
    mkdir small
    mount -t tmpfs -o size=700k none small 2>/dev/null || skip "cannot mount"
    cp -a "$BIOCTL_DATA_DIR/." small
    BIOCTL_DATA_DIR=$PWD/small run_split bioctl store encrypt --key-file "$key"
    people=$(BIOCTL_DATA_DIR=$PWD/small bioctl people list)
    left=$(ls -A small)
    umount small
    assert_status 74
    assert_stderr_has "make room"
    [ "$people" = "$(bioctl people list)" ]
    [[ $left != *sealed.key* && $left != *.bioctl-seal* ]]
}

@test "a sealed store: contact sheets show faces, forget finds a name in a sealed file of ours" {
    make_faces
    cp "$(faces)/face-1-0.jpg" one.jpg
    variant one.jpg 2 >two.jpg
    bioctl -q enroll --id a --on-duplicate allow one.jpg >/dev/null
    bioctl -q enroll --id siswa-rahasia-9 --on-duplicate allow two.jpg >/dev/null
    mkdir -m 0700 "$BIOCTL_DATA_DIR/backups"
    echo '{"message":"siswa-rahasia-9 came late"}' >"$BIOCTL_DATA_DIR/backups/notifications-1.json"
    seal
    export BIOCTL_STORE_KEY_FILE="$key"
    run_split bioctl people dedupe --html sheet.html
    grep -q 'src="data:image/jpeg' sheet.html
    run_split bioctl --json people forget siswa-rahasia-9 --yes
    assert_status 0
    grep -q backups/notifications-1.json <<<"$stdout$stderr"
}

@test "a backup of a sealed store is sealed, and restores with the key" {
    make_store
    seal
    run_split with_key bioctl store backup --to "$BATS_TEST_TMPDIR/backups"
    assert_status 0
    backup=$(cut -f 1 <<<"$stdout")
    run ! shows_something "$backup"
    run_split bioctl store verify "$backup"
    assert_status 0
    BIOCTL_DATA_DIR="$BATS_TEST_TMPDIR/else" run_split bioctl store restore "$backup"
    assert_status 77
    [ ! -e "$BATS_TEST_TMPDIR/else" ]
    BIOCTL_DATA_DIR="$BATS_TEST_TMPDIR/else" run_split with_key bioctl store restore "$backup"
    assert_status 0
    [ "$(BIOCTL_DATA_DIR="$BATS_TEST_TMPDIR/else" with_key bioctl people list)" = "$(with_key bioctl people list)" ]
}
