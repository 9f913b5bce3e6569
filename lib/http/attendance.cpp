// S3: the FastAPI face attendance service, as its clients know it.

#include <variant>

#include <fmt/format.h>

#include "lib/app/enrol.hpp"
#include "lib/app/person_id.hpp"
#include "lib/http/attendance_forms.hpp"
#include "lib/http/families.hpp"
#include "lib/http/photo_reply.hpp"
#include "lib/http/problem.hpp"
#include "lib/http/site.hpp"

namespace bioctl::http {

namespace {

constexpr std::string_view k_enrol_form =
    R"({"type":"object","required":["student_id","image"],"properties":{"student_id":{"type":"string"},"image":{"type":"string","format":"binary"}}})";

Reply enrolled(bool ok, std::size_t found, std::size_t saved, Json more = Json::object()) {
    Json msg{{"faces_found", found}, {"saved", saved}};
    msg.update(more);
    return json_reply({{"ok", ok}, {"saved", saved}, {"msg", std::move(msg)}});
}

Reply enroll(Call const& call) {
    auto form = photo_form(call.request, true);
    if (auto* refusal = std::get_if<Reply>(&form)) return std::move(*refusal);
    auto const& [id, image] = std::get<PhotoForm>(form);
    if (auto const ok = app::check_person_id(id); !ok) return bad_value("body", "student_id", ok.error().message());
    if (image.empty()) return not_an_image();
    auto const report = call.desk->enrol(id, "", as_bytes(image), call.desk->rules()->enrol);
    if (auto const* rejected = std::get_if<app::Rejected>(&report.outcome)) {
        if (rejected->failure) return not_an_image();
        if (rejected->reason == app::RejectReason::no_face) return enrolled(false, 0, 0);
        return enrolled(false, report.found, 0, {{"reason", app::name_of(rejected->reason)}, {"detail", detail_of(*rejected)}});
    }
    auto const* rows = std::get_if<std::vector<app::Enrolled>>(&report.outcome);
    if (!rows) return enrolled(true, report.found, 0, {{"reason", "unchanged"}});
    app::record_after(call.desk->store(), call.desk->clock(), actor_of(call), "people.enrol", app::subject_of_person(id));
    return enrolled(true, report.found, rows->size());
}

Reply recognize(Call const& call) {
    auto form = photo_form(call.request, false);
    if (auto* refusal = std::get_if<Reply>(&form)) return std::move(*refusal);
    auto const photo = call.desk->recognize(as_bytes(std::get<PhotoForm>(form).image));
    if (photo.failure) return not_an_image();
    auto results = results_of(photo);
    // The published code nested it by mistake, and some clients have learned to read that.
    if (is_true(call.request.target.parameter("nested"))) {
        results = Json{{"results", std::move(results)}, {"frame_info", {{"w", photo.width}, {"h", photo.height}}}};
    }
    return json_reply({{"ok", true}, {"results", std::move(results)}});
}

Reply health(Call const& call) {
    auto const faces = call.site.office().last_faces();
    return json_reply({{"ok", true},
                       {"encodings", faces ? faces->gallery().templates() : 0},
                       {"labels", faces ? faces->gallery().people() : 0}});
}

Reply config(Call const& call) {
    auto const desk = call.site.office().rules();
    return json_reply({{"tolerance", rounded(desk->identify.threshold)},
                       {"webhook_enabled", !call.site.rules()->webhook_name.empty()},
                       {"cooldown_seconds", desk->event_cooldown_s}});
}

/// For trying a client without a receiver.
Reply mock_webhook(Call const& call) {
    auto const json = parse_json(call.request.body);
    if (!json) return bad_value("body", "0", "Expecting value");
    std::string student = "UNKNOWN";
    if (json->is_object() && json->contains("student_id") && json->at("student_id").is_string())
        student = json->at("student_id").get<std::string>();
    auto const now = to_ms(call.site.office().setup().clock.now()) / 1000;
    return json_reply({{"ok", true}, {"token", fmt::format("ATT-{}-{}", now, student)}, {"received", *json}});
}

Reply voice(Trouble const& trouble) {
    auto const status = status_of(trouble.refusal);
    // FastAPI's own words where it has some.
    if (status == 404 || status == 405) return json_reply({{"detail", reason_of(status)}}, status);
    return json_reply({{"ok", false}, {"msg", trouble.detail}, {"detail", trouble.detail}}, status);
}

}  // namespace

void add_attendance(Routes& routes) {
    using app::Scope;
    constexpr auto family = Family::attendance;
    routes.set_voice(family, voice);
    Doc::Answer const invalid{400, "the image is empty or cannot be decoded"};
    Doc::Answer const missing{422, "a field is missing"};
    routes.add({.family = family,
                .method = "POST",
                .pattern = "/enroll",
                .work = Work::inference,
                .scope = Scope::enrol,
                .is_change = true,
                .max_body = k_photo_body,
                .handle = enroll,
                .doc = {.summary = "Enrol a face under a student id",
                        .body = Doc::Body{"multipart/form-data", k_enrol_form},
                        .answers = {{200, "enrolled, or why not"}, invalid, missing}}});
    routes.add({.family = family,
                .method = "POST",
                .pattern = "/recognize",
                .work = Work::inference,
                .scope = Scope::recognize,
                .max_body = k_photo_body,
                .handle = recognize,
                .doc = {.summary = "Who is on this photo?",
                        .parameters = {{"nested", "query", R"({"type":"boolean"})",
                                        "results within results, as the published code had it"}},
                        .body = Doc::Body{"multipart/form-data", k_photo_form},
                        .answers = {{200, "a result for each face, largest first"}, invalid, missing}}});
    routes.add({.family = family,
                .method = "GET",
                .pattern = "/health",
                .work = Work::at_once,
                .handle = health,
                .doc = {.summary = "Alive, and how many are enrolled", .answers = {{200, "alive"}}},
                .is_public = true});
    routes.add({.family = family,
                .method = "GET",
                .pattern = "/config",
                .work = Work::at_once,
                .scope = Scope::read,
                .handle = config,
                .doc = {.summary = "Tolerance, webhook and cooldown", .answers = {{200, "the settings"}}}});
    routes.add({.family = family,
                .method = "POST",
                .pattern = "/mock/webhook",
                .work = Work::at_once,
                .scope = Scope::recognize,
                .max_body = k_form_body,
                .handle = mock_webhook,
                .doc = {.summary = "Answers as a receiver of webhooks would",
                        .body = Doc::Body{},
                        .answers = {{200, "a token, and what was received"}, missing}}});
}

}  // namespace bioctl::http
