#include "lib/http/json.hpp"

#include <catch2/catch.hpp>

#include <fmt/format.h>

using namespace bioctl;
using namespace bioctl::http;

namespace {

std::string object_of(int keys, std::string const& value = "0") {
    std::string text = "{";
    for (int i = 0; i < keys; ++i)
        text += fmt::format("{}\"{:06}\":{}", i > 0 ? "," : "", i, value);
    return text + "}";
}

}  // namespace

TEST_CASE("an object of a request has at most a thousand keys, wherever it is", "[http]") {
    CHECK(parse_json(object_of(1000)));
    CHECK(parse_json(object_of(1000))->size() == 1000);
    for (auto const& text : {object_of(1001), object_of(50'000), fmt::format("[1,{{\"a\":{}}}]", object_of(1001))}) {
        auto const json = parse_json(text);
        REQUIRE_FALSE(json);
        CHECK(json.error().kind() == Kind::data);
    }
}

TEST_CASE("many small objects are as good as ever", "[http]") {
    std::string text = "[";
    for (int i = 0; i < 500; ++i)
        text += fmt::format("{}{}", i > 0 ? "," : "", object_of(50));
    CHECK(parse_json(text + "]"));
    CHECK(parse_json(object_of(999, object_of(10))));
}

TEST_CASE("too deep, too many values, or no JSON", "[http]") {
    CHECK(parse_json(std::string(64, '[') + std::string(64, ']')));
    CHECK_FALSE(parse_json(std::string(66, '[') + std::string(66, ']')));
    CHECK_FALSE(parse_json(std::string(100'000, '[')));
    for (auto const* const bad : {"", "{", "{\"a\"}", "NaN", "[1,]"})
        CHECK_FALSE(parse_json(bad));
}
