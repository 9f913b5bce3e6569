#include "lib/http/multipart.hpp"

#include <algorithm>

#include <fmt/format.h>

#include "lib/base/text.hpp"

namespace bioctl::http {

namespace {

constexpr std::size_t k_most_parts = 100;
constexpr std::size_t k_longest_header = 8 * 1024;
constexpr std::size_t k_longest_boundary = 70;  // RFC 2046, section 5.1.1

tl::unexpected<Error> broken(std::string_view what) {
    return tl::unexpected{Error{Kind::data, fmt::format("the form {}", what)}};
}

std::string lower_name(std::string_view text) {
    return to_lower_ascii(trim(text));
}

/// A quoted string from `i`, at its opening quote; moves behind the closing one.
std::string unquoted(std::string_view text, std::size_t& i) {
    std::string value;
    for (++i; i < text.size() && text[i] != '"'; ++i) {
        // Browsers escape quotes as %22, others with a backslash; a lone backslash is part of an old Windows path.
        if (text[i] == '\\' && i + 1 < text.size() && (text[i + 1] == '"' || text[i + 1] == '\\')) ++i;
        value += text[i];
    }
    ++i;
    return value;
}

struct PartHead {
    std::string disposition, type;
};

std::optional<PartHead> parse_head(std::string_view text) {
    PartHead head;
    for (auto const& line : split(text, '\n')) {
        auto const trimmed = trim(line);
        if (trimmed.empty()) continue;
        auto const colon = trimmed.find(':');
        if (colon == std::string_view::npos) return std::nullopt;
        auto const name = lower_name(trimmed.substr(0, colon));
        auto const value = trim(trimmed.substr(colon + 1));
        if (name == "content-disposition") head.disposition = value;
        if (name == "content-type") head.type = value;
    }
    return head;
}

/// Where the header of a part ends and how long the empty line is.
std::pair<std::size_t, std::size_t> end_of_head(std::string_view text) {
    auto const strict = text.find("\r\n\r\n");
    auto const lenient = text.find("\n\n");
    if (strict != std::string_view::npos && strict < lenient) return {strict, 4};
    return {lenient, 2};
}

std::optional<std::string> form_decoded(std::string_view text) {
    // The query of a path has the same shape.
    auto const target = target_from(fmt::format("/?v={}", text));
    if (!target || target->query.size() != 1) return std::nullopt;
    return target->query.front().second;
}

}  // namespace

std::optional<std::string> header_parameter(std::string_view header, std::string_view name) {
    auto i = std::min(header.find(';'), header.size());
    while (i < header.size()) {
        ++i;
        auto const equals = header.find('=', i);
        if (equals == std::string_view::npos) return std::nullopt;
        auto const key = lower_name(header.substr(i, equals - i));
        i = equals + 1;
        while (i < header.size() && header[i] == ' ')
            ++i;
        std::string value;
        if (i < header.size() && header[i] == '"') {
            value = unquoted(header, i);
            i = std::min(header.find(';', std::min(i, header.size())), header.size());
        } else {
            auto const end = std::min(header.find(';', i), header.size());
            value = trim(header.substr(i, end - i));
            i = end;
        }
        if (key == name) return value;
    }
    return std::nullopt;
}

Result<Form> Form::parse(std::string_view content_type, std::string_view body) {
    auto const media = lower_name(content_type.substr(0, content_type.find(';')));
    if (media == "multipart/form-data") return parse_multipart(content_type, body);
    if (media == "application/x-www-form-urlencoded") return parse_urlencoded(body);
    return broken("must be multipart/form-data");
}

Result<Form> Form::parse_multipart(std::string_view content_type, std::string_view body) {
    auto const boundary = header_parameter(content_type, "boundary");
    if (!boundary || boundary->empty()) return broken("has no boundary in its Content-Type");
    if (boundary->size() > k_longest_boundary) return broken("has a boundary of more than 70 characters");
    auto const delimiter = "--" + *boundary;
    auto const between = "\n" + delimiter;
    auto at = body.find(delimiter);
    if (at == std::string_view::npos || (at != 0 && body[at - 1] != '\n')) return broken("does not begin with its boundary");
    at += delimiter.size();
    Form form;
    while (!body.substr(at).starts_with("--")) {
        if (form.m_parts.size() == k_most_parts) return broken("has more than 100 parts");
        auto const line_end = body.find('\n', at);
        if (line_end == std::string_view::npos) return broken("ends in the middle of a boundary");
        auto const rest = body.substr(line_end + 1);
        // A part without header begins with the empty line itself.
        auto const window = rest.substr(0, k_longest_header);
        auto [head_size, gap] = end_of_head(window);
        if (window.starts_with("\r\n")) head_size = 0, gap = 2;
        if (head_size == std::string_view::npos) return broken("has a part whose header does not end");
        auto const head = parse_head(rest.substr(0, head_size));
        if (!head) return broken("has a part with a malformed header");
        auto const content = rest.substr(head_size + gap);
        auto end = content.find(between);
        if (end == std::string_view::npos && content.starts_with(delimiter)) end = 0;
        if (end == std::string_view::npos) return broken("is cut off: its last boundary is missing");
        auto text = content.substr(0, end);
        if (text.ends_with('\r')) text.remove_suffix(1);
        form.m_parts.push_back({.name = header_parameter(head->disposition, "name").value_or(""),
                                .file_name = header_parameter(head->disposition, "filename"),
                                .content_type = head->type,
                                .content = text});
        auto const begin = static_cast<std::size_t>(content.data() - body.data());
        at = begin + end + (content.substr(end).starts_with('\n') ? between.size() : delimiter.size());
    }
    return form;
}

Result<Form> Form::parse_urlencoded(std::string_view body) {
    Form form;
    std::vector<std::string> names;
    for (auto const& pair : split(body, '&')) {
        if (pair.empty()) continue;
        if (names.size() == k_most_parts) return broken("has more than 100 fields");
        auto const equals = std::min(pair.find('='), pair.size());
        auto name = form_decoded(std::string_view{pair}.substr(0, equals));
        auto value = form_decoded(equals < pair.size() ? std::string_view{pair}.substr(equals + 1) : "");
        if (!name || !value) return broken("is not well-formed");
        names.push_back(std::move(*name));
        form.m_decoded.push_back(std::move(*value));
    }
    for (std::size_t i = 0; i < names.size(); ++i)
        form.m_parts.push_back({.name = names[i], .file_name = {}, .content_type = {}, .content = form.m_decoded[i]});
    return form;
}

Part const* Form::find(std::string_view name) const {
    auto const found = std::ranges::find(m_parts, name, &Part::name);
    return found == m_parts.end() ? nullptr : &*found;
}

std::optional<std::string> Form::field(std::string_view name) const {
    auto const* part = find(name);
    if (!part || part->file_name) return std::nullopt;
    return std::string{part->content};
}

}  // namespace bioctl::http
