#include "lib/http/openapi.hpp"

#include <algorithm>
#include <set>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <catch2/catch.hpp>

#include "lib/base/text.hpp"
#include "lib/http/all_routes.hpp"
#include "lib/http/schemas.hpp"

using namespace bioctl;
using namespace bioctl::http;
using Json = nlohmann::json;

namespace {

/// Every value under the key "$ref".
void collect_references(Json const& json, std::set<std::string>& references) {
    if (json.is_object() && json.contains("$ref")) references.insert(json["$ref"].get<std::string>());
    for (auto const& value : json) {
        if (value.is_structured()) collect_references(value, references);
    }
}

}  // namespace

TEST_CASE("Every route of the table is in the description, with its scope, and nothing else", "[http]") {
    Routes routes;
    routes.mount(Family::attendance, "/face");
    add_all_routes(routes);
    auto const document = Json::parse(openapi_json(routes));
    std::size_t operations = 0;
    for (auto const& entry : routes.entries()) {
        auto path = routes.path_of(entry);
        if (auto const dots = path.find("...}"); dots != std::string::npos) path.erase(dots, 3);
        CAPTURE(entry.route.method, path);
        REQUIRE(document["paths"].contains(path));
        auto const& operation = document["paths"][path][to_lower_ascii(entry.route.method)];
        REQUIRE(operation.is_object());
        CHECK_FALSE(operation["summary"].get<std::string>().empty());
        CHECK_FALSE(operation["responses"].empty());
        CHECK(operation.contains("security") == entry.route.scope.has_value());
        if (entry.route.scope) CHECK(operation["security"][0]["api_key"][0] == std::string{app::name_of(*entry.route.scope)});
        ++operations;
    }
    std::size_t described = 0;
    for (auto const& path : document["paths"])
        described += path.size();
    CHECK(described == operations);
    CHECK(document["paths"].contains("/face/recognize"));
    CHECK(document["paths"].contains("/openapi.json"));
}

TEST_CASE("Operations have names of their own, and references lead somewhere", "[http]") {
    Routes routes;
    add_all_routes(routes);
    auto const document = Json::parse(openapi_json(routes));
    std::set<std::string> names, references;
    for (auto const& [path, operations] : document["paths"].items()) {
        for (auto const& [method, operation] : operations.items()) {
            CAPTURE(path, method);
            CHECK(names.insert(operation["operationId"].get<std::string>()).second);
            // Each parameter of the path is described, once.
            std::multiset<std::string> described;
            for (auto const& parameter : operation.value("parameters", Json::array())) {
                if (parameter["in"] == "path") described.insert(fmt::format("{{{}}}", parameter["name"].get<std::string>()));
            }
            for (auto const& name : described)
                CHECK(path.find(name) != std::string::npos);
            CHECK(static_cast<std::size_t>(std::ranges::count(path, '{')) == described.size());
        }
    }
    collect_references(document, references);
    CHECK(references.size() > 10);
    for (auto const& reference : references) {
        CAPTURE(reference);
        CHECK(document.contains(Json::json_pointer{reference.substr(1)}));
    }
}

TEST_CASE("Every change below /api/v2 wants a scope, and every list can be turned over", "[http]") {
    Routes routes;
    add_all_routes(routes);
    for (auto const& entry : routes.entries()) {
        auto const& route = entry.route;
        if (route.family != Family::api || route.pattern == "/api/v2/session") continue;
        CAPTURE(route.method, route.pattern);
        CHECK(route.scope.has_value());
        bool const only_looks =
            route.method == "GET" || route.pattern == "/api/v2/recognize" || route.pattern == "/api/v2/compare";
        CHECK(route.is_change == !only_looks);
        CHECK_FALSE(route.is_public);
        for (auto const& answer : route.doc.answers) {
            if (answer.schema.find("Page\"") == std::string_view::npos) continue;
            auto const has = [&](std::string_view name) {
                return std::ranges::any_of(route.doc.parameters, [&](auto const& one) { return one.name == name; });
            };
            CHECK(has("limit"));
            CHECK(has("cursor"));
        }
    }
}

TEST_CASE("Named shapes are JSON objects with names of their own", "[http]") {
    std::set<std::string_view> names;
    for (auto const& schema : named_schemas()) {
        CAPTURE(schema.name);
        CHECK(names.insert(schema.name).second);
        CHECK(Json::parse(schema.json).is_object());
    }
}

TEST_CASE("A schema that is no JSON, and a base path", "[http]") {
    Routes routes;
    routes.add({.family = Family::api,
                .method = "GET",
                .pattern = "/a",
                .handle = [](Call const&) { return Reply{}; },
                .doc = {.summary = "x", .answers = {{200, "y", "application/json", "{"}}}});
    CHECK_THROWS_AS(openapi_json(routes), Error);
    CHECK(Json::parse(served_below(openapi_json(Routes{}), "/bioctl"))["servers"][0]["url"] == "/bioctl");
    CHECK(operation_id("GET", "/api/v2/people/{id}") == "getApiV2PeopleById");
    CHECK(operation_id("GET", "/a") != operation_id("GET", "/a/"));
}

TEST_CASE("The page of the operations escapes what it shows, and lets no script through", "[http]") {
    Routes routes;
    routes.add({.family = Family::api,
                .method = "GET",
                .pattern = "/a",
                .handle = [](Call const&) { return Reply{}; },
                .doc = {.summary = "<script>alert('x')</script>", .answers = {{200, "\"&\""}}}});
    auto const page = docs_page(openapi_json(routes));
    CHECK(page.html.find("<script") == std::string::npos);
    CHECK_THAT(page.html,
               Catch::Contains("&lt;script&gt;alert(&#39;x&#39;)&lt;/script&gt;") && Catch::Contains("&#34;&amp;&#34;"));
    CHECK_THAT(page.content_security_policy, Catch::StartsWith("default-src 'none'; style-src 'sha256-"));
    CHECK(page.content_security_policy.find("unsafe") == std::string::npos);
}
