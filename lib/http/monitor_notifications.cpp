// S2: the list of notifications.

#include <algorithm>
#include <charconv>

#include <fmt/format.h>

#include "lib/app/notifications.hpp"
#include "lib/http/families.hpp"
#include "lib/http/flask.hpp"
#include "lib/http/site.hpp"

namespace bioctl::http {

namespace {

// Every open page of the old service asks for all of them, for the number of unread ones.
constexpr std::int64_t k_most_notifications = 10'000;
constexpr std::string_view k_schema =
    R"({"type":"object","properties":{"message":{"type":"string"},"type":{"type":"string"},"timestamp":{"type":"string"}}})";

Reply list(Call const& call) {
    auto const zone = zone_of(call);
    auto rows = Json::array();
    store::NotificationFilter filter;
    filter.limit = k_most_notifications;
    call.desk->store().notifications().each(filter, [&](store::Notification const& one) {
        rows.push_back({{"id", one.id},
                        {"message", one.message},
                        {"type", one.type},
                        {"timestamp", naive_time(zone, one.at)},
                        {"ont_id", one.ont ? Json(*one.ont) : Json{}},
                        {"ont_name", one.ont_name ? Json(*one.ont_name) : Json{}},
                        {"read", one.is_read}});
        return true;
    });
    return unless_known(call.request, flask_reply(rows));
}

/// A text of the object; none if it is not there or null. The old service stored whatever it was, and then failed to sort it.
Result<std::optional<std::string>> text_in(Json const& json, char const* name) {
    auto const found = json.find(name);
    if (found == json.end() || found->is_null()) return std::nullopt;
    if (!found->is_string()) return failure(Kind::data, fmt::format("\"{}\" must be a text", name));
    return found->get<std::string>();
}

Reply add(Call const& call) {
    auto const body = flask_body(call.request);
    if (auto const* page = std::get_if<Reply>(&body)) return *page;
    auto const& json = std::get<Json>(body);
    if (!json.is_object()) return flask_message("the body must be a JSON object", false, 400);
    auto const message = text_in(json, "message"), type = text_in(json, "type"), timestamp = text_in(json, "timestamp");
    for (auto const* field : {&message, &type, &timestamp}) {
        if (!*field) return flask_message(field->error().message(), false, 400);
    }
    auto& desk = *call.desk;
    app::PostedNotification const posted{
        .message = message->value_or(""), .type = type->value_or("info"), .timestamp = *timestamp};
    try {
        app::post_notification(desk.store(), desk.clock(), zone_of(call), posted, [&](store::Notification const& added) {
            app::record(desk.store(), desk.clock(), actor_of(call), "notifications.add", std::to_string(added.id));
        });
    } catch (Error const& error) {
        if (error.kind() != Kind::usage && error.kind() != Kind::data) throw;
        return flask_message(error.message(), false, 400);
    }
    return flask_reply({{"success", true}});
}

Reply mark_read(Call const& call) {
    auto const& text = call.parameter("id");
    if (!std::ranges::all_of(text, [](char c) { return c >= '0' && c <= '9'; })) return flask_page(404);
    auto& desk = *call.desk;
    std::int64_t id = 0;
    // A number that no notification has, or can have, is as good as one that was read before.
    bool const is_possible = std::from_chars(text.data(), text.data() + text.size(), id).ec == std::errc{};
    desk.store().write([&] {
        if (!is_possible) return;
        auto notifications = desk.store().notifications();
        auto const one = notifications.get(id);
        if (one && !one->is_read && notifications.mark_read(id))
            app::record(desk.store(), desk.clock(), actor_of(call), "notifications.read", std::to_string(id));
    });
    return flask_reply({{"success", true}});
}

Reply clear(Call const& call) {
    auto& desk = *call.desk;
    auto const audit = [&](app::Cleared const& cleared) {
        app::record(desk.store(), desk.clock(), actor_of(call), "notifications.clear", "",
                    {{"notifications", std::to_string(cleared.notifications)}});
    };
    try {
        static_cast<void>(
            app::clear_notifications(desk.store(), desk.clock(), zone_of(call), desk.data_dir() / "backups", audit));
    } catch (Error const& error) {
        if (error.kind() == Kind::busy) throw;
        return flask_message(fmt::format("Gagal menghapus notifikasi: {}", error.message()), false, 500);
    }
    return flask_message("Semua notifikasi berhasil dihapus.", true);
}

Reply restore(Call const& call) {
    auto& desk = *call.desk;
    std::optional<std::int64_t> restored;
    desk.store().write([&] {
        restored = desk.store().notifications().restore();
        if (restored)
            app::record(desk.store(), desk.clock(), actor_of(call), "notifications.restore", "",
                        {{"notifications", std::to_string(*restored)}});
    });
    if (!restored) return flask_message("Tidak ada backup yang tersedia untuk dipulihkan", false);
    return flask_reply({{"count", *restored},
                        {"message", fmt::format("Berhasil memulihkan {} notifikasi dari backup", *restored)},
                        {"success", true}});
}

}  // namespace

void add_monitor_notifications(Routes& routes) {
    using app::Scope;
    constexpr auto family = Family::monitor;
    routes.add({.family = family,
                .method = "GET",
                .pattern = "/api/notifications",
                .scope = Scope::read,
                .handle = list,
                .doc = {.summary = "The newest 10,000 notifications",
                        .answers = {{200, "a list"}, {304, "as the client has it already (If-None-Match)"}}}});
    routes.add({.family = family,
                .method = "POST",
                .pattern = "/api/notifications",
                .scope = Scope::network,
                .is_change = true,
                .handle = add,
                .doc = {.summary = "Add a notification to the list",
                        .body = Doc::Body{"application/json", k_schema},
                        .answers = {{200, "done"}, {400, "not JSON, or a field is no text"}, {415, "not application/json"}}}});
    routes.add({.family = family,
                .method = "POST",
                .pattern = "/api/notifications/mark-read/{id}",
                .scope = Scope::network,
                .is_change = true,
                .handle = mark_read,
                .doc = {.summary = "Somebody has read it", .answers = {{200, "done, or there is none"}, {404, "no number"}}}});
    routes.add(
        {.family = family,
         .method = "POST",
         .pattern = "/api/notifications/clear-all",
         .scope = Scope::network,
         .is_change = true,
         .handle = clear,
         .doc = {.summary = "Clear the list, with a backup", .answers = {{200, "done"}, {500, "no backup, not cleared"}}}});
    routes.add(
        {.family = family,
         .method = "POST",
         .pattern = "/api/notifications/restore-backup",
         .scope = Scope::network,
         .is_change = true,
         .handle = restore,
         .doc = {.summary = "Bring back what the last clear took", .answers = {{200, "how many, or that there is none"}}}});
}

}  // namespace bioctl::http
