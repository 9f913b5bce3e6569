#include "lib/base/text.hpp"

#include <array>

#include <catch2/catch.hpp>

#include "lib/base/error.hpp"

using namespace bioctl;

TEST_CASE("text that is not UTF-8 is told apart", "[base]") {
    std::string_view const bad[] = {
        "\x80",              // continuation without a start
        "\xC3",              // cut
        "\xC0\xAF",          // overlong /
        "\xE0\x80\xAF",      // overlong /
        "\xF0\x80\x80\xAF",  // overlong /
        "\xED\xA0\x80",      // surrogate
        "\xF4\x90\x80\x80",  // beyond U+10FFFF
        "\xF5\x80\x80\x80",
        "\xFF",
        "a\xE2\x82z",
    };
    for (auto const text : bad) {
        INFO(printable(text));
        CHECK_FALSE(is_utf8(text));
        CHECK(is_utf8(to_valid_utf8(text)));
        CHECK(is_utf8(printable(text)));
    }
}

TEST_CASE("UTF-8 of every length is valid, to its limits", "[base]") {
    CHECK(is_utf8(""));
    CHECK(is_utf8("Siti \u00E9 \u20AC \U0001F600"));
    CHECK(is_utf8("\u0080\u07FF\u0800\uD7FF\uE000\uFFFF\U00010000\U0010FFFF"));
    CHECK(to_valid_utf8("Jos\u00E9") == "Jos\u00E9");
}

TEST_CASE("each invalid byte becomes one replacement character", "[base]") {
    CHECK(to_valid_utf8("a\xFF\xFE"
                        "b") == "a\uFFFD\uFFFDb");
    CHECK(to_valid_utf8("\xE2\x82") == "\uFFFD\uFFFD");
}

TEST_CASE("what is printed cannot move the cursor or break the line", "[base]") {
    CHECK(printable("a\nb\tc\rd") == "a\\nb\\tc\\rd");
    CHECK(printable("\x1B[2J") == "\\x1b[2J");
    CHECK(printable(std::string_view{"\0\x7F", 2}) == "\\x00\\x7f");
    CHECK(printable("\xC2\x9B") == "\\xc2\\x9b");
    CHECK(printable("a\\b") == "a\\\\b");
    CHECK(printable("a\xFF.jpg") == "a\\xff.jpg");
    CHECK(printable("Jos\u00E9 \u00A0") == "Jos\u00E9 \u00A0");
}

TEST_CASE("blanks are cut off at both ends only", "[base]") {
    CHECK(trim(" \t a b\r\n") == "a b");
    CHECK(trim(" \n ").empty());
    CHECK(trim("").empty());
}

TEST_CASE("only ASCII letters change case", "[base]") {
    CHECK(to_lower_ascii("AZaz09[@\u00C9") == "azaz09[@\u00C9");
}

TEST_CASE("splitting keeps empty parts", "[base]") {
    using Parts = std::vector<std::string>;
    CHECK(split("", ',') == Parts{""});
    CHECK(split("a", ',') == Parts{"a"});
    CHECK(split(",a,,b,", ',') == Parts{"", "a", "", "b", ""});
}

TEST_CASE("the distance of words counts slips of the fingers", "[base]") {
    CHECK(edit_distance("", "") == 0);
    CHECK(edit_distance("", "abc") == 3);
    CHECK(edit_distance("abc", "") == 3);
    CHECK(edit_distance("enroll", "enrol") == 1);
    CHECK(edit_distance("enrlol", "enroll") == 1);
    CHECK(edit_distance("kitten", "sitting") == 3);
    CHECK(edit_distance("ca", "abc") == 3);  // optimal string alignment; unrestricted Damerau would say 2
}

TEST_CASE("one is counted in the singular, none and many in the plural", "[base]") {
    CHECK(counted(0, "person", "people") == "0 people");
    CHECK(counted(1, "person", "people") == "1 person");
    CHECK(counted(2, "person", "people") == "2 people");
}

TEST_CASE("a suggestion is made for a slip, not for another word", "[base]") {
    constexpr std::array<std::string_view, 3> k_verbs{"enroll", "recognize", "people"};
    CHECK(nearest("enrol", k_verbs) == "enroll");
    CHECK(nearest("recongise", k_verbs) == "recognize");
    CHECK(nearest("delete", k_verbs).empty());
    CHECK(nearest("peel", k_verbs).empty());
    CHECK(nearest("x", {}).empty());
    CHECK(did_you_mean("enrol", k_verbs) == "; did you mean 'enroll'?");
    CHECK(did_you_mean("delete", k_verbs) == ";");
}

TEST_CASE("sizes that are none are refused as usage errors", "[base]") {
    for (auto const* text : {"", "k", "-1", "+1", " 1", "1 k", "1.5M", "1kb", "1T", "99999999999999999999", "17179869184G"}) {
        INFO(text);
        try {
            (void)parse_size(text);
            FAIL("was taken");
        } catch (Error const& error) {
            CHECK(error.kind() == Kind::usage);
        }
    }
}

TEST_CASE("sizes are powers of 1024 in either case", "[base]") {
    CHECK(parse_size("0") == 0);
    CHECK(parse_size("123") == 123);
    CHECK(parse_size("64k") == 65'536);
    CHECK(parse_size("64K") == 65'536);
    CHECK(parse_size("50M") == 52'428'800);
    CHECK(parse_size("2G") == 2'147'483'648);
    CHECK(parse_size("17179869183G") == 18'446'744'072'635'809'792U);
}

TEST_CASE("sizes for people have two or three digits", "[base]") {
    CHECK(human_size(0) == "0 B");
    CHECK(human_size(999) == "999 B");
    CHECK(human_size(1000) == "1.0 kB");
    CHECK(human_size(9'949) == "9.9 kB");
    CHECK(human_size(9'960) == "10 kB");
    CHECK(human_size(320'000) == "320 kB");
    CHECK(human_size(999'499) == "999 kB");
    CHECK(human_size(999'500) == "1.0 MB");
    CHECK(human_size(1'500'000) == "1.5 MB");
    CHECK(human_size(18'446'744'073'709'551'615U) == "18 EB");
}
