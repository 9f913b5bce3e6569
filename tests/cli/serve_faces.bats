#!/usr/bin/env bats
# The three families about faces: every call of the old services, success and failure, as their clients make them.

load helpers
load lib/faces
load lib/serve

setup_file() { make_faces; }

setup() {
    setup_sandbox
    faces="$BATS_FILE_TMPDIR/faces"
    start_serve
}

teardown() { stop_serve; }

json() { ask "$1" -H 'Content-Type: application/json' -d "$2"; }
base64_of() { base64 -w0 "$1"; }

@test "attendance: enrol, recognise, health, config" {
    ask /health
    assert_status 200
    assert_body '{"ok":true,"encodings":0,"labels":0}'
    assert_header 'content-type: application/json'
    ask /recognize -F image=@"$faces/face-1-0.jpg"
    assert_body_json '.ok and .results[0].label == "Unknown" and .results[0].distance == 1'
    ask /enroll -F student_id=alip -F image=@"$faces/face-1-0.jpg"
    assert_status 200
    assert_body '{"ok":true,"saved":1,"msg":{"faces_found":1,"saved":1}}'
    ask /recognize -F image=@"$faces/face-3-0.jpg"
    assert_status 200
    assert_body_json '.ok and (.results | length) == 1 and .results[0].label == "alip" and (.results[0].box | length) == 4'
    assert_body_json '.results[0] | keys_unsorted == ["box", "label", "distance"]'
    ask /recognize -F image=@"$faces/face-6-0.jpg"
    assert_body_json '.results[0].label == "Unknown" and .results[0].distance > 0.4'
    ask '/recognize?nested=1' -F image=@"$faces/face-3-0.jpg"
    assert_body_json '.results.results[0].label == "alip" and .results.frame_info.w > 0 and .results.frame_info.h > 0'
    ask /health
    assert_body '{"ok":true,"encodings":1,"labels":1}'
    ask /config
    assert_body_json '.tolerance > 0 and .webhook_enabled == false and .cooldown_seconds == 0'
}

@test "attendance: what it refuses, in FastAPI's words" {
    ask /enroll -F image=@"$faces/face-1-0.jpg"
    assert_status 422
    assert_body '{"detail":[{"loc":["body","student_id"],"msg":"field required","type":"value_error.missing"}]}'
    ask /recognize -F other=1
    assert_status 422
    assert_body '{"detail":[{"loc":["body","image"],"msg":"field required","type":"value_error.missing"}]}'
    ask /enroll -X POST
    assert_status 422
    assert_body_json '.detail | length == 2'
    printf 'no picture' >text.jpg
    ask /recognize -F image=@text.jpg
    assert_status 400
    assert_body '{"ok":false,"msg":"Gambar tidak valid"}'
    : >empty.jpg
    ask /enroll -F student_id=a -F image=@empty.jpg
    assert_status 400
    assert_body '{"ok":false,"msg":"Gambar tidak valid"}'
    head -c 2000 "$faces/face-1-0.jpg" >cut.jpg
    ask /recognize -F image=@cut.jpg
    assert_status 400
    ask /enroll -F student_id=../etc -F image=@"$faces/face-1-0.jpg"
    assert_status 422
    ask /recognize
    assert_status 405
    assert_body '{"detail":"Method Not Allowed"}'
    assert_header 'allow: POST'
}

@test "attendance: a photo without a face, and one of several" {
    "$BIOCTL" version >/dev/null
    convert_blank blank.bmp
    ask /enroll -F student_id=a -F image=@blank.bmp
    assert_status 200
    assert_body '{"ok":false,"saved":0,"msg":{"faces_found":0,"saved":0}}'
    ask /enroll -F student_id=a -F image=@"$demo/sample1.jpg"
    assert_body_json '.ok == false and .saved == 0 and .msg.faces_found > 1 and .msg.reason == "many_faces"'
    run_split bioctl people list
    assert_stdout ''
}

# A grey picture of 64 x 64.
convert_blank() {
    {
        printf 'BM\x36\x30\0\0\0\0\0\0\x36\0\0\0\x28\0\0\0\x40\0\0\0\x40\0\0\0\1\0\x18\0\0\0\0\0\0\x30\0\0'
        head -c 16 /dev/zero
        head -c 12288 /dev/zero | tr '\0' '\200'
    } >"$1"
}

@test "attendance: the mock webhook answers with a token" {
    json /mock/webhook '{"student_id":"alip","x":[1,null]}'
    assert_status 200
    assert_body_json '.ok and (.token | test("^ATT-[0-9]{10}-alip$")) and .received == {"student_id":"alip","x":[1,null]}'
    json /mock/webhook '[]'
    assert_body_json '.token | endswith("-UNKNOWN")'
    json /mock/webhook 'x'
    assert_status 422
}

