#include "lib/hikvision/push_host.hpp"

#include <algorithm>
#include <sstream>

#include <fmt/format.h>
#include <pugixml.hpp>

#include "lib/base/text.hpp"
#include "lib/hikvision/tree.hpp"
#include "lib/net/url.hpp"

namespace bioctl::hikvision {

namespace {

constexpr std::size_t k_longest_path = 128, k_max_text = 200;

std::string bounded(Json const& object, std::string_view key) {
    return to_valid_utf8(text_of(object, key).substr(0, k_max_text));
}

PushHost host_from(Json const& slot) {
    PushHost host;
    host.id = int_of(slot, "id").value_or(1);
    host.protocol = bounded(slot, "protocolType");
    host.format = bounded(slot, "parameterFormatType");
    host.authentication = bounded(slot, "httpAuthenticationMethod");
    host.path = bounded(slot, "url");
    host.port = int_of(slot, "portNo").value_or(0);
    host.host = bounded(slot, "hostName");
    if (host.host.empty()) host.host = bounded(slot, "ipAddress");
    if (host.host.empty()) host.host = bounded(slot, "ipv6Address");
    return host;
}

bool is_address(std::string_view host) {
    bool const is_v6 = host.find(':') != std::string_view::npos;
    return is_v6 || std::ranges::all_of(host, [](char c) { return c == '.' || (c >= '0' && c <= '9'); });
}

}  // namespace

bool PushHost::is_empty() const {
    return host.empty() || host == "0.0.0.0" || host == "::" || port == 0;
}

std::string PushHost::shown() const {
    if (is_empty()) return "nobody";
    auto const name = host.find(':') == std::string::npos ? host : fmt::format("[{}]", host);
    if (protocol != "HTTP" && protocol != "HTTPS") return printable(fmt::format("{} {}:{}", protocol, name, port));
    return printable(fmt::format("{}://{}:{}{}", to_lower_ascii(protocol), name, port, path));
}

bool PushHost::is_same_place(PushHost const& other) const {
    return protocol == other.protocol && host == other.host && port == other.port && path == other.path;
}

Result<PushHost> push_host_from(std::string_view url) {
    auto const wrong = [&](std::string_view why) {
        return failure(Kind::usage, fmt::format("URL '{}': {}", printable(url), why));
    };
    auto const parsed = net::parse_url(url);
    if (!parsed) return failure(parsed.error());
    if (url.find_first_of("?#") != std::string_view::npos) return wrong("terminals keep no query; put it into the path");
    PushHost host;
    host.protocol = parsed->scheme == "https" ? "HTTPS" : "HTTP";
    host.host = parsed->host;
    host.path = parsed->path.empty() ? "/" : parsed->path;
    if (host.path.size() > k_longest_path) return wrong("terminals keep paths of at most 128 bytes");
    host.port = parsed->port;
    return host;
}

Result<std::vector<PushHost>> parse_push_hosts(std::string_view body) try {
    auto const root = read_root(body, "HttpHostNotificationList").or_throw();
    std::vector<PushHost> hosts;
    auto const& slots = child(root, "HttpHostNotification");
    if (slots.is_array()) {
        for (auto const& slot : slots)
            hosts.push_back(host_from(slot));
    } else if (slots.is_object() && !slots.empty()) {
        hosts.push_back(host_from(slots));
    }
    if (hosts.empty()) return failure(Kind::protocol, "unreadable answer: it lists no slot for a listener");
    return hosts;
} catch (Error const& error) {
    return failure(error);
}

std::string to_xml(PushHost const& host) {
    pugi::xml_document document;
    auto root = document.append_child("HttpHostNotification");
    root.append_attribute("version") = "2.0";
    root.append_attribute("xmlns") = "http://www.isapi.org/ver20/XMLSchema";
    auto const add = [&](char const* name, std::string const& value) {
        root.append_child(name).append_child(pugi::node_pcdata).set_value(value.c_str());
    };
    auto const is_ip = is_address(host.host) || host.host.empty();
    add("id", std::to_string(host.id));
    add("url", host.path);
    add("protocolType", host.protocol);
    add("parameterFormatType", host.format);
    add("addressingFormatType", is_ip ? "ipaddress" : "hostname");
    add(is_ip ? "ipAddress" : "hostName", host.host.empty() ? "0.0.0.0" : host.host);
    add("portNo", std::to_string(host.port));
    add("httpAuthenticationMethod", host.authentication);
    std::ostringstream xml;
    document.save(xml, "", pugi::format_raw);
    return xml.str();
}

}  // namespace bioctl::hikvision
