#include <sstream>

#include <catch2/catch.hpp>

#include "cmd/path_list.hpp"
#include "tests/support/expect_error.hpp"
#include "tests/support/temp_dir.hpp"

namespace bioctl::cmd {

namespace {

std::vector<fs::path> read(std::string const& text, Separator separator) {
    std::istringstream input{text};
    return read_path_list(input, "list", separator);
}

using Paths = std::vector<fs::path>;

}  // namespace

TEST_CASE("a list that cannot be read says why", "[cmd]") {
    test::TempDir const dir;
    CHECK(test::error_of([&] { static_cast<void>(read_path_list((dir / "none").string(), Separator::nul)); }).kind() ==
          Kind::no_input);
    CHECK(test::error_of([&] { static_cast<void>(read_path_list(dir.path().string(), Separator::nul)); }).kind() ==
          Kind::no_input);
}

TEST_CASE("a list read with the wrong separator is noticed", "[cmd]") {
    auto const error = test::error_of([] { static_cast<void>(read(std::string(200'000, 'x'), Separator::newline)); });
    CHECK(error.kind() == Kind::data);
    CHECK_THAT(error.message(), Catch::StartsWith("list: entry 1 "));
}

TEST_CASE("names may hold any bytes but the separator", "[cmd]") {
    using namespace std::string_literals;
    CHECK(read("a\nb"s + '\0' + " \xff\0"s, Separator::nul) == Paths{"a\nb", " \xff"});
    CHECK(read(" a \r\n\xff\n", Separator::newline) == Paths{" a \r", "\xff"});
}

TEST_CASE("empty entries are skipped, the last separator may be missing", "[cmd]") {
    CHECK(read("\n\na\n\nb", Separator::newline) == Paths{"a", "b"});
    CHECK(read("", Separator::nul).empty());
}

TEST_CASE("names across the pieces of reading stay whole", "[cmd]") {
    std::string list;
    Paths expected;
    for (int i = 0; i < 20'000; ++i) {
        expected.emplace_back("photo-" + std::to_string(i) + ".jpg");
        list += expected.back().string() + '\n';
    }
    CHECK(read(list, Separator::newline) == expected);
}

}  // namespace bioctl::cmd
