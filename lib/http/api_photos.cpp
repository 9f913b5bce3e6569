#include "lib/http/api_photos.hpp"

#include <fmt/format.h>

#include "lib/base/brief.hpp"
#include "lib/http/photo_reply.hpp"

namespace bioctl::http {

namespace {

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

}  // namespace

Photos::Photos(Request const& request) : m_request(request) {
    auto const type = request.media_type();
    m_is_bare = type.starts_with("image/") || type == "application/octet-stream";
    if (!m_is_bare) m_form = Form::parse(request.headers.get("content-type"), request.body).or_throw();
}

std::optional<ByteView> Photos::find(std::string_view name) const {
    if (m_is_bare) return name == "image" ? std::optional{as_bytes(m_request.body)} : std::nullopt;
    auto const* part = m_form.find(name);
    return part ? std::optional{as_bytes(part->content)} : std::nullopt;
}

ByteView Photos::require(std::string_view name) const {
    auto const photo = find(name);
    if (photo && !photo->empty()) return *photo;
    throw Error{Kind::usage, fmt::format("send a photo as the field \"{}\" of a form (multipart/form-data)", name)};
}

std::optional<std::string> Photos::text(std::string_view name) const {
    return m_is_bare ? std::nullopt : m_form.field(name);
}

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

Doc::Answer doc_no_good() {
    return {422, "no face, several faces, no palm, or no photo; `code` says which", "application/problem+json",
            R"({"$ref":"#/components/schemas/Problem"})"};
}

}  // namespace bioctl::http
