#!/usr/bin/env bats
# The verbs of faces with palms. The hands are drawn (tests/support/hand), so that the tests run anywhere.

load helpers
load lib/faces

# hands: person-shot.png for three people, made once for the file.
setup_file() {
    local person shot
    mkdir -p "$BATS_FILE_TMPDIR/hands"
    for person in 1 2 3; do
        for shot in 0 1 2; do
            "$HAND" "$BATS_FILE_TMPDIR/hands/$person-$shot.jpg" 800x600 "person=$person" "shot=$shot"
        done
    done
}

setup() {
    setup_sandbox
    hands="$BATS_FILE_TMPDIR/hands"
}

palm() { local verb="$1"; shift; run_split "$BIOCTL" --json "$verb" --modality palm "$@"; }
enrol() { "$BIOCTL" -q enroll --modality palm --id "$1" "$2" >/dev/null; }

@test "what shows no palm is refused with its reason, and nothing is stored" {
    printf x >text.jpg
    "$HAND" cloth.png 800x600 length=1
    "$HAND" fist.png 800x600 no-fingers
    "$HAND" glove.png 800x600 no-lines
    "$HAND" small.png 200x150 length=24
    "$HAND" two.png 1600x600 length=110 at=400:280 and: person=2 length=110 at=1200:280
    local picture reason
    while read -r picture reason; do
        palm enroll --id ani "$picture"
        assert_status 1
        same "$picture $reason" "$picture $(field rejected reason <<<"$stdout")"
        assert_stderr_has "$picture: "
        palm recognize "$picture"
        assert_status 1
        same "$picture $reason" "$picture $(field no_palm reason <<<"$stdout")"
    done <<EOF
cloth.png no_hand
$demo/sample1.jpg no_hand
two.png two_hands
small.png too_small
glove.png low_quality
EOF
    palm enroll --id ani fist.png
    assert_status 1
    [[ $(field rejected reason <<<"$stdout") =~ ^(no_hand|bad_pose)$ ]]
    palm enroll --id ani text.jpg
    assert_status 65
    run_split "$BIOCTL" people list
    same "" "$stdout"
}

@test "a palm is enrolled once, found again, and another one is unknown" {
    palm enroll --id ani --name "Ani W" "$hands/1-0.jpg" "$hands/1-1.jpg"
    assert_status 0
    same '["type","person_id","image","template_id","quality","box","rotation"]' "$(head -1 <<<"$stdout" | jq -c keys_unsorted)"
    palm enroll --id ani "$hands/1-0.jpg"
    assert_status 0
    same unchanged "$(jq -r .type <<<"$stdout")"
    palm recognize "$hands/1-2.jpg"
    assert_status 0
    assert_json '.[0] | .type == "palm" and .person_id == "ani" and .label == "Ani W" and .distance < 0.34 and .side == "right"'
    palm recognize "$hands/2-0.jpg"
    assert_status 1
    assert_json '.[0] | .person_id == null and .label == "Unknown" and .distance > 0.34'
    palm recognize --palm-threshold 0.6 "$hands/2-0.jpg"
    assert_status 0
    run_split "$BIOCTL" recognize --modality palm "$hands/1-2.jpg"
    assert_stdout_has "$(printf 'palm\t%s\tAni W\tani\t' "$hands/1-2.jpg")"
}

@test "the palm of another person is refused under a second id, or told of" {
    enrol ani "$hands/1-0.jpg"
    palm enroll --id budi "$hands/1-1.jpg"
    assert_status 1
    same duplicate_person "$(field rejected reason <<<"$stdout")"
    assert_stderr_has "looks like 'ani' (distance 0."
    palm enroll --id budi --on-duplicate warn "$hands/1-1.jpg"
    assert_status 0
    same ani "$(field enrolled resembles <<<"$stdout")"
    palm enroll --id cici "$hands/2-0.jpg"
    assert_status 0
    same "" "$stderr"
}

