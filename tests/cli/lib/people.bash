# People without photos, for tests of what happens to templates.

demo="$BATS_TEST_DIRNAME/../../lib/face/npm/node_modules/@vladmandic/face-api/demo"
space=dlib-resnet-v1

# person ID AXIS [FIELDS]: a line of people import; the vector points along one of 128 axes, so that people of different axes
# are as unlike as can be. FIELDS, such as ',"name":"Ani"', go to the person.
person() {
    fields="${3-}" awk -v id="$1" -v axis="$2" -v space="$space" 'BEGIN {
        fields = ENVIRON["fields"]  # -v would take the backslashes away
        for (i = 0; i < 128; i++) vector = vector (i ? "," : "") (i == axis ? "1.5" : "0.1")
        printf "{\"person_id\":\"%s\",\"space\":\"%s\"%s,\"templates\":[{\"vector\":[%s]}]}\n", id, space, fields, vector
    }'
}

# enrol_vectors ID...: one template for each.
enrol_vectors() {
    local id axis=0
    for id in "$@"; do person "$id" $((axis++)); done | "$BIOCTL" -q people import - >/dev/null
}

# in_store SQL: what the sqlite3 shell prints.
in_store() { sqlite3 "$BIOCTL_DATA_DIR/bioctl.db" "$1"; }

# As after `models use` of a model that is gone.
make_contract_old() { in_store "UPDATE contract SET id = '0000000000000000'"; }

portraits() { find "$BIOCTL_DATA_DIR/media" -name '*.jpg' | wc -l; }

# crowd PEOPLE SEED: people with two templates each, whose vectors scatter like those of faces, as `people import` reads them.
crowd() {
    python3 - "$1" "$2" <<'PY'
import json, random, sys
people, seed = int(sys.argv[1]), int(sys.argv[2])
random.seed(seed)
for number in range(people):
    face = [random.gauss(0, .125) for _ in range(128)]
    photos = [[round(x + random.gauss(0, .075), 6) for x in face] for _ in range(2)]
    templates = [{"vector": photo} for photo in photos]
    print(json.dumps({"person_id": f"p{seed}-{number}", "space": "dlib-resnet-v1", "templates": templates}))
PY
}

enroll_crowd() { crowd "$1" "$2" | "$BIOCTL" -q people import - >/dev/null; }
