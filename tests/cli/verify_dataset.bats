load helpers
load lib/faces

setup_file() { make_faces; }

# What is left of the rules when the demo portraits are small and few.
lenient=(--rule low_quality=off --rule few_photos=off --rule too_small=off)

@test "verify-dataset answers a wrong call with 64" {
    run_split "$BIOCTL" verify-dataset
    assert_status 64
    run_split "$BIOCTL" verify-dataset . --rule no_fase=warn
    assert_status 64
    assert_stderr_has "did you mean 'no_face'?"
    run_split "$BIOCTL" verify-dataset . --update-baseline
    assert_status 64
}

@test "verify-dataset of a folder that is not there, or is empty, ends with 66" {
    run_split "$BIOCTL" verify-dataset nowhere
    assert_status 66
    mkdir empty
    run_split "$BIOCTL" verify-dataset empty
    assert_status 66
    assert_stderr_has "empty: no photos"
}

@test "verify-dataset finds what is wrong and leaves the store alone" {
    make_staff
    head -c 3000 "$(faces)/face-6-0.jpg" >staff/cora/cut.jpg
    echo nonsense >staff/cora/text.jpg
    cp "$(faces)/face-6-0.jpg" staff/cora/photo.png
    cp "$(faces)/face-6-0.jpg" staff/cora/photo.data
    cp "$(faces)/face-6-0.jpg" staff/nobody.jpg
    mkdir staff/dora && variant "$(faces)/face-1-0.jpg" 7 >staff/dora/1.jpg
    run_split "$BIOCTL" --json verify-dataset staff "${lenient[@]}"
    assert_status 1
    local found
    found=$(jq -r 'select(.type == "finding") | [.rule, .image] | join(" ")' <<<"$stdout")
    same "near_duplicate bela/2.jpg
truncated cora/cut.jpg
duplicate_photo cora/photo.data
wrong_extension cora/photo.data
duplicate_photo cora/photo.png
wrong_extension cora/photo.png
unreadable cora/text.jpg
photo_of_two dora/1.jpg
odd_id nobody.jpg" "$(grep -v 'many_faces\|turned\|outlier' <<<"$found" | sort -k 2,2 -k 1,1)"
    [ ! -e "$BIOCTL_DATA_DIR/bioctl.db" ]
}

@test "verify-dataset is 0 for a tidy folder, and 1 for warnings only if asked" {
    mkdir -p staff/anna staff/cora
    cp "$(faces)/face-1-0.jpg" staff/anna/1.jpg
    cp "$(faces)/face-6-0.jpg" staff/cora/1.jpg
    run_split "$BIOCTL" verify-dataset staff "${lenient[@]}"
    assert_status 0
    assert_stdout ""
    run_split "$BIOCTL" verify-dataset staff --rule low_quality=off --rule too_small=off
    assert_status 0
    assert_stdout_has few_photos
    run_split "$BIOCTL" verify-dataset staff --rule low_quality=off --rule too_small=off --fail-on warn
    assert_status 1
    run_split "$BIOCTL" verify-dataset staff --rule few_photos=error --fail-on never
    assert_status 0
}

@test "verify-dataset tells of a part that cannot be read with 3" {
    [ "$(id -u)" = 0 ] && skip "skipped: root reads everything"
    mkdir -p staff/anna staff/cora
    cp "$(faces)/face-1-0.jpg" staff/anna/1.jpg
    cp "$(faces)/face-6-0.jpg" staff/cora/1.jpg
    chmod 0 staff/cora
    run_split "$BIOCTL" verify-dataset staff "${lenient[@]}" --rule unreadable=warn
    chmod 700 staff/cora
    assert_status 3
}

@test "verify-dataset tells of a manifest whose photos are gone with 3" {
    cp "$(faces)/face-1-0.jpg" here.jpg
    printf 'id,path\nanna,here.jpg\ncora,gone.jpg\n' >list.csv
    run_split "$BIOCTL" verify-dataset --manifest list.csv "${lenient[@]}" --rule unreadable=warn
    assert_status 3
    assert_stdout_has gone.jpg
    run_split "$BIOCTL" verify-dataset --manifest list.csv "${lenient[@]}"
    assert_status 1
}

@test "verify-dataset --baseline accepts findings until the photo is another one" {
    make_staff
    run_split "$BIOCTL" verify-dataset staff "${lenient[@]}" --fail-on warn
    assert_status 1
    run_split "$BIOCTL" verify-dataset staff "${lenient[@]}" --fail-on warn --baseline accepted.ndjson
    assert_status 66
    assert_stderr_has "make it with --update-baseline"
    # That was noticed before anything was looked at.
    run_split "$BIOCTL" verify-dataset nowhere --baseline accepted.ndjson
    assert_stderr_has "make it with --update-baseline"
    run_split "$BIOCTL" verify-dataset staff "${lenient[@]}" --fail-on warn --baseline accepted.ndjson --update-baseline
    assert_status 0
    assert_stdout ""
    run_split "$BIOCTL" verify-dataset staff "${lenient[@]}" --fail-on warn --baseline accepted.ndjson
    assert_status 0
    variant "$(faces)/face-1-1.jpg" 3 >staff/bela/2.jpg
    run_split "$BIOCTL" verify-dataset staff "${lenient[@]}" --fail-on warn --baseline accepted.ndjson
    assert_status 1
    assert_stderr_has "no longer found"
    echo nonsense >accepted.ndjson
    run_split "$BIOCTL" verify-dataset staff "${lenient[@]}" --baseline accepted.ndjson
    assert_status 65
    assert_stderr_has "accepted.ndjson: line 1"
}

