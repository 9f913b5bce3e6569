#include <catch2/catch.hpp>

#include "cmd/pages.hpp"

namespace bioctl::cmd {

TEST_CASE("marks go, words with underscores and protected characters stay", "[cmd]") {
    CHECK(plain_text("t(1)\n\n*bold* _under_ person_id \\*x\\* _ONE_|_TWO_\n") ==
          "t(1)\n\n    bold under person_id *x* ONE|TWO\n");
    CHECK(plain_text("t(1)\n_warn\\_it|b_\n") == "t(1)\n    warn_it|b\n");
}

TEST_CASE("headings stand out, definitions are indented, comments go", "[cmd]") {
    CHECK(plain_text("t(1)\n\n; begin x\n\n# NAME\n\nx\n\ty\n") == "t(1)\n\nNAME\n\n    x\n        y\n");
}

TEST_CASE("literal blocks are printed as they are", "[cmd]") {
    CHECK(plain_text("t(1)\n\n```\n# a *b* _c_\n```\n") == "t(1)\n\n    # a *b* _c_\n");
}

TEST_CASE("a page that is not there is empty, the program's own is not", "[cmd]") {
    CHECK(page_source("bioctl-xyzzy").empty());
    CHECK_THAT(std::string{page_source("bioctl-help")}, Catch::StartsWith("bioctl-help(1)"));
}

}  // namespace bioctl::cmd
