# Calls of /api/v2. Besides helpers.bash and lib/serve.bash.

# setup_api: a sandbox with the account siti (password: correct horse battery), and keys in $admin (all scopes) and $reader (read).
setup_api() {
    setup_sandbox
    printf 'correct horse battery\n' >password
    chmod 600 password
    "$BIOCTL" -q accounts add siti --role admin --password-file password
    admin=$("$BIOCTL" -q accounts keys create everything --scope read --scope recognize --scope enrol --scope people \
        --scope devices --scope network --scope admin --scope metrics)
    reader=$("$BIOCTL" -q accounts keys create reader --scope read)
}

# as KEY PATH [CURL-OPTION]...
as() {
    local key="$1"
    shift
    ask "$@" -H "X-API-Key: $key"
}
# send KEY METHOD PATH [JSON]
send() { as "$1" "$3" -X "$2" -H 'Content-Type: application/json' ${4:+-d "$4"}; }

# log_in [PASSWORD]: sets cookie and csrf.
log_in() {
    ask /api/v2/session -H 'Content-Type: application/json' -d "{\"name\":\"siti\",\"password\":\"${1:-correct horse battery}\"}"
    cookie=$(sed -n 's/^set-cookie: \(bioctl_session=[^;]*\);.*/\1/p' <<<"$headers")
    csrf=$(jq -r '.csrf_token // ""' <<<"$body")
}

problem() {
    assert_status "$1"
    assert_header 'content-type: application/problem+json'
    assert_body_json ".status == $1 and .code == \"$2\" and .type == \"about:blank\" and (.title | length) > 0"
}

# add_people FIRST LAST
add_people() {
    local number
    {
        printf '.timeout 10000\nBEGIN IMMEDIATE;\n'
        for number in $(seq "$1" "$2"); do
            printf "INSERT INTO person (id, name, created_at, updated_at) VALUES ('p%03d', 'Orang %d', 1000, 1000);\n" "$number" "$number"
        done
        printf 'COMMIT;\n'
    } | sqlite3 "$BIOCTL_DATA_DIR/bioctl.db"
}

# add_events COUNT: of the device gate, two in each second, in batches of any order.
add_events() {
    sqlite3 "$BIOCTL_DATA_DIR/bioctl.db" "
        INSERT INTO event (device, epoch, serial, time, local_time, received_at, major, minor, recognized, employee_no, name,
                           picture_url, picture_state, raw)
        WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < $1)
        SELECT (SELECT key FROM device WHERE name = 'gate'), 1, i, 1763700000000 + (i / 2) * 1000, '', 1763700000000, 5, 75,
               i % 2, 'p001', 'Orang', '', 'none', '{}' FROM n"
}

# digest_of ID: how the audit log names a person.
digest_of() { printf 'sha256:%s' "$(printf %s "$1" | sha256sum | cut -c1-16)"; }

# sql STATEMENTS: past bioctl.
sql() { sqlite3 "$BIOCTL_DATA_DIR/bioctl.db" "$@"; }
