#include "lib/app/person_id.hpp"

#include <string>

#include <catch2/catch.hpp>

namespace bioctl::app {

using namespace std::string_literals;

TEST_CASE("an id that could leave its folder is refused", "[app]") {
    auto const id = GENERATE("/etc/passwd"s, "a/b"s, "..\\x"s, ".."s, "."s, "../x"s);
    CAPTURE(id);
    auto const result = check_person_id(id);
    REQUIRE_FALSE(result);
    CHECK(result.error().kind() == Kind::usage);
}

TEST_CASE("an id that would not print as itself is refused", "[app]") {
    auto const id = GENERATE("a\nb"s, "a\tb"s, "a\0b"s, "\x7f"s, "a\xff"s, "\xc0\x80"s, "a\xc2\x9b"s, " a"s, "a "s, "-a"s, ""s);
    CAPTURE(id);
    auto const result = check_person_id(id);
    REQUIRE_FALSE(result);
    CHECK(result.error().message().find('\n') == std::string::npos);
}

TEST_CASE("an id has at most 128 bytes", "[app]") {
    CHECK(check_person_id(std::string(128, 'x')));
    CHECK_FALSE(check_person_id(std::string(129, 'x')));
    auto const result = check_person_id(std::string(1000, 'x'));
    REQUIRE_FALSE(result);
    CHECK(result.error().message() == "the id has 1000 bytes; at most 128 are allowed");
}

TEST_CASE("numbers, letters of any script and emoji are ids", "[app]") {
    auto const id = GENERATE("3404012304560001"s, "siti.rahma"s, "Ni Made Ayu"s, "ᬓᬢᬸᬢ"s, "王小明"s, "🙂"s, ".hidden"s, "a-b"s);
    CAPTURE(id);
    CHECK(check_person_id(id));
}

}  // namespace bioctl::app
