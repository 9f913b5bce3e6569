// What is done with photos: enrol, recognise.

#include <fmt/format.h>

#include "lib/app/enrol.hpp"
#include "lib/app/people_edit.hpp"
#include "lib/app/person_id.hpp"
#include "lib/base/text.hpp"
#include "lib/http/api_photos.hpp"
#include "lib/http/families.hpp"
#include "lib/http/photo_reply.hpp"

namespace bioctl::http {

namespace {

constexpr double k_farthest = 4;
constexpr std::string_view k_photo_schema =
    R"({"type":"object","required":["image"],"properties":{"image":{"type":"string","format":"binary"}}})";
constexpr std::string_view k_enrol_schema =
    R"({"type":"object","required":["image"],"properties":{"image":{"type":"string","format":"binary"},"name":{"type":"string"},"modality":{"type":"string","enum":["face","palm"],"default":"face"}}})";
constexpr std::string_view k_enrolled_schema =
    R"({"type":"object","properties":{"person_id":{"type":"string"},"result":{"type":"string","enum":["enrolled","unchanged"]},"templates":{"type":"array","items":{"type":"integer"}},"quality":{"type":["number","null"]},"resembles":{"type":["string","null"]}}})";

Reply rejected(app::Rejected const& reason) {
    auto reply = cannot_process(app::name_of(reason.reason), detail_of(reason));
    if (reason.reason != app::RejectReason::duplicate_person) return reply;
    auto json = Json::parse(reply.body);
    constexpr int k_conflict = 409;
    json["title"] = reason_of(k_conflict);
    json["status"] = k_conflict;
    json["resembles"] = value_json(reason.resembles);
    json["distance"] = reason.resembles_distance ? Json(rounded(*reason.resembles_distance)) : Json{};
    reply.status = k_conflict;
    reply.body = dumped(json);
    return reply;
}

/// The name to enrol under: none for somebody who has it already. To give somebody another one is to rename.
struct NewName {
    std::string name;
    bool is_renaming = false;
};
NewName new_name(Call const& call, std::string_view id, std::string name) {
    auto const known = call.desk->store().people().get(id);
    if (name.empty() || !known) return {std::move(name)};
    if (known->name == name) return {};
    return {std::move(name), true};
}

Reply enrol(Call const& call) {
    auto const& id = call.parameter("id");
    app::check_person_id(id).or_throw();
    Photos const photos{call.request};
    auto const photo = photos.require("image");
    auto const modality = modality_of(photos);
    auto const name = photos.text("name").value_or("");
    app::check_person_name(name).or_throw();
    auto const given = new_name(call, id, name);
    if (given.is_renaming && !call.who.may(app::Scope::people))
        return refuse({Refusal::forbidden, fmt::format("'{}' is enrolled under another name; to give somebody another one needs "
                                                       "the scope people",
                                                       printable(id))});
    auto rules = call.desk->rules()->enrol;
    if (modality == store::Modality::palm) rules = app::for_palms(rules);
    auto const report = call.desk->enrol(id, given.name, photo, rules);
    if (auto const* reason = std::get_if<app::Rejected>(&report.outcome)) return rejected(*reason);
    Json json{
        {"person_id", id}, {"result", "unchanged"}, {"templates", Json::array()}, {"quality", Json{}}, {"resembles", Json{}}};
    auto const* rows = std::get_if<std::vector<app::Enrolled>>(&report.outcome);
    if (!rows) return json_reply(json);
    json["result"] = "enrolled";
    for (auto const& row : *rows) {
        if (row.template_id) json["templates"].push_back(*row.template_id);
        json["quality"] = rounded(row.quality);
        if (row.resembles) json["resembles"] = *row.resembles;
    }
    app::AuditDetail detail;
    if (given.is_renaming) detail.emplace_back("name", "changed");
    note(call, "people.enrol", app::subject_of_person(id), detail);
    auto reply = json_reply(json, 201);
    auto const path = call.request.path();
    reply.headers.set("Location", std::string{path.substr(0, path.rfind('/'))});  // the person, whose photos these are
    return reply;
}

Reply recognize(Call const& call) {
    constexpr std::int64_t k_most_candidates = 100;
    Filters filters{call};
    app::RecognizeOptions options;
    options.rule = call.desk->rules()->identify;
    options.top = static_cast<std::size_t>(filters.whole("top", 1, k_most_candidates).value_or(1));
    if (auto const threshold = filters.number("threshold", 0, k_farthest))
        options.rule.threshold = static_cast<float>(*threshold);
    options.palm_rule = call.desk->rules()->palm_identify;
    if (auto const threshold = filters.number("palm_threshold", 0, 1))
        options.palm_rule.threshold = static_cast<float>(*threshold);
    auto const modality = filters.one_of("modality", {"face", "palm", "auto"}).value_or("face");
    filters.finish();
    auto const sought = modality == "face"   ? app::Sought::face
                        : modality == "palm" ? app::Sought::palm
                                             : app::Sought::face_then_palm;
    Photos const photos{call.request};
    auto const photo = call.desk->recognize(photos.require("image"), options, sought);
    if (photo.failure) return bad_photo(*photo.failure);
    auto json = json_of(photo, options.rule.threshold);
    if (sought != app::Sought::face) add_palm(json, photo, options.palm_rule.threshold);
    return json_reply(json);
}

}  // namespace

void add_api_faces(Routes& routes) {
    using app::Scope;
    constexpr auto family = Family::api;
    routes.add({.family = family,
                .method = "POST",
                .pattern = "/api/v2/people/{id}/photos",
                .work = Work::inference,
                .scope = Scope::enrol,
                .is_change = true,
                .max_body = k_api_photo_body,
                .handle = enrol,
                .doc = {.summary = "Enrol a photo of a person, who is made if there is none of this id",
                        .body = Doc::Body{"multipart/form-data", k_enrol_schema},
                        .answers = {{200, "this photo was enrolled already", "application/json", k_enrolled_schema},
                                    {201, "enrolled", "application/json", k_enrolled_schema},
                                    {409, "the face or palm is somebody else's", "application/problem+json",
                                     R"({"$ref":"#/components/schemas/Problem"})"},
                                    doc_no_good()}}});
    routes.add(
        {.family = family,
         .method = "POST",
         .pattern = "/api/v2/recognize",
         .work = Work::inference,
         .scope = Scope::recognize,
         .max_body = k_api_photo_body,
         .handle = recognize,
         .doc = {
             .summary = "Who is on this photo? The body may also be the photo itself",
             .parameters = {{"top", "query", R"({"type":"integer","minimum":1,"maximum":100,"default":1})",
                             "candidates to name for each face"},
                            {"threshold", "query", R"({"type":"number","minimum":0,"maximum":4})",
                             "largest distance, instead of the server's"},
                            {"modality", "query", R"({"type":"string","enum":["face","palm","auto"],"default":"face"})",
                             "what to look for; auto: a palm where there is no face"},
                            {"palm_threshold", "query", R"({"type":"number","minimum":0,"maximum":1})", "the same for palms"}},
             .body = Doc::Body{"multipart/form-data", k_photo_schema},
             .answers = {{200, "the faces, largest first", "application/json", R"({"$ref":"#/components/schemas/Recognition"})"},
                         doc_no_good()}}});
}

}  // namespace bioctl::http