@test "laravel: recognise one of all, and one person" {
    "$BIOCTL" -q enroll --id 3201 --name Alip "$faces/face-1-0.jpg" >/dev/null
    "$BIOCTL" -q enroll --id 3202 --name Budi "$faces/face-6-0.jpg" >/dev/null
    local photo
    photo=$(base64_of "$faces/face-3-0.jpg")
    printf '{"image":"data:image/jpeg;base64,%s"}' "$photo" >request.json
    json /api/face-recognition/recognize @request.json
    assert_status 200
    assert_body_json '.success and .matched and .nik == "3201" and .name == "Alip" and .confidence > 0.5 and .confidence <= 1
        and .distance < .threshold and .faces == 1 and (.box | keys_unsorted) == ["top","right","bottom","left"] and .processing_ms >= 0'
    printf '{"image_base64":"%s","nik":"3202"}' "$photo" >request.json
    json /api/face-recognition/recognize @request.json
    assert_status 200
    assert_body_json '.success and .matched == false and .nik == null and .confidence < 0.5'
    printf '{"image":"%s","nik":3201}' "$photo" >request.json
    json /api/face-recognition/recognize @request.json
    assert_body_json '.matched and .nik == "3201"'
    printf '{"image":"%s","nik":"nobody"}' "$photo" >request.json
    json /api/face-recognition/recognize @request.json
    assert_status 404
    assert_body_json '.success == false and .error == "not_found"'
}

@test "laravel: what it refuses" {
    json /api/face-recognition/recognize '{"image":"not base64!"}'
    assert_status 400
    assert_body_json '.success == false and .error == "invalid_image"'
    json /api/face-recognition/recognize '{"image":"bm8gcGljdHVyZQ=="}'
    assert_status 400
    json /api/face-recognition/recognize '{}'
    assert_status 400
    assert_body_json '.error == "missing_image"'
    json /api/face-recognition/recognize '{"image":'
    assert_status 400
    assert_body_json '.error == "invalid_json"'
    convert_blank blank.bmp
    json /api/face-recognition/recognize "{\"image\":\"$(base64_of blank.bmp)\"}"
    assert_status 200
    assert_body_json '.success == false and .error == "no_face"'
    head -c 40000000 /dev/zero | tr '\0' 'A' >huge
    ask /api/face-recognition/recognize -H 'Content-Type: application/json' --data-binary @huge
    assert_status 413
    assert_body_json '.success == false and .error == "too_large"'
}

@test "laravel: photos are loaded, and asked for" {
    printf '{"faces":[{"nik":"3201","name":"Alip","images":["%s","bm8="]},{"nik":"../x","images":[]}]}' \
        "$(base64_of "$faces/face-1-0.jpg")" >request.json
    json /api/face-recognition/load-faces @request.json
    assert_status 200
    assert_body_json '.success and .loaded == 1 and .people == 1 and ([.failures[].error] == ["invalid_image", "bad_nik"])
        or ([.failures[].error] == ["unreadable", "bad_nik"])'
    json /api/face-recognition/load-faces '{"nik":"3201"}'
    assert_body '{"success":true,"loaded":1,"people":1}'
    ask /api/face-recognition/load-encodings/3201 -X POST
    assert_body '{"success":true,"loaded":1,"people":1}'
    ask /api/face-recognition/load-encodings/9 -X POST
    assert_status 404
    ask /api/health
    assert_body_json '.status == "ok" and .encodings == 1 and .people == 1 and (.model | length) == 16 and .uptime_s >= 0'
}

