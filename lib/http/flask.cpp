#include "lib/http/flask.hpp"

#include <fmt/format.h>

#include "lib/base/bytes.hpp"
#include "lib/base/html.hpp"
#include "lib/base/python_json.hpp"
#include "lib/base/text.hpp"

namespace bioctl::http {

namespace {

constexpr std::string_view k_page = "text/html; charset=utf-8";

/// What is said of a status where nobody has said more.
std::string_view usual_detail(int status) {
    switch (status) {
        case 400: return "The browser (or proxy) sent a request that this server could not understand.";
        case 404:
            return "The requested URL was not found on the server. If you entered the URL manually please check your spelling "
                   "and "
                   "try again.";
        case 405: return "The method is not allowed for the requested URL.";
        case 413: return "The data value transmitted exceeds the capacity limit.";
        case 415: return "Did not attempt to load JSON data because the request Content-Type was not &#39;application/json&#39;.";
        default: return "";
    }
}

/// "application/json", or anything that ends in "+json".
bool is_json(std::string_view media_type) {
    return media_type == "application/json" || (media_type.starts_with("application/") && media_type.ends_with("+json"));
}

/// Whether one of the tags in If-None-Match is this one: W/"a" fits "a" there.
bool is_among(std::string_view list, std::string_view tag) {
    for (auto const& one : split(list, ',')) {
        auto word = trim(one);
        if (word.starts_with("W/")) word.remove_prefix(2);
        if (word == "*" || word == tag) return true;
    }
    return false;
}

}  // namespace

Reply flask_text(std::string json, int status) {
    Reply reply;
    reply.status = status;
    reply.body = std::move(json);
    reply.body += '\n';
    return reply;
}

Reply flask_reply(Json const& json, int status) {
    return flask_text(to_flask_json(json), status);
}

Reply flask_message(std::string_view message, bool is_success, int status) {
    return flask_reply({{"message", message}, {"success", is_success}}, status);
}

Reply flask_page(int status, std::string_view detail) {
    Reply reply;
    reply.status = status;
    reply.content_type = k_page;
    auto const reason = reason_of(status);
    auto const text = detail.empty() ? std::string{usual_detail(status)} : html_escaped(detail);
    reply.body =
        fmt::format("<!doctype html>\n<html lang=en>\n<title>{0} {1}</title>\n<h1>{1}</h1>\n<p>{2}</p>\n", status, reason, text);
    return reply;
}

Reply flask_voice(Trouble const& trouble) {
    auto const status = status_of(trouble.refusal);
    // Where the old service has words of its own, clients may look for them.
    bool const is_of_framework = status == 404 || status == 405;
    return flask_page(status, is_of_framework ? "" : trouble.detail);
}

std::variant<Json, Reply> flask_body(Request const& request) {
    if (!is_json(request.media_type())) return flask_page(415);
    auto json = parse_json(request.body);
    if (!json) return flask_page(400);
    return std::move(*json);
}

app::Zone zone_of(Call const& call) {
    return app::Zone{call.desk->rules()->timezone};
}

std::string naive_time(app::Zone const& zone, Timestamp time) {
    constexpr std::int64_t k_ms_of_second = 1000;
    auto text = zone.show(time);
    text[text.find(' ')] = 'T';
    auto const ms = ((to_ms(time) % k_ms_of_second) + k_ms_of_second) % k_ms_of_second;
    return ms == 0 ? text : fmt::format("{}.{:03}000", text, ms);
}

Reply unless_known(Request const& request, Reply reply) {
    constexpr std::size_t k_enough = 32;
    auto const tag = fmt::format("\"{}\"", to_hex(sha256(as_bytes(reply.body))).substr(0, k_enough));
    reply.headers.add("ETag", tag);
    reply.headers.add("Cache-Control", "no-cache");
    if (!is_among(request.headers.get("if-none-match"), tag)) return reply;
    reply.status = 304;
    reply.body.clear();
    reply.content_type.clear();
    return reply;
}

}  // namespace bioctl::http
