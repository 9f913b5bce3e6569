#include <set>

#include <fmt/format.h>
#include <catch2/catch.hpp>

#include "lib/base/deflate.hpp"
#include "lib/base/text.hpp"
#include "lib/http/pages.hpp"
#include "lib/http/web_files.hpp"

using namespace bioctl;
using namespace bioctl::http;

TEST_CASE("every file of the pages unpacks to what it says it is", "[http]") {
    std::set<std::string_view> paths;
    for (auto const& file : web_files()) {
        CAPTURE(file.path);
        CHECK(paths.insert(file.path).second);
        auto const plain = gunzip(as_bytes(file.gzipped), file.size).or_throw();
        CHECK(plain.size() == file.size);
        CHECK(to_hex(sha256(plain)) == file.digest);
        CHECK_FALSE(file.content_type.empty());
    }
    CHECK(paths.contains("app.js"));
    CHECK(paths.contains("vendor/pico.css"));
    CHECK(paths.contains("vendor/models/tiny_face_detector_model.bin"));
    CHECK(web_version().size() == 12);
}

TEST_CASE("the origin of map tiles is a host and nothing else", "[http]") {
    CHECK(origin_of_tiles("").empty());
    CHECK(origin_of_tiles("https://tiles.example/{z}/{x}/{y}.png") == "https://tiles.example");
    CHECK(origin_of_tiles("http://192.0.2.1:8081/{z}/{x}/{y}") == "http://192.0.2.1:8081");
    CHECK(origin_of_tiles("https://{s}.tiles.example/{z}/{x}/{y}.png") == "https://*.tiles.example");
    for (std::string const text :
         {"tiles.example", "https://x;script-src *", "https://x' y/", "https://{z}.example/", "https://a,b/"}) {
        CAPTURE(text);
        CHECK(origin_of_tiles(text).empty());
        CHECK(content_security_policy(text) == content_security_policy(""));
    }
}

TEST_CASE("what the document says of the server is text, and its addresses are below the base path", "[http]") {
    auto const reply = shell_reply({.base_path = "/a\"b",
                                    .timezone = "Asia/Jakarta",
                                    .map_tiles = "https://t.example/{z}/{x}/{y}.png?a=1&b=2",
                                    .map_attribution = "</html><script>@BASE@",
                                    .is_readonly = true});
    CHECK(reply.status == 200);
    auto const has = [&](std::string_view text) { return reply.body.find(text) != std::string::npos; };
    CHECK(has("data-base=\"/a&#34;b\""));
    CHECK(has("data-timezone=\"Asia/Jakarta\""));
    CHECK(has("data-tiles=\"https://t.example/{z}/{x}/{y}.png?a=1&amp;b=2\""));
    CHECK(has("data-attribution=\"&lt;/html&gt;&lt;script&gt;@BASE@\""));
    CHECK(has("data-readonly=\"true\""));
    CHECK_FALSE(has("@VERSION@"));
    CHECK(has(fmt::format("/a&#34;b/static/{}/app.js", web_version())));
    CHECK(reply.headers.get("content-security-policy").find(" https://t.example;") != std::string_view::npos);
}

TEST_CASE("pages are known by their first part", "[http]") {
    CHECK(is_page(""));
    CHECK(is_page("events"));
    CHECK_FALSE(is_page("event"));
    CHECK_FALSE(is_page("../events"));
}

TEST_CASE("who takes gzip says so", "[http]") {
    for (auto const& [text, takes] : std::initializer_list<std::pair<std::string, bool>>{{"gzip", true},
                                                                                         {"br, GZIP;q=0.5", true},
                                                                                         {"*", true},
                                                                                         {"gzip;q=0", false},
                                                                                         {"gzip;q=0.0", false},
                                                                                         {"br", false},
                                                                                         {"", false}}) {
        CAPTURE(text);
        Request request;
        request.headers.add("Accept-Encoding", text);
        CHECK(request.takes_gzip() == takes);
    }
}
