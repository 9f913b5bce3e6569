// What is done with photos: enrol, recognise, compare.

#include <fmt/format.h>

#include "lib/app/compare.hpp"
#include "lib/app/compare_palm.hpp"
#include "lib/app/enrol.hpp"
#include "lib/app/people_edit.hpp"
#include "lib/app/person_id.hpp"
#include "lib/base/brief.hpp"
#include "lib/base/text.hpp"
#include "lib/http/api.hpp"
#include "lib/http/families.hpp"
#include "lib/http/multipart.hpp"
#include "lib/http/photo_reply.hpp"

namespace bioctl::http {

namespace {

constexpr double k_farthest = 4;
constexpr std::string_view k_photo_schema =
    R"({"type":"object","required":["image"],"properties":{"image":{"type":"string","format":"binary"}}})";
constexpr std::string_view k_enrol_schema =
    R"({"type":"object","required":["image"],"properties":{"image":{"type":"string","format":"binary"},"name":{"type":"string"},"modality":{"type":"string","enum":["face","palm"],"default":"face"}}})";
constexpr std::string_view k_compare_schema =
    R"({"type":"object","required":["a"],"properties":{"a":{"type":"string","format":"binary"},"b":{"type":"string","format":"binary"},"person":{"type":"string","description":"instead of b: an enrolled person"},"modality":{"type":"string","enum":["face","palm"],"default":"face"}}})";
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

/// What the photos show.
store::Modality modality_of(Photos const& photos) {
    auto const word = photos.text("modality").value_or("face");
    for (auto const modality : {store::Modality::face, store::Modality::palm}) {
        if (word == name_of(modality)) return modality;
    }
    throw Error{Kind::usage, fmt::format("\"modality\" is '{}', neither face nor palm", brief(word))};
}

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

Json json_of(app::RecognizedPerson const& person) {
    return {{"id", person.person_id}, {"name", text_json(person.name)}, {"distance", rounded(person.distance)}};
}

Json json_of(app::Identity const& somebody) {
    auto candidates = Json::array();
    for (auto const& candidate : somebody.candidates)
        candidates.push_back(json_of(candidate));
    return {{"box", box_object(somebody.box)},
            {"quality", rounded(somebody.quality)},
            {"person", somebody.person ? json_of(*somebody.person) : Json{}},
            {"distance", somebody.distance ? Json(rounded(*somebody.distance)) : Json{}},
            {"candidates", std::move(candidates)}};
}

/// The part of the answer that only those get who look for palms.
void add_palm(Json& json, app::RecognizedPhoto const& photo, float threshold) {
    json["palm"] = Json{};
    if (photo.palm) {
        json["palm"] = json_of(*photo.palm);
        json["palm"]["side"] = palm::name_of(photo.palm->side);
    }
    json["no_palm"] =
        photo.no_palm ? Json{{"reason", palm::name_of(photo.no_palm->reason)}, {"detail", photo.no_palm->detail}} : Json{};
    json["palm_threshold"] = rounded(threshold);
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
    auto faces = Json::array();
    for (auto const& face : photo.faces)
        faces.push_back(json_of(face));
    Json json{{"faces", std::move(faces)},
              {"width", photo.width},
              {"height", photo.height},
              {"rotation", photo.rotation},
              {"threshold", rounded(options.rule.threshold)}};
    if (sought != app::Sought::face) add_palm(json, photo, options.palm_rule.threshold);
    return json_reply(json);
}

/// A photo that shows nothing to compare; becomes the reply.
struct NothingToCompare {
    Reply reply;
};

app::PhotoSource source_of(ByteView photo, std::string_view name) {
    return {.path = std::string{name}, .bytes = Bytes{photo.begin(), photo.end()}};
}

/// Runs `look`, which throws Error{data} for a photo that cannot be read.
template <class Look>
auto readable(Look&& look) {
    try {
        return look();
    } catch (Error const& error) {
        if (error.kind() != Kind::data) throw;
        throw NothingToCompare{cannot_process("unreadable", error.message())};
    }
}

std::vector<float> face_on(Call const& call, ByteView photo, std::string_view name) {
    auto probe = readable([&] { return app::probe_of(call.desk->engine(), source_of(photo, name), call.desk->rules()->limits); });
    if (!probe) throw NothingToCompare{cannot_process("no_face", fmt::format("there is no face on photo {}", name))};
    return std::move(probe->vector);
}

app::PalmFeatures palm_on(Call const& call, ByteView photo, std::string_view name) {
    auto probe = readable([&] { return app::palm_probe_of(source_of(photo, name), call.desk->rules()->limits); });
    if (probe) return std::move(*probe);
    throw NothingToCompare{
        cannot_process(palm::name_of(probe.error().reason), fmt::format("photo {}: {}", name, probe.error().detail))};
}

/// The two sides of a comparison: photo a with photo b, or with a person.
struct Pair {
    ByteView a, b;
    std::optional<std::string> person;
};

app::Comparison compare_faces(Call const& call, Pair const& pair, float threshold) {
    app::Yardstick const yardstick{
        .metric = call.desk->rules()->metric, .scale = call.desk->workspace().models.contract().scale, .threshold = threshold};
    auto const a = face_on(call, pair.a, "a");
    if (pair.person) return app::compare_with_person(call.desk->workspace(), a, *pair.person, yardstick);
    return app::compare(a, face_on(call, pair.b, "b"), yardstick);
}

app::Comparison compare_palms(Call const& call, Pair const& pair, float threshold) {
    auto const a = palm_on(call, pair.a, "a");
    if (pair.person) return app::compare_with_palms_of(call.desk->store(), a, *pair.person, threshold);
    return app::compare_palms(a, palm_on(call, pair.b, "b").palm, threshold);
}

Reply compare(Call const& call) {
    Photos const photos{call.request};
    Pair pair{.a = photos.require("a"), .b = {}, .person = photos.text("person")};
    if (pair.person && photos.find("b")) throw Error{Kind::usage, "send \"b\" or \"person\", not both"};
    if (pair.person) static_cast<void>(app::require_person(call.desk->store(), *pair.person));
    if (!pair.person) pair.b = photos.require("b");
    bool const is_palm = modality_of(photos) == store::Modality::palm;
    auto const threshold = is_palm ? call.desk->rules()->palm_verify : call.desk->rules()->verify;
    try {
        auto const comparison = is_palm ? compare_palms(call, pair, threshold) : compare_faces(call, pair, threshold);
        return json_reply(
            {{"same", comparison.same}, {"distance", rounded(comparison.distance)}, {"threshold", rounded(threshold)}});
    } catch (NothingToCompare const& nothing) {
        return nothing.reply;
    }
}

}  // namespace

void add_api_faces(Routes& routes) {
    using app::Scope;
    constexpr auto family = Family::api;
    Doc::Answer const no_good{422, "no face, several faces, no palm, or no photo; `code` says which", "application/problem+json",
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
                                    {409, "the face or palm is somebody else's", "application/problem+json",
                                     R"({"$ref":"#/components/schemas/Problem"})"},
                                    no_good}}});
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
                         no_good}}});
    routes.add({.family = family,
                .method = "POST",
                .pattern = "/api/v2/compare",
                .work = Work::inference,
                .scope = Scope::recognize,
                .max_body = k_api_photo_body,  // of both together
                .handle = compare,
                .doc = {.summary = "Do two photos, or a photo and a person, show the same face or palm?",
                        .body = Doc::Body{"multipart/form-data", k_compare_schema},
                        .answers = {{200, "the distance, and what it means", "application/json", k_comparison_schema},
                                    k_doc_unknown,
                                    no_good}}});
}

}  // namespace bioctl::http
