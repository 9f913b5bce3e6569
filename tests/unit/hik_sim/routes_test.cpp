#include <catch2/catch.hpp>

#include "tests/unit/hik_sim/support.hpp"

using namespace bioctl::hik_sim;

TEST_CASE("unknown paths are the web server's page, unknown methods the terminal's error", "[hik_sim]") {
    auto terminal = make_terminal(0);
    CHECK(dispatch(terminal, make_request("GET", "/nowhere")).status == 404);
    auto const reply = dispatch(terminal, make_request("DELETE", "/ISAPI/System/deviceInfo"));
    CHECK(reply.status == 405);
    CHECK(reply.body.find("<subStatusCode>methodNotAllowed</subStatusCode>") != std::string::npos);
}

TEST_CASE("deviceInfo is XML in the namespace of the terminal, whatever the format asked for", "[hik_sim]") {
    auto const root_of = [](std::string_view quirks) {
        auto terminal = make_terminal(0, quirks);
        auto const body = dispatch(terminal, make_request("GET", "/ISAPI/System/deviceInfo?format=json")).body;
        auto const begin = body.find("<DeviceInfo");
        return body.substr(begin, body.find('>', begin) - begin);
    };
    CHECK(root_of("none").ends_with("\"http://www.isapi.org/ver20/XMLSchema\""));
    CHECK(root_of("namespace-hikvision-20").ends_with("\"http://www.hikvision.com/ver20/XMLSchema\""));
    CHECK(root_of("namespace-hikvision-10").ends_with("\"http://www.hikvision.com/ver10/XMLSchema\""));
    CHECK(root_of("no-namespace") == "<DeviceInfo version=\"2.0\"");
}

TEST_CASE("some firmware labels XML as JSON", "[hik_sim]") {
    auto terminal = make_terminal(0, "xml-for-json");
    auto const reply = dispatch(terminal, make_request("GET", "/ISAPI/AccessControl/AcsEvent/capabilities?format=json"));
    CHECK(reply.content_type == "application/json");
    CHECK(reply.body.find("<maxResults min=\"1\" max=\"30\">") != std::string::npos);
}

TEST_CASE("what is PUT into the push slot is read back", "[hik_sim]") {
    auto terminal = make_terminal(0, "foreign-http-host");
    auto const get = [&] { return dispatch(terminal, make_request("GET", "/ISAPI/Event/notification/httpHosts")).body; };
    CHECK(get().find("<protocolType>EHome</protocolType>") != std::string::npos);
    auto const put = [&](std::string const& xml) {
        return dispatch(terminal, make_request("PUT", "/ISAPI/Event/notification/httpHosts/1", xml)).status;
    };
    std::string const start =
        "<?xml version=\"1.0\"?><HttpHostNotification><id>1</id><url>/push</url><protocolType>HTTP</protocolType>"
        "<addressingFormatType>ipaddress</addressingFormatType><portNo>80</portNo>"
        "<httpAuthenticationMethod>none</httpAuthenticationMethod>";
    CHECK(put("garbage") == 400);
    CHECK(put(start + "<hostName>a.example</hostName></HttpHostNotification>") == 400);
    CHECK(put(start + "<ipAddress>192.0.2.1</ipAddress></HttpHostNotification>") == 200);
    CHECK(get().find("<url>/push</url>") != std::string::npos);
    CHECK(get().find("EHome") == std::string::npos);
}
