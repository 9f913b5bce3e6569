#include "lib/http/message.hpp"

#include <algorithm>
#include <array>

#include <fmt/format.h>

#include "lib/base/text.hpp"

namespace bioctl::http {

namespace {

bool is_same_name(std::string_view a, std::string_view b) {
    return a.size() == b.size() && to_lower_ascii(a) == to_lower_ascii(b);
}

int hex_value(char c) {
    if (c >= '0' && c <= '9') return c - '0';
    if (c >= 'a' && c <= 'f') return c - 'a' + 10;
    if (c >= 'A' && c <= 'F') return c - 'A' + 10;
    return -1;
}

enum class Plus { plain, space };

/// None for a broken escape.
std::optional<std::string> percent_decoded(std::string_view text, Plus plus) {
    std::string decoded;
    decoded.reserve(text.size());
    for (std::size_t i = 0; i < text.size(); ++i) {
        if (text[i] == '+' && plus == Plus::space) {
            decoded += ' ';
        } else if (text[i] != '%') {
            decoded += text[i];
        } else {
            if (i + 2 >= text.size()) return std::nullopt;
            int const high = hex_value(text[i + 1]), low = hex_value(text[i + 2]);
            if (high < 0 || low < 0) return std::nullopt;
            decoded += static_cast<char>(high * 16 + low);
            i += 2;
        }
    }
    return decoded;
}

bool has_control(std::string_view text) {
    return std::any_of(text.begin(), text.end(), [](char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7f; });
}

/// What a decoded segment may not be, or "".
std::string_view trouble_of(std::string_view segment) {
    if (!is_utf8(segment)) return "is not UTF-8";
    if (has_control(segment)) return "holds control characters";
    if (segment == "." || segment == "..") return "steps to another folder";
    // Escaped twice: whoever decodes it once more would walk somewhere else.
    auto const lower = to_lower_ascii(segment);
    if (lower.find("%2e") != std::string::npos || lower.find("%2f") != std::string::npos ||
        lower.find("%00") != std::string::npos)
        return "is escaped twice";
    if (segment.find('/') != std::string_view::npos || segment.find('\\') != std::string_view::npos) return "holds a slash";
    return {};
}

Error broken(std::string_view what) {
    return {Kind::data, fmt::format("the path of the request {}", what)};
}

std::optional<std::vector<std::pair<std::string, std::string>>> parse_query(std::string_view text) {
    std::vector<std::pair<std::string, std::string>> query;
    if (text.empty()) return query;
    for (auto const& part : split(text, '&')) {
        if (part.empty()) continue;
        auto const equals = std::min(part.find('='), part.size());
        auto name = percent_decoded(std::string_view{part}.substr(0, equals), Plus::space);
        auto value = percent_decoded(equals < part.size() ? std::string_view{part}.substr(equals + 1) : "", Plus::space);
        if (!name || !value || !is_utf8(*name) || !is_utf8(*value) || value->find('\0') != std::string::npos) return std::nullopt;
        query.emplace_back(std::move(*name), std::move(*value));
    }
    return query;
}

}  // namespace

void Headers::add(std::string name, std::string value) {
    m_headers.push_back({std::move(name), std::move(value)});
}

void Headers::set(std::string_view name, std::string value) {
    std::erase_if(m_headers, [&](Header const& header) { return is_same_name(header.name, name); });
    add(std::string{name}, std::move(value));
}

std::string_view Headers::get(std::string_view name) const {
    for (auto const& header : m_headers) {
        if (is_same_name(header.name, name)) return header.value;
    }
    return {};
}

bool Headers::has(std::string_view name) const {
    return std::ranges::any_of(m_headers, [&](Header const& header) { return is_same_name(header.name, name); });
}

std::optional<std::string> Target::parameter(std::string_view name) const {
    std::optional<std::string> found;
    for (auto const& [key, value] : query) {
        if (key == name) found = value;
    }
    return found;
}

std::vector<std::string> Target::parameters(std::string_view name) const {
    std::vector<std::string> found;
    for (auto const& [key, value] : query) {
        if (key == name) found.push_back(value);
    }
    return found;
}

Result<Target> target_from(std::string_view text) {
    if (text.empty() || text.front() != '/') return tl::unexpected{broken("does not begin with a slash")};
    auto const question = std::min(text.find('?'), text.size());
    Target target;
    for (auto const& part : split(text.substr(1, question - 1), '/')) {
        auto segment = percent_decoded(part, Plus::plain);
        if (!segment) return tl::unexpected{broken("holds a broken escape")};
        if (auto const trouble = trouble_of(*segment); !trouble.empty()) return tl::unexpected{broken(trouble)};
        target.segments.push_back(std::move(*segment));
    }
    auto query = parse_query(question < text.size() ? text.substr(question + 1) : "");
    if (!query) return tl::unexpected{Error{Kind::data, "the query of the request is not well-formed"}};
    target.query = std::move(*query);
    return target;
}

std::string_view Request::path() const {
    return std::string_view{text}.substr(0, text.find('?'));
}

std::string Request::cookie(std::string_view name) const {
    for (auto const& header : headers.all()) {
        if (!is_same_name(header.name, "cookie")) continue;
        for (auto const& pair : split(header.value, ';')) {
            auto const trimmed = trim(pair);
            auto const equals = trimmed.find('=');
            if (equals != std::string_view::npos && trimmed.substr(0, equals) == name)
                return std::string{trimmed.substr(equals + 1)};
        }
    }
    return {};
}

std::string Request::media_type() const {
    auto const value = headers.get("content-type");
    return to_lower_ascii(trim(value.substr(0, value.find(';'))));
}

bool Request::takes_gzip() const {
    for (auto const& one : split(headers.get("accept-encoding"), ',')) {
        auto const name = to_lower_ascii(trim(std::string_view{one}.substr(0, one.find(';'))));
        if (name != "gzip" && name != "*") continue;
        auto const q = one.find("q=");
        return q == std::string::npos || one.find_first_of("123456789", q) != std::string::npos;
    }
    return false;
}

std::string_view reason_of(int status) {
    struct Reason {
        int status;
        std::string_view text;
    };
    constexpr std::array k_reasons{Reason{100, "Continue"},
                                   Reason{101, "Switching Protocols"},
                                   Reason{200, "OK"},
                                   Reason{201, "Created"},
                                   Reason{202, "Accepted"},
                                   Reason{204, "No Content"},
                                   Reason{302, "Found"},
                                   Reason{303, "See Other"},
                                   Reason{304, "Not Modified"},
                                   Reason{308, "Permanent Redirect"},
                                   Reason{400, "Bad Request"},
                                   Reason{401, "Unauthorized"},
                                   Reason{403, "Forbidden"},
                                   Reason{404, "Not Found"},
                                   Reason{405, "Method Not Allowed"},
                                   Reason{406, "Not Acceptable"},
                                   Reason{408, "Request Timeout"},
                                   Reason{409, "Conflict"},
                                   Reason{410, "Gone"},
                                   Reason{411, "Length Required"},
                                   Reason{412, "Precondition Failed"},
                                   Reason{413, "Content Too Large"},
                                   Reason{414, "URI Too Long"},
                                   Reason{415, "Unsupported Media Type"},
                                   Reason{417, "Expectation Failed"},
                                   Reason{421, "Misdirected Request"},
                                   Reason{422, "Unprocessable Entity"},
                                   Reason{426, "Upgrade Required"},
                                   Reason{429, "Too Many Requests"},
                                   Reason{431, "Request Header Fields Too Large"},
                                   Reason{500, "Internal Server Error"},
                                   Reason{501, "Not Implemented"},
                                   Reason{502, "Bad Gateway"},
                                   Reason{503, "Service Unavailable"},
                                   Reason{504, "Gateway Timeout"},
                                   Reason{505, "HTTP Version Not Supported"},
                                   Reason{507, "Insufficient Storage"}};
    for (auto const& reason : k_reasons) {
        if (reason.status == status) return reason.text;
    }
    return "Unknown";
}

}  // namespace bioctl::http
