// Dossier section 6b: the slot that tells the terminal where to push events. Nothing is pushed.

#include <array>

#include "tests/support/hik_sim/replies.hpp"
#include "tests/support/hik_sim/routes.hpp"

namespace bioctl::hik_sim {

namespace {

using sim_http::Reply;
using sim_http::Request;

constexpr std::size_t k_max_document = 16 * 1024;

Json slot(bool is_foreign) {
    return {{"id", 1},
            {"url", is_foreign ? "/hik/events" : ""},
            {"protocolType", is_foreign ? "EHome" : "HTTP"},
            {"parameterFormatType", "XML"},
            {"addressingFormatType", "ipaddress"},
            {"ipAddress", is_foreign ? "192.0.2.77" : "0.0.0.0"},
            {"portNo", is_foreign ? 7660 : 0},
            {"httpAuthenticationMethod", "none"}};
}

std::string without_prologue(std::string const& xml) {
    auto const end = xml.starts_with("<?xml") ? xml.find("?>") : std::string::npos;
    return end == std::string::npos ? xml : xml.substr(end + 2);
}

Reply get(Terminal& terminal, Request const&) {
    auto reply = xml_reply(terminal, "HttpHostNotificationList",
                           {{"HttpHostNotification", slot(terminal.quirks.has(Quirk::foreign_http_host))}});
    if (terminal.http_host.empty()) return reply;
    auto const begin = reply.body.find("<HttpHostNotification>");
    auto const end = reply.body.find("</HttpHostNotificationList>");
    reply.body.replace(begin, end - begin, without_prologue(terminal.http_host));
    return reply;
}

Reply put(Terminal& terminal, Request const& request) {
    auto const& xml = request.body;
    if (xml.size() > k_max_document || xml.find("<HttpHostNotification") == std::string::npos)
        throw Refusal{fault::bad_xml_format};
    for (auto const* element : {"id", "url", "protocolType", "addressingFormatType", "portNo", "httpAuthenticationMethod"}) {
        if (xml.find(std::string{"<"} + element) == std::string::npos) throw Refusal{fault::parameters_lack, element};
    }
    if (xml.find("<ipAddress") == std::string::npos) throw Refusal{fault::bad_xml_content, "ipAddress"};
    terminal.http_host = xml;
    return done_reply(terminal, request);
}

constexpr auto k_routes = std::to_array<Route>({
    {"GET", "/ISAPI/Event/notification/httpHosts", get},
    {"PUT", "/ISAPI/Event/notification/httpHosts/1", put},
});

}  // namespace

std::span<Route const> host_routes() {
    return k_routes;
}

}  // namespace bioctl::hik_sim
