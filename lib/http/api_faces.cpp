// What is done with photos: enrol, recognise, compare.

#include <algorithm>
#include <memory>

#include <fmt/format.h>

#include "lib/app/compare.hpp"
#include "lib/app/enrol.hpp"
#include "lib/app/people_edit.hpp"
#include "lib/app/person_id.hpp"
#include "lib/app/sightings.hpp"
#include "lib/base/text.hpp"
#include "lib/http/api.hpp"
#include "lib/http/families.hpp"
#include "lib/http/multipart.hpp"
#include "lib/http/photo_reply.hpp"
#include "lib/http/site.hpp"

namespace bioctl::http {

namespace {

constexpr double k_farthest = 4;
constexpr std::string_view k_photo_schema =
    R"({"type":"object","required":["image"],"properties":{"image":{"type":"string","format":"binary"}}})";
constexpr std::string_view k_enrol_schema =
    R"({"type":"object","required":["image"],"properties":{"image":{"type":"string","format":"binary"},"name":{"type":"string"}}})";
constexpr std::string_view k_attendance_schema =
    R"({"type":"object","required":["image"],"properties":{"image":{"type":"string","format":"binary"},"source":{"type":"string","description":"name of the camera; realtime without it"},"taken_at":{"type":"string","format":"date-time","description":"of a photo that had to wait, at most 7 days"}}})";
constexpr std::string_view k_attended_schema =
    R"({"allOf":[{"$ref":"#/components/schemas/Recognition"},{"type":"object","properties":{"sightings":{"type":"array","items":{"type":"object","properties":{"person_id":{"type":"string"},"event":{"type":"integer"},"is_repeat":{"type":"boolean","description":"seen a moment ago already: nothing was stored"},"time":{"type":"string","format":"date-time"}}}}}}]})";
constexpr std::string_view k_compare_schema =
    R"({"type":"object","required":["a"],"properties":{"a":{"type":"string","format":"binary"},"b":{"type":"string","format":"binary"},"person":{"type":"string","description":"instead of b: an enrolled person"}}})";
constexpr std::string_view k_comparison_schema =
    R"({"type":"object","required":["same","distance","threshold"],"properties":{"same":{"type":"boolean"},"distance":{"type":"number"},"threshold":{"type":"number"}}})";
constexpr std::string_view k_enrolled_schema =
    R"({"type":"object","properties":{"person_id":{"type":"string"},"result":{"type":"string","enum":["enrolled","unchanged"]},"templates":{"type":"array","items":{"type":"integer"}},"quality":{"type":["number","null"]},"resembles":{"type":["string","null"]}}})";

/// The photos of a request: fields of a form, or the whole body as one photo.
class Photos {
public:
    explicit Photos(Request const& request) : m_request(request) {
        auto const type = request.media_type();
        m_is_bare = type.starts_with("image/") || type == "application/octet-stream";
        if (!m_is_bare) m_form = Form::parse(request.headers.get("content-type"), request.body).or_throw();
    }
    [[nodiscard]] std::optional<ByteView> find(std::string_view name) const {
        if (m_is_bare) return name == "image" ? std::optional{as_bytes(m_request.body)} : std::nullopt;
        auto const* part = m_form.find(name);
        return part ? std::optional{as_bytes(part->content)} : std::nullopt;
    }
    [[nodiscard]] ByteView require(std::string_view name) const {
        auto const photo = find(name);
        if (photo && !photo->empty()) return *photo;
        throw Error{Kind::usage, fmt::format("send a photo as the field \"{}\" of a form (multipart/form-data)", name)};
    }
    [[nodiscard]] std::optional<std::string> text(std::string_view name) const {
        return m_is_bare ? std::nullopt : m_form.field(name);
    }

private:
    Request const& m_request;
    bool m_is_bare = false;
    Form m_form;
};

Reply bad_photo(image::Failure const& failure) {
    bool const is_too_large = failure.reason == image::Failure::Reason::too_large;
    return cannot_process(is_too_large ? "too_large" : "unreadable", failure.detail);
}

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
    auto const name = photos.text("name").value_or("");
    app::check_person_name(name).or_throw();
    auto const given = new_name(call, id, name);
    if (given.is_renaming && !call.who.may(app::Scope::people))
        return refuse({Refusal::forbidden, fmt::format("'{}' is enrolled under another name; to give somebody another one needs "
                                                       "the scope people",
                                                       printable(id))});
    auto const report = call.desk->enrol(id, given.name, photo, call.desk->rules()->enrol);
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

Json json_of(app::RecognizedPerson const& person) {
    return {{"id", person.person_id}, {"name", text_json(person.name)}, {"distance", rounded(person.distance)}};
}

Json json_of(app::RecognizedFace const& face) {
    auto candidates = Json::array();
    for (auto const& candidate : face.candidates)
        candidates.push_back(json_of(candidate));
    return {{"box", box_object(face.box)},
            {"quality", rounded(face.quality)},
            {"person", face.person ? json_of(*face.person) : Json{}},
            {"distance", face.distance ? Json(rounded(*face.distance)) : Json{}},
            {"candidates", std::move(candidates)}};
}

Json json_of(app::RecognizedPhoto const& photo, float threshold) {
    auto faces = Json::array();
    for (auto const& face : photo.faces)
        faces.push_back(json_of(face));
    return {{"faces", std::move(faces)},
            {"width", photo.width},
            {"height", photo.height},
            {"rotation", photo.rotation},
            {"threshold", rounded(threshold)}};
}

Reply recognize(Call const& call) {
    constexpr std::int64_t k_most_candidates = 100;
    Filters filters{call};
    app::RecognizeOptions options;
    options.rule = call.desk->rules()->identify;
    options.top = static_cast<std::size_t>(filters.whole("top", 1, k_most_candidates).value_or(1));
    if (auto const threshold = filters.number("threshold", 0, k_farthest))
        options.rule.threshold = static_cast<float>(*threshold);
    filters.finish();
    Photos const photos{call.request};
    auto const photo = call.desk->recognize(photos.require("image"), options);
    if (photo.failure) return bad_photo(*photo.failure);
    return json_reply(json_of(photo, options.rule.threshold));
}

/// When a photo was taken that had to wait for us. Throws Error{usage}.
Timestamp moment_of(std::optional<std::string> const& text, Timestamp now) {
    constexpr std::chrono::hours k_longest_wait{7 * 24};
    constexpr std::chrono::minutes k_fast_clock{5};
    if (!text || text->empty()) return now;
    auto const time = from_rfc3339(*text);
    if (!time) throw Error{Kind::usage, "taken_at must be a time like 2026-11-21T07:15:00Z"};
    if (*time > now + k_fast_clock || *time < now - k_longest_wait)
        throw Error{Kind::usage, "taken_at must lie within the last 7 days: set the clock of the camera"};
    return std::min(*time, now);
}

/// What is stored of a photo: who was on it.
struct Attendance {
    std::vector<app::Sighting> sightings;
    Json json;
};

Reply store_attendance(Site& site, Attendance const& attendance) {
    auto json = attendance.json;
    json["sightings"] = Json::array();
    for (auto const& sighting : attendance.sightings) {
        auto const reported = site.sightings().report(sighting);
        json["sightings"].push_back({{"person_id", sighting.person_id},
                                     {"event", reported.event},
                                     {"is_repeat", reported.is_repeat},
                                     {"time", time_json(sighting.time)}});
    }
    return json_reply(json);
}

Reply attend(Call const& call) {
    Photos const photos{call.request};
    auto const image = photos.require("image");
    auto const now = call.desk->clock().now();
    auto const taken = moment_of(photos.text("taken_at"), now);
    auto const source = photos.text("source").value_or("");
    app::RecognizeOptions options;
    options.rule = call.desk->rules()->identify;
    auto const photo = call.desk->recognize(image, options);
    if (photo.failure) return bad_photo(*photo.failure);
    auto const attendance = std::make_shared<Attendance>();
    attendance->json = json_of(photo, options.rule.threshold);
    for (auto const& face : photo.faces) {
        if (!face.person) continue;
        app::Sighting sighting;
        if (!source.empty()) sighting.source = source;
        sighting.person_id = face.person->person_id;
        sighting.name = face.person->name;
        sighting.distance = face.distance;
        sighting.box = face.box;
        sighting.frame_width = photo.width;
        sighting.frame_height = photo.height;
        sighting.time = taken;
        // A face that was turned has another place on the picture as it was sent, but it is the picture that is kept.
        sighting.picture = Bytes{image.begin(), image.end()};
        attendance->sightings.push_back(std::move(sighting));
    }
    Reply reply;
    reply.rest = [&site = call.site, attendance](app::Desk&) { return store_attendance(site, *attendance); };
    return reply;
}

/// The largest face of a photo, or the refusal.
struct Look {
    std::optional<app::Probe> probe;
    std::optional<Reply> refusal;
};
Look look_at(Call const& call, ByteView photo, std::string_view name) {
    app::PhotoSource const source{.path = std::string{name}, .bytes = Bytes{photo.begin(), photo.end()}};
    try {
        auto probe = app::probe_of(call.desk->engine(), source, call.desk->rules()->limits);
        if (!probe) return {{}, cannot_process("no_face", fmt::format("there is no face on photo {}", name))};
        return {std::move(probe), {}};
    } catch (Error const& error) {
        if (error.kind() != Kind::data) throw;
        return {{}, cannot_process("unreadable", error.message())};
    }
}

Reply compare(Call const& call) {
    Photos const photos{call.request};
    auto const first = photos.require("a");
    auto const person = photos.text("person");
    if (person && photos.find("b")) throw Error{Kind::usage, "send \"b\" or \"person\", not both"};
    if (person) static_cast<void>(app::require_person(call.desk->store(), *person));
    auto const second = person ? ByteView{} : photos.require("b");
    auto const rules = call.desk->rules();
    app::Yardstick const yardstick{
        .metric = rules->metric, .scale = call.desk->workspace().models.contract().scale, .threshold = rules->verify};
    auto a = look_at(call, first, "a");
    if (a.refusal) return std::move(*a.refusal);
    app::Comparison comparison;
    if (person) {
        comparison = app::compare_with_person(call.desk->workspace(), a.probe->vector, *person, yardstick);
    } else {
        auto b = look_at(call, second, "b");
        if (b.refusal) return std::move(*b.refusal);
        comparison = app::compare(a.probe->vector, b.probe->vector, yardstick);
    }
    return json_reply(
        {{"same", comparison.same}, {"distance", rounded(comparison.distance)}, {"threshold", rounded(yardstick.threshold)}});
}

}  // namespace

void add_api_faces(Routes& routes) {
    using app::Scope;
    constexpr auto family = Family::api;
    Doc::Answer const no_good{422, "no face, several faces, or no photo; `code` says which", "application/problem+json",
                              R"({"$ref":"#/components/schemas/Problem"})"};
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
                                    {409, "the face is somebody else's", "application/problem+json",
                                     R"({"$ref":"#/components/schemas/Problem"})"},
                                    no_good}}});
    routes.add({.family = family,
                .method = "POST",
                .pattern = "/api/v2/recognize",
                .work = Work::inference,
                .scope = Scope::recognize,
                .max_body = k_api_photo_body,
                .handle = recognize,
                .doc = {.summary = "Who is on this photo? The body may also be the photo itself",
                        .parameters = {{"top", "query", R"({"type":"integer","minimum":1,"maximum":100,"default":1})",
                                        "candidates to name for each face"},
                                       {"threshold", "query", R"({"type":"number","minimum":0,"maximum":4})",
                                        "largest distance, instead of the server's"}},
                        .body = Doc::Body{"multipart/form-data", k_photo_schema},
                        .answers = {{200, "the faces, largest first", "application/json",
                                     R"({"$ref":"#/components/schemas/Recognition"})"},
                                    no_good}}});
    routes.add(
        {.family = family,
         .method = "POST",
         .pattern = "/api/v2/attendance",
         .work = Work::inference,
         .scope = Scope::recognize,
         .is_change = true,
         .max_body = k_api_photo_body,
         .handle = attend,
         .doc = {.summary = "Who is on this photo of a camera? They become events, as if a terminal had seen them",
                 .body = Doc::Body{"multipart/form-data", k_attendance_schema},
                 .answers = {{200, "as of /recognize, and what was stored", "application/json", k_attended_schema}, no_good}}});
    routes.add({.family = family,
                .method = "POST",
                .pattern = "/api/v2/compare",
                .work = Work::inference,
                .scope = Scope::recognize,
                .max_body = k_api_photo_body,  // of both together
                .handle = compare,
                .doc = {.summary = "Do two photos, or a photo and a person, show the same face?",
                        .body = Doc::Body{"multipart/form-data", k_compare_schema},
                        .answers = {{200, "the distance, and what it means", "application/json", k_comparison_schema},
                                    k_doc_unknown,
                                    no_good}}});
}

}  // namespace bioctl::http
