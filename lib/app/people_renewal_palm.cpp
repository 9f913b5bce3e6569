// The palm's half of people_renewal.hpp: a template of an older pipeline made again.

#include <fmt/format.h>

#include "lib/app/media.hpp"
#include "lib/app/palm_photo.hpp"
#include "lib/app/people_renewal.hpp"
#include "lib/base/text.hpp"

namespace bioctl::app {

namespace {

/// what: "photo a.jpg", for people.
Renewal from_file(ByteView file, VectorOrigin origin, std::string const& what, image::Limits const& limits) {
    auto const look =
        find_palm(file, limits, palm::Search::one_pose);  // a want of memory ends the run: it is no fault of the photo
    if (!look) return NoVector{ReembedProblem::photo_gone, fmt::format("{}: {}", what, look.error().detail)};
    if (!look->palm) return NoVector{ReembedProblem::no_palm, fmt::format("{}: {}", what, look->palm.error().detail)};
    auto const& palm = *look->palm;
    return NewVector{.origin = origin, .vector = {}, .code = palm::to_bytes(palm.enrolled), .quality = palm.quality.score};
}

Renewal from_photo(store::Template const& t, RenewalRules const& rules) {
    auto const what = fmt::format("photo {}", printable(t.source));
    auto const file = image::read(t.source, rules.limits);
    if (!file) return NoVector{ReembedProblem::photo_gone, fmt::format("{}: {}", what, file.error().detail)};
    if (sha256(*file) != *t.photo) return NoVector{ReembedProblem::photo_gone, fmt::format("{} is another one now", what)};
    return from_file(*file, VectorOrigin::photo, what, rules.limits);
}

Renewal from_portrait(store::Template const& t, RenewalRules const& rules) {
    auto const what = fmt::format("portrait {}", printable(t.crop));
    auto const file = read_media(rules.media_dir, t.crop, rules.limits.max_bytes);
    if (!file) return NoVector{ReembedProblem::photo_gone, fmt::format("portrait {}", file.error().message())};
    return from_file(*file, VectorOrigin::portrait, what, rules.limits);
}

}  // namespace

Renewal renew_palm(store::Template const& t, RenewalRules const& rules) {
    Renewal renewal = NoVector{ReembedProblem::no_picture, "made without a photo"};
    if (t.photo && !t.source.empty()) renewal = from_photo(t, rules);
    if (std::holds_alternative<NewVector>(renewal) || t.crop.empty()) return renewal;
    auto other = from_portrait(t, rules);
    if (auto* const failed = std::get_if<NoVector>(&other)) {
        auto const& first = std::get<NoVector>(renewal);
        if (first.problem != ReembedProblem::no_picture) failed->detail = fmt::format("{}; {}", first.detail, failed->detail);
    }
    return other;
}

}  // namespace bioctl::app
