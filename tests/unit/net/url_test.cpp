#include <catch2/catch.hpp>

#include "lib/base/error.hpp"
#include "lib/net/url.hpp"

using namespace bioctl;
using net::is_loopback;
using net::parse_url;
using net::require_secure;

TEST_CASE("what is no http URL is refused with the reason", "[net]") {
    for (auto const* const text :
         {"", "model.onnx", "file:///etc/passwd", "ftp://a/b", "https://", "https:///x", "https://[::1", "https://[",
          "https://[/x", "https://[]/", "https://a b/", "https://user:secret@host/", "https://a\nb/", "https://\xC3\xA9/",
          "http://127.0.0.1\\@evil.test/x", "https://[::1]evil/", "https://a\\b"}) {
        INFO(text);
        auto const url = parse_url(text);
        REQUIRE_FALSE(url);
        CHECK(url.error().kind() == Kind::usage);
    }
}

TEST_CASE("a URL comes apart into scheme, host and path", "[net]") {
    auto const url = parse_url("HTTPS://Example.org:8443/a/b?c#d").or_throw();
    CHECK(url.scheme == "https");
    CHECK(url.host == "example.org");
    CHECK(url.path == "/a/b");
    CHECK(parse_url("http://[::1]:80/x").or_throw().host == "::1");
    CHECK(parse_url("https://host?query").or_throw().path.empty());
}

TEST_CASE("http is for the loopback only", "[net]") {
    CHECK(require_secure("https://example.org/x"));
    CHECK(require_secure("http://127.0.0.1:8000/x"));
    CHECK(require_secure("http://localhost/x"));
    CHECK(require_secure("http://[::1]/x"));
    for (auto const* const text : {"http://example.org/x", "http://127.0.0.1.example.org/x", "http://localhost.example.org/",
                                   "http://127.0.0.1@example.org/", "http://127.1/", "http://example.org\\@127.0.0.1/"}) {
        INFO(text);
        CHECK_FALSE(require_secure(text));
    }
}

TEST_CASE("only addresses that never leave the machine are loopback", "[net]") {
    CHECK(is_loopback("127.255.0.1"));
    CHECK_FALSE(is_loopback("127.0.0.256"));
    CHECK_FALSE(is_loopback("127.0.0.x"));
    CHECK_FALSE(is_loopback("128.0.0.1"));
    CHECK_FALSE(is_loopback("0.0.0.0"));
}