@test "bulk-enroll takes a folder of palms, resumes, prunes palms only, and rehearses" {
    mkdir -p staff/ani staff/budi
    cp "$hands/1-0.jpg" "$hands/1-1.jpg" staff/ani/
    cp "$hands/2-0.jpg" "$demo/sample1.jpg" staff/budi/
    palm bulk-enroll --dry-run staff
    assert_status 3
    run_split "$BIOCTL" people list
    same "" "$stdout"
    palm bulk-enroll staff
    assert_status 3
    assert_json 'map(select(.type == "summary")) | .[0] | .enrolled == 3 and .rejected == 1 and .people == 2'
    palm bulk-enroll staff
    assert_json 'map(select(.type == "summary")) | .[0] | .enrolled == 0 and .unchanged == 3'
    "$BIOCTL" -q bulk-enroll --faces largest staff >/dev/null || true
    rm staff/ani/1-1.jpg
    palm bulk-enroll --prune staff
    assert_json 'map(select(.type == "removed")) | length == 1 and .[0].templates == 1'
    run_split "$BIOCTL" --json people list
    assert_json '.[0] | .person_id == "ani" and .templates == 1 and .palms == 1'
    assert_json '.[1] | .person_id == "budi" and .templates == 2 and .palms == 1'
    run_split "$BIOCTL" --json people list --modality face
    same budi "$(jq -r .person_id <<<"$stdout")"
}

@test "auto looks for a face first, then for a palm, and says when there is neither" {
    enrol ani "$hands/1-0.jpg"
    "$BIOCTL" -q enroll --id budi --faces largest "$demo/sample1.jpg" >/dev/null
    "$HAND" cloth.png 800x600 length=1
    run_split "$BIOCTL" --json recognize --modality auto "$hands/1-1.jpg" "$demo/sample3.jpg" cloth.png
    assert_status 0
    assert_json 'map([.type, .person_id]) | .[0] == ["palm", "ani"] and any(.[]; . == ["face", "budi"]) and .[-1] == ["no_palm", null]'
    run_split "$BIOCTL" --json recognize --modality auto --fail-unknown "$hands/1-1.jpg" cloth.png
    assert_status 1
    # With faces alone a hand is a photo without one.
    run_split "$BIOCTL" --json recognize "$hands/1-1.jpg"
    same no_face "$(jq -r .type <<<"$stdout")"
}

@test "compare says whether two photos, or a photo and a person, show the same palm" {
    palm compare "$hands/1-0.jpg" "$hands/1-1.jpg"
    assert_status 0
    assert_json '.[0] | .type == "comparison" and .same and .distance < .threshold and .threshold == 0.376'
    palm compare "$hands/1-0.jpg" "$hands/2-0.jpg"
    assert_status 1
    enrol ani "$hands/1-0.jpg"
    palm compare "$hands/1-2.jpg" --id ani
    assert_status 0
    palm compare "$hands/3-0.jpg" --id ani
    assert_status 1
    palm compare "$hands/1-2.jpg" --id nobody
    assert_status 66
    palm compare "$demo/sample1.jpg" "$hands/1-0.jpg"
    assert_status 1
    assert_json '.[0] | .type == "no_palm" and .reason == "no_hand"'
    with_stdin "$hands/1-1.jpg" "$BIOCTL" compare --modality palm - --id ani
    assert_status 0
}

@test "what concerns faces is refused with palms, before anything is done" {
    local flags
    for flags in "enroll --id x --at 1,1" "enroll --id x --faces largest" "bulk-enroll --faces all" "recognize -t 0.5" \
        "recognize --margin 0.1" "compare -t 0.5 --id x" "compare --metric l2 --id x"; do
        # shellcheck disable=SC2086
        run_split "$BIOCTL" $flags --modality palm "$hands/1-0.jpg"
        assert_status 64
        assert_stderr_has "for faces"
    done
    run_split "$BIOCTL" recognize --palm-threshold 0.3 "$hands/1-0.jpg"
    assert_status 64
    [ ! -e "$BIOCTL_DATA_DIR/bioctl.db" ]
    run_split "$BIOCTL" recognize --modality iris "$hands/1-0.jpg"
    assert_status 64
    run_split "$BIOCTL" enroll --modality auto --id x "$hands/1-0.jpg"
    assert_status 64
}

