#include <catch2/catch.hpp>

#include <string>

#include <fmt/format.h>

#include "lib/base/error.hpp"
#include "lib/base/file.hpp"
#include "lib/net/download.hpp"
#include "tests/support/file_server.hpp"
#include "tests/support/temp_dir.hpp"

using namespace bioctl;
using namespace bioctl::test;
using Catch::Contains;
using net::download;

namespace {

std::string content_of(std::size_t size) {
    std::string content;
    for (std::size_t i = 0; content.size() < size; ++i)
        content += std::to_string(i) + ',';
    content.resize(size);
    return content;
}

struct Fixture {
    TempDir dir;
    fs::path to = dir / "model.onnx";
    std::string content = content_of(300'000);

    Result<void> get(std::string const& url, net::HttpOptions const& options = {}) {
        return download({.url = url, .to = to}, options);
    }
    /// Failure of one GET that the server answers so.
    Error failure_of(HttpAnswer const& answer) {
        FileServer const server{[&](HttpRequest const&) { return answer; }};
        auto const got = get(server.url("/model.onnx"));
        REQUIRE_FALSE(got);
        CHECK_FALSE(fs::exists(to));
        return got.error();
    }
};

}  // namespace

TEST_CASE_METHOD(Fixture, "every refusal has its own kind and names the URL", "[net]") {
    CHECK(failure_of({.status = 404}).kind() == Kind::no_input);
    CHECK(failure_of({.status = 403}).kind() == Kind::permission);
    CHECK(failure_of({.status = 429}).kind() == Kind::busy);
    CHECK(failure_of({.status = 503}).kind() == Kind::busy);
    CHECK(failure_of({.status = 500}).kind() == Kind::unavailable);
    CHECK(failure_of({.status = 418}).kind() == Kind::protocol);
    CHECK_THAT(failure_of({.status = 404, .body = "<html>"}).message(), Contains("/model.onnx") && Contains("404"));
}

TEST_CASE_METHOD(Fixture, "a peer that is not there is unavailable, an unknown name has no host", "[net]") {
    std::string gone;
    {
        FileServer const server{[](HttpRequest const&) { return HttpAnswer{}; }};
        gone = server.url("/x");
    }
    CHECK(get(gone).error().kind() == Kind::unavailable);
    CHECK(get("https://no-such-host.invalid/x").error().kind() == Kind::no_host);
}

TEST_CASE_METHOD(Fixture, "plain http to another machine is refused before anything is sent, also behind a redirect", "[net]") {
    CHECK(get("http://192.0.2.1/x").error().kind() == Kind::usage);
    auto const error = failure_of({.status = 302, .headers = {"Location: http://192.0.2.1/x"}});
    CHECK(error.kind() == Kind::usage);
    CHECK_THAT(error.message(), Contains("192.0.2.1") && Contains("https"));
}

TEST_CASE_METHOD(Fixture, "a circle of redirects ends", "[net]") {
    FileServer const server{[](HttpRequest const&) { return HttpAnswer{.status = 302, .headers = {"Location: /again"}}; }};
    auto const got = get(server.url("/x"), {.max_redirects = 3});
    CHECK(got.error().kind() == Kind::protocol);
    CHECK(server.requests().size() == 4);
}

TEST_CASE_METHOD(Fixture, "a file arrives as it is, through a redirect too", "[net]") {
    FileServer const server{[&](HttpRequest const& request) {
        if (request.target == "/old") return HttpAnswer{.status = 301, .headers = {"Location: /new"}};
        return HttpAnswer{.body = content};
    }};
    REQUIRE(get(server.url("/old")));
    CHECK(read_text(to) == content);
    CHECK_FALSE(fs::exists(dir / "model.onnx.part"));
    CHECK_FALSE(fs::exists(dir / "model.onnx.part.of"));
}

TEST_CASE_METHOD(Fixture, "an empty file is a file", "[net]") {
    FileServer const server{[](HttpRequest const&) { return HttpAnswer{}; }};
    REQUIRE(get(server.url("/empty")));
    CHECK(fs::file_size(to) == 0);
}

TEST_CASE_METHOD(Fixture, "a broken download goes on where it stopped", "[net]") {
    int attempts = 0;
    FileServer const server{[&](HttpRequest const& request) {
        auto answer = answer_with_ranges(request, content, "\"1\"");
        if (++attempts == 1) answer.cut_after = 100'000;
        return answer;
    }};
    auto const broken = get(server.url("/model.onnx"));
    REQUIRE_FALSE(broken);
    CHECK(broken.error().kind() == Kind::unavailable);
    CHECK(fs::file_size(dir / "model.onnx.part") == 100'000);
    REQUIRE(get(server.url("/model.onnx")));
    CHECK(read_text(to) == content);
    CHECK(server.requests().at(1).headers.at("range") == "bytes=100000-");
    CHECK(server.requests().at(1).headers.at("if-range") == "\"1\"");
}

TEST_CASE_METHOD(Fixture, "a file that changed on the server is fetched anew, never mixed", "[net]") {
    auto const newer = content_of(200'000) + "newer";
    int attempts = 0;
    FileServer const server{[&](HttpRequest const& request) {
        if (++attempts > 1) return answer_with_ranges(request, newer, "\"2\"");
        auto answer = answer_with_ranges(request, content, "\"1\"");
        answer.cut_after = 100'000;
        return answer;
    }};
    REQUIRE_FALSE(get(server.url("/model.onnx")));
    REQUIRE(get(server.url("/model.onnx")));
    CHECK(read_text(to) == newer);
}

TEST_CASE_METHOD(Fixture, "a part of another URL, or of a server without versions, is not gone on from", "[net]") {
    auto const etag = GENERATE(std::string{"ETag: \"1\""}, std::string{"ETag: W/\"1\""});
    int attempts = 0;
    FileServer const server{[&](HttpRequest const&) {
        HttpAnswer answer{.headers = {etag}, .body = content};
        if (++attempts == 1) answer.cut_after = 1000;
        return answer;
    }};
    REQUIRE_FALSE(get(server.url("/one")));
    bool const is_weak = etag.find("W/") != std::string::npos;
    REQUIRE(get(server.url(is_weak ? "/one" : "/two")));
    CHECK(server.requests().at(1).headers.count("range") == 0);
    CHECK(read_text(to) == content);
}

TEST_CASE_METHOD(Fixture, "a part that was already whole becomes the file", "[net]") {
    FileServer const server{[&](HttpRequest const& request) { return answer_with_ranges(request, content, "\"1\""); }};
    write_text(dir / "model.onnx.part", content);
    write_text(dir / "model.onnx.part.of", server.url("/model.onnx") + "\n\"1\"\n");
    REQUIRE(get(server.url("/model.onnx")));
    CHECK(read_text(to) == content);
    CHECK(server.requests().size() == 1);
}

TEST_CASE_METHOD(Fixture, "a part longer than the server's file is thrown away", "[net]") {
    FileServer const server{[&](HttpRequest const& request) { return answer_with_ranges(request, content, "\"1\""); }};
    write_text(dir / "model.onnx.part", content + "more");
    write_text(dir / "model.onnx.part.of", server.url("/model.onnx") + "\n\"1\"\n");
    REQUIRE(get(server.url("/model.onnx")));
    CHECK(read_text(to) == content);
}

TEST_CASE_METHOD(Fixture, "a server that sends another part than asked for is not believed", "[net]") {
    FileServer const server{
        [&](HttpRequest const&) { return HttpAnswer{.status = 206, .headers = {"Content-Range: bytes 7-9/10"}, .body = "789"}; }};
    write_text(dir / "model.onnx.part", "0123");
    write_text(dir / "model.onnx.part.of", server.url("/model.onnx") + "\n\"1\"\n");
    CHECK(get(server.url("/model.onnx")).error().kind() == Kind::protocol);
    CHECK(read_text(dir / "model.onnx.part") == "0123");
}

TEST_CASE_METHOD(Fixture, "a server that sends less than asked for has not sent the file", "[net]") {
    int attempts = 0;
    FileServer const server{[&](HttpRequest const&) {
        auto const first = 4 + 3 * attempts++;
        return HttpAnswer{.status = 206,
                          .headers = {fmt::format("Content-Range: bytes {}-{}/10", first, first + 2)},
                          .body = std::string{"0123456789"}.substr(static_cast<std::size_t>(first), 3)};
    }};
    write_text(dir / "model.onnx.part", "0123");
    write_text(dir / "model.onnx.part.of", server.url("/model.onnx") + "\n\"1\"\n");
    CHECK(get(server.url("/model.onnx")).error().kind() == Kind::unavailable);
    CHECK_FALSE(fs::exists(to));
    REQUIRE(get(server.url("/model.onnx")));
    CHECK(read_text(to) == "0123456789");
}

TEST_CASE_METHOD(Fixture, "a file larger than allowed is refused, announced or not", "[net]") {
    FileServer const server{[&](HttpRequest const&) { return HttpAnswer{.body = content}; }};
    auto const got = download({.url = server.url("/model.onnx"), .to = to, .max_bytes = 1000}, {});
    REQUIRE_FALSE(got);
    CHECK(got.error().kind() == Kind::data);
    CHECK_FALSE(fs::exists(to));
    CHECK(fs::file_size(dir / "model.onnx.part") == 0);
}

TEST_CASE_METHOD(Fixture, "progress can stop a download, and what has arrived is kept", "[net]") {
    FileServer const server{[&](HttpRequest const& request) { return answer_with_ranges(request, content, "\"1\""); }};
    auto const got = download({.url = server.url("/model.onnx"), .to = to, .progress = [](auto, auto) { return false; }}, {});
    REQUIRE_FALSE(got);
    CHECK(got.error().kind() == Kind::busy);
    REQUIRE(get(server.url("/model.onnx")));
    CHECK(read_text(to) == content);
}

TEST_CASE_METHOD(Fixture, "two processes do not download the same file at once", "[net]") {
    auto const other = FileLock::try_acquire(dir / "model.onnx.lock");
    CHECK(get("http://127.0.0.1:1/x").error().kind() == Kind::busy);
}

TEST_CASE_METHOD(Fixture, "a proxy is asked for the whole URL", "[net]") {
    FileServer const proxy{[&](HttpRequest const&) { return HttpAnswer{.body = "through the proxy"}; }};
    REQUIRE(get("http://localhost:1/x", {.proxy = proxy.url("")}));
    CHECK(proxy.requests().at(0).target == "http://localhost:1/x");
    CHECK(get("http://localhost:1/y", {.proxy = proxy.url(""), .no_proxy = "localhost"}).error().kind() == Kind::unavailable);
}

TEST_CASE_METHOD(Fixture, "a place that cannot be written is found before anything is fetched", "[net]") {
    write_text(dir / "file", "");
    auto const got = download({.url = "http://127.0.0.1:1/x", .to = dir / "file/model.onnx"}, {});
    REQUIRE_FALSE(got);
    CHECK(got.error().kind() == Kind::cannot_create);
}
