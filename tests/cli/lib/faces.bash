# What the tests of the face verbs share, besides helpers.bash. Photos: the demo pictures of the npm package, all of groups; the
# largest face of sample1.jpg and of sample3.jpg is the same person, whom nobody on sample6.jpg resembles.

demo="$repository/lib/face/npm/node_modules/@vladmandic/face-api/demo"
test_data="${BIOCTL_TEST_DATA:-$repository/../shared/data}"

# same EXPECTED ACTUAL
same() {
    [ "$1" = "$2" ] && return
    printf 'expected: %s\n  actual: %s\n' "$1" "$2" >&2
    return 1
}

# with_stdin FILE COMMAND...: run_split with this file on standard input.
with_stdin() {
    local file="$1"
    shift
    run_split bash -c 'file="$1"; shift; "$@" <"$file"' _ "$file" "$@"
}

# Made once for a test file: photos of one face each, cut from the demo pictures. They are the portraits that an enrolment of all
# faces keeps: face-1-0.jpg is the largest of sample1.jpg.
make_faces() {
    local folder="$BATS_FILE_TMPDIR/faces" number portrait
    mkdir -p "$folder"
    for number in 1 3 6; do
        BIOCTL_DATA_DIR="$folder/data" "$BIOCTL" -q enroll --id "s$number" --faces all --on-duplicate allow \
            "$demo/sample$number.jpg" >/dev/null
        for portrait in "$folder"/data/media/faces/*/*.jpg; do
            mv "$portrait" "$folder/face-$number-$(basename "$portrait" | cut -d- -f2).jpg"
        done
    done
    rm -r "$folder/data"
}

faces() { echo "$BATS_FILE_TMPDIR/faces"; }

# variant PHOTO TEXT: the same face in a file of another sha256; what follows the end of a JPEG is not looked at.
variant() { cat "$1" && printf 'variant %s' "$2"; }

# A folder of people: staff/<id>/<photo>.
make_staff() {
    mkdir -p staff/anna staff/bela staff/cora
    cp "$(faces)/face-1-0.jpg" staff/anna/1.jpg
    cp "$(faces)/face-1-1.jpg" staff/bela/1.jpg
    variant "$(faces)/face-1-1.jpg" 2 >staff/bela/2.jpg
    cp "$(faces)/face-6-0.jpg" staff/cora/1.jpg
}

# start_held_bulk_enroll: of 40 photos of cora with one worker. The 36th is a pipe and does not come before release_bulk_enroll,
# however fast the machine is; 35 have been looked at by then. Sets held.
start_held_bulk_enroll() {
    local number
    mkdir -p staff/cora
    for number in $(seq 40); do variant "$(faces)/face-6-0.jpg" "$number" >"staff/cora/$number.jpg"; done
    { echo id,path; printf 'cora,staff/cora/%s.jpg\n' $(seq 40); } >list.csv
    rm staff/cora/36.jpg
    mkfifo staff/cora/36.jpg
    "$BIOCTL" --json bulk-enroll -j 1 --manifest list.csv >out 2>err 3>&- &
    held=$!
    exec 7<>staff/cora/36.jpg
    until_true is_reading "$held" staff/cora/36.jpg
}

is_reading() { readlink "/proc/$1/fd/"* | grep -q "/$2\$"; }

release_bulk_enroll() {
    variant "$(faces)/face-6-0.jpg" 36 >&7
    exec 7>&-
}

# What must be equal after any two ways to the same end: people and templates without row numbers and times, and the portraits.
store_content() {
    sqlite3 "$BIOCTL_DATA_DIR/bioctl.db" "
        SELECT p.id, p.name, t.modality, t.contract, hex(t.vector), t.quality, hex(t.photo), t.face_index,
               replace(CAST(t.source AS TEXT), '$PWD', ''), t.crop, t.box_top, t.box_right, t.box_bottom, t.box_left, t.rotation
        FROM person p LEFT JOIN template t ON t.person = p.key
        ORDER BY p.id, t.photo, t.face_index"
    (cd "$BIOCTL_DATA_DIR" && find media -type f -exec sha256sum {} + | sort -k 2)
}

# The fields of NDJSON records: field TYPE NAME <records
field() { jq -r --arg type "$1" --arg name "$2" 'select(.type == $type) | .[$name]'; }
