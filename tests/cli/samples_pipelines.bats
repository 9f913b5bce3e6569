# samples/pipelines and samples/ci, run as they are written: on simulated terminals, a network of one's own, and small lists.

load helpers
load lib/faces
load lib/network
load lib/sim
load lib/terminals

pipelines="$repository/samples/pipelines"

setup_file() { make_faces; }

setup() {
    setup_sandbox
    put_on_path
}

teardown() {
    stop_sims
    close_network
}

# people_now: ids and names, "anna Anna"
people_now() { bioctl people list --json | jq -r '[.person_id, .name] | join(" ")' | sort | tr '\n' ';'; }

@test "attendance by mail: everybody once, from the first time to the last" {
    start_hik_sim --devices 2 --events 40
    add_simulated
    bioctl -q sync-hikvision --since 30d >/dev/null
    printf '#!/bin/sh\nprintf "%%s\\n" "$@" >recipients\ncat >mail\n' >bin/sendmail
    chmod +x bin/sendmail
    SENDMAIL="$PWD/bin/sendmail" FROM=bioctl@gate.example DAY=30d UNTIL=2100-01-01 run_split "$pipelines/daily-attendance.sh" hr@example.sch.id
    assert_status 0
    assert_stderr ""
    [ "$(tr '\n' ' ' <recipients)" = "-f bioctl@gate.example hr@example.sch.id " ]
    sed '1,/^$/d' mail | base64 -d >attendance.csv
    [ "$(head -1 attendance.csv)" = '"id","name","first","last","times"' ]
    # Against the store, asked in another way.
    sqlite3 -csv -noheader :memory: -cmd '.import --csv attendance.csv a' 'SELECT id, first, last, times FROM a ORDER BY id' >got
    bioctl events export --kind recognized | sqlite3 -csv -noheader :memory: -cmd '.import --csv /dev/stdin e' \
        'SELECT employee_no, min(local_time), max(local_time), count(*) FROM e GROUP BY employee_no ORDER BY employee_no' >expected
    [ -s expected ]
    diff expected got
    grep -q "^Subject: Attendance: $(wc -l <expected) people" mail
}

@test "attendance by mail: when bioctl fails nothing is sent" {
    printf '#!/bin/sh\ntouch sent\n' >bin/sendmail
    chmod +x bin/sendmail
    SENDMAIL="$PWD/bin/sendmail" run_split "$pipelines/daily-attendance.sh" hr@example.sch.id
    assert_status 66
    [ ! -e sent ]
}

@test "employees of a Laravel application: enrolled, renamed, removed when they leave" {
    mkdir photos
    cp "$(faces)"/face-1-0.jpg photos/anna.jpg
    cp "$(faces)"/face-6-0.jpg photos/cora.jpg
    sqlite3 app.sqlite "CREATE TABLE employees (id INTEGER PRIMARY KEY, nik TEXT, name TEXT, photo TEXT, active INTEGER);
        INSERT INTO employees (nik, name, photo, active) VALUES ('1042', 'Anna, S.Pd.', 'anna.jpg', 1), ('1043', 'Cora \"C\"', 'cora.jpg', 1),
            ('1044', 'No photo', NULL, 1), ('1045', 'Gone', 'gone.jpg', 0)"
    run_split "$pipelines/sync-employees.sh" app.sqlite photos
    assert_status 0
    [ "$(people_now)" = '1042 Anna, S.Pd.;1043 Cora "C";' ]
    sqlite3 app.sqlite "UPDATE employees SET active = 0 WHERE nik = '1043'; UPDATE employees SET name = 'Anna' WHERE nik = '1042'"
    run_split "$pipelines/sync-employees.sh" app.sqlite photos
    assert_status 0
    [ "$(people_now)" = '1042 Anna;' ]
    # The same from a dump of another database.
    sqlite3 -header -csv app.sqlite "SELECT name, nik, active, photo FROM employees WHERE nik < '1044'" >employees.csv
    sed -i 's/,0,/,1,/' employees.csv
    run_split "$pipelines/sync-employees.sh" employees.csv photos
    assert_status 0
    [ "$(people_now)" = '1042 Anna;1043 Cora "C";' ]
}