@test "biometric: register, find, list, delete" {
    ask /api/v1/biometric/register -F type=Face -F file=@"$faces/face-1-0.jpg"
    assert_status 201
    assert_body_json '.success and .message == "Data biometrik berhasil didaftarkan" and (.data.id | test("^FACE-[0-9A-F]{10}$"))
        and .data.biometric_type == "face" and (.data | keys_unsorted) == ["id","biometric_type","image_path","created_at","updated_at"]'
    local id
    id=$(jq -r .data.id <"$BATS_TEST_TMPDIR/body")
    ask /api/v1/biometric/register -F type=face -F file=@"$faces/face-3-0.jpg"
    assert_status 409
    assert_body_json ".message == \"Data biometrik sudah terdaftar dengan ID $id\" and .errors.existing_id == \"$id\" and .errors.score > 0"
    ask /api/v1/biometric/compare -F type=face -F file=@"$faces/face-3-0.jpg"
    assert_status 200
    assert_body_json ".message == \"Data biometrik ditemukan\" and .data.id == \"$id\" and .data.match_score > 0 and .data.match_score < 0.6"
    ask /api/v1/biometric/compare -F type=face -F file=@"$faces/face-6-0.jpg"
    assert_status 404
    assert_body '{"success":false,"message":"Data tidak ditemukan"}'
    ask /api/v1/biometric/register -F type=face -F file=@"$faces/face-6-0.jpg"
    assert_status 201
    ask '/api/v1/biometric/?type=face&page=2&limit=1'
    assert_status 200
    assert_body_json ".message == \"Menampilkan data halaman 2 dari 2\" and .data[0].id == \"$id\" and .meta ==
        {\"current_page\":2,\"items_per_page\":1,\"total_pages\":2,\"total_items\":2,\"has_next\":false,\"has_prev\":true}"
    ask '/api/v1/biometric/?page=9'
    assert_status 200
    assert_body_json '.data == []'
    ask "/api/v1/biometric?type=face"
    assert_status 308
    assert_header "location: /api/v1/biometric/?type=face"
    ask "/api/v1/biometric/$id"
    assert_body_json ".message == \"Data biometrik ditemukan\" and .data.id == \"$id\""
    ask "/api/v1/biometric/$id" -X DELETE
    assert_status 200
    assert_body "{\"success\":true,\"message\":\"Data biometrik dengan ID $id berhasil dihapus\"}"
    ask "/api/v1/biometric/$id"
    assert_status 404
    assert_body "{\"success\":false,\"message\":\"Data biometrik dengan ID $id tidak ditemukan\"}"
    ask "/api/v1/biometric/$id" -X DELETE
    assert_status 404
}

@test "biometric: what it refuses, in the old words and order" {
    ask /api/v1/biometric/register -F type=iris -F file=@"$faces/face-1-0.jpg"
    assert_status 400
    assert_body '{"success":false,"message":"Tipe biometrik tidak valid. Gunakan salah satu: face, palm"}'
    ask /api/v1/biometric/register -F type=face
    assert_body '{"success":false,"message":"File gambar tidak ditemukan dalam request"}'
    ask /api/v1/biometric/register -F type=face -F 'file=@/dev/null;filename='
    assert_body '{"success":false,"message":"Nama file kosong"}'
    ask /api/v1/biometric/register -F type=face -F "file=@$faces/face-1-0.jpg;filename=a.gif"
    assert_body '{"success":false,"message":"File tidak valid. Gunakan format: PNG, JPG, JPEG, BMP, atau TIFF"}'
    convert_blank blank.bmp
    ask /api/v1/biometric/register -F type=face -F file=@blank.bmp
    assert_status 400
    assert_body '{"success":false,"message":"Gagal mengekstrak fitur dari gambar. Pastikan gambar berisi wajah yang jelas."}'
    printf x >x.jpg
    ask /api/v1/biometric/compare -F type=face -F file=@x.jpg
    assert_status 400
    assert_body '{"success":false,"message":"File tidak valid atau format gambar tidak didukung."}'
    ask /api/v1/biometric/register -F type=palm -F file=@"$faces/face-1-0.jpg"
    assert_status 400
    assert_body '{"success":false,"message":"Gagal mengekstrak fitur dari gambar. Pastikan gambar berisi pola vena telapak tangan yang jelas.","errors":{"reason":"no_hand"}}'
    head -c 17000000 /dev/zero >huge.jpg
    ask /api/v1/biometric/register -F type=face -F file=@huge.jpg
    assert_status 413
    assert_body '{"success":false,"message":"Ukuran file terlalu besar. Maksimal 16MB."}'
}

@test "biometric: with a key in the store nobody comes without one" {
    local key
    key=$("$BIOCTL" accounts keys create app --scope read)
    sleep 1.2 # what the service remembers of "nobody has a key"
    ask /api/v1/biometric/
    assert_status 401
    assert_body '{"success":false,"message":"Unauthorized: Missing x-api-key header"}'
    ask /api/v1/biometric/ -H 'x-api-key: wrong'
    assert_status 401
    assert_body '{"success":false,"message":"Unauthorized: Invalid x-api-key"}'
    ask /api/v1/biometric/ -H "x-api-key: $key"
    assert_status 200
    ask /api/v1/biometric/ -H "Authorization: Bearer $key"
    assert_status 200
    ask /api/v1/biometric/FACE-0 -X DELETE -H "x-api-key: $key"
    assert_status 403
    ask "/api/v1/biometric/?x-api-key=$key"
    assert_status 400
    ask /health
    assert_status 200
}
