#include "lib/app/compare_palm.hpp"

#include <fmt/format.h>

#include "lib/app/palm_photo.hpp"
#include "lib/app/people_edit.hpp"
#include "lib/base/text.hpp"

namespace bioctl::app {

palm::Outcome<PalmFeatures> palm_probe_of(PhotoSource const& source, image::Limits const& limits) {
    auto const name = source.path.string();
    auto const file = read_photo(source, limits);
    if (!file) throw file.error().as_error(name);
    auto photo = look_for_palm(*file, limits, palm::Search::all_poses);
    if (!photo) throw photo.error().as_error(name);
    if (!photo->palm) return tl::unexpected(photo->palm.error());
    return PalmFeatures{std::move(photo->palm->enrolled), std::move(photo->palm->query)};
}

Comparison compare_palms(PalmFeatures const& probe, palm::Template const& enrolled, float threshold) {
    auto const distance = palm::compare(probe.query, enrolled);
    return {distance, distance <= threshold};
}

Comparison compare_with_palms_of(store::Store& store, PalmFeatures const& probe, std::string_view person_id, float threshold) {
    auto const person = require_person(store, person_id);
    std::optional<Comparison> nearest;
    for (auto const& row : store.templates().of_person(person.id)) {
        if (row.modality != store::Modality::palm || row.contract != palm::k_pipeline) continue;
        auto const comparison = compare_palms(probe, palm_of(row.id, row.code), threshold);
        if (!nearest || comparison.distance < nearest->distance) nearest = comparison;
    }
    if (nearest) return *nearest;
    auto const next = person.palms > 0 ? "run `bioctl people reembed`" : "enrol a photo of this person's palm first";
    throw Error{Kind::no_input, fmt::format("'{}' has no palm template; {}", printable(person.id), next)};
}

}  // namespace bioctl::app
