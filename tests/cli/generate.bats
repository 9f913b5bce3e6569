# The generated parts of man/ and completions/ are in step with the program, and the completions complete.

load helpers

long_options() { bioctl "$@" --help | grep -oE -- '--[a-z][a-z0-9-]*' | sort -u; }

# Verbs with their children, one a line.
commands() {
    bioctl | awk '/^  [a-z]/ { print $1 }' | while read -r verb; do
        if bioctl "$verb" --help | grep -q '^Verbs:'; then
            bioctl "$verb" --help | awk -v noun="$verb" '/^  [a-z]/ { print noun, $1 }'
        else
            echo "$verb"
        fi
    done
}

@test "make gen would change nothing" {
    cp -r "$repository/man" "$repository/completions" .
    run_split bioctl generate man man --json
    assert_status 0
    assert_json 'all(.type == "generated" and .changed == false)'
    run_split bioctl generate completions completions --json
    assert_json 'length == 3 and all(.changed == false)'
}

@test "every long option is in its page and in all completions" {
    globals=$(long_options config show)
    commands | while read -r command; do
        read -r verb _ <<<"$command"
        # shellcheck disable=SC2086 # words on purpose
        for option in $(long_options $command); do
            page="$repository/man/bioctl-$verb.1.scd"
            if grep -qx -- "$option" <<<"$globals"; then page="$repository/man/bioctl.1.scd"; fi
            grep -q -- "\*$option\*" "$page" || [[ $option == --help ]] || fail "$page lacks $option"
            grep -q -- "$option" "$repository/completions/bioctl.bash" || fail "bash lacks $option"
            grep -q -- "$option" "$repository/completions/_bioctl" || fail "zsh lacks $option"
            grep -q -- "-l ${option#--} " "$repository/completions/bioctl.fish" || fail "fish lacks $option"
        done
    done
}

@test "a page without its markers, or with an open one, is refused by name and line" {
    cp -r "$repository/man" .
    sed -i '/^; begin options/d' man/bioctl-version.1.scd
    run_split bioctl generate man man
    assert_status 65
    assert_stderr_has "bioctl-version.1.scd: add the lines '; begin options'"
    cp "$repository/man/bioctl-version.1.scd" man/
    sed -i '/^; end synopsis/d' man/bioctl-version.1.scd
    run_split bioctl generate man man
    assert_status 65
    assert_stderr_has "bioctl-version.1.scd"
}

@test "a verb without a page is refused" {
    cp -r "$repository/man" .
    rm man/bioctl-compare.1.scd
    run_split bioctl generate man man
    assert_status 66
    assert_stderr_has "bioctl-compare.1.scd"
}

@test "generating does not touch the prose" {
    cp -r "$repository/man" .
    echo 'A sentence of my own.' >>man/bioctl-version.1.scd
    cp man/bioctl-version.1.scd before
    run_split bioctl generate man man
    cmp before man/bioctl-version.1.scd
}

# complete_bash WORD...: what bash offers for the last word, one a line.
complete_bash() {
    PATH="$(dirname "$BIOCTL"):$PATH" bash -c '
        . "$1"; shift
        COMP_WORDS=("$@"); COMP_CWORD=$(($# - 1))
        compopt() { :; }
        _bioctl
        printf "%s\n" "${COMPREPLY[@]}"' - "$repository/completions/bioctl.bash" "$@"
}

@test "bash completes verbs, children, options and their values" {
    [ "$(complete_bash bioctl recog)" = recognize ]
    [ "$(complete_bash bioctl --config x people rena)" = rename ]
    [ "$(complete_bash bioctl enroll --on-dup)" = --on-duplicate ]
    [ "$(complete_bash bioctl enroll --on-duplicate '' | sort | xargs)" = "allow reject warn" ]
    [ "$(complete_bash bioctl config get thres)" = threshold ]
    [ "$(complete_bash bioctl --color n)" = never ]
    touch photo.jpg
    [ "$(complete_bash bioctl recognize pho)" = photo.jpg ]
}

@test "bash completes the ids of people without running what stands in them" {
    vector=$(printf '1,%.0s' {1..127})1
    for id in 'ann $(touch hit)' 'ann`touch hit`' bob; do
        printf '{"type":"person","person_id":"%s","space":"dlib-resnet-v1","templates":[{"vector":[%s],"precision":"float32"}]}\n' \
            "$id" "$vector"
    done | bioctl people import - -q >/dev/null
    [ "$(complete_bash bioctl people show bo)" = bob ]
    [ "$(complete_bash bioctl people show ann | wc -l)" = 2 ]
    [ ! -e hit ]
}

@test "the scripts are accepted by their shells" {
    bash -n "$repository/completions/bioctl.bash"
    if command -v zsh >/dev/null; then zsh -n "$repository/completions/_bioctl"; fi
    if command -v fish >/dev/null; then fish -n "$repository/completions/bioctl.fish"; fi
}
