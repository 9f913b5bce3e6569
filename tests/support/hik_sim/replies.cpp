#include "tests/support/hik_sim/replies.hpp"

#include <fmt/format.h>

namespace bioctl::hik_sim {

namespace {

constexpr int k_max_depth = 32;

std::string_view namespace_attribute(QuirkSet const& quirks) {
    if (quirks.has(Quirk::no_namespace)) return "";
    if (quirks.has(Quirk::namespace_hikvision_10)) return R"( xmlns="http://www.hikvision.com/ver10/XMLSchema")";
    if (quirks.has(Quirk::namespace_hikvision_20)) return R"( xmlns="http://www.hikvision.com/ver20/XMLSchema")";
    return R"( xmlns="http://www.isapi.org/ver20/XMLSchema")";
}

std::string escaped(std::string_view text) {
    std::string safe;
    for (char const c : text) {
        switch (c) {
            case '&': safe += "&amp;"; break;
            case '<': safe += "&lt;"; break;
            case '>': safe += "&gt;"; break;
            case '"': safe += "&quot;"; break;
            default: safe += c;
        }
    }
    return safe;
}

std::string text_of(Json const& value) {
    return escaped(value.is_string() ? value.get_ref<std::string const&>() : value.dump());
}

void add_element(std::string& xml, std::string_view name, std::string_view attributes, Json const& value) {
    if (value.is_array()) {
        for (auto const& each : value)
            add_element(xml, name, attributes, each);
        return;
    }
    if (!value.is_object()) {
        xml += fmt::format("<{0}{1}>{2}</{0}>\n", name, attributes, text_of(value));
        return;
    }
    std::string own{attributes}, children;
    for (auto const& [key, member] : value.items()) {
        if (key.starts_with('@')) {
            own += fmt::format(R"( {}="{}")", key.substr(1), text_of(member));
        } else {
            add_element(children, key, "", member);
        }
    }
    xml += fmt::format("<{0}{1}>\n{2}</{0}>\n", name, own, children);
}

std::string document(Terminal const& terminal, std::string_view root, Json const& members) {
    std::string xml = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n";
    add_element(xml, root, R"( version="2.0")" + std::string{namespace_attribute(terminal.quirks)}, members);
    return xml;
}

std::string_view status_string(int status_code) {
    switch (status_code) {
        case 1: return "OK";
        case 2: return "Device Busy";
        case 3: return "Device Error";
        case 4: return "Invalid Operation";
        case 5: return "Invalid Format";
        default: return "Invalid Content";
    }
}

int http_status(Fault const& fault) {
    if (fault.http_status != 0) return fault.http_status;
    switch (fault.status_code) {
        case 2: return 503;
        case 3: return 500;
        case 4: return 403;
        default: return 400;
    }
}

sim_http::Reply status_reply(Terminal const& terminal, sim_http::Request const& request, Json const& members) {
    if (!wants_json(request)) return xml_reply(terminal, "ResponseStatus", members);
    if (!terminal.quirks.has(Quirk::xml_for_json)) return json_reply(terminal, members);
    return settings_reply(terminal, {{"ResponseStatus", members}});
}

}  // namespace

std::string dump(Terminal const& terminal, Json const& body) {
    bool const is_indented = terminal.quirks.has(Quirk::tab_indented);
    return body.dump(is_indented ? 1 : -1, '\t', false, Json::error_handler_t::replace);
}

sim_http::Reply json_reply(Terminal const& terminal, Json const& body) {
    return {.body = dump(terminal, body)};
}

sim_http::Reply settings_reply(Terminal const& terminal, Json const& body) {
    if (!terminal.quirks.has(Quirk::xml_for_json)) return json_reply(terminal, body);
    return {.body = document(terminal, body.begin().key(), body.begin().value())};
}

sim_http::Reply xml_reply(Terminal const& terminal, std::string_view root, Json const& members) {
    return {.content_type = "application/xml", .body = document(terminal, root, members)};
}

sim_http::Reply done_reply(Terminal const& terminal, sim_http::Request const& request) {
    return status_reply(terminal, request,
                        {{"requestURL", request.path}, {"statusCode", 1}, {"statusString", "OK"}, {"subStatusCode", "ok"}});
}

sim_http::Reply refusal(Terminal const& terminal, sim_http::Request const& request, Refusal const& why) {
    Json members{{"requestURL", request.path},
                 {"statusCode", why.fault.status_code},
                 {"statusString", status_string(why.fault.status_code)},
                 {"subStatusCode", why.fault.sub_status}};
    if (wants_json(request)) {
        members["errorCode"] = why.fault.error_code;
    } else {
        members["errorCode"] = fmt::format("{:#x}", why.fault.error_code);
    }
    members["errorMsg"] = why.error_msg.empty() ? why.fault.sub_status : why.error_msg;
    auto reply = status_reply(terminal, request, members);
    if (!terminal.quirks.has(Quirk::errors_with_200)) reply.status = http_status(why.fault);
    return reply;
}

sim_http::Reply not_found() {
    return {.status = 404,
            .content_type = "text/html",
            .body =
                "<!DOCTYPE html><html><head><title>Document Error: Not Found</title></head>"
                "<body><h2>Access Error: 404 -- Not Found</h2><p>Can't locate document</p></body></html>"};
}

bool wants_json(sim_http::Request const& request) {
    return request.parameter("format") == "json";
}

Json body_object(sim_http::Request const& request) {
    if (!wants_json(request)) throw Refusal{fault::bad_xml_format};
    auto const cap_depth = [](int depth, Json::parse_event_t, Json const&) {
        if (depth > k_max_depth) throw Refusal{fault::bad_json_format};
        return true;
    };
    auto body = Json::parse(request.body, cap_depth, false);
    if (!body.is_object()) throw Refusal{fault::bad_json_format};
    return body;
}

Json const& root_object(Json const& body, char const* name) {
    auto const root = body.find(name);
    if (root == body.end()) throw Refusal{fault::parameters_lack, name};
    if (!root->is_object()) throw Refusal{fault::bad_json_content, name};
    return *root;
}

}  // namespace bioctl::hik_sim
