// MikroTik routers, and who uses their hotspots.

#include <algorithm>

#include "lib/app/hotspot_live.hpp"
#include "lib/app/routers.hpp"
#include "lib/app/sync.hpp"
#include "lib/http/api.hpp"
#include "lib/http/families.hpp"

namespace bioctl::http {

namespace {

constexpr std::string_view k_live_schema =
    R"({"type":"object","properties":{"items":{"type":"array","items":{"$ref":"#/components/schemas/HotspotUser"}},"next_cursor":{"type":"null"},"errors":{"type":"array","items":{"type":"object","properties":{"router":{"type":"string"},"detail":{"type":"string"}}}}}})";

Json json_of(store::Router const& router) {
    auto const& config = router.config;
    return {{"name", config.name},
            {"state", config.enabled ? router.health.state : "disabled"},
            {"host", config.host},
            {"port", config.port},
            {"via", config.via},
            {"tls", config.tls},
            {"enabled", config.enabled},
            {"identity", text_json(router.identity)},
            {"version", text_json(router.version)},
            {"last_poll", time_json(router.last_poll)},
            {"failures", router.health.failures},
            {"not_before", time_json(router.health.not_before)},
            {"reason", text_json(router.health.reason)}};
}

Reply routers(Call const& call) {
    Filters filters{call};
    auto const wish = filters.page();
    filters.finish();
    auto const page = app::page_by_text(call.desk->store().routers().list(), "routers", wish,
                                        [](store::Router const& router) -> std::string const& { return router.config.name; });
    return page_reply(call, page, [](store::Router const& router) { return json_of(router); });
}

Json json_of(store::HotspotSession const& session) {
    return {{"router", session.router_name},  {"server", session.server},
            {"user", session.user},           {"ip", text_json(session.ip)},
            {"mac", text_json(session.mac)},  {"login_by", text_json(session.login_by)},
            {"uptime_s", session.uptime_s},   {"bytes_in", session.bytes_in},
            {"bytes_out", session.bytes_out}, {"last_seen", time_json(session.last_seen)}};
}

/// As of the last poll.
Reply hotspot_users(Call const& call) {
    Filters filters{call};
    store::HotspotFilter filter;
    filter.router = filters.text("router");
    filter.server = filters.text("server");
    filter.is_open_only = true;
    auto const wish = filters.page();
    filters.finish();
    auto& store = call.desk->store();
    if (filter.router) app::require_known_router(store, *filter.router);
    std::vector<store::HotspotSession> sessions;
    store.read([&] {
        store.hotspot().each_session(filter, [&](store::HotspotSession const& session) {
            sessions.push_back(session);
            return true;
        });
    });
    auto const id_of = [](store::HotspotSession const& session) { return session.id; };
    std::ranges::sort(sessions, {}, id_of);
    return page_reply(call, app::page_by_id(sessions, "hotspot-users", wish, id_of),
                      [](store::HotspotSession const& session) { return json_of(session); });
}

Json json_of(app::LiveHotspot const& live, app::ActiveUser const& user) {
    return {{"router", live.router.config.name},
            {"server", user.server},
            {"user", user.user},
            {"ip", text_json(user.ip)},
            {"mac", text_json(user.mac)},
            {"login_by", text_json(user.login_by)},
            {"uptime_s", value_json(user.uptime_s)},
            {"bytes_in", user.bytes_in},
            {"bytes_out", user.bytes_out},
            {"last_seen", Json{}}};
}

/// Asked of the routers themselves.
Reply live_hotspot_users(Call const& call) {
    constexpr std::chrono::seconds k_patience{30};
    Filters filters{call};
    auto const names = filters.texts("router");
    auto const server = filters.text("server");
    filters.finish();
    auto const turn = peer_turn();
    if (!turn) return refuse_no_turn();
    auto& store = call.desk->store();
    auto const chosen = app::choose_routers(store, names);
    auto const should_stop = call.site.sync().should_stop;
    ont::RouterTimes times;
    times.should_stop = should_stop;
    auto const answers = app::ask_hotspots(store, call.desk->clock(), call.desk->key(), chosen, app::Asking::by_page, times,
                                           std::chrono::steady_clock::now() + k_patience, should_stop);
    auto users = Json::array(), errors = Json::array();
    for (auto const& live : answers) {
        if (live.error) errors.push_back({{"router", live.router.config.name}, {"detail", live.error->message()}});
        for (auto const& user : live.snapshot.users) {
            if (!server || user.server == *server) users.push_back(json_of(live, user));
        }
    }
    if (!answers.empty() && errors.size() == answers.size())
        return refuse({Refusal::gateway, errors.front()["detail"].get<std::string>()});
    return json_reply({{"items", std::move(users)}, {"next_cursor", Json{}}, {"errors", std::move(errors)}});
}

}  // namespace

void add_api_routers(Routes& routes) {
    using app::Scope;
    constexpr auto family = Family::api;
    routes.add({.family = family,
                .method = "GET",
                .pattern = "/api/v2/routers",
                .scope = Scope::read,
                .handle = routers,
                .doc = {.summary = "MikroTik routers with their state, by name",
                        .parameters = {k_doc_limit, k_doc_cursor},
                        .answers = {{200, "a page", "application/json", R"({"$ref":"#/components/schemas/RouterPage"})"}}}});
    routes.add({.family = family,
                .method = "GET",
                .pattern = "/api/v2/hotspot/users",
                .scope = Scope::read,
                .handle = hotspot_users,
                .doc = {.summary = "Who was logged in at the last poll",
                        .parameters = {{"router", "query", R"({"type":"string"})", "of this router"},
                                       {"server", "query", R"({"type":"string"})", "of this hotspot server"},
                                       k_doc_limit,
                                       k_doc_cursor},
                        .answers = {{200, "a page", "application/json", R"({"$ref":"#/components/schemas/HotspotUserPage"})"},
                                    k_doc_unknown}}});
    routes.add({.family = family,
                .method = "GET",
                .pattern = "/api/v2/hotspot/users/live",
                .work = Work::peer,
                .scope = Scope::network,
                .handle = live_hotspot_users,
                .doc = {.summary = "Who is logged in now, asked of the routers",
                        .parameters = {{"router", "query", k_schema_texts, "of this router; may be given several times"},
                                       {"server", "query", R"({"type":"string"})", "of this hotspot server"}},
                        .answers = {{200, "all users; routers that could not be asked are among the errors", "application/json",
                                     k_live_schema},
                                    k_doc_unknown,
                                    k_doc_no_turn,
                                    {502, "no router could be asked", "application/problem+json",
                                     R"({"$ref":"#/components/schemas/Problem"})"}}}});
}

}  // namespace bioctl::http
