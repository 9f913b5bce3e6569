#include "lib/http/photo_reply.hpp"

#include <charconv>
#include <cmath>

#include <fmt/format.h>

#include "lib/base/text.hpp"

namespace bioctl::http {

double rounded(float distance) {
    constexpr double k_places = 10'000;
    return std::round(static_cast<double>(distance) * k_places) / k_places;
}

Json box_list(app::Box const& box) {
    return Json::array({box.top, box.right, box.bottom, box.left});
}

Json box_object(app::Box const& box) {
    return {{"top", box.top}, {"right", box.right}, {"bottom", box.bottom}, {"left", box.left}};
}

Result<std::optional<double>> number_in(Target const& target, std::string_view name, double least, double most) {
    auto const text = target.parameter(name);
    if (!text || text->empty()) return std::optional<double>{};
    double value = 0;
    auto const [end, error] = std::from_chars(text->data(), text->data() + text->size(), value);
    bool const is_number = error == std::errc{} && end == text->data() + text->size() && std::isfinite(value);
    if (is_number && value >= least && value <= most) return std::optional{value};
    return failure(Kind::usage, fmt::format("{} must be a number from {} to {}", name, least, most));
}

std::string detail_of(app::Rejected const& rejected) {
    if (rejected.reason == app::RejectReason::duplicate_person && rejected.resembles)
        return fmt::format("looks like '{}' (distance {:.3f}); enrol under that id", printable(*rejected.resembles),
                           rejected.resembles_distance.value_or(0));
    if (rejected.reason == app::RejectReason::many_faces)
        return "there are several faces on the photo; send one of this person alone";
    return rejected.detail;
}

bool is_true(std::optional<std::string> const& text) {
    if (!text) return false;
    auto const word = to_lower_ascii(*text);
    return word == "true" || word == "1" || word == "on" || word == "yes";
}

}  // namespace bioctl::http
