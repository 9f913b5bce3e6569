#include <catch2/catch.hpp>

#include "tests/support/sim_http/message.hpp"

using namespace bioctl::sim_http;

namespace {

int status_of(std::string_view head) {
    try {
        static_cast<void>(announced_body(parse_head(head)));
        return 0;
    } catch (BadRequest const& error) {
        return error.status;
    }
}

}  // namespace

TEST_CASE("a head that is none is refused", "[sim_http]") {
    CHECK(status_of("") == 400);
    CHECK(status_of("GET /\r\n") == 400);
    CHECK(status_of("GET no-slash HTTP/1.1\r\n") == 400);
    CHECK(status_of("GET / HTTP/1.1\r\nno colon\r\n") == 400);
    CHECK(status_of("GET / HTTP/1.1\r\n: no name\r\n") == 400);
}

TEST_CASE("lengths that contradict each other or exceed the caps are refused", "[sim_http]") {
    CHECK(status_of("POST / HTTP/1.1\r\nContent-Length: -1\r\n") == 400);
    CHECK(status_of("POST / HTTP/1.1\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n") == 400);
    CHECK(status_of("POST / HTTP/1.1\r\nContent-Length: 99999999999999999999999\r\n") == 413);
    CHECK(status_of("POST / HTTP/1.1\r\nContent-Length: 9000000\r\n") == 413);
    CHECK_THROWS_AS(chunk_size("fffffffffffffffff"), BadRequest);
    CHECK_THROWS_AS(chunk_size(""), BadRequest);
}

TEST_CASE("too many headers are refused", "[sim_http]") {
    std::string head = "GET / HTTP/1.1\r\n";
    for (int i = 0; i < 65; ++i)
        head += "X: y\r\n";
    CHECK(status_of(head) == 431);
}

TEST_CASE("a target is kept as sent, and its query is decoded", "[sim_http]") {
    auto const request = parse_head("GET /pic/a@WEB01?format=json&name=a%20b&zone=+07:00&bad=%zz&flag HTTP/1.1\r\nhOST: x\r\n");
    CHECK(request.target == "/pic/a@WEB01?format=json&name=a%20b&zone=+07:00&bad=%zz&flag");
    CHECK(request.path == "/pic/a@WEB01");
    CHECK(request.parameter("name") == "a b");
    CHECK(request.parameter("zone") == "+07:00");
    CHECK(request.parameter("bad") == "%zz");
    CHECK(request.parameter("absent", "otherwise") == "otherwise");
    CHECK(request.header("Host") == "x");
}

TEST_CASE("a chunk's extension is no part of its size", "[sim_http]") {
    CHECK(chunk_size("1a;name=value") == 26);
}
