#include "lib/app/compare.hpp"

#include <algorithm>

#include <fmt/format.h>

#include "lib/app/people_edit.hpp"
#include "lib/base/text.hpp"
#include "lib/store/templates.hpp"

namespace bioctl::app {

std::optional<Probe> probe_of(face::Engine& engine, PhotoSource const& source, image::Limits const& limits) {
    auto const name = source.path.string();
    auto const file = read_photo(source, limits);
    if (!file) throw file.error().as_error(name);
    auto analysis = analyse_photo(engine, *file, limits, face::Embedding::none);
    if (!analysis) throw analysis.error().as_error(name);
    if (analysis->faces.empty()) return std::nullopt;
    auto const count = analysis->faces.size();
    analysis->faces.resize(1);
    engine.embed(analysis->faces);
    return Probe{std::move(analysis->faces.front().vector), count};
}

Comparison compare(std::span<float const> a, std::span<float const> b, Yardstick const& yardstick) {
    auto const distance = match::distance(a, b, yardstick.metric, yardstick.scale);
    return {distance, distance <= yardstick.threshold};
}

Comparison compare_with_person(Workspace const& workspace, std::span<float const> probe, std::string_view person_id,
                               Yardstick const& yardstick) {
    auto const person = require_person(workspace.store, person_id);
    auto const contract = workspace.models.contract().id;
    std::optional<Comparison> nearest;
    for (auto const& row : workspace.store.templates().of_person(person.id)) {
        if (row.modality != store::Modality::face || row.contract != contract) continue;
        auto const comparison = compare(probe, row.vector, yardstick);
        if (!nearest || comparison.distance < nearest->distance) nearest = comparison;
    }
    if (nearest) return *nearest;
    auto const next = person.templates > person.palms ? "run `bioctl people reembed`" : "enrol a photo of this person first";
    throw Error{Kind::no_input,
                fmt::format("'{}' has no face template made with the models in use; {}", printable(person.id), next)};
}

}  // namespace bioctl::app
