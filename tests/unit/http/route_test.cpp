#include "lib/http/route.hpp"

#include <fmt/format.h>
#include <catch2/catch.hpp>

#include "lib/base/causes.hpp"
#include "lib/http/proxy.hpp"

using namespace bioctl;
using namespace bioctl::http;

namespace {

void add(Routes& routes, std::string_view method, std::string_view pattern, Family family = Family::api) {
    routes.add({.family = family, .method = method, .pattern = pattern, .handle = [](Call const&) { return Reply{}; }});
}

std::string pattern_of(Routes::Match const& match) {
    return match.route ? std::string{match.route->pattern} : "none";
}

}  // namespace

TEST_CASE("The most literal route wins, whatever the order", "[http]") {
    Routes routes;
    add(routes, "GET", "/people/{id}");
    add(routes, "GET", "/people/export");
    add(routes, "GET", "/people/{id}/templates");
    add(routes, "GET", "/assets/{path...}");
    CHECK(pattern_of(routes.match("GET", {"people", "export"})) == "/people/export");
    CHECK(pattern_of(routes.match("GET", {"people", "budi"})) == "/people/{id}");
    CHECK(routes.match("GET", {"people", "budi"}).parameters.front().second == "budi");
    CHECK(pattern_of(routes.match("HEAD", {"people", "budi", "templates"})) == "/people/{id}/templates");
    CHECK(routes.match("GET", {"assets", "js", "app.js"}).parameters.front().second == "js/app.js");
    CHECK(pattern_of(routes.match("GET", {"people", ""})) == "none");
    CHECK(pattern_of(routes.match("GET", {"people"})) == "none");
}

TEST_CASE("A path that knows other methods says which", "[http]") {
    Routes routes;
    add(routes, "GET", "/events");
    add(routes, "POST", "/events");
    auto const match = routes.match("DELETE", {"events"});
    CHECK_FALSE(match.route);
    CHECK(match.allowed == std::vector<std::string_view>{"GET", "POST"});
    CHECK(routes.match("DELETE", {"nothing"}).allowed.empty());
}

TEST_CASE("A family is moved as a whole, or left out", "[http]") {
    Routes routes;
    routes.mount(Family::attendance, "/face/");
    routes.switch_off(Family::monitor);
    add(routes, "GET", "/health", Family::attendance);
    add(routes, "GET", "/api/onts", Family::monitor);
    CHECK(pattern_of(routes.match("GET", {"face", "health"})) == "/health");
    CHECK(pattern_of(routes.match("GET", {"health"})) == "none");
    CHECK(pattern_of(routes.match("GET", {"api", "onts"})) == "none");
    CHECK(routes.path_of(routes.entries().front()) == "/face/health");
}

TEST_CASE("Two routes for the same are a slip of ours", "[http]") {
    Routes routes;
    add(routes, "GET", "/a");
    CHECK_THROWS_AS(add(routes, "GET", "/a"), Error);
}

TEST_CASE("A network holds its addresses and no others", "[http]") {
    CHECK(Network::parse("10.0.0.0/8")->contains("10.255.0.1"));
    CHECK(Network::parse("10.0.0.0/8")->contains("::ffff:10.0.0.1"));
    CHECK_FALSE(Network::parse("10.0.0.0/8")->contains("11.0.0.1"));
    CHECK(Network::parse("192.0.2.7")->contains("192.0.2.7"));
    CHECK_FALSE(Network::parse("192.0.2.7")->contains("192.0.2.8"));
    CHECK(Network::parse("2001:db8::/33")->contains("2001:db8:7fff::1"));
    CHECK_FALSE(Network::parse("2001:db8::/33")->contains("2001:db8:8000::1"));
    CHECK(Network::parse("0.0.0.0/0")->contains("203.0.113.9"));
    CHECK_FALSE(Network::parse("0.0.0.0/0")->contains("2001:db8::1"));
    for (auto const* text : {"", "10.0.0.0/", "10.0.0.0/33", "10.0.0/8", "::/129", "10.0.0.0/-1", "x"})
        CHECK_FALSE(Network::parse(text));
}

TEST_CASE("Only what a trusted proxy wrote says who the client is", "[http]") {
    std::vector<Network> const trusted{*Network::parse("127.0.0.1"), *Network::parse("10.0.0.0/8")};
    auto const client = [&](std::string const& peer, std::string const& forwarded) {
        Request request;
        if (!forwarded.empty()) request.headers.add("X-Forwarded-For", forwarded);
        find_client(request, peer, false, trusted);
        return request;
    };
    CHECK(client("203.0.113.9", "198.51.100.1").client == "203.0.113.9");  // nobody asked him
    CHECK(client("127.0.0.1", "198.51.100.1").client == "198.51.100.1");
    CHECK_FALSE(client("127.0.0.1", "198.51.100.1").is_local);
    CHECK(client("127.0.0.1", "1.2.3.4, 198.51.100.1, 10.0.0.7").client == "198.51.100.1");
    CHECK_FALSE(client("127.0.0.1", "127.0.0.1").is_local);  // behind a proxy nobody is this machine
    CHECK(client("127.0.0.1", "nonsense").client == "127.0.0.1");
    CHECK(client("127.0.0.1", "").is_local);
    CHECK(client("::1", "").is_local);
    CHECK_FALSE(client("192.0.2.1", "").is_local);
}

TEST_CASE("?topics= chooses among the topics of a route", "[http]") {
    Route const route{.method = "GET", .pattern = "/ws/live", .topics = {"events", "onts", "devices"}};
    auto const topics = [&](std::string const& text) { return topics_of(route, target_from(text).or_throw()); };
    using Topics = std::vector<std::string_view>;
    CHECK(*topics("/ws/live") == Topics{"events", "onts", "devices"});
    CHECK(*topics("/ws/live?topics=onts") == Topics{"onts"});
    CHECK(*topics("/ws/live?topics=onts,events,onts") == Topics{"onts", "events"});
    CHECK(*topics("/ws/live?topics=onts%2Cevents") == Topics{"onts", "events"});
    for (std::string const bad : {"", "weather", "onts,", ",", "Onts", "onts%20events"}) {
        INFO(bad);
        CHECK_FALSE(topics(fmt::format("/ws/live?topics={}", bad)));
    }
    CHECK(topics("/ws/live?topics=weather").error().message() ==
          "there is no topic 'weather' here; there are: events, onts, devices");
}

TEST_CASE("Damage of ours is no fault of a client, and a name that is taken is a conflict", "[http]") {
    CHECK(trouble_of(Error{Kind::data, "x"}).refusal == Refusal::bad_request);
    CHECK(trouble_of(OwnFault{Kind::data, "x"}).refusal == Refusal::internal);
    CHECK(trouble_of(OwnFault{Kind::busy, "x"}).refusal == Refusal::busy);
    CHECK(trouble_of(OwnFault{Kind::permission, "x"}).refusal == Refusal::internal);
    CHECK(trouble_of(NameTaken{Kind::data, "x"}).refusal == Refusal::conflict);
    CHECK(trouble_of(RuleForbids{Kind::permission, "x"}).refusal == Refusal::conflict);
    CHECK(trouble_of(Error{Kind::permission, "x"}).refusal == Refusal::internal);
    // As functions that hand them on see them.
    try {
        throw NameTaken{Kind::data, "x"};
    } catch (Error const& error) {
        CHECK(trouble_of(error).refusal == Refusal::conflict);
    }
}
