#include "tests/support/sim_http/message.hpp"

#include <algorithm>
#include <charconv>

#include <fmt/format.h>

#include "lib/base/text.hpp"

namespace bioctl::sim_http {

namespace {

std::map<std::string, std::string> parse_query(std::string_view text) {
    std::map<std::string, std::string> query;
    for (auto const& pair : split(text, '&')) {
        auto const equals = std::min(pair.find('='), pair.size());
        auto const value = std::string_view{pair}.substr(std::min(equals + 1, pair.size()));
        if (!pair.empty()) query[percent_decoded(std::string_view{pair}.substr(0, equals))] = percent_decoded(value);
    }
    return query;
}

Request parse_request_line(std::string_view line) {
    auto const words = split(line, ' ');
    if (words.size() != 3 || words[0].empty() || !words[1].starts_with('/') || !words[2].starts_with("HTTP/1."))
        throw BadRequest{400, "not a request line"};
    auto const mark = std::min(words[1].find('?'), words[1].size());
    auto const query = words[1].substr(std::min(mark + 1, words[1].size()));
    return {.method = words[0], .target = words[1], .path = words[1].substr(0, mark), .query = parse_query(query), .headers = {}};
}

std::size_t number(std::string_view text, int base, std::size_t most) {
    std::size_t value = 0;
    auto const [end, error] = std::from_chars(text.data(), text.data() + text.size(), value, base);
    if (text.empty() || end != text.data() + text.size()) throw BadRequest{400, "not a length"};
    if (error != std::errc{} || value > most) throw BadRequest{413, "body too large"};
    return value;
}

int hex_digit(char c) {
    if (c >= '0' && c <= '9') return c - '0';
    if (c >= 'a' && c <= 'f') return c - 'a' + 10;
    if (c >= 'A' && c <= 'F') return c - 'A' + 10;
    return -1;
}

char const* reason(int status) {
    switch (status) {
        case 200: return "OK";
        case 201: return "Created";
        case 400: return "Bad Request";
        case 401: return "Unauthorized";
        case 403: return "Forbidden";
        case 404: return "Not Found";
        case 405: return "Method Not Allowed";
        case 413: return "Payload Too Large";
        case 500: return "Internal Server Error";
        case 503: return "Service Unavailable";
        default: return "Status";
    }
}

}  // namespace

std::string_view Request::header(std::string_view name) const {
    auto const wanted = to_lower_ascii(name);
    auto const found =
        std::find_if(headers.begin(), headers.end(), [&](Header const& each) { return to_lower_ascii(each.name) == wanted; });
    return found == headers.end() ? std::string_view{} : found->value;
}

std::string Request::parameter(std::string const& name, std::string const& otherwise) const {
    auto const found = query.find(name);
    return found == query.end() ? otherwise : found->second;
}

Request parse_head(std::string_view head, Limits const& limits) {
    auto lines = split(head, '\n');
    auto request = parse_request_line(trim(lines.front()));
    for (auto const& raw : std::vector<std::string>(lines.begin() + 1, lines.end())) {
        auto const line = trim(raw);
        if (line.empty()) continue;
        auto const colon = line.find(':');
        if (colon == std::string_view::npos || colon == 0) throw BadRequest{400, "not a header"};
        if (request.headers.size() == limits.headers) throw BadRequest{431, "too many headers"};
        request.headers.push_back({std::string{line.substr(0, colon)}, std::string{trim(line.substr(colon + 1))}});
    }
    return request;
}

std::optional<std::size_t> announced_body(Request const& request, Limits const& limits) {
    auto const coding = request.header("Transfer-Encoding"), length = request.header("Content-Length");
    if (coding.empty()) return length.empty() ? 0 : number(length, 10, limits.body_bytes);
    if (!length.empty() || to_lower_ascii(coding) != "chunked") throw BadRequest{400, "which length is it?"};
    return std::nullopt;
}

std::size_t chunk_size(std::string_view line, Limits const& limits) {
    return number(trim(line.substr(0, line.find(';'))), 16, limits.body_bytes);
}

std::string render_head(Reply const& reply) {
    auto head = fmt::format("HTTP/1.1 {} {}\r\nContent-Type: {}\r\nContent-Length: {}\r\n", reply.status, reason(reply.status),
                            reply.content_type, reply.body.size());
    for (auto const& header : reply.headers)
        head += fmt::format("{}: {}\r\n", header.name, header.value);
    return head + (reply.ending == Ending::keep ? "Connection: keep-alive\r\n\r\n" : "Connection: close\r\n\r\n");
}

std::string percent_decoded(std::string_view text) {
    std::string decoded;
    for (std::size_t i = 0; i < text.size(); ++i) {
        auto const high = i + 2 < text.size() ? hex_digit(text[i + 1]) : -1;
        auto const low = i + 2 < text.size() ? hex_digit(text[i + 2]) : -1;
        if (text[i] == '%' && high >= 0 && low >= 0) {
            decoded += static_cast<char>(high * 16 + low);
            i += 2;
        } else {
            decoded += text[i];
        }
    }
    return decoded;
}

}  // namespace bioctl::sim_http
