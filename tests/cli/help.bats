# The manual: complete, and readable with and without man.

load helpers

pages="$BATS_TEST_DIRNAME/../../man"

verbs() { bioctl | awk '/^  [a-z]/ { print $1 }'; }

@test "every verb has a page with exit codes and examples" {
    for verb in $(verbs); do
        page="$pages/bioctl-$verb.1.scd"
        [ -f "$page" ] || fail "no page for $verb"
        for section in NAME SYNOPSIS DESCRIPTION OPTIONS "EXIT STATUS" EXAMPLES "SEE ALSO"; do
            grep -qx "# $section" "$page" || fail "$page lacks $section"
        done
        grep -q "bioctl-$verb\*(1)" "$pages/bioctl.1.scd" || fail "bioctl(1) does not list $verb"
    done
}

@test "every page belongs to a verb" {
    for page in "$pages"/bioctl-*.1.scd; do
        verb=$(basename "$page" .1.scd)
        verbs | grep -qx "${verb#bioctl-}" || fail "$page is about no verb"
    done
}

@test "every page is accepted by scdoc" {
    command -v scdoc >/dev/null || skip "no scdoc"
    for page in "$pages"/*.scd; do scdoc <"$page" >/dev/null || fail "$page"; done
}

@test "in a pipe help prints the page as plain text" {
    run_split bioctl help recognize
    assert_status 0
    assert_stdout_has "EXIT STATUS"
    assert_stdout_has "--fail-unknown"
    assert_stdout_lacks "*--"
    assert_stdout_lacks "; begin"
    assert_stdout_lacks $'\e'
}

@test "on a terminal without man help falls back to its own text" {
    mkdir empty
    PATH="$PWD/empty" run "$(command -v script)" -qec "$BIOCTL help recognize" /dev/null </dev/null
    [ "$status" = 0 ]
    [[ $output == *"EXIT STATUS"* ]]
}

@test "on a terminal with man help hands the page over" {
    mkdir bin
    printf '#!/bin/sh\necho "man was asked for $1"\n' >bin/man
    chmod +x bin/man
    PATH="$PWD/bin:$PATH" on_terminal "$BIOCTL" help recognize
    [[ $output == *"man was asked for "*"/bioctl-recognize.1"* ]]
}

@test "help without a verb lists all; of a noun's child it shows the noun" {
    run_split bioctl help
    assert_status 0
    assert_stdout "$(bioctl)"
    run_split bioctl help people list
    assert_stdout "$(bioctl help people)"
    run_split bioctl help bioctl
    assert_stdout_has "ENVIRONMENT"
}

@test "help of an unknown verb suggests the nearest" {
    run_split bioctl help recogniz
    assert_status 64
    assert_stderr_has "did you mean 'recognize'?"
}
