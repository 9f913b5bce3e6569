// Events of terminals and cameras.

#include <algorithm>

#include <fmt/format.h>

#include "lib/app/devices.hpp"
#include "lib/app/targets.hpp"
#include "lib/base/text.hpp"
#include "lib/http/api.hpp"
#include "lib/http/api_shapes.hpp"
#include "lib/http/families.hpp"
#include "lib/http/photo_reply.hpp"

namespace bioctl::http {

namespace {

constexpr std::string_view k_resend_schema =
    R"({"type":"object","additionalProperties":false,"properties":{"target":{"type":"string","description":"only to this one"}}})";

Json json_of(store::Event const& event) {
    auto const& row = event.row;
    return {{"id", event.id},
            {"time", time_json(row.time)},
            {"local_time", text_json(row.local_time)},
            {"received_at", time_json(event.received_at)},
            {"device", event.device},
            {"location", text_json(event.location)},
            {"serial", row.serial},
            {"epoch", event.epoch},
            {"kind", row.is_recognized ? "recognized" : "other"},
            {"major", row.major},
            {"minor", row.minor},
            {"minor_name", app::name_of(event)},
            {"is_sighting", event.is_of_source},
            {"employee_no", text_json(row.employee_no)},
            {"person_id", text_json(event.person_id)},
            {"name", text_json(row.name)},
            {"picture_state", event.picture_state},
            {"delivery", event.delivery},
            {"attempts", event.attempts},
            {"verdict", text_json(event.verify_verdict)},
            {"distance", value_json(event.verify_distance)}};
}

/// A slip must not look like "nobody came".
void require_known(store::Store& store, store::EventFilter const& filter) {
    auto const require = [](std::vector<std::string> const& wanted, std::vector<std::string> const& there,
                            std::string_view what) {
        for (auto const& one : wanted) {
            if (std::ranges::find(there, one) == there.end())
                throw Error{Kind::usage, fmt::format("there never was a {} '{}'", what, printable(one))};
        }
    };
    if (!filter.devices.empty()) require(filter.devices, store.devices().names_ever(), "device");
    if (!filter.locations.empty()) require(filter.locations, store.devices().locations_ever(), "location");
}

Reply list(Call const& call) {
    Filters filters{call};
    store::EventFilter filter;
    filter.devices = filters.texts("device");
    filter.locations = filters.texts("location");
    filter.person = filters.text("person");
    filter.since = filters.time("since");
    filter.until = filters.time("until");
    filter.kind = filters.one_of("kind", {"recognized", "other"});
    filter.delivery = filters.one_of("delivery", {"none", "pending", "sent", "failed", "skipped", "dropped"});
    filter.picture_state = filters.one_of("picture", {"none", "pending", "stored", "gone", "failed"});
    filter.verdict = filters.one_of("verdict", {"same", "different", "no_face", "many_faces", "no_template", "unreadable"});
    auto const wish = filters.page();
    filters.finish();
    require_known(call.desk->store(), filter);
    return page_reply(call, app::page_of_events(call.desk->store(), filter, wish),
                      [](store::Event const& event) { return json_of(event); });
}

store::Event require_event(Call const& call) {
    auto const id = id_in_path(call);
    auto event = call.desk->store().events().get(id);
    if (!event) throw Error{Kind::no_input, fmt::format("there is no event {}", id)};
    return std::move(*event);
}

Reply show(Call const& call) {
    Json json;
    auto& store = call.desk->store();
    store.read([&] {
        auto const event = require_event(call);
        json = json_of(event);
        json["deliveries"] = Json::array();
        for (auto const& delivery : store.outbox().of_event(event.id))
            json["deliveries"].push_back(delivery_json(delivery));
    });
    return json_reply(json);
}

Reply picture(Call const& call) {
    return picture_reply(call, require_event(call).picture);
}

Reply resend(Call const& call) {
    Fields fields{call};
    auto const target = fields.text("target");
    fields.finish();
    auto& store = call.desk->store();
    if (target) static_cast<void>(app::require_target(store, *target));
    int deliveries = 0;
    store.write([&] {
        auto const event = require_event(call);
        deliveries = store.outbox().resend(event.id, target, call.desk->clock().now());
        app::record(store, call.desk->clock(), actor_of(call), "events.resend", std::to_string(event.id),
                    {{"target", target.value_or("all")}, {"deliveries", std::to_string(deliveries)}});
    });
    return json_reply({{"deliveries", deliveries}});
}

}  // namespace

void add_api_events(Routes& routes) {
    using app::Scope;
    constexpr auto family = Family::api;
    routes.add(
        {.family = family,
         .method = "GET",
         .pattern = "/api/v2/events",
         .scope = Scope::read,
         .handle = list,
         .doc = {
             .summary = "Events, newest first",
             .parameters = {{"device", "query", k_schema_texts, "of this device; may be given several times"},
                            {"location", "query", k_schema_texts, "of devices at this place; may be given several times"},
                            {"person", "query", R"({"type":"string"})", "person id or employee number"},
                            k_doc_since,
                            k_doc_until,
                            {"kind", "query", R"({"type":"string","enum":["recognized","other"]})"},
                            {"delivery", "query",
                             R"({"type":"string","enum":["none","pending","sent","failed","skipped","dropped"]})"},
                            {"picture", "query", R"({"type":"string","enum":["none","pending","stored","gone","failed"]})"},
                            {"verdict", "query",
                             R"({"type":"string","enum":["same","different","no_face","many_faces","no_template","unreadable"]})",
                             "what the comparison of picture and person said"},
                            k_doc_limit,
                            k_doc_cursor},
             .answers = {{200, "a page", "application/json", R"({"$ref":"#/components/schemas/EventPage"})"}}}});
    routes.add({.family = family,
                .method = "GET",
                .pattern = "/api/v2/events/{id}",
                .scope = Scope::read,
                .handle = show,
                .doc = {.summary = "One event with its deliveries",
                        .answers = {{200, "the event", "application/json", R"({"$ref":"#/components/schemas/Event"})"},
                                    k_doc_unknown}}});
    routes.add(
        {.family = family,
         .method = "GET",
         .pattern = "/api/v2/events/{id}/picture",
         .scope = Scope::read,
         .handle = picture,
         .doc = {.summary = "The picture that the terminal took",
                 .answers = {{200, "the picture", "image/jpeg", R"({"type":"string","format":"binary"})"}, k_doc_unknown}}});
    routes.add({.family = family,
                .method = "POST",
                .pattern = "/api/v2/events/{id}/resend",
                .scope = Scope::devices,
                .is_change = true,
                .handle = resend,
                .doc = {.summary = "Send the event again to its targets",
                        .body = Doc::Body{"application/json", k_resend_schema},
                        .answers = {{200, "how many deliveries wait now", "application/json",
                                     R"({"type":"object","properties":{"deliveries":{"type":"integer"}}})"},
                                    k_doc_unknown}}});
}

}  // namespace bioctl::http
