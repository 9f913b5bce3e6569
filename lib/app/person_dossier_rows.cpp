// The rows of a dossier as JSON. Names and units are those of --json.

#include <nlohmann/json.hpp>

#include "lib/app/audit.hpp"
#include "lib/app/people_transfer.hpp"
#include "lib/app/person_dossier.hpp"
#include "lib/base/bytes.hpp"
#include "lib/base/text.hpp"
#include "lib/store/erasure.hpp"
#include "lib/store/events.hpp"
#include "lib/store/outbox.hpp"
#include "lib/store/people.hpp"
#include "lib/store/templates.hpp"

namespace bioctl::app {

namespace {

using Json = nlohmann::ordered_json;

std::string text_of(Json const& json) {
    return json.dump(2, ' ', false, Json::error_handler_t::replace) + '\n';
}

Json or_null(std::string const& text) {
    return text.empty() ? Json{} : Json(text);
}

Json time_or_null(Timestamp time) {
    return time == Timestamp{} ? Json{} : Json(to_rfc3339(time));
}

/// What is JSON stays so; what is not is kept as text.
Json parsed(std::string const& text) {
    auto json = Json::parse(text, nullptr, false);
    return json.is_discarded() ? Json(text) : json;
}

Json json_of(store::Template const& t) {
    Json json;
    json["template_id"] = t.id;
    json["modality"] = name_of(t.modality);
    json["contract"] = t.contract;
    if (t.modality == store::Modality::palm) {
        json["code_base64"] = to_base64(t.code);
    } else {
        json["vector"] = values_of(t);
    }
    json["quality"] = static_cast<double>(t.quality);
    json["photo_sha256"] = t.photo ? Json(to_hex(*t.photo)) : Json{};
    json["source"] = or_null(to_valid_utf8(t.source));
    json["portrait"] = t.crop.empty() ? Json{} : Json("media/" + t.crop);
    json["box"] = {{"top", t.box_top}, {"right", t.box_right}, {"bottom", t.box_bottom}, {"left", t.box_left}};
    json["rotation"] = t.rotation;
    json["created_at"] = to_rfc3339(t.created_at);
    return json;
}

Json json_of(store::Event const& event, Zone const& zone) {
    Json json;
    json["id"] = event.id;
    json["time"] = to_rfc3339(event.row.time);
    json["local_time"] = zone.show(event.row.time);
    json["terminal_time"] = or_null(event.row.local_time);
    json["received_at"] = to_rfc3339(event.received_at);
    json["device"] = event.device;
    json["location"] = or_null(event.location);
    json["serial"] = event.row.serial;
    json["recognized"] = event.row.is_recognized;
    json["employee_no"] = or_null(event.row.employee_no);
    json["name"] = or_null(event.row.name);
    json["picture_state"] = event.picture_state;
    json["picture"] = event.picture.empty() ? Json{} : Json("media/" + event.picture);
    json["verdict"] = or_null(event.verify_verdict);
    json["distance"] = event.verify_distance ? Json(*event.verify_distance) : Json{};
    json["as_the_terminal_sent_it"] = parsed(event.row.raw);
    return json;
}

Json json_of(store::Delivery const& delivery) {
    Json json;
    json["id"] = delivery.id;
    json["event"] = delivery.event;
    json["target"] = delivery.target;
    json["state"] = delivery.state;
    json["attempts"] = delivery.attempts;
    json["created_at"] = to_rfc3339(delivery.created_at);
    json["finished_at"] = time_or_null(delivery.finished_at);
    json["reason"] = or_null(delivery.reason);
    json["http_status"] = delivery.http_status == 0 ? Json{} : Json(delivery.http_status);
    json["reply"] = or_null(delivery.reply);
    return json;
}

}  // namespace

std::string dossier_person(store::Store& store, std::string_view id) {
    Json json;
    json["person_id"] = id;
    auto const person = store.people().get(id);
    json["is_enrolled"] = person.has_value();
    if (person) {
        json["name"] = or_null(person->name);
        json["created_at"] = to_rfc3339(person->created_at);
        json["updated_at"] = to_rfc3339(person->updated_at);
    }
    return text_of(json);
}

std::string dossier_templates(store::Store& store, std::string_view id, Dossier& dossier, std::vector<std::string>& portraits) {
    auto json = Json::array();
    for (auto const& t : store.templates().of_person(id)) {
        json.push_back(json_of(t));
        if (!t.crop.empty()) portraits.push_back(t.crop);
        ++dossier.templates;
    }
    return text_of(json);
}

std::string dossier_events(store::Store& store, std::string_view id, Zone const& zone, Dossier& dossier,
                           std::vector<std::string>& pictures) {
    auto json = Json::array();
    for (auto const number : store.erasure().events(id)) {
        auto const event = store.events().get(number);
        if (!event) continue;
        json.push_back(json_of(*event, zone));
        if (event->picture_state == "stored") pictures.push_back(event->picture);
        ++dossier.events;
    }
    return text_of(json);
}

std::string dossier_deliveries(store::Store& store, std::string_view id, Dossier& dossier) {
    auto json = Json::array();
    for (auto const number : store.erasure().events(id)) {
        for (auto const& delivery : store.outbox().of_event(number)) {
            json.push_back(json_of(delivery));
            ++dossier.deliveries;
        }
    }
    return text_of(json);
}

std::string dossier_terminals(store::Store& store, std::string_view id, Dossier& dossier) {
    auto json = Json::array();
    for (auto const& push : store.erasure().pushes(id)) {
        json.push_back({{"device", push.device}, {"name", push.name}, {"pushed_at", to_rfc3339(push.pushed_at)}});
        ++dossier.terminals;
    }
    return text_of(json);
}

std::string dossier_audit(store::Store& store, std::string_view id, Dossier& dossier) {
    auto json = Json::array();
    store::AuditFilter filter;
    filter.subject = subject_of_person(id);
    each_audit_row(store, filter, [&](store::AuditRow const& row) {
        json.push_back({{"id", row.id},
                        {"at", to_rfc3339(row.at)},
                        {"who", row.who},
                        {"origin", row.origin},
                        {"action", row.action},
                        {"subject", row.subject},
                        {"detail", parsed(row.detail)}});
        ++dossier.audit_rows;
        return true;
    });
    return text_of(json);
}

}  // namespace bioctl::app
