// The pages that operators look at: one HTML document for all of them, and the files it loads. What they show comes from /api/v2.

#include "lib/http/pages.hpp"

#include <algorithm>
#include <array>
#include <map>

#include <fmt/format.h>

#include "lib/base/deflate.hpp"
#include "lib/base/html.hpp"
#include "lib/base/text.hpp"
#include "lib/http/entity_tag.hpp"
#include "lib/http/families.hpp"
#include "lib/http/site.hpp"
#include "lib/http/web_files.hpp"

namespace bioctl::http {

namespace {

// As in web/pages.js; a test compares the two.
constexpr auto k_pages = std::to_array<std::string_view>({"", "login", "devices", "events", "people", "test", "live", "map", "onts",
                                                            "outages", "analytics", "notifications", "settings", "audit"});

WebFile const* find_file(std::string_view path) {
    auto const files = web_files();
    auto const found = std::ranges::find(files, path, &WebFile::path);
    return found == files.end() ? nullptr : &*found;
}

std::string plain_text(WebFile const& file) {
    return std::string{as_text(gunzip(as_bytes(file.gzipped), file.size).or_throw())};
}

/// Unpacked once: to do so for each request would keep the network's only thread busy, and these handlers run on no other.
std::string const& kept_plain_text(WebFile const& file) {
    static std::map<std::string_view, std::string> texts;
    auto const known = texts.find(file.path);
    return known != texts.end() ? known->second : texts.emplace(file.path, plain_text(file)).first->second;
}

void replace_all(std::string& text, std::string_view place, std::string const& value) {
    for (auto at = text.find(place); at != std::string::npos; at = text.find(place, at + value.size()))
        text.replace(at, place.size(), value);
}

Reply page(Call const& call) {
    auto const rules = call.site.rules();
    auto const desk_rules = call.site.office().rules();
    auto reply = shell_reply({.base_path = call.site.base_path,
                              .timezone = desk_rules->timezone,
                              .map_tiles = rules->map_tiles,
                              .map_attribution = rules->map_attribution,
                              .is_readonly = rules->is_readonly});
    // The document says itself that there is nothing; programs read the status.
    auto const path = call.request.target.segments;
    auto const name = path.size() > 1 ? std::string_view{path[1]} : std::string_view{};
    constexpr int k_not_found = 404, k_not_modified = 304;
    if (!is_page(name)) {
        reply.status = k_not_found;
        return reply;
    }
    auto tag = tag_of(reply.body);
    if (has_already(call.request, tag)) {
        reply.status = k_not_modified;
        reply.content_type.clear();
        reply.body.clear();
    }
    reply.headers.set("ETag", std::move(tag));
    return reply;
}

Reply first_page(Call const& call) {
    constexpr int k_found = 302;
    Reply reply;
    reply.status = k_found;
    reply.content_type.clear();
    reply.headers.set("Location", fmt::format("{}/ui/", call.site.base_path));
    return reply;
}

Reply file(Call const& call) {
    auto const* const found = find_file(call.parameter("path"));
    // A page of an older version asks for a file that it had not yet loaded; the new one may not fit.
    if (!found || call.parameter("version") != web_version()) {
        Reply reply;
        reply.status = status_of(Refusal::not_found);
        reply.content_type = "text/plain; charset=utf-8";
        reply.body = "nothing is here; a page that is still open from before an update has to be loaded again\n";
        return reply;
    }
    constexpr int k_not_modified = 304;
    Reply reply;
    auto tag = fmt::format("W/\"{}\"", found->digest.substr(0, 32));
    reply.headers.set("Cache-Control", "public, max-age=31536000, immutable");
    reply.headers.set("Vary", "Accept-Encoding");
    if (has_already(call.request, tag)) {
        reply.status = k_not_modified;
        reply.content_type.clear();
    } else if (call.request.takes_gzip()) {
        reply.content_type = found->content_type;
        reply.headers.set("Content-Encoding", "gzip");
        reply.body = found->gzipped;
    } else {
        reply.content_type = found->content_type;
        reply.body = kept_plain_text(*found);
    }
    reply.headers.set("ETag", std::move(tag));
    return reply;
}

}  // namespace

bool is_page(std::string_view name) {
    return std::ranges::find(k_pages, name) != k_pages.end();
}

std::string origin_of_tiles(std::string_view map_tiles) {
    auto const scheme = map_tiles.find("://");
    if (scheme == std::string_view::npos) return {};
    std::string origin{map_tiles.substr(0, map_tiles.find('/', scheme + 3))};
    replace_all(origin, "{s}", "*");
    bool const is_plain = origin.find_first_of(";,'\"{} ") == std::string::npos;
    return is_plain ? origin : std::string{};
}

std::string content_security_policy(std::string_view map_tiles) {
    auto const tiles = origin_of_tiles(map_tiles);
    return fmt::format(
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data: blob:{}{}; connect-src 'self'; "
        "media-src 'self' blob:; worker-src 'self'; frame-ancestors 'none'; base-uri 'none'; form-action 'self'",
        tiles.empty() ? "" : " ", tiles);
}

Reply shell_reply(ShellFacts const& facts) {
    static std::string const k_template = plain_text(*find_file("index.html"));
    auto html = k_template;
    replace_all(html, "@VERSION@", std::string{web_version()});
    replace_all(html, "@READONLY@", facts.is_readonly ? "true" : "false");
    replace_all(html, "@TIMEZONE@", html_escaped(facts.timezone));
    replace_all(html, "@BASE@", html_escaped(facts.base_path));
    replace_all(html, "@ATTRIBUTION@", html_escaped(facts.map_attribution));
    replace_all(html, "@TILES@", html_escaped(facts.map_tiles));
    Reply reply;
    reply.content_type = "text/html; charset=utf-8";
    reply.body = std::move(html);
    reply.headers.set("Content-Security-Policy", content_security_policy(facts.map_tiles));
    reply.headers.set("Cache-Control", "no-cache");
    reply.headers.set("Cross-Origin-Opener-Policy", "same-origin");
    reply.headers.set("Permissions-Policy", "camera=(self), microphone=(), geolocation=()");
    return reply;
}

void add_pages(Routes& routes) {
    constexpr auto family = Family::pages;
    constexpr std::string_view k_html = "text/html", k_text = R"({"type":"string"})";
    routes.add({.family = family,
                .method = "GET",
                .pattern = "/",
                .work = Work::at_once,
                .handle = first_page,
                .doc = {.summary = "Leads to the pages", .answers = {{302, "to /ui/"}}}});
    routes.add({.family = family,
                .method = "GET",
                .pattern = "/ui/{path...}",
                .work = Work::at_once,
                .handle = page,
                .doc = {.summary = "The pages: a document that loads what it shows from /api/v2",
                        .answers = {{200, "the document", k_html, k_text},
                                    {304, "the client has it already"},
                                    {404, "the document; there is no such page", k_html, k_text}}}});
    routes.add({.family = family,
                .method = "GET",
                .pattern = "/static/{version}/{path...}",
                .work = Work::at_once,
                .handle = file,
                .doc = {.summary = "A file of the pages: script, style or picture",
                        .answers = {{200, "the file", "text/javascript", k_text},
                                    {304, "the client has it already"},
                                    {404, "there is no such file in this version"}}}});
}

}  // namespace bioctl::http
