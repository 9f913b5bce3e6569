#include "lib/http/flask.hpp"

#include <limits>

#include <catch2/catch.hpp>

using namespace bioctl;
using namespace bioctl::http;

TEST_CASE("JSON is written as Flask writes it", "[http]") {
    auto const text = [](Json const& json) { return flask_reply(json).body; };
    CHECK(text({{"b", 1}, {"a", Json::array()}, {"B", nullptr}}) == "{\"B\":null,\"a\":[],\"b\":1}\n");
    CHECK(text(Json::object()) == "{}\n");
    CHECK(text("Caf\u00e9 \"x\" \\ \n\x7f \U0001F600") == "\"Caf\\u00e9 \\\"x\\\" \\\\ \\n\\u007f \\ud83d\\ude00\"\n");
    CHECK(text("\xff") == "\"\\ufffd\"\n");
    // Python's repr(): these are its own answers.
    CHECK(text({-7.72641, 1.0, 1e-5, 1e16, 0.1, 110.3, 123456789.125, -0.0}) ==
          "[-7.72641,1.0,1e-05,1e+16,0.1,110.3,123456789.125,-0.0]\n");
    CHECK(text({std::numeric_limits<double>::infinity(), true, -5}) == "[null,true,-5]\n");
}

TEST_CASE("Errors of the framework are small pages, with nothing of the client's in them as it was", "[http]") {
    auto const page = flask_voice({Refusal::not_found, "nobody sees <this>"});
    CHECK(page.status == 404);
    CHECK(page.content_type == "text/html; charset=utf-8");
    CHECK(page.body ==
          "<!doctype html>\n<html lang=en>\n<title>404 Not Found</title>\n<h1>Not Found</h1>\n<p>The requested URL was not found "
          "on "
          "the server. If you entered the URL manually please check your spelling and try again.</p>\n");
    CHECK(flask_voice({Refusal::forbidden, "<b>'no' & \"never\"</b>"}).body ==
          "<!doctype html>\n<html lang=en>\n<title>403 Forbidden</title>\n<h1>Forbidden</h1>\n<p>&lt;b&gt;&#39;no&#39; &amp; "
          "&#34;never&#34;&lt;/b&gt;</p>\n");
}

TEST_CASE("A body is JSON only if it says so", "[http]") {
    Request request;
    request.body = R"({"users":3})";
    auto const status = [&] {
        auto const body = flask_body(request);
        auto const* page = std::get_if<Reply>(&body);
        return page != nullptr ? page->status : 200;
    };
    CHECK(status() == 415);
    request.headers.set("Content-Type", "text/plain");
    CHECK(status() == 415);
    for (auto const* const type : {"application/json", "Application/JSON; charset=utf-8", "application/vnd.x+json"}) {
        request.headers.set("Content-Type", type);
        CHECK(status() == 200);
    }
    for (auto const* const bad : {"", "{", "[1,]", "NaN", "{}{}", "\xff"}) {
        request.body = bad;
        CHECK(status() == 400);
    }
    request.body = std::string(100'000, '[');
    CHECK(status() == 400);
}

TEST_CASE("Times are local, without an offset, with a fraction only if there is one", "[http]") {
    app::Zone const jakarta{"Asia/Jakarta"};
    CHECK(naive_time(jakarta, from_ms(1'763'700'000'000)) == "2025-11-21T11:40:00");
    CHECK(naive_time(jakarta, from_ms(1'763'700'000'007)) == "2025-11-21T11:40:00.007000");
    CHECK(naive_time(jakarta, from_ms(1'763'700'000'120)) == "2025-11-21T11:40:00.120000");
}

TEST_CASE("A reply that the client has already is not sent again", "[http]") {
    Request request;
    auto const reply = unless_known(request, flask_text("[]"));
    CHECK(reply.status == 200);
    auto const tag = std::string{reply.headers.get("ETag")};
    CHECK(tag.size() == 34);
    auto const status_for = [&](std::string const& header) {
        request.headers.set("If-None-Match", header);
        return unless_known(request, flask_text("[]")).status;
    };
    CHECK(status_for(tag) == 304);
    CHECK(status_for("W/" + tag) == 304);
    CHECK(status_for("\"a\", " + tag + " ,\"b\"") == 304);
    CHECK(status_for("*") == 304);
    CHECK(status_for("\"a\"") == 200);
    CHECK(status_for("") == 200);
    CHECK(unless_known(request, flask_text("[1]")).headers.get("ETag") != tag);
    request.headers.set("If-None-Match", tag);
    auto const known = unless_known(request, flask_text("[]"));
    CHECK(known.body.empty());
    CHECK(known.headers.get("ETag") == tag);
}
