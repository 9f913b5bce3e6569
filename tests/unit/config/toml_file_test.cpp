#include <string>

#include <catch2/catch.hpp>

#include "lib/config/toml_file.hpp"
#include "tests/support/expect_error.hpp"

namespace bioctl::config {

namespace {

std::string set(std::string_view text, std::string_view key, std::string_view value) {
    return edited(text, "f.toml", key, value);
}

std::string removed(std::string_view text, std::string_view key) {
    return edited(text, "f.toml", key, std::nullopt);
}

}  // namespace

TEST_CASE("tables, arrays and dates are not settings", "[config]") {
    for (std::string const text : {"[threshold]\nx = 1", "jobs = [1, 2]", "jobs = {a = 1}", "jobs = 2030-01-02"}) {
        INFO(text);
        auto const error = test::error_of([&] { static_cast<void>(parse_entries(text, "f.toml")); });
        CHECK(error.kind() == Kind::config);
        CHECK_THAT(error.message(), Catch::StartsWith("f.toml:1: "));
    }
}

TEST_CASE("hostile files are refused, not crashed on", "[config]") {
    std::string const deep(5'000, '[');
    for (std::string const& text : {"a = " + deep, std::string{"\xff\xfe\x00\x01", 4}, std::string{"a = \"\x01\""}, deep,
                                    std::string{"a = 1\na = 2"}, std::string{"a = 99999999999999999999"}}) {
        CHECK(test::error_of([&] { static_cast<void>(parse_entries(text, "f.toml")); }).kind() == Kind::config);
    }
}

TEST_CASE("entries come in the order of the file with their lines", "[config]") {
    auto const entries = parse_entries("# c\nz = 0.45\n\na = \"x y\"\nb = 12\nt = true\n", "f.toml");
    REQUIRE(entries.size() == 4);
    CHECK(entries[0].key == "z");
    CHECK(entries[0].value == "0.45");
    CHECK(entries[0].line == 2);
    CHECK(entries[1].value == "x y");
    CHECK(entries[1].line == 4);
    CHECK(entries[2].value == "12");
    CHECK(entries[3].value == "true");
}

TEST_CASE("a value is replaced in place, comments and order stay", "[config]") {
    CHECK(set("# top\njobs = 2  # two\nmetric = \"l2\"\n", "jobs", "8") == "# top\njobs = 8  # two\nmetric = \"l2\"\n");
    CHECK(set("jobs = 2\r\nmetric = 'l2' # why\r\n", "metric", "unit") == "jobs = 2\r\nmetric = \"unit\" # why\r\n");
    CHECK(set("data_dir = \"/d\xc3\xa9/\xe7\xac\x91\" # \xc3\xa9\n", "data_dir", "/x") == "data_dir = \"/x\" # \xc3\xa9\n");
    CHECK(set("\"jobs\" = 0x10", "jobs", "3") == "\"jobs\" = 3");
    CHECK(set("data_dir = \"\"\"/a\"\"\"\njobs = 1\n", "data_dir", "/b") == "data_dir = \"/b\"\njobs = 1\n");
}

TEST_CASE("a new key goes to the end, but before the first table", "[config]") {
    CHECK(set("", "jobs", "8") == "jobs = 8\n");
    CHECK(set("metric = \"l2\"", "jobs", "8") == "metric = \"l2\"\njobs = 8\n");
    CHECK(set("metric = \"l2\"\n[later]\nx = 1\n", "jobs", "8") == "metric = \"l2\"\njobs = 8\n[later]\nx = 1\n");
}

TEST_CASE("removing a key removes its line only", "[config]") {
    CHECK(removed("# a\njobs = 2 # gone\n# b\nmargin = 1\n", "jobs") == "# a\n# b\nmargin = 1\n");
    CHECK(removed("margin = 1\n", "jobs") == "margin = 1\n");
    CHECK(removed("jobs = 1", "jobs").empty());
}

TEST_CASE("values read back as they were set, whatever they hold", "[config]") {
    for (std::string const value : {"a \"quoted\" \\ path", "tab\there", "new\nline", "\x7f", "caf\xc3\xa9", "0.450", "007", "+1",
                                    "1e3", "true", "12", "0.45", "-3", " ", "'", "# no comment", "0x10", "1_000"}) {
        INFO(value);
        auto const entries = parse_entries(set("", "key", value), "f.toml");
        REQUIRE(entries.size() == 1);
        CHECK(entries[0].value == value);
    }
}

TEST_CASE("an edit that would not read back is refused", "[config]") {
    CHECK(test::error_of([] { static_cast<void>(set("", "key", "\xff")); }).kind() == Kind::config);
    CHECK(test::error_of([] { static_cast<void>(set("not toml", "key", "1")); }).kind() == Kind::config);
}

}  // namespace bioctl::config
