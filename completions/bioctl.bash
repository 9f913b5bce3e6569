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
        people:* | models:* | config:* | generate:*) verb+=" ${COMP_WORDS[i]}" ;;
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
    'models import') _bioctl_files -f ;;
    'config get') _bioctl_words 'busy_timeout data_dir jobs log_level margin max_bytes max_pixels metric min_quality models_dir on_duplicate threshold timezone' ;;
    'config set') _bioctl_words 'busy_timeout data_dir jobs log_level margin max_bytes max_pixels metric min_quality models_dir on_duplicate threshold timezone' ;;
    'config unset') _bioctl_words 'busy_timeout data_dir jobs log_level margin max_bytes max_pixels metric min_quality models_dir on_duplicate threshold timezone' ;;
    'generate man') _bioctl_files -d ;;
    'generate completions') _bioctl_files -d ;;
    'help') _bioctl_words 'enroll bulk-enroll recognize compare people models config doctor generate help version' ;;
    '') _bioctl_words 'enroll bulk-enroll recognize compare people models config doctor generate help version' ;;
    people) _bioctl_words 'list show rename remove merge import export reembed' ;;
    models) _bioctl_words 'list verify import install use remove' ;;
    config) _bioctl_words 'show get set unset path' ;;
    generate) _bioctl_words 'man completions' ;;
    esac
}

complete -F _bioctl bioctl