@test "verify-dataset remembers photos by content, wherever they move within the folder" {
    make_staff
    "$BIOCTL" -q verify-dataset staff "${lenient[@]}" >/dev/null || true
    mv staff/cora/1.jpg staff/cora/other.jpg
    run_split "$BIOCTL" --json verify-dataset staff "${lenient[@]}"
    same 4 "$(field summary from_cache <<<"$stdout")"
    run_split "$BIOCTL" --json verify-dataset staff "${lenient[@]}" --no-cache
    same 0 "$(field summary from_cache <<<"$stdout")"
    rm -r "$BIOCTL_DATA_DIR"
    run_split "$BIOCTL" --json verify-dataset staff "${lenient[@]}" --cache here -j 1
    local one="$stdout"
    ls here/*.ndjson
    run_split "$BIOCTL" --json verify-dataset staff "${lenient[@]}" --no-cache -j 4
    same "$(grep finding <<<"$one")" "$(grep finding <<<"$stdout")"
}

@test "verify-dataset --against-store finds who is enrolled under another id" {
    make_staff
    "$BIOCTL" -q enroll --id old-cora "$(faces)/face-6-0.jpg"
    "$BIOCTL" -q enroll --id anna "$(faces)/face-1-0.jpg"
    run_split "$BIOCTL" --json verify-dataset staff "${lenient[@]}" --against-store
    assert_status 1
    same '["cora",["old-cora"]]' "$(jq -c 'select(.rule == "already_enrolled") | [.person_id, .related]' <<<"$stdout")"
}

@test "verify-dataset --max-errors stops early and says so" {
    mkdir -p staff/anna
    for i in 1 2 3 4 5 6 7 8 9; do echo "$i" >"staff/anna/$i.jpg"; done
    run_split "$BIOCTL" --json verify-dataset staff --max-errors 2 -j 1
    assert_status 1
    same 2 "$(grep -c '"unreadable"' <<<"$stdout")"
    same true "$(field summary stopped_early <<<"$stdout")"
    assert_stderr_has "stopped early"
}

@test "verify-dataset --max-errors does not count what is accepted, and a part is never all" {
    mkdir -p staff/anna
    for i in 1 2 3 4 5; do echo "$i" >"staff/anna/$i.jpg"; done
    "$BIOCTL" -q verify-dataset staff "${lenient[@]}" --baseline accepted.ndjson --update-baseline >/dev/null
    for i in 6 7 8 9; do echo "$i" >"staff/anna/$i.jpg"; done
    run_split "$BIOCTL" --json verify-dataset staff "${lenient[@]}" --baseline accepted.ndjson --max-errors 2 -j 1
    assert_status 1
    same 7 "$(field summary images <<<"$stdout")"
    same 2 "$(field summary errors <<<"$stdout")"
    # Neither errors that are none any more.
    run_split "$BIOCTL" --json verify-dataset staff "${lenient[@]}" --rule unreadable=warn --max-errors 1
    assert_status 0
    same 9 "$(field summary images <<<"$stdout")"
    printf 'id,path\nanna,gone1.jpg\nanna,gone2.jpg\nanna,gone3.jpg\n' >list.csv
    run_split "$BIOCTL" --json verify-dataset --manifest list.csv "${lenient[@]}" --rule unreadable=off --max-errors 1
    assert_status 3
    same 3 "$(field summary images <<<"$stdout")"
    # Whatever counts, the answer is about a part.
    run_split "$BIOCTL" --json verify-dataset staff "${lenient[@]}" --max-errors 1 --fail-on never
    assert_status 3
}

@test "verify-dataset keeps what was known of photos that a run did not come to" {
    make_staff
    "$BIOCTL" -q verify-dataset staff "${lenient[@]}" --cache here >/dev/null || true
    mkdir -p staff/aaa
    for i in 1 2; do echo "$i" >"staff/aaa/$i.jpg"; done
    run_split "$BIOCTL" --json verify-dataset staff "${lenient[@]}" --cache here --max-errors 1 -j 1
    assert_status 1
    same true "$(field summary stopped_early <<<"$stdout")"
    rm -r staff/aaa
    run_split "$BIOCTL" --json verify-dataset staff "${lenient[@]}" --cache here
    same 4 "$(field summary from_cache <<<"$stdout")"
}

@test "verify-dataset tells its findings though the cache cannot be written" {
    mkdir -p staff/anna
    echo x >staff/anna/1.jpg
    echo x >file
    run_split "$BIOCTL" verify-dataset staff "${lenient[@]}" --cache file --junit junit.xml
    assert_status 1
    assert_stdout_has unreadable
    assert_stderr_has "name a folder with --cache, or use --no-cache"
    [ -s junit.xml ]
}

@test "verify-dataset is not brought down by a hostile cache" {
    make_staff
    "$BIOCTL" -q verify-dataset staff "${lenient[@]}" --cache here >/dev/null || true
    local file
    file=$(echo here/*.ndjson)
    for byte in '\201' '[' '{"a":'; do
        head -c 20000000 <(yes "$(printf "$byte")" | tr -d '\n') >"$file"
        run_split "$BIOCTL" --json verify-dataset staff "${lenient[@]}" --cache here
        same 0 "$(field summary from_cache <<<"$stdout")"
    done
}

@test "verify-dataset names photos beside the manifest's folder where they are" {
    mkdir -p lists ds/X
    echo x >ds/X/a.jpg
    printf 'id,path\nX,../ds/X/a.jpg\n' >lists/l.csv
    run_split "$BIOCTL" verify-dataset --manifest lists/l.csv "${lenient[@]}" --github --code-quality quality.json
    assert_status 1
    assert_stdout_has "file=ds/X/a.jpg,"
    same ds/X/a.jpg "$(jq -r '.[0].location.path' quality.json)"
    printf 'id,path\nX,%s/ds/X/a.jpg\n' "$PWD" >lists/l.csv
    run_split "$BIOCTL" verify-dataset --manifest lists/l.csv "${lenient[@]}" --github
    assert_stdout_has "file=$PWD/ds/X/a.jpg,"
}

@test "verify-dataset --github prints annotations with nothing a file name could forge" {
    mkdir -p staff/anna
    echo x >"$(printf 'staff/anna/a,b:c\n::error::x.jpg')"
    run_split "$BIOCTL" verify-dataset staff --github
    assert_status 1
    assert_stdout_has "::error file=staff/anna/a%2Cb%3Ac%0A%3A%3Aerror%3A%3Ax.jpg,title=unreadable::anna: "
    run ! grep -q '^::error::' <<<"$stdout"
}

@test "verify-dataset writes JUnit that the schema accepts" {
    command -v xmllint >/dev/null || skip "skipped: no xmllint"
    make_staff
    printf 'x' >"$(printf 'staff/anna/\001<&">\357\277\276\357\277\277.jpg')"
    run_split "$BIOCTL" verify-dataset staff "${lenient[@]}" --junit junit.xml
    assert_status 1
    xmllint --noout --schema "$BATS_TEST_DIRNAME/lib/junit.xsd" junit.xml
    same 1 "$(xmllint --xpath 'string(/testsuites/@failures)' junit.xml)"
    same unreadable "$(xmllint --xpath 'string(//failure/@type)' junit.xml)"
    # The schema does say no.
    sed 's/<testcase /<testcase wrong="1" /' junit.xml >bad.xml
    run ! xmllint --noout --schema "$BATS_TEST_DIRNAME/lib/junit.xsd" bad.xml
}

@test "verify-dataset writes SARIF 2.1.0 that the schema accepts" {
    [ -d "$repository/tests/e2e/node_modules/ajv" ] || skip "skipped: no npm packages"
    make_staff
    echo nonsense >'staff/cora/a b#.jpg'
    "$BIOCTL" -q verify-dataset staff "${lenient[@]}" --baseline b --update-baseline >/dev/null
    printf 'x' >"$(printf 'staff/anna/\001<&">.jpg')"
    run_split "$BIOCTL" verify-dataset staff "${lenient[@]}" --baseline b --sarif out.sarif --code-quality quality.json
    assert_status 1
    node "$repository/tests/e2e/sarif.mjs" out.sarif
    jq -e '[.runs[0].results[] | select(.suppressions | not)] | length == 2' out.sarif
    jq -e '[.runs[0].results[].locations[0].physicalLocation.artifactLocation.uri] | index("staff/cora/a%20b%23.jpg") != null' out.sarif
    jq -e 'all(.[]; .fingerprint and .location.path and .location.lines.begin and .check_name)' quality.json
    jq 'del(.runs[0].tool)' out.sarif >bad.sarif
    run ! node "$repository/tests/e2e/sarif.mjs" bad.sarif
}

@test "verify-dataset writes a page that opens without a network and without errors" {
    make_staff
    run_split "$BIOCTL" verify-dataset staff "${lenient[@]}" --html page.html
    grep -q 'data:image/jpeg;base64' page.html
    run ! grep -Eq '(src|href)="?https?:' page.html
    command -v chromium >/dev/null || skip "skipped: no chromium"
    timeout 60 chromium --headless=new --no-sandbox --disable-gpu --user-data-dir="$BATS_TEST_TMPDIR/chromium" --enable-logging=stderr \
        --dump-dom "file://$PWD/page.html" >dom.html 2>log
    grep -q '<circle' dom.html
    run ! grep -E 'CONSOLE|ERR_' log
}
