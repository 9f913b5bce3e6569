# The examples of the manual, as somebody pastes them: shell that parses, and command lines that bioctl takes. What they would find
# is the matter of each verb's own tests; here the store is empty and the network is this machine.

load helpers

pages="$BATS_TEST_DIRNAME/../../man"

# examples PAGE: the blocks of its section EXAMPLES, in section 7 those of all sections, as man shows them, each ended by NUL.
examples() {
    awk '/^# / { is_ours = ($0 == "# EXAMPLES" || FILENAME ~ /\.7\.scd$/) }
         is_ours && /^```/ { if (is_open) printf "%c", 0; is_open = !is_open; next }
         is_ours && is_open { print }' "$1"
}

# is_shell BLOCK: not a crontab, and not a configuration file (the config page ends with one).
is_shell() { [[ $1 != *"* * "* && $1 != '#'* && $1 != *' = '* ]]; }

# Programs of the examples that are not here, or must not do what they say; and a bioctl that notes how each call ended.
make_programs() {
    local program
    mkdir -p bin
    for program in curl ssh mysql sudo open-door bunzip2 numpy python3; do
        printf '#!/bin/sh\nexit 0\n' >"bin/$program"
    done
    cat >bin/bioctl <<'PROGRAM'
#!/bin/bash
status=0
said=$CALLS.$$  # a service that an example left running speaks, too
# 124 is a service that runs until it is stopped.
timeout 3 "$BIOCTL" "$@" 2>"$said" || status=$?
{ printf '%s\t' "$status"; printf '%q ' "$@"; echo; sed 's/^/    /' "$said"; } >>"$CALLS"
exit "$status"
PROGRAM
    chmod +x bin/*
    export CALLS="$PWD/calls"
    export PATH="$PWD/bin:$PATH" card=1042 id=1042 photo=gate.jpg
}

@test "examples are shell that parses, without marks that are not for people" {
    local page block
    for page in "$pages"/*.scd; do
        while IFS= read -rd '' block; do
            # In a literal block scdoc takes no backslash away.
            [[ $block != *'\*'* && $block != *'\_'* && $block != *'\\n'* ]] || fail "$(basename "$page"): $block"
            is_shell "$block" || continue
            bash -n <<<"$block" || fail "$(basename "$page"): $block"
        done < <(examples "$page")
    done
}

# take_calls NAME BLOCK: runs it; every call of bioctl in it must be one that bioctl takes. Counts them in $calls.
take_calls() {
    : >"$CALLS"
    timeout 20 bash -c "$2" >out 2>&1 <<<"" || true
    # 64 is a command line that is wrong, or a question that nobody can answer; 70 and 12x are never right.
    ! grep -P '^(70|126|127|134|139)\t' "$CALLS" || fail "$1: $(cat "$CALLS")"
    ! grep -A 1 -P '^64\t' "$CALLS" | grep -P '^    ' | grep -v 'say --yes\|nobody can type a password here\|as .bioctl audit verify. prints them' ||
        fail "$1: $(cat "$CALLS")"
    calls=$((calls + $(grep -c -P '^\d+\t' "$CALLS" || true)))
}

@test "every call of bioctl in an example is one that it takes" {
    local page block calls=0
    make_programs
    touch gate.jpg my_resnet.dat
    echo 1042 >left.txt
    mkdir -p staff
    sha256sum <my_resnet.dat | cut -d" " -f1 >my_resnet.sha256
    for page in "$pages"/*.scd; do
        while IFS= read -rd '' block; do
            is_shell "$block" || continue
            # Addresses of documentation, and those of a network that is not ours, become this machine.
            block=${block//192.0.2./127.0.0.}
            block=${block//10.20.0./127.0.0.}
            block=${block//\/tmp\/completions/completions}
            block=${block//\/tmp\/recipes-other/other}
            take_calls "$(basename "$page")" "$block"
        done < <(examples "$page")
    done
    # The loop saw the examples, and not an empty list.
    [ "$calls" -ge 60 ] || fail "only $calls calls"
}

# With real photos `make demo` and `make test-package` run them.
@test "so is every one in the README" {
    local line calls=0
    make_programs
    touch gate.jpg ani.jpg
    mkdir -p staff
    while IFS= read -r line; do
        take_calls README.md "${line#runuser -u bioctl -- }"
    done < <(sed -n -E '/^```console/,/^```$/s/^[$#] (.*bioctl.*)/\1/p' "$pages/../README.md" | grep -v '^make \|^apt \|^systemctl ')
    [ "$calls" -ge 10 ] || fail "only $calls calls"
}
