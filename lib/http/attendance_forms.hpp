#pragma once
// What the calls of the face attendance service share. Private to http/.

#include <string>
#include <string_view>
#include <variant>

#include "lib/app/recognize.hpp"
#include "lib/http/json.hpp"
#include "lib/http/route.hpp"

namespace bioctl::http {

inline constexpr std::size_t k_photo_body = 51'000'000;
inline constexpr std::string_view k_unknown_label = "Unknown";
inline constexpr std::string_view k_photo_form =
    R"({"type":"object","required":["image"],"properties":{"image":{"type":"string","format":"binary"}}})";

/// 400 with the old text.
[[nodiscard]] Reply not_an_image();
/// 422 as FastAPI words it; place: "body", "query".
[[nodiscard]] Reply bad_value(std::string_view place, std::string_view field, std::string_view message);

/// The form's fields, or the reply to a form that lacks some. `image` points into the request's body.
struct PhotoForm {
    std::string student_id;
    std::string_view image;
};
[[nodiscard]] std::variant<PhotoForm, Reply> photo_form(Request const& request, bool wants_id);

/// [{"box", "label", "distance"}], largest face first.
[[nodiscard]] Json results_of(app::RecognizedPhoto const& photo);

}  // namespace bioctl::http
