#include "lib/http/message.hpp"

#include <catch2/catch.hpp>

using namespace bioctl;
using http::target_from;

TEST_CASE("A path is split before it is decoded", "[http]") {
    auto const target = target_from("/api/people/Budi%20S/?a=1&b=x%20y&a=2&c");
    REQUIRE(target);
    CHECK(target->segments == std::vector<std::string>{"api", "people", "Budi S", ""});
    CHECK(target->parameter("a") == "2");
    CHECK(target->parameters("a") == std::vector<std::string>{"1", "2"});
    CHECK(target->parameter("b") == "x y");
    CHECK(target->parameter("c") == "");
    CHECK_FALSE(target->parameter("d"));
}

TEST_CASE("A path that leads elsewhere is refused, however it is written", "[http]") {
    auto const text = GENERATE(as<std::string>{}, "/../etc/passwd", "/a/../b", "/%2e%2e/etc", "/%2E%2e%2Fetc", "/a%2fb",
                               "/%252e%252e/etc", "/%252Fetc", "/a\\b", "/%5c..", "/a%00b", "/%2500", "/a%0ab", "/\x7f", "/%zz",
                               "/%2", "/%", "/%ff", "", "a", "http://other/", "*", "/?a=%zz", "/?a=%00");
    CAPTURE(text);
    CHECK_FALSE(target_from(text));
}

TEST_CASE("A dot at the beginning of a name is no step", "[http]") {
    CHECK(target_from("/.well-known/security.txt"));
    CHECK(target_from("/a..b/...")->segments == std::vector<std::string>{"a..b", "..."});
}

TEST_CASE("Header names are the same in any case", "[http]") {
    http::Headers headers;
    headers.add("X-Api-Key", "one");
    headers.add("x-api-key", "two");
    CHECK(headers.get("X-API-KEY") == "one");
    headers.set("X-API-Key", "three");
    CHECK(headers.all().size() == 1);
    CHECK(headers.get("x-api-key") == "three");
    CHECK(headers.get("host").empty());
}

TEST_CASE("A cookie is found among others, and only by its whole name", "[http]") {
    http::Request request;
    request.headers.add("Cookie", "xsession=1; session=two=2 ; other=3");
    CHECK(request.cookie("session") == "two=2");
    CHECK(request.cookie("other") == "3");
    CHECK(request.cookie("sess").empty());
}