@test "a threshold for faces in the environment leaves palms alone; theirs has its own place" {
    enrol ani "$hands/1-0.jpg"
    BIOCTL_THRESHOLD=0.9 FACE_TOLERANCE=0.9 palm recognize "$hands/2-0.jpg"
    assert_status 1
    BIOCTL_PALM_THRESHOLD=0.6 palm recognize "$hands/2-0.jpg"
    assert_status 0
    run_split env BIOCTL_PALM_THRESHOLD=2 "$BIOCTL" recognize --modality palm "$hands/2-0.jpg"
    assert_status 78
}

@test "palms need no models" {
    export BIOCTL_MODELS_DIR="$PWD/nowhere"
    palm enroll --id ani "$hands/1-0.jpg"
    assert_status 0
    palm recognize "$hands/1-1.jpg"
    assert_status 0
    palm compare "$hands/1-1.jpg" --id ani
    assert_status 0
    run_split "$BIOCTL" recognize "$hands/1-1.jpg"
    assert_status 66
}

@test "a damaged palm is named, doctor sees it, reembed mends it" {
    enrol ani "$hands/1-0.jpg"
    sqlite3 "$BIOCTL_DATA_DIR/bioctl.db" 'UPDATE template SET vector = zeroblob(length(vector))'
    palm recognize "$hands/1-1.jpg"
    assert_status 65
    assert_stderr_has "the palm of 'ani' (template 1) is damaged"
    run_split "$BIOCTL" doctor
    assert_stdout_has "1 are damaged"
    run_split "$BIOCTL" people export out.ndjson
    assert_stderr_has "left out 1 damaged palm"
    run_split "$BIOCTL" people reembed
    assert_status 0
    palm recognize "$hands/1-1.jpg"
    assert_status 0
}

@test "compare tells who has palms only that a face is missing" {
    enrol ani "$hands/1-0.jpg"
    run_split "$BIOCTL" compare "$demo/sample1.jpg" --id ani
    assert_status 66
    assert_stderr_has "enrol a photo of this person first"
}

@test "recognize --annotate writes the picture" {
    enrol ani "$hands/1-0.jpg"
    palm recognize --annotate drawn "$hands/1-1.jpg"
    assert_status 0
    [ "$(head -c 3 drawn/1-1.jpg | od -An -tx1 | tr -d ' ')" = ffd8ff ]
}

@test "people: show, export, import, merge and remove know palms" {
    enrol ani "$hands/1-0.jpg"
    enrol budi "$hands/2-0.jpg"
    run_split "$BIOCTL" --json people show ani
    assert_json '.[1] | .modality == "palm" and .contract == "palm-bocv-1" and .current and .precision == null'
    "$BIOCTL" -q people export people.ndjson
    BIOCTL_DATA_DIR="$PWD/other" run_split "$BIOCTL" --json people import people.ndjson
    assert_status 0
    BIOCTL_DATA_DIR="$PWD/other" palm recognize "$hands/1-1.jpg"
    assert_status 0
    mkdir npy
    run_split "$BIOCTL" people export --npy npy
    assert_status 0
    assert_stderr_has "left out 2 palms, .npy files hold faces only"
    run_split "$BIOCTL" people merge --yes ani budi
    assert_status 0
    assert_stderr_has "do not look like one person"
    run_split "$BIOCTL" people remove --yes budi
    assert_status 0
    same "" "$(find "$BIOCTL_DATA_DIR/media" -name '*.jpg')"
    run_split "$BIOCTL" doctor
    assert_stdout_has "palms"
}
