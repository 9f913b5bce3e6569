#include "lib/http/attendance_forms.hpp"

#include "lib/http/multipart.hpp"
#include "lib/http/photo_reply.hpp"

namespace bioctl::http {

namespace {

/// As FastAPI words its own refusals.
Json field_required(std::string_view field) {
    return {{"loc", Json::array({"body", field})}, {"msg", "field required"}, {"type", "value_error.missing"}};
}

Reply unprocessable(Json details) {
    return json_reply({{"detail", std::move(details)}}, 422);
}

}  // namespace

Reply not_an_image() {
    return json_reply({{"ok", false}, {"msg", "Gambar tidak valid"}}, 400);
}

Reply bad_value(std::string_view place, std::string_view field, std::string_view message) {
    return unprocessable(Json::array({{{"loc", Json::array({place, field})}, {"msg", message}, {"type", "value_error"}}}));
}

std::variant<PhotoForm, Reply> photo_form(Request const& request, bool wants_id) {
    auto missing = Json::array();
    PhotoForm wanted;
    // FastAPI takes a body that is no form at all for a form without fields.
    auto const form = Form::parse(request.headers.get("content-type"), request.body);
    if (!form && request.media_type() == "multipart/form-data")
        return json_reply({{"detail", "There was an error parsing the body"}}, 400);
    if (wants_id) {
        auto id = form ? form->field("student_id") : std::nullopt;
        if (!id) missing.push_back(field_required("student_id"));
        if (id) wanted.student_id = std::move(*id);
    }
    auto const* image = form ? form->find("image") : nullptr;
    if (!image) missing.push_back(field_required("image"));
    if (!missing.empty()) return unprocessable(std::move(missing));
    if (!image->file_name) return bad_value("body", "image", "Expected UploadFile, received: <class 'str'>");
    wanted.image = image->content;
    return wanted;
}

Json results_of(app::RecognizedPhoto const& photo) {
    auto results = Json::array();
    for (auto const& face : photo.faces) {
        results.push_back({{"box", box_list(face.box)},
                           {"label", face.person ? std::string_view{face.person->person_id} : k_unknown_label},
                           {"distance", face.distance ? rounded(*face.distance) : 1.0}});
    }
    return results;
}

}  // namespace bioctl::http
