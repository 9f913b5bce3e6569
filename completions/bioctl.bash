# bash completion for bioctl(1), written by `bioctl generate completions`.

# Not compgen -W, which would expand what stands in an id.
_bioctl_people() {
    local id
    while IFS= read -r id; do
        [[ $id == "$cur"* ]] && COMPREPLY+=("$(printf %q "$id")")
    done < <(bioctl people list --quiet 2>/dev/null </dev/null | cut -f 1)
}

_bioctl_files() {
    compopt -o filenames 2>/dev/null
    mapfile -t COMPREPLY < <(compgen "$1" -- "$cur")
}

_bioctl_words() {
    mapfile -t COMPREPLY < <(compgen -W "$1" -- "$cur")
}

_bioctl() {
    local cur=${COMP_WORDS[COMP_CWORD]} previous=${COMP_WORDS[COMP_CWORD - 1]} verb='' i
    COMPREPLY=()
    for ((i = 1; i < COMP_CWORD; i++)); do
        case ${verb:-.}:${COMP_WORDS[i]} in
        .:--color | .:--config | .:--data-dir | *:--color | *:--config | *:--data-dir) ((i++)) ;;
        *:-*) ;;
        .:*) verb=${COMP_WORDS[i]} ;;
        people:* | devices:* | events:* | targets:* | outbox:* | notifications:* | models:* | config:* | generate:*) verb+=" ${COMP_WORDS[i]}" ;;
        esac
    done
    case $verb:$previous in
        'enroll:--id') _bioctl_people; return ;;
        'enroll:--name') return ;;
        'enroll:--at') return ;;
        'enroll:--faces') _bioctl_words 'one largest all'; return ;;
        'enroll:--min-quality') return ;;
        'enroll:--on-duplicate') _bioctl_words 'warn reject allow'; return ;;
        'enroll:-j' | 'enroll:--jobs') return ;;
        'enroll:--max-bytes') return ;;
        'enroll:--max-pixels') return ;;
        'bulk-enroll:--manifest') _bioctl_files -f; return ;;
        'bulk-enroll:--root') _bioctl_files -d; return ;;
        'bulk-enroll:--max-errors') return ;;
        'bulk-enroll:--faces') _bioctl_words 'one largest all'; return ;;
        'bulk-enroll:--min-quality') return ;;
        'bulk-enroll:--on-duplicate') _bioctl_words 'warn reject allow'; return ;;
        'bulk-enroll:-j' | 'bulk-enroll:--jobs') return ;;
        'bulk-enroll:--max-bytes') return ;;
        'bulk-enroll:--max-pixels') return ;;
        'recognize:--from') _bioctl_files -f; return ;;
        'recognize:--from0') _bioctl_files -f; return ;;
        'recognize:--top') return ;;
        'recognize:--annotate') _bioctl_files -d; return ;;
        'recognize:-t' | 'recognize:--threshold') return ;;
        'recognize:--margin') return ;;
        'recognize:--metric') _bioctl_words 'unit l2'; return ;;
        'recognize:-j' | 'recognize:--jobs') return ;;
        'recognize:--max-bytes') return ;;
        'recognize:--max-pixels') return ;;
        'compare:--id') _bioctl_people; return ;;
        'compare:-t' | 'compare:--threshold') return ;;
        'compare:--metric') _bioctl_words 'unit l2'; return ;;
        'compare:--max-bytes') return ;;
        'compare:--max-pixels') return ;;
        'people rename:--name') return ;;
        'people rename:--id') _bioctl_people; return ;;
        'people merge:-t' | 'people merge:--threshold') return ;;
        'people import:--npy') _bioctl_files -d; return ;;
        'people export:--npy') _bioctl_files -d; return ;;
        'people reembed:-j' | 'people reembed:--jobs') return ;;
        'people reembed:-t' | 'people reembed:--threshold') return ;;
        'devices add:--user') return ;;
        'devices add:--password-file') _bioctl_files -f; return ;;
        'devices add:--location') return ;;
        'devices add:--tag') return ;;
        'devices add:--tls') _bioctl_words 'ca pin off'; return ;;
        'devices add:--pin') _bioctl_words 'busy_timeout data_dir device_offline_after device_warning_after event_cooldown jobs log_level margin max_bytes max_pixels metric min_quality models_dir on_duplicate recognized_minors threshold timezone'; return ;;
        'devices add:--window') _bioctl_words 'device none utc'; return ;;
        'devices show:--transitions') return ;;
        'devices edit:--name') return ;;
        'devices edit:--url') return ;;
        'devices edit:--user') return ;;
        'devices edit:--password-file') _bioctl_files -f; return ;;
        'devices edit:--location') return ;;
        'devices edit:--tag') return ;;
        'devices edit:--tls') _bioctl_words 'ca pin off'; return ;;
        'devices edit:--pin') _bioctl_words 'busy_timeout data_dir device_offline_after device_warning_after event_cooldown jobs log_level margin max_bytes max_pixels metric min_quality models_dir on_duplicate recognized_minors threshold timezone'; return ;;
        'devices edit:--window') _bioctl_words 'device none utc'; return ;;
        'devices listen:--url') return ;;
        'devices push-people:--device') return ;;
        'devices push-people:--only') _bioctl_people; return ;;
        'devices push-people:-j' | 'devices push-people:--jobs') return ;;
        'devices import:--password-file') _bioctl_files -f; return ;;
        'sync-hikvision:--device') return ;;
        'sync-hikvision:--since') return ;;
        'sync-hikvision:--until') return ;;
        'sync-hikvision:-j' | 'sync-hikvision:--jobs') return ;;
        'sync-hikvision:--interval') return ;;
        'sync-hikvision:--limit') return ;;
        'events list:--device') return ;;
        'events list:--location') return ;;
        'events list:--person') _bioctl_people; return ;;
        'events list:--since') return ;;
        'events list:--until') return ;;
        'events list:--kind') _bioctl_words 'recognized other'; return ;;
        'events list:--delivery') _bioctl_words 'none pending sent failed skipped dropped'; return ;;
        'events list:--picture') _bioctl_words 'none pending stored gone failed'; return ;;
        'events list:--verdict') _bioctl_words 'same different no_face no_template unreadable'; return ;;
        'events list:--limit') return ;;
        'events export:--device') return ;;
        'events export:--location') return ;;
        'events export:--person') _bioctl_people; return ;;
        'events export:--since') return ;;
        'events export:--until') return ;;
        'events export:--kind') _bioctl_words 'recognized other'; return ;;
        'events export:--delivery') _bioctl_words 'none pending sent failed skipped dropped'; return ;;
        'events export:--picture') _bioctl_words 'none pending stored gone failed'; return ;;
        'events export:--verdict') _bioctl_words 'same different no_face no_template unreadable'; return ;;
        'events export:--limit') return ;;
        'events export:--format') _bioctl_words 'csv ndjson'; return ;;
        'events resend:--target') return ;;
        'events resend:--device') return ;;
        'events resend:--location') return ;;
        'events resend:--person') _bioctl_people; return ;;
        'events resend:--since') return ;;
        'events resend:--until') return ;;
        'events resend:--kind') _bioctl_words 'recognized other'; return ;;
        'events resend:--delivery') _bioctl_words 'none pending sent failed skipped dropped'; return ;;
        'events resend:--picture') _bioctl_words 'none pending stored gone failed'; return ;;
        'events resend:--verdict') _bioctl_words 'same different no_face no_template unreadable'; return ;;
        'events resend:--limit') return ;;
        'events stats:--device') return ;;
        'events stats:--location') return ;;
        'events stats:--person') _bioctl_people; return ;;
        'events stats:--since') return ;;
        'events stats:--until') return ;;
        'events stats:--kind') _bioctl_words 'recognized other'; return ;;
        'events stats:--delivery') _bioctl_words 'none pending sent failed skipped dropped'; return ;;
        'events stats:--picture') _bioctl_words 'none pending stored gone failed'; return ;;
        'events stats:--verdict') _bioctl_words 'same different no_face no_template unreadable'; return ;;
        'events stats:--limit') return ;;
        'events prune:--before') return ;;
        'events prune:--pictures-before') return ;;
        'events prune:--max-pictures') return ;;
        'targets add:--format') _bioctl_words 'presence attendance event template telegram mail exec'; return ;;
        'targets add:--template') _bioctl_files -f; return ;;
        'targets add:--picture') _bioctl_words 'none base64 multipart'; return ;;
        'targets add:--token-file') _bioctl_files -f; return ;;
        'targets add:--hmac-key-file') _bioctl_files -f; return ;;
        'targets add:--device') return ;;
        'targets add:--location') return ;;
        'targets add:--kind') _bioctl_words 'recognized other device notification'; return ;;
        'targets add:--cooldown') return ;;
        'targets add:--timeout') return ;;
        'targets add:--quiet-hours') _bioctl_words 'HOURS off'; return ;;
        'targets add:--after') return ;;
        'targets edit:--name') return ;;
        'targets edit:--url') return ;;
        'targets edit:--format') _bioctl_words 'presence attendance event template telegram mail exec'; return ;;
        'targets edit:--template') _bioctl_files -f; return ;;
        'targets edit:--picture') _bioctl_words 'none base64 multipart'; return ;;
        'targets edit:--token-file') _bioctl_files -f; return ;;
        'targets edit:--hmac-key-file') _bioctl_files -f; return ;;
        'targets edit:--device') return ;;
        'targets edit:--location') return ;;
        'targets edit:--kind') _bioctl_words 'recognized other device notification'; return ;;
        'targets edit:--cooldown') return ;;
        'targets edit:--timeout') return ;;
        'targets edit:--quiet-hours') _bioctl_words 'HOURS off'; return ;;
        'targets edit:--after') return ;;
        'outbox list:--target') return ;;
        'outbox list:--state') _bioctl_words 'pending sent failed skipped dropped'; return ;;
        'outbox list:--limit') return ;;
        'outbox retry:--target') return ;;
        'outbox retry:--state') _bioctl_words 'pending sent failed skipped dropped'; return ;;
        'outbox flush:--patience') return ;;
        'outbox drop:--target') return ;;
        'outbox drop:--state') _bioctl_words 'pending sent failed skipped dropped'; return ;;
        'ping-onts:-f' | 'ping-onts:--from') _bioctl_files -f; return ;;
        'ping-onts:-c' | 'ping-onts:--count') return ;;
        'ping-onts:-C' | 'ping-onts:--vcount') return ;;
        'ping-onts:-r' | 'ping-onts:--retry') return ;;
        'ping-onts:-t' | 'ping-onts:--timeout') return ;;
        'ping-onts:-B' | 'ping-onts:--backoff') return ;;
        'ping-onts:-p' | 'ping-onts:--period') return ;;
        'ping-onts:--rate') return ;;
        'ping-onts:-i' | 'ping-onts:--interval') return ;;
        'ping-onts:-b' | 'ping-onts:--size') return ;;
        'ping-onts:-H' | 'ping-onts:--ttl') return ;;
        'ping-onts:-S' | 'ping-onts:--src') return ;;
        'notifications list:--type') _bioctl_words 'success info warning error'; return ;;
        'notifications list:--since') return ;;
        'notifications list:--limit') return ;;
        'notifications add:--type') _bioctl_words 'success info warning error'; return ;;
        'notifications test:--target') return ;;
        'models import:--id') return ;;
        'models import:--sha256') return ;;
        'models import:--description') _bioctl_files -f; return ;;
        'models install:--sha256') return ;;
        'models install:--url') return ;;
        *:--color) _bioctl_words 'auto always never'; return ;;
        *:--config) _bioctl_files -f; return ;;
        *:--data-dir) _bioctl_files -d; return ;;
    esac
    if [[ $cur == -* ]]; then
        local options=''
        case $verb in
        'enroll') options='--id --name --at --faces --no-crop --min-quality --on-duplicate -j --jobs --max-bytes --max-pixels' ;;
        'bulk-enroll') options='--manifest --root --prune -n --dry-run --max-errors --faces --no-crop --min-quality --on-duplicate -j --jobs --max-bytes --max-pixels' ;;
        'recognize') options='--from --from0 --top --annotate --fail-unknown -t --threshold --margin --metric -j --jobs --max-bytes --max-pixels' ;;
        'compare') options='--id -t --threshold --metric --max-bytes --max-pixels' ;;
        'people list') options='' ;;
        'people show') options='' ;;
        'people rename') options='--name --id -n --dry-run' ;;
        'people remove') options='-y --yes -n --dry-run' ;;
        'people merge') options='-t --threshold -y --yes -n --dry-run' ;;
        'people import') options='--npy -n --dry-run' ;;
        'people export') options='--npy -f --force' ;;
        'people reembed') options='-n --dry-run --remove-failed -y --yes -j --jobs -t --threshold' ;;
        'devices add') options='--user --password-file --location --tag --tls --pin --window --reuse-nonce --fresh-nonce --disabled' ;;
        'devices list') options='' ;;
        'devices show') options='--transitions' ;;
        'devices edit') options='--name --url --user --password-file --location --tag --tls --pin --window --reuse-nonce --fresh-nonce --replace -n --dry-run' ;;
        'devices remove') options='-y --yes' ;;
        'devices enable') options='' ;;
        'devices disable') options='' ;;
        'devices check') options='--force' ;;
        'devices listen') options='--url --off --force' ;;
        'devices push-people') options='--device --only --prune --prune-all -y --yes --again -j --jobs -n --dry-run' ;;
        'devices import') options='--password-file -n --dry-run' ;;
        'devices export') options='' ;;
        'sync-hikvision') options='--device --since --until -j --jobs --no-pictures --no-deliver --verify-faces -f --follow --interval -n --dry-run --limit' ;;
        'events list') options='--device --location --person --since --until --kind --delivery --picture --verdict --limit --newest --raw' ;;
        'events show') options='' ;;
        'events export') options='--device --location --person --since --until --kind --delivery --picture --verdict --limit --newest --format --raw' ;;
        'events resend') options='--target --device --location --person --since --until --kind --delivery --picture --verdict --limit --newest -y --yes' ;;
        'events stats') options='--device --location --person --since --until --kind --delivery --picture --verdict --limit --newest' ;;
        'events prune') options='--before --pictures-before --max-pictures -y --yes -n --dry-run' ;;
        'targets add') options='--format --template --picture --token-file --hmac-key-file --device --location --kind --cooldown --timeout --quiet-hours --after' ;;
        'targets list') options='' ;;
        'targets edit') options='--name --url --format --template --picture --token-file --hmac-key-file --device --location --kind --cooldown --timeout --quiet-hours --after --enable --disable' ;;
        'targets remove') options='-y --yes' ;;
        'outbox list') options='--target --state --limit' ;;
        'outbox retry') options='--target --state -y --yes' ;;
        'outbox flush') options='--patience' ;;
        'outbox drop') options='--target --state -y --yes' ;;
        'outbox stats') options='' ;;
        'ping-onts') options='-f --from -g --generate -4 --ipv4 -6 --ipv6 -a --alive -u --unreachable -e --elapsed -s --stats -c --count -C --vcount -r --retry -t --timeout -B --backoff -p --period --rate -i --interval -b --size -H --ttl -S --src' ;;
        'notifications list') options='--unread --type --since --limit' ;;
        'notifications add') options='--type --send' ;;
        'notifications read') options='--all' ;;
        'notifications clear') options='-y --yes' ;;
        'notifications restore') options='' ;;
        'notifications test') options='--target' ;;
        'notifications import') options='-n --dry-run' ;;
        'notifications export') options='' ;;
        'models list') options='--available' ;;
        'models verify') options='' ;;
        'models import') options='--id --sha256 --description --use' ;;
        'models install') options='--sha256 --url --use' ;;
        'models use') options='' ;;
        'models remove') options='-y --yes -n --dry-run' ;;
        'config show') options='' ;;
        'config get') options='' ;;
        'config set') options='--system' ;;
        'config unset') options='--system' ;;
        'config path') options='' ;;
        'doctor') options='--deep' ;;
        'generate man') options='' ;;
        'generate completions') options='' ;;
        'help') options='' ;;
        'version') options='' ;;
        esac
        _bioctl_words "$options -h --help --version --json -q --quiet -v --verbose --no-progress --color --config --data-dir"
        return
    fi
    case $verb in
    'enroll') _bioctl_files -f ;;
    'bulk-enroll') _bioctl_files -d ;;
    'recognize') _bioctl_files -f ;;
    'compare') _bioctl_files -f ;;
    'people show') _bioctl_people ;;
    'people rename') _bioctl_people ;;
    'people remove') _bioctl_people ;;
    'people merge') _bioctl_people ;;
    'people import') _bioctl_files -f ;;
    'people export') _bioctl_files -f ;;
    'devices import') _bioctl_files -f ;;
    'notifications read') _bioctl_people ;;
    'notifications import') _bioctl_files -f ;;
    'notifications export') _bioctl_files -f ;;
    'models import') _bioctl_files -f ;;
    'config get') _bioctl_words 'busy_timeout data_dir device_offline_after device_warning_after event_cooldown jobs log_level margin max_bytes max_pixels metric min_quality models_dir on_duplicate recognized_minors threshold timezone' ;;
    'config set') _bioctl_words 'busy_timeout data_dir device_offline_after device_warning_after event_cooldown jobs log_level margin max_bytes max_pixels metric min_quality models_dir on_duplicate recognized_minors threshold timezone' ;;
    'config unset') _bioctl_words 'busy_timeout data_dir device_offline_after device_warning_after event_cooldown jobs log_level margin max_bytes max_pixels metric min_quality models_dir on_duplicate recognized_minors threshold timezone' ;;
    'generate man') _bioctl_files -d ;;
    'generate completions') _bioctl_files -d ;;
    'help') _bioctl_words 'enroll bulk-enroll recognize compare people devices sync-hikvision events targets outbox ping-onts notifications models config doctor generate help version' ;;
    '') _bioctl_words 'enroll bulk-enroll recognize compare people devices sync-hikvision events targets outbox ping-onts notifications models config doctor generate help version' ;;
    people) _bioctl_words 'list show rename remove merge import export reembed' ;;
    devices) _bioctl_words 'add list show edit remove enable disable check listen push-people import export' ;;
    events) _bioctl_words 'list show export resend stats prune' ;;
    targets) _bioctl_words 'add list edit remove' ;;
    outbox) _bioctl_words 'list retry flush drop stats' ;;
    notifications) _bioctl_words 'list add read clear restore test import export' ;;
    models) _bioctl_words 'list verify import install use remove' ;;
    config) _bioctl_words 'show get set unset path' ;;
    generate) _bioctl_words 'man completions' ;;
    esac
}

complete -F _bioctl bioctl
