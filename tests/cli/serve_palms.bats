#!/usr/bin/env bats
# Palms through the server: the register of the old service, and /api/v2.

load helpers
load lib/faces
load lib/serve
load lib/api

setup_file() {
    make_faces
    local person shot
    for person in 1 2; do
        for shot in 0 1; do
            "$HAND" "$BATS_FILE_TMPDIR/palm-$person-$shot.jpg" 800x600 "person=$person" "shot=$shot"
        done
    done
}

setup() {
    setup_sandbox
    faces="$BATS_FILE_TMPDIR/faces"
    palm="$BATS_FILE_TMPDIR/palm"
}

teardown() { stop_serve; }

@test "biometric: palms are registered, found, listed and deleted beside faces" {
    start_serve
    ask /api/v1/biometric/register -F type=Palm -F file=@"$palm-1-0.jpg"
    assert_status 201
    assert_body_json '.success and .message == "Data biometrik berhasil didaftarkan" and (.data.id | test("^PALM-[0-9A-F]{10}$"))
        and .data.biometric_type == "palm" and (.data.image_path | startswith("palms/"))
        and (.data | keys_unsorted) == ["id","biometric_type","image_path","created_at","updated_at"]'
    local id face
    id=$(jq -r .data.id <"$BATS_TEST_TMPDIR/body")
    ask /api/v1/biometric/register -F type=palm -F file=@"$palm-1-1.jpg"
    assert_status 409
    assert_body_json ".message == \"Data biometrik sudah terdaftar dengan ID $id\" and .errors.existing_id == \"$id\" and .errors.score > 0.66"
    ask /api/v1/biometric/compare -F type=palm -F file=@"$palm-1-1.jpg"
    assert_status 200
    assert_body_json ".data.id == \"$id\" and .data.biometric_type == \"palm\" and .data.match_score > 0.66 and .data.match_score <= 1"
    ask /api/v1/biometric/compare -F type=palm -F file=@"$palm-2-0.jpg"
    assert_status 404
    assert_body '{"success":false,"message":"Data tidak ditemukan"}'
    ask /api/v1/biometric/compare -F type=palm -F file=@"$faces/face-1-0.jpg"
    assert_status 404
    ask /api/v1/biometric/register -F type=face -F file=@"$faces/face-1-0.jpg"
    assert_status 201
    face=$(jq -r .data.id <"$BATS_TEST_TMPDIR/body")
    ask '/api/v1/biometric/?type=palm'
    assert_body_json ".meta.total_items == 1 and .data[0].id == \"$id\""
    ask '/api/v1/biometric/?type=face'
    assert_body_json ".meta.total_items == 1 and .data[0].id == \"$face\" and .data[0].biometric_type == \"face\""
    ask '/api/v1/biometric/'
    assert_body_json '[.data[].biometric_type] | sort == ["face", "palm"]'
    ask "/api/v1/biometric/$id"
    assert_body_json '.data.biometric_type == "palm"'
    ask "/api/v1/biometric/$id" -X DELETE
    assert_status 200
    ask /api/v1/biometric/compare -F type=palm -F file=@"$palm-1-1.jpg"
    assert_status 404
}

@test "biometric: a kind that does not exist cannot be listed" {
    start_serve
    ask '/api/v1/biometric/?type=iris'
    assert_status 400
    assert_body '{"success":false,"message":"Tipe biometrik tidak valid. Gunakan salah satu: face, palm"}'
}

@test "/api/v2: palms are enrolled, recognised and compared" {
    setup_api
    start_serve
    as "$admin" /api/v2/people/ani/photos -F modality=palm -F image=@"$palm-1-0.jpg"
    assert_status 201
    as "$admin" /api/v2/people/ani/templates
    assert_body_json '.items[0] | .modality == "palm" and .is_current and .contract == "palm-bocv-1" and .has_photo'
    as "$admin" /api/v2/people/ani
    assert_body_json '.templates == 1 and .palms == 1'
    as "$admin" /api/v2/people/budi/photos -F modality=palm -F image=@"$palm-1-1.jpg"
    assert_status 409
    assert_body_json '.resembles == "ani" and .code == "duplicate_person"'
    as "$admin" /api/v2/people/budi/photos -F modality=palm -F image=@"$faces/face-1-0.jpg"
    assert_status 422
    assert_body_json '.code == "no_hand"'
    as "$admin" /api/v2/people/budi/photos -F modality=iris -F image=@"$palm-2-0.jpg"
    assert_status 400
    as "$admin" '/api/v2/recognize?modality=auto' -F image=@"$palm-1-1.jpg"
    assert_status 200
    assert_body_json '.faces == [] and .palm.person.id == "ani" and .palm.side == "right" and .no_palm == null and .palm_threshold == 0.34'
    as "$admin" '/api/v2/recognize?modality=palm&palm_threshold=0' -F image=@"$palm-1-1.jpg"
    assert_body_json '.palm.person == null and .palm.distance > 0'
    as "$admin" '/api/v2/recognize?modality=palm' -F image=@"$faces/face-1-0.jpg"
    assert_body_json '.palm == null and .no_palm.reason == "no_hand"'
    as "$admin" /api/v2/recognize -F image=@"$palm-1-1.jpg"
    assert_body_json '.faces == [] and (has("palm") | not)'
    as "$admin" /api/v2/compare -F modality=palm -F a=@"$palm-1-0.jpg" -F b=@"$palm-1-1.jpg"
    assert_body_json '.same and .threshold == 0.376'
    as "$admin" /api/v2/compare -F modality=palm -F a=@"$palm-2-0.jpg" -F person=ani
    assert_body_json '.same == false'
    as "$admin" /api/v2/compare -F modality=palm -F a=@"$faces/face-1-0.jpg" -F person=ani
    assert_status 422
    assert_body_json '.code == "no_hand"'
}

@test "what a shell enrols while the server runs, the server knows" {
    start_serve
    ask /api/v1/biometric/compare -F type=palm -F file=@"$palm-1-1.jpg"
    assert_status 404
    "$BIOCTL" -q enroll --modality palm --id ani "$palm-1-0.jpg" >/dev/null
    ask /api/v1/biometric/compare -F type=palm -F file=@"$palm-1-1.jpg"
    assert_status 200
    assert_body_json '.data.id == "ani"'
}
