load helpers
load lib/people
load lib/models

@test "models list shows the built-in models, all in use" {
    run_split bioctl models list --json
    assert_status 0
    assert_stderr ""
    assert_json 'map(.id) == ["faceapi-tiny", "faceapi-68", "faceapi-resnet"]'
    assert_json 'all(.type == "model" and .builtin and .active and (.sha256 | length) == 64)'
    [ ! -e "$BIOCTL_DATA_DIR" ] || fail "listing made a data folder"
}

@test "models list --available shows what can be installed" {
    run_split bioctl models list --available --json
    assert_status 0
    assert_json 'map(.name) | contains(["yunet", "dlib-official", "taguchi"])'
}

@test "models verify says 0 for whole models and 1 for a changed one" {
    shape_file five.dat 5
    bioctl models import five.dat >/dev/null
    run_split bioctl models verify --json
    assert_status 0
    assert_json 'length == 4 and all(.whole)'
    printf '\x02' | dd of="$BIOCTL_DATA_DIR/models/five/shape_predictor.dat" bs=1 seek=8 conv=notrunc status=none
    run_split bioctl models verify faceapi-68 five
    assert_status 1
    assert_stderr_has "shape_predictor.dat: has the SHA-256"
}

@test "a model is imported, used, kept from removal while in use, and removed" {
    shape_file five.dat 5
    run_split bioctl models import five.dat --id dlib-5 --json
    assert_status 0
    assert_json '.[0].id == "dlib-5" and .[0].kind == "landmarks" and (.[0].active | not)'
    run_split bioctl models use dlib-5 --json
    assert_status 0
    assert_json '.[0].active'
    run_split bioctl models remove dlib-5 --yes
    assert_status 75
    assert_stderr_has "bioctl models use"
    bioctl models use faceapi-68 >/dev/null
    run_split bioctl models remove dlib-5
    assert_status 64
    assert_stderr_has "--yes"
    run_split bioctl models remove dlib-5 --dry-run
    assert_status 0
    run_split bioctl models remove dlib-5 --yes
    assert_status 0
    run_split bioctl models remove dlib-5 --yes
    assert_status 66
}

@test "models import --use makes a model the active one at once" {
    shape_file five.dat 5
    run_split bioctl models import five.dat --use --json
    assert_status 0
    assert_json '.[0].active'
}

@test "a note says how many templates a change of models leaves behind, and none when it is taken back" {
    enrol_vectors ani budi
    shape_file five.dat 5
    run_split bioctl models import five.dat --use
    assert_status 0
    assert_stderr_has "2 templates were made with other models"
    assert_stderr_has "bioctl people reembed"
    run_split bioctl models use faceapi-68
    assert_status 0
    assert_stderr ""
}

@test "a file that is no model is refused and named" {
    printf '<html>not found</html>' >model.dat
    run_split bioctl models import model.dat
    assert_status 65
    assert_stderr_has "model.dat: not a model bioctl knows: a web page"
    : >empty.onnx
    run_split bioctl models import empty.onnx
    assert_status 65
    assert_stderr_has "empty.onnx: not a model bioctl knows: empty"
    run_split bioctl models import absent.onnx
    assert_status 66
    assert_stderr_has "absent.onnx"
}

@test "a truncated model is refused and named" {
    shape_file whole.dat 68
    head -c 200 whole.dat >short.dat
    run_split bioctl models import short.dat
    assert_status 65
    assert_stderr_has "short.dat: truncated: 200 bytes"
    run_split bioctl models list
    assert_stdout_lacks short
}

@test "models import --sha256 refuses another file with both digests" {
    shape_file five.dat 5
    local digest
    digest=$(sha256sum five.dat | cut -d' ' -f1)
    run_split bioctl models import five.dat --sha256 abc
    assert_status 64
    assert_stderr_has "64 hex digits"
    run_split bioctl models import five.dat --sha256 "$(tr 0-9a-f 1-9a-f0 <<<"$digest")"
    assert_status 65
    assert_stderr_has "$digest"
    run_split bioctl models import five.dat --sha256 "${digest^^}"
    assert_status 0
}

@test "a built-in model cannot be removed, an unknown one not be used" {
    run_split bioctl models remove faceapi-68 --yes
    assert_status 64
    run_split bioctl models use faceapi-86
    assert_status 66
    assert_stderr_has "did you mean 'faceapi-68'?"
}

@test "a damaged model that is not in use only warns" {
    shape_file five.dat 5
    bioctl models import five.dat >/dev/null
    printf '{' >"$BIOCTL_DATA_DIR/models/five/model.json"
    run_split bioctl models list
    assert_status 0
    assert_stderr_has "bioctl models remove five"
    run_split bioctl models verify
    assert_status 1
    run_split bioctl models remove five --yes
    assert_status 0
    run_split bioctl models verify
    assert_status 0
}

@test "models install tells an unknown name, an unsafe address and a peer that is not there apart" {
    run_split bioctl models install yunnet
    assert_status 66
    assert_stderr_has "did you mean 'yunet'?"
    run_split bioctl models install yunet --url http://192.0.2.1/yunet.onnx
    assert_status 64
    assert_stderr_has "https"
    run_split bioctl models install yunet --url http://127.0.0.1:1/yunet.onnx
    assert_status 69
    assert_stderr_has "http://127.0.0.1:1/yunet.onnx"
}

@test "models install goes through the proxy of the environment" {
    run_split env https_proxy=http://127.0.0.1:1 no_proxy= "$BIOCTL" models install yunet
    assert_status 69
    assert_stderr_has "127.0.0.1"
}

@test "killed at any moment, an import leaves the old state or the new one" {
    shape_file five.dat 5
    local delay
    for delay in 0.001 0.004 0.008 0.012 0.02; do
        timeout -s KILL "$delay" "$BIOCTL" models import five.dat --use >/dev/null 2>&1 || true
        run_split bioctl models verify
        assert_status 0
    done
    run_split bioctl models import five.dat --use
    assert_status 0
}
