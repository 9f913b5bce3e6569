# The layers test finds what it is there to find.

load helpers

setup() {
    setup_sandbox
    mkdir -p house/lib/base house/lib/store house/lib/match house/cmd
    echo '#include "lib/base/error.hpp"' >house/lib/store/store.hpp
    : >house/lib/base/error.hpp
}

# planted FILE LINE EXPECTED: the line, put into a new file, is found.
planted() {
    printf '#pragma once\n%s\n' "$2" >"house/$1"
    run_split "$repository/tests/layers.sh" house
    [ "$status" != 0 ] || fail "not found: $2"
    assert_stdout_has "$1:2: "
    assert_stdout_has "$3"
    rm "house/$1"
}

@test "a house in order gives no finding" {
    run_split "$repository/tests/layers.sh" house
    assert_status 0
    assert_stdout ""
}

@test "an include against the order is found" {
    planted lib/base/x.cpp '#include "lib/store/store.hpp"' "base may not include"
    planted lib/store/x.cpp '#include "cmd/context.hpp"' "store may not include"
    planted lib/match/x.hpp '#include "lib/store/store.hpp"' "match may not include"
}

@test "a third party in the wrong place is found" {
    planted lib/base/x.cpp '#include <opencv2/core.hpp>' "opencv2"
    planted lib/match/x.cpp '#include <CLI/CLI.hpp>' "CLI"
    planted lib/store/x.hpp '#include <SQLiteCpp/SQLiteCpp.h>' "SQLiteCpp"
    planted lib/store/x.cpp '#include <curl/curl.h>' "curl"
}

@test "a library that prints, ends the process or reads the environment is found" {
    planted lib/base/x.cpp 'void f() { std::cout << 1; }' "lib"
    planted lib/base/x.cpp '#include <iostream>' "iostream"
    planted lib/base/x.cpp 'void f() { std::exit(1); }' "lib"
    planted lib/base/x.cpp 'auto f() { return std::getenv("HOME"); }' "lib"
}
