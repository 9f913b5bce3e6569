#include <catch2/catch.hpp>

#include "lib/hikvision/push_host.hpp"

using namespace bioctl;
using namespace bioctl::hikvision;
using Catch::Contains;

TEST_CASE("a listener is read from its URL", "[hikvision]") {
    auto const plain = push_host_from("http://192.0.2.5:8080/hik/gate-1").or_throw();
    CHECK(plain.protocol == "HTTP");
    CHECK(plain.host == "192.0.2.5");
    CHECK(plain.port == 8080);
    CHECK(plain.path == "/hik/gate-1");
    CHECK(plain.shown() == "http://192.0.2.5:8080/hik/gate-1");
    auto const usual = push_host_from("https://[2001:db8::5]").or_throw();
    CHECK(usual.protocol == "HTTPS");
    CHECK(usual.host == "2001:db8::5");
    CHECK(usual.port == 443);
    CHECK(usual.path == "/");
    CHECK(usual.shown() == "https://[2001:db8::5]:443/");
}

TEST_CASE("what a terminal cannot keep is refused with the reason", "[hikvision]") {
    auto const message = [](std::string const& url) { return push_host_from(url).error().message(); };
    CHECK_THAT(message("ftp://192.0.2.5/"), Contains("https"));
    CHECK_THAT(message("http://192.0.2.5/?key=1"), Contains("no query"));
    CHECK_THAT(message("http://192.0.2.5:0/"), Contains("port"));
    CHECK_THAT(message("http://192.0.2.5:80x/"), Contains("port"));
    CHECK_THAT(message("http://me:pw@192.0.2.5/"), Contains("password"));
    CHECK_THAT(message("http://192.0.2.5/" + std::string(128, 'a')), Contains("128"));
    CHECK(push_host_from("http://192.0.2.5/" + std::string(127, 'a')));
}

TEST_CASE("slots come in XML with any namespace, one or several; some hold nobody", "[hikvision]") {
    auto const one = parse_push_hosts(R"(<?xml version="1.0"?>
        <HttpHostNotificationList version="2.0" xmlns="http://www.hikvision.com/ver20/XMLSchema"><HttpHostNotification>
        <id>1</id><url>/hik</url><protocolType>EHome</protocolType><ipAddress>192.0.2.77</ipAddress><portNo>7660</portNo>
        </HttpHostNotification></HttpHostNotificationList>)")
                         .or_throw();
    REQUIRE(one.size() == 1);
    CHECK_FALSE(one[0].is_empty());
    CHECK(one[0].shown() == "EHome 192.0.2.77:7660");
    auto const two = parse_push_hosts(R"({"HttpHostNotificationList":{"HttpHostNotification":[
        {"id":"1","url":"/a","protocolType":"HTTP","hostName":"hub.example","portNo":"80"},
        {"id":"2","url":"","protocolType":"HTTP","ipAddress":"0.0.0.0","portNo":"0"}]}})")
                         .or_throw();
    REQUIRE(two.size() == 2);
    CHECK(two[0].shown() == "http://hub.example:80/a");
    CHECK(two[1].is_empty());
    CHECK(two[1].id == 2);
    CHECK(parse_push_hosts("<HttpHostNotificationList/>").error().kind() == Kind::protocol);
    CHECK(parse_push_hosts("<html>404</html>").error().kind() == Kind::protocol);
}

TEST_CASE("a slot survives the way out and back, whatever is in its path", "[hikvision]") {
    for (auto const* url : {"http://192.0.2.5:8080/hik/a&b<c>", "https://hub.example/x%20y", "http://[2001:db8::5]:81/"}) {
        auto const host = push_host_from(url).or_throw();
        auto const back =
            parse_push_hosts("<HttpHostNotificationList>" + to_xml(host) + "</HttpHostNotificationList>").or_throw();
        CHECK(back.at(0).is_same_place(host));
    }
    PushHost const nobody{.path = "/"};
    CHECK_THAT(to_xml(nobody), Contains("<ipAddress>0.0.0.0</ipAddress>"));
}