@test "employees of a Laravel application: an empty or broken list removes nobody" {
    mkdir photos
    cp "$(faces)"/face-1-0.jpg photos/anna.jpg
    printf 'nik,name,photo,active\n1042,Anna,anna.jpg,1\n' >employees.csv
    "$pipelines/sync-employees.sh" employees.csv photos >/dev/null
    printf 'nik,name,photo,active\n' >employees.csv
    run_split "$pipelines/sync-employees.sh" employees.csv photos
    assert_status 66
    echo nonsense >broken.sqlite
    run_split "$pipelines/sync-employees.sh" broken.sqlite photos
    [ "$status" != 0 ]
    [ "$(people_now)" = '1042 Anna;' ]
}

@test "people to terminals: those that answer get everybody, those that do not are told" {
    start_hik_sim --devices 2 --events 5
    add_simulated
    bioctl -q enroll --id 1042 --name Anna "$(faces)/face-1-0.jpg" >/dev/null
    sim_switch "device?name=dev-002&off=1"
    for _ in 1 2 3 4 5; do bioctl -q sync-hikvision >/dev/null 2>&1 || true; done
    [ "$(bioctl devices list --json | jq -r 'select(.name == "dev-002").state')" = offline ]
    run_split "$pipelines/push-people.sh"
    assert_status 0
    assert_stderr_has "dev-002: offline since "
    bioctl devices push-people --dry-run --json --device dev-001 |
        jq -es 'map(select(.type == "pushed" and .person_id == "1042"))[0].result == "unchanged"' >/dev/null
    sim_switch "device?name=dev-001&off=1"
    for _ in 1 2 3 4 5; do bioctl -q sync-hikvision >/dev/null 2>&1 || true; done
    run_split "$pipelines/push-people.sh"
    assert_status 69
    assert_stderr_has "no terminal answers"
}

@test "what is down: by place; silent and 0 when all is up" {
    own_network
    add_onts 6
    for _ in 1 2; do watch --down 2/2; done
    run_split "$pipelines/down-now.sh"
    assert_status 0
    assert_stdout ""
    silence 127.0.1.1 127.0.1.3 127.0.1.2
    for _ in 1 2 3; do watch --down 2/2; done
    run_split "$pipelines/down-now.sh"
    assert_status 1
    assert_stdout_has "Area 0: 2 down since 20"
    assert_stdout_has ": home 0, home 2"
    assert_stdout_has "Area 1: 1 down since 20"
}

@test "CI: the commands of the GitLab and GitHub samples work as they are written" {
    make_staff
    rm -r staff/bela
    variant "$(faces)/face-1-0.jpg" 2 >staff/anna/2.jpg
    : >.bioctl-accepted.ndjson
    local command commands=0
    while IFS= read -r command; do
        run_split sh -c "$command"
        # Findings are an answer: the photos are small.
        [ "$status" = 0 ] || assert_status 1
        commands=$((commands + 1))
    done < <(python3 - "$repository/samples/ci" <<'PY'
import re, sys
folder = sys.argv[1]
gitlab = re.sub(r"\n +--", " --", open(f"{folder}/gitlab-ci.yml").read())
print(*re.findall(r"- (bioctl verify-dataset.*)", gitlab), sep="\n")
github = re.sub(r"\\\n +", "", open(f"{folder}/github-actions.yml").read())
print(*re.findall(r"^ +(bioctl verify-dataset.*)", github, re.M), sep="\n")
PY
    )
    [ "$commands" = 2 ]
    jq -e '.version == "2.1.0"' photos.sarif >/dev/null
    xmllint --noout photos.xml
    jq -e 'type == "array"' photos.json >/dev/null
}
