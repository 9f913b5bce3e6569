#include <catch2/catch.hpp>

#include "lib/ont/router_link.hpp"
#include "tests/support/expect_error.hpp"
#include "tests/support/raw_server.hpp"
#include "tests/unit/ont/router_support.hpp"

namespace bioctl::test {

using namespace std::chrono_literals;

namespace {

ont::RouterAccess rest_access(RawServer const& server) {
    auto const url = server.url();
    ont::RouterAccess access;
    access.host = "127.0.0.1";
    access.port = static_cast<std::uint16_t>(std::stoi(url.substr(url.rfind(':') + 1)));
    access.via = ont::RouterVia::rest;
    access.tls = ont::RouterTls::off;
    access.user = "monitor";
    access.password = "router-Secret-1";
    return access;
}

RawAnswer router(RawRequest const& request) {
    // "monitor:router-Secret-1" in base64, by base64(1).
    if (request.header("authorization") != "Basic bW9uaXRvcjpyb3V0ZXItU2VjcmV0LTE=") return reply(401, R"({"error":401})");
    if (request.target == "/rest/system/identity?.proplist=name") return reply(200, R"({"name":"Kantor"})");
    if (request.target == "/rest/ip/hotspot/active?.proplist=.id,user")
        return reply(200, R"([{".id":"*A","user":"ani"},{".id":"*B","user":"budi"},7])");
    if (request.target == "/rest/broken") return reply(200, "<html>");
    if (request.target == "/rest/deep") return reply(200, R"([{"a":)" + std::string(2'000'000, '['));
    if (request.target == "/rest/deep/closed") {
        constexpr std::size_t k_depth = 1'000'000;
        return reply(200, R"([{"a":)" + std::string(k_depth, '[') + std::string(k_depth, ']') + "}]");
    }
    if (request.target == "/rest/nested") return reply(200, R"([{"a":{"b":[1]},"c":true,"d":null}])");
    if (request.target == "/rest/many") {
        std::string rows = "[{}";
        for (int i = 0; i < 20'000; ++i)
            rows += ",7";
        return reply(200, rows + "]");
    }
    return reply(404, R"({"error":404,"message":"Not Found","detail":"no such command or directory"})");
}

}  // namespace

TEST_CASE("REST gives the same rows as the API", "[ont]") {
    RawServer server{router};
    auto const link = ont::open_router(rest_access(server), {}, in(20s));
    std::vector<std::string> users;
    link->print("/ip/hotspot/active", {".id", "user"}, in(20s),
                [&](ont::RouterReply const& row) { users.emplace_back(row.get("user")); });
    CHECK(users == std::vector<std::string>{"ani", "budi"});

    auto error = error_of([&] { link->print("/no/such", {}, in(20s), {}); });
    CHECK(error.kind() == Kind::data);
    CHECK_THAT(error.message(), Catch::Contains("no such command or directory"));
    CHECK(link->is_open());
    CHECK(error_of([&] { link->print("/broken", {}, in(20s), {}); }).kind() == Kind::protocol);
    CHECK_FALSE(link->is_open());
}

TEST_CASE("REST: an answer that nests without end, or never ends, is nonsense and nothing worse", "[ont]") {
    RawServer server{router};
    for (auto const* menu : {"/deep", "/deep/closed", "/many"}) {
        INFO(menu);
        auto const link = ont::open_router(rest_access(server), {.most_rows = 10'000}, in(20s));
        auto const error = error_of([&] { link->print(menu, {}, in(20s), [](ont::RouterReply const&) {}); });
        CHECK(error.kind() == Kind::protocol);
        CHECK_FALSE(link->is_open());
    }
    auto const link = ont::open_router(rest_access(server), {}, in(20s));
    link->print("/nested", {}, in(20s), [](ont::RouterReply const& row) {
        CHECK(row.get("a") == R"({"b":[1]})");
        CHECK(row.get("c") == "true");
    });
}

TEST_CASE("REST: a wrong password is tried once, and old routers are told from refusals", "[ont]") {
    RawServer server{router};
    auto access = rest_access(server);
    access.password = "wrong";
    CHECK(error_of([&] { static_cast<void>(ont::open_router(access, {}, in(20s))); }).kind() == Kind::permission);
    CHECK(server.requests().size() == 1);

    RawServer old{[](RawRequest const&) { return reply(404, "no"); }};
    auto const error = error_of([&] { static_cast<void>(ont::open_router(rest_access(old), {}, in(20s))); });
    CHECK(error.kind() == Kind::protocol);
    CHECK_THAT(error.message(), Catch::Contains("--via api"));
}

TEST_CASE("REST: rows may hold lists, but not such as would fill the stack", "[ont]") {
    constexpr std::size_t k_levels = 1'000'000;
    RawServer server{[](RawRequest const& request) {
        if (request.target.starts_with("/rest/system")) return router(request);
        auto const levels = request.target == "/rest/flat" ? std::size_t{3} : k_levels;
        return reply(200, R"([{"a":)" + std::string(levels, '[') + std::string(levels, ']') + "}]");
    }};
    auto const link = ont::open_router(rest_access(server), {}, in(20s));
    std::string value;
    link->print("/flat", {}, in(20s), [&](ont::RouterReply const& row) { value = row.get("a"); });
    CHECK(value == "[[[]]]");
    auto const error = error_of([&] { link->print("/deep", {}, in(20s), [](ont::RouterReply const&) {}); });
    CHECK(error.kind() == Kind::protocol);
    CHECK_THAT(error.message(), Catch::Contains("nested too deeply"));
    CHECK_FALSE(link->is_open());
}

TEST_CASE("REST: a router that hangs is given up in time", "[ont]") {
    RawServer server{[](RawRequest const&) { return RawAnswer{.bytes = "", .hang = true}; }};
    auto const begin = std::chrono::steady_clock::now();
    auto const error = error_of([&] { static_cast<void>(ont::open_router(rest_access(server), {}, in(600ms))); });
    CHECK(error.kind() == Kind::unavailable);
    CHECK(std::chrono::steady_clock::now() - begin < 3s);
}

}  // namespace bioctl::test
