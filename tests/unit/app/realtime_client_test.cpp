#include <catch2/catch.hpp>

#include "lib/app/frames.hpp"
#include "lib/app/realtime_client.hpp"
#include "tests/support/expect_error.hpp"
#include "tests/support/raw_server.hpp"

using namespace bioctl;
using namespace bioctl::app;
using namespace bioctl::test;
using namespace std::chrono_literals;

namespace {

constexpr auto k_reply = R"json({"ok":true,"results":[{"box":[10,110,130,20],"label":"alip","distance":0.38},
    {"box":[1,2,3,0],"label":"Unknown","distance":1.0}],
    "dispatch":[{"label":"alip","report":{"status":"skipped","reason":"cooldown_active (4s left)"}}],"webhook_enabled":true})json";

RawAnswer closing(RawAnswer answer) {
    answer.close = true;
    return answer;
}

}  // namespace

TEST_CASE("a frame is posted as the old clients did, and the answer understood", "[app]") {
    RawServer server{[](RawRequest const&) { return closing(reply(200, k_reply)); }};
    RealtimeClient client{server.url("/base/"), "key-1", true};
    auto const answer = client.post("jpeg bytes");
    REQUIRE(answer);
    REQUIRE(answer->faces.size() == 2);
    CHECK(answer->is_webhook_enabled);
    auto const& face = answer->faces.front();
    CHECK(face.label == "alip");
    CHECK(face.distance == 0.38);
    CHECK(face.box == Box{10, 110, 130, 20});
    CHECK(face.dispatch == "skipped");
    CHECK(face.dispatch_reason == "cooldown_active (4s left)");
    CHECK(answer->faces.back().dispatch.empty());
    auto const request = server.requests().front();
    CHECK(request.method == "POST");
    CHECK(request.target == "/base/recognize/realtime?send_unknown=true");
    CHECK(request.header("x-api-key") == "key-1");
    CHECK_THAT(request.body, Catch::Contains("name=\"image\"") && Catch::Contains("jpeg bytes"));
}

TEST_CASE("what a server refuses for good ends it, what passes does not", "[app]") {
    auto const trouble_of = [](RawAnswer const& answer) {
        RawServer server{[&](RawRequest const&) { return closing(answer); }};
        RealtimeClient client{server.url(), "", false};
        auto const outcome = client.post("x");
        REQUIRE_FALSE(outcome);
        return outcome.error();
    };
    CHECK(trouble_of(reply(401, "")).is_final);
    CHECK(trouble_of(reply(401, "")).error.kind() == Kind::permission);
    CHECK(trouble_of(reply(404, "")).is_final);
    CHECK(trouble_of(reply(200, "<html>")).is_final);
    CHECK_FALSE(trouble_of(reply(500, "")).is_final);
    CHECK_FALSE(trouble_of(reply(400, "")).is_final);
    CHECK(trouble_of(reply(400, "")).error.kind() == Kind::data);
    auto const busy = trouble_of(reply(503, "", {"Retry-After: 7"}));
    CHECK_FALSE(busy.is_final);
    CHECK(busy.retry_after == 7s);
    CHECK(trouble_of(reply(503, "", {"Retry-After: 99999"})).retry_after == 60s);
    CHECK_FALSE(trouble_of(reply(503, "", {"Retry-After: soon"})).retry_after);
    RealtimeClient nobody{"http://127.0.0.1:1", "", false};
    auto const outcome = nobody.post("x");
    REQUIRE_FALSE(outcome);
    CHECK(outcome.error().error.kind() == Kind::unavailable);
    CHECK_FALSE(outcome.error().is_final);
}

TEST_CASE("an answer that is none is no crash", "[app]") {
    for (auto const* const body : {"", "[]", "{}", R"({"results":7})", R"({"results":[)", "null"})
        CHECK_FALSE(parse_realtime_reply(body));
    for (auto const* const body :
         {R"({"results":[1,null,[]]})", R"({"results":[{"box":[1e300,-1e300,"x",null],"label":7,"distance":"near"}]})",
          R"({"results":[{"box":[1,2,3]}],"dispatch":[1,{"report":2},{"report":{"status":3}}]})",
          R"({"results":[{"label":"a"}],"dispatch":{"label":"a"},"webhook_enabled":"yes"})"}) {
        INFO(body);
        CHECK(parse_realtime_reply(body));
    }
    std::string many = R"({"results":[)";
    for (int i = 0; i < 1001; ++i)
        many += "{},";
    CHECK_FALSE(parse_realtime_reply(many + "{}]}"));
}

TEST_CASE("a server's address is one, without a query", "[app]") {
    for (auto const* const url :
         {"faces.example", "ftp://faces.example", "http://", "http://user:word@faces.example", "http://a/?b"}) {
        INFO(url);
        CHECK(error_of([&] { RealtimeClient client(url, "", false); }).kind() == Kind::usage);
    }
}

TEST_CASE("a source is shown without its login", "[app]") {
    CHECK(without_login("rtsp://admin:p@ss@192.0.2.1/live?x=1") == "rtsp://192.0.2.1/live?x=1");
    CHECK(without_login("rtsp://admin:word@192.0.2.1:554/live@home") == "rtsp://192.0.2.1:554/live@home");
    CHECK(without_login("rtsp://192.0.2.1/live") == "rtsp://192.0.2.1/live");
    CHECK(without_login("film@home.avi") == "film@home.avi");
    CHECK(without_login("") == "");
}
