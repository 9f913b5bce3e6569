#include <catch2/catch.hpp>

#include <nlohmann/json.hpp>

#include "tests/unit/notify/messages.hpp"

using namespace bioctl;
using namespace bioctl::notify;
using bioctl::test::message;
using Catch::Contains;

TEST_CASE("a template that cannot work is refused when it is set, with its line", "[notify]") {
    CHECK_THAT(Template::parse("{\n\"n\": \"{{nmae}}\"}").error().message(),
               Contains("line 2") && Contains("did you mean 'name'?"));
    CHECK_THAT(Template::parse("{\"n\": \"{{name\"}").error().message(), Contains("'{{' without '}}'"));
    for (auto const* const text : {"{\"n\": {{name}}}", "{\"n\": {{distance}}}", "{\"n\": \"{{name}}\"", "", "hello",
                                   "-30 {{picture_base64}}"}) {  // the last one is JSON until there is a picture
        INFO(text);
        CHECK(Template::parse(text).error().kind() == Kind::data);
    }
}

TEST_CASE("values are escaped within quotes, and stay what they are as JSON", "[notify]") {
    auto const parsed = Template::parse(
        "{\"who\": \"{{ name }} ({{device}})\", \"n\": {{serial}}, \"d\": {{distance|json}},"
        " \"p\": \"{{picture_base64}}\"}");
    REQUIRE(parsed);
    auto m = message();
    auto json = nlohmann::json::parse(parsed->fill(m));
    CHECK(json["who"] == "Ana (" + m.device + ")");
    CHECK(json["n"] == 3'000'000'000);
    CHECK(json["d"].is_null());
    CHECK(json["p"] == "/9j/");
    m.name = "x\", \"admin\": \"yes\n\\";
    json = nlohmann::json::parse(parsed->fill(m));
    CHECK(json.size() == 4);
    m.name.clear();
    CHECK(nlohmann::json::parse(parsed->fill(m))["who"] == " (" + m.device + ")");
}
