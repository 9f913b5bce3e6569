#include "lib/net/url.hpp"

#include <algorithm>
#include <charconv>
#include <optional>

#include <fmt/format.h>

#include "lib/base/text.hpp"

namespace bioctl::net {

namespace {

tl::unexpected<Error> bad_url(std::string_view text, std::string_view cause) {
    return failure(Kind::usage, fmt::format("'{}': {}", printable(text), cause));
}

bool is_visible_ascii(std::string_view text) {
    return std::all_of(text.begin(), text.end(), [](char c) { return c > ' ' && c < '\x7F'; });
}

/// Host and port come apart at the last colon outside brackets.
std::string_view host_of(std::string_view authority) {
    if (authority.starts_with('[')) {
        auto const end = authority.find(']');
        return end == std::string_view::npos ? std::string_view{} : authority.substr(1, end - 1);
    }
    return authority.substr(0, authority.find(':'));
}

/// Of ":8080".
std::optional<int> port_of(std::string_view text) {
    int value = 0;
    auto const* const end = text.data() + text.size();
    auto const [stop, error] = std::from_chars(text.data() + 1, end, value);
    if (error != std::errc{} || stop != end || value < 1 || value > 65'535) return std::nullopt;
    return value;
}

bool is_byte(std::string_view text) {
    unsigned value = 256;
    auto const [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    return error == std::errc{} && end == text.data() + text.size() && value < 256;
}

}  // namespace

Result<Url> parse_url(std::string_view text) {
    if (!is_visible_ascii(text)) return bad_url(text, "a URL has no spaces, control characters or letters beyond ASCII");
    // libcurl takes what stands before "\@" for a user name, browsers for a path: nobody means either.
    if (text.find('\\') != std::string_view::npos) return bad_url(text, "a URL has no backslash");
    auto const colon = text.find("://");
    if (colon == std::string_view::npos) return bad_url(text, "not a URL; it begins with http:// or https://");
    Url url;
    url.scheme = to_lower_ascii(text.substr(0, colon));
    if (url.scheme != "https" && url.scheme != "http") return bad_url(text, "neither http:// nor https://");
    auto const rest = text.substr(colon + 3);
    auto const end = std::min(rest.find_first_of("/?#"), rest.size());
    auto const authority = rest.substr(0, end);
    if (auto const at = authority.rfind('@'); at != std::string_view::npos) {
        // Not repeated: it ends in logs and shell histories of others.
        auto const shown = fmt::format("{}://***@{}", url.scheme, authority.substr(at + 1));
        return bad_url(shown, "a URL here carries no user name or password");
    }
    url.host = to_lower_ascii(host_of(authority));
    if (url.host.empty()) return bad_url(text, "has no host");  // also when its bracket is not closed
    auto const behind = authority.substr(authority.starts_with('[') ? url.host.size() + 2 : url.host.size());
    if (!behind.empty() && behind.front() != ':') return bad_url(text, "has a host that cannot be read");
    url.port = url.scheme == "https" ? 443 : 80;
    if (!behind.empty()) {
        auto const port = port_of(behind);
        if (!port) return bad_url(text, "the port is a number from 1 to 65535");
        url.port = *port;
    }
    auto const path = rest.substr(end);
    url.path = path.substr(0, path.find_first_of("?#"));
    return url;
}

bool is_loopback(std::string_view host) {
    if (host == "localhost" || host == "::1") return true;
    auto const parts = split(host, '.');
    return parts.size() == 4 && parts[0] == "127" && std::all_of(parts.begin(), parts.end(), is_byte);
}

Result<void> require_secure(std::string_view text) {
    auto const url = parse_url(text);
    if (!url) return failure(url.error());
    if (url->scheme != "https" && !is_loopback(url->host)) return bad_url(text, "only https is fetched from other machines");
    return {};
}

}  // namespace bioctl::net
