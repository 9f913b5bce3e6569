#pragma once
// What the families share when they answer about faces. Private to http/.

#include <optional>
#include <string_view>

#include "lib/app/enrol.hpp"
#include "lib/app/photos.hpp"
#include "lib/http/json.hpp"

namespace bioctl::http {

/// To four places, as the old services rounded.
[[nodiscard]] double rounded(float distance);
/// [top, right, bottom, left], the order of face_recognition.
[[nodiscard]] Json box_list(app::Box const& box);
/// {"top", "right", "bottom", "left"}
[[nodiscard]] Json box_object(app::Box const& box);
/// A number of a query: none if it is not there. Kind::usage naming the parameter for what is no number from `least` to `most`.
[[nodiscard]] Result<std::optional<double>> number_in(Target const& target, std::string_view name, double least, double most);
/// Why a photo was not enrolled, without the advice that is for a command line.
[[nodiscard]] std::string detail_of(app::Rejected const& rejected);
/// "true", "1", "on", "yes"
[[nodiscard]] bool is_true(std::optional<std::string> const& text);

}  // namespace bioctl::http
