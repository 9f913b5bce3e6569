// Outages, and the list of notifications.

#include <algorithm>
#include <thread>

#include <fmt/format.h>

#include "lib/app/notifications.hpp"
#include "lib/app/ont_choice.hpp"
#include "lib/app/sync.hpp"
#include "lib/base/brief.hpp"
#include "lib/http/api.hpp"
#include "lib/http/families.hpp"

namespace bioctl::http {

namespace {

constexpr std::string_view k_outage_schema = R"({"$ref":"#/components/schemas/Outage"})";
constexpr std::string_view k_ack_schema =
    R"({"type":"object","additionalProperties":false,"properties":{"note":{"type":"string","description":"what is done about it"}}})";
constexpr std::string_view k_test_schema =
    R"({"type":"object","additionalProperties":false,"properties":{"target":{"type":"string","description":"only this one"}}})";
constexpr std::string_view k_tested_schema =
    R"({"type":"object","properties":{"items":{"type":"array","items":{"type":"object","properties":{"target":{"type":"string"},"result":{"type":"string","enum":["sent","not_sent"]},"http_status":{"type":["integer","null"]},"reason":{"type":["string","null"]}}}},"next_cursor":{"type":"null"}}})";
constexpr std::string_view k_number_schema = R"({"type":"object","properties":{"notifications":{"type":"integer"}}})";

Json json_of(store::Outage const& outage, Timestamp now) {
    auto const duration = outage.ended_at.value_or(now) - outage.started_at;
    return {{"id", outage.id},
            {"ont", outage.ont},
            {"name", outage.ont_name},
            {"location", text_json(outage.location)},
            {"parent", text_json(outage.parent_name)},
            {"started_at", time_json(outage.started_at)},
            {"ended_at", time_json(outage.ended_at)},
            {"duration_s", std::chrono::duration_cast<std::chrono::seconds>(duration).count()},
            {"start_error_ms", outage.start_error_ms},
            {"end_error_ms", outage.ended_at ? Json(outage.end_error_ms) : Json{}},
            {"is_inferred", outage.is_inferred},
            {"parent_outage", value_json(outage.parent_outage)},
            {"in_maintenance", outage.in_maintenance},
            {"acked_at", time_json(outage.acked_at)},
            {"acked_by", text_json(outage.acked_by)},
            {"note", text_json(outage.note)}};
}

Reply outages(Call const& call) {
    Filters filters{call};
    app::OntChoice const choice{
        .onts = filters.texts("ont"), .groups = filters.texts("group"), .locations = filters.texts("location")};
    store::OutageFilter filter;
    filter.since = filters.time("since");
    filter.until = filters.time("until");
    filter.is_open_only = filters.flag("open");
    filter.is_unacked_only = filters.flag("unacked");
    filter.is_own_only = filters.flag("own");
    auto const wish = filters.page();
    filters.finish();
    auto& store = call.desk->store();
    if (!choice.is_everything()) {
        filter.onts.emplace();
        store.read([&] {
            for (auto const& ont : app::choose_onts(store.onts().list(), choice))
                filter.onts->push_back(ont.id);
        });
    }
    auto const now = call.desk->clock().now();
    return page_reply(call, app::page_of_outages(store, filter, wish),
                      [&](store::Outage const& outage) { return json_of(outage, now); });
}

Reply acknowledge(Call const& call) {
    constexpr std::size_t k_longest_note = 1000;
    auto const id = id_in_path(call);
    Fields fields{call};
    auto const text = fields.text("note").value_or("");
    fields.finish();
    if (text.size() > k_longest_note) throw Error{Kind::usage, fmt::format("note must be at most {} bytes", k_longest_note)};
    auto& store = call.desk->store();
    auto const now = call.desk->clock().now();
    std::optional<store::Outage> outage;
    store.write([&] {
        if (!store.outages().acknowledge(id, call.who.name, text, now))
            throw Error{Kind::no_input, fmt::format("there is no outage {}", id)};
        outage = store.outages().get(id);
        app::record(store, call.desk->clock(), actor_of(call), "outages.ack", std::to_string(id), {{"note", text}});
    });
    return json_reply(json_of(*outage, now));
}

Json json_of(store::Notification const& one) {
    return {{"id", one.id},           {"at", time_json(one.at)},    {"type", one.type},
            {"message", one.message}, {"ont", value_json(one.ont)}, {"ont_name", value_json(one.ont_name)},
            {"is_read", one.is_read}};
}

Reply notifications(Call const& call) {
    Filters filters{call};
    store::NotificationFilter filter;
    filter.unread_only = filters.flag("unread");
    filter.type = filters.one_of("type", {"success", "info", "warning", "error"});
    filter.since = filters.time("since");
    auto const wish = filters.page();
    filters.finish();
    return page_reply(call, app::page_of_notifications(call.desk->store(), filter, wish),
                      [](store::Notification const& one) { return json_of(one); });
}

Reply read_one(Call const& call) {
    auto const id = id_in_path(call);
    auto& store = call.desk->store();
    store.write([&] {
        if (!store.notifications().mark_read(id)) throw Error{Kind::no_input, fmt::format("there is no notification {}", id)};
        app::record(store, call.desk->clock(), actor_of(call), "notifications.read", std::to_string(id));
    });
    return no_content();
}

Reply read_all(Call const& call) {
    auto& store = call.desk->store();
    std::int64_t marked = 0;
    store.write([&] {
        marked = store.notifications().mark_all_read();
        if (marked > 0) app::record(store, call.desk->clock(), actor_of(call), "notifications.read", "all");
    });
    return json_reply({{"notifications", marked}});
}

Reply clear(Call const& call) {
    app::Zone const zone{call.desk->rules()->timezone};
    auto& desk = *call.desk;
    auto const audit = [&](app::Cleared const& done) {
        app::record(desk.store(), desk.clock(), actor_of(call), "notifications.clear", "all",
                    {{"notifications", std::to_string(done.notifications)}});
    };
    auto const cleared = app::clear_notifications(desk.store(), desk.clock(), zone, desk.data_dir() / "backups", audit);
    return json_reply({{"notifications", cleared.notifications}});
}

Reply restore(Call const& call) {
    auto& store = call.desk->store();
    std::optional<std::int64_t> restored;
    store.write([&] {
        restored = store.notifications().restore();
        if (restored)
            app::record(store, call.desk->clock(), actor_of(call), "notifications.restore", "all",
                        {{"notifications", std::to_string(*restored)}});
    });
    if (!restored) return refuse({Refusal::conflict, "there is nothing to restore: each clear was undone already"});
    return json_reply({{"notifications", *restored}});
}

/// Sent by the courier of this server; we only look what has become of it.
Reply test_targets(Call const& call) {
    constexpr std::chrono::seconds k_patience{20};
    constexpr std::chrono::milliseconds k_look_again{100};
    Fields fields{call};
    auto const name = fields.text("target");
    fields.finish();
    auto const turn = peer_turn();
    if (!turn) return refuse_no_turn();
    auto& store = call.desk->store();
    auto const tests = app::queue_tests(store, call.desk->clock(), name);
    note(call, "notifications.test", name.value_or("all"));
    auto const is_over = [](store::Delivery const& delivery) { return delivery.state != "pending"; };
    auto const end = std::chrono::steady_clock::now() + k_patience;
    auto deliveries = app::tests_now(store, tests);
    while (!std::ranges::all_of(deliveries, is_over) && std::chrono::steady_clock::now() < end &&
           !call.site.sync().should_stop()) {
        std::this_thread::sleep_for(k_look_again);
        deliveries = app::tests_now(store, tests);
    }
    app::drop_tests(store, call.desk->clock(), tests);
    auto items = Json::array();
    for (auto const& delivery : deliveries) {
        bool const is_sent = delivery.state == "sent";
        auto const reason = is_sent || !delivery.reason.empty() ? without_paths(delivery.reason)
                                                                : std::string{"it was not its turn yet; try again"};
        items.push_back({{"target", delivery.target},
                         {"result", is_sent ? "sent" : "not_sent"},
                         {"http_status", delivery.http_status == 0 ? Json{} : Json(delivery.http_status)},
                         {"reason", text_json(reason)}});
    }
    return json_reply({{"items", std::move(items)}, {"next_cursor", Json{}}});
}

}  // namespace

void add_api_outages(Routes& routes) {
    using app::Scope;
    constexpr auto family = Family::api;
    routes.add(
        {.family = family,
         .method = "GET",
         .pattern = "/api/v2/outages",
         .scope = Scope::read,
         .handle = outages,
         .doc = {
             .summary = "Outages, newest first",
             .parameters = {{"ont", "query", k_schema_texts, "of this ONT: id, customer id or name; may be given several times"},
                            {"group", "query", k_schema_texts, "of those with this tag; may be given several times"},
                            {"location", "query", k_schema_texts, "of those at this place; may be given several times"},
                            k_doc_since,
                            k_doc_until,
                            {"open", "query", k_schema_flag, "only those that go on"},
                            {"unacked", "query", k_schema_flag, "only those that nobody has acknowledged"},
                            {"own", "query", k_schema_flag, "without those below a parent's outage"},
                            k_doc_limit,
                            k_doc_cursor},
             .answers = {{200, "a page", "application/json", R"({"$ref":"#/components/schemas/OutagePage"})"}, k_doc_unknown}}});
    routes.add({.family = family,
                .method = "POST",
                .pattern = "/api/v2/outages/{id}/ack",
                .scope = Scope::network,
                .is_change = true,
                .handle = acknowledge,
                .doc = {.summary = "Take note of an outage, so that nobody is told of it again",
                        .body = Doc::Body{"application/json", k_ack_schema},
                        .answers = {{200, "as it is now", "application/json", k_outage_schema}, k_doc_unknown}}});
}

void add_api_notifications(Routes& routes) {
    using app::Scope;
    constexpr auto family = Family::api;
    routes.add(
        {.family = family,
         .method = "GET",
         .pattern = "/api/v2/notifications",
         .scope = Scope::read,
         .handle = notifications,
         .doc = {.summary = "Notifications, newest first",
                 .parameters = {{"unread", "query", k_schema_flag, "only those that nobody has read"},
                                {"type", "query", R"({"type":"string","enum":["success","info","warning","error"]})"},
                                k_doc_since,
                                k_doc_limit,
                                k_doc_cursor},
                 .answers = {{200, "a page", "application/json", R"({"$ref":"#/components/schemas/NotificationPage"})"}}}});
    auto const change = [&](std::string_view pattern, Handler handle, std::string_view summary,
                            std::vector<Doc::Answer> answers) {
        routes.add({.family = family,
                    .method = "POST",
                    .pattern = pattern,
                    .scope = Scope::network,
                    .is_change = true,
                    .handle = std::move(handle),
                    .doc = {.summary = summary, .answers = std::move(answers)}});
    };
    routes.add(
        {.family = family,
         .method = "POST",
         .pattern = "/api/v2/notifications/test",
         .work = Work::peer,
         .scope = Scope::network,
         .is_change = true,
         .handle = test_targets,
         .doc = {.summary = "Send a test to the targets that take notifications, or to one",
                 .body = Doc::Body{"application/json", k_test_schema},
                 .answers = {{200, "what came of it", "application/json", k_tested_schema}, k_doc_unknown, k_doc_no_turn}}});
    Doc::Answer const number{200, "how many", "application/json", k_number_schema};
    change("/api/v2/notifications/{id}/read", read_one, "Mark one as read", {k_doc_done, k_doc_unknown});
    change("/api/v2/notifications/read", read_all, "Mark all as read", {number});
    change("/api/v2/notifications/clear", clear, "Clear the list, with a backup", {number});
    change(
        "/api/v2/notifications/restore", restore, "Bring back what the last clear took",
        {number, {409, "there is nothing to restore", "application/problem+json", R"({"$ref":"#/components/schemas/Problem"})"}});
}

}  // namespace bioctl::http
