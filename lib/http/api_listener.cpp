// Where a terminal pushes its events.

#include <fmt/format.h>

#include "lib/app/device_listen.hpp"
#include "lib/app/devices.hpp"
#include "lib/app/push.hpp"
#include "lib/base/text.hpp"
#include "lib/http/api.hpp"
#include "lib/http/families.hpp"

namespace bioctl::http {

namespace {

constexpr std::string_view k_set_schema =
    R"({"type":"object","required":["server"],"additionalProperties":false,"properties":{"server":{"type":"string","description":"scheme, host and port of this server as the terminal reaches it; a path that nobody guesses is added"},"force":{"type":"boolean","description":"take the place of another listener"}}})";
constexpr std::string_view k_listener_schema =
    R"({"type":"object","properties":{"is_ours":{"type":"boolean"},"host":{"type":["string","null"],"description":"who listens, without the path, which is secret"},"warning":{"type":["string","null"]}}})";

/// Not the path: who knows it may push, too.
Json json_of(app::ListenReport const& report, std::string const& wanted) {
    auto const& host = report.after;
    auto const place = host.is_empty() ? std::string{} : host.shown();
    auto const path = host.path.empty() ? std::string::npos : place.rfind(host.path);
    return {{"is_ours", !wanted.empty() && place == wanted},
            {"host", text_json(place.substr(0, path))},
            {"warning", text_json(report.warning)}};
}

/// Below the server that was named. A terminal that pushes there already keeps its path.
std::string wanted_url(std::string server, std::string const& current) {
    while (server.ends_with('/'))
        server.pop_back();
    return current.starts_with(server + "/hik/") ? current : server + app::new_push_path();
}

Reply show(Call const& call) {
    auto const device = app::require_device(call.desk->store(), call.parameter("name"));
    auto const turn = peer_turn();
    if (!turn) return refuse_no_turn();
    return json_reply(json_of(app::read_listener(call.site.sync(), device), device.config.push_url));
}

Reply change(Call const& call, std::string const& server, bool is_forced) {
    auto const device = app::require_device(call.desk->store(), call.parameter("name"));
    auto const url = server.empty() ? std::string{} : wanted_url(server, device.config.push_url);
    auto const turn = peer_turn();
    if (!turn) return refuse_no_turn();
    auto const report = app::set_listener(call.site.sync(), device, url, is_forced);
    note(call, "devices.listen", device.config.name, {{"server", server.empty() ? "nobody" : server}});
    return json_reply(json_of(report, url));
}

Reply set(Call const& call) {
    Fields fields{call};
    auto const server = fields.required_text("server");
    bool const is_forced = fields.flag("force").value_or(false);
    fields.finish();
    return change(call, server, is_forced);
}

Reply clear(Call const& call) {
    Filters filters{call};
    bool const is_forced = filters.flag("force");
    filters.finish();
    return change(call, "", is_forced);
}

}  // namespace

void add_api_listener(Routes& routes) {
    using app::Scope;
    constexpr auto family = Family::api;
    constexpr std::string_view k_pattern = "/api/v2/devices/{name}/listener";
    Doc::Answer const k_answer{200, "who listens", "application/json", k_listener_schema};
    routes.add(
        {.family = family,
         .method = "GET",
         .pattern = k_pattern,
         .work = Work::peer,
         .scope = Scope::devices,
         .handle = show,
         .doc = {.summary = "Ask a terminal to whom it pushes its events", .answers = {k_answer, k_doc_unknown, k_doc_no_turn}}});
    routes.add({.family = family,
                .method = "PUT",
                .pattern = k_pattern,
                .work = Work::peer,
                .scope = Scope::devices,
                .is_change = true,
                .handle = set,
                .doc = {.summary = "Tell a terminal to push its events to this server",
                        .body = Doc::Body{"application/json", k_set_schema},
                        .answers = {k_answer, k_doc_unknown, k_doc_no_turn}}});
    routes.add({.family = family,
                .method = "DELETE",
                .pattern = k_pattern,
                .work = Work::peer,
                .scope = Scope::devices,
                .is_change = true,
                .handle = clear,
                .doc = {.summary = "Tell a terminal to push to nobody",
                        .parameters = {{"force", "query", k_schema_flag, "although the listener is somebody else's"}},
                        .answers = {k_answer, k_doc_unknown, k_doc_no_turn}}});
}

}  // namespace bioctl::http
