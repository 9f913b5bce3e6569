#include "lib/app/people_renewal.hpp"

#include <algorithm>

#include <fmt/format.h>

#include "lib/app/media.hpp"
#include "lib/app/people_transfer.hpp"
#include "lib/base/text.hpp"

namespace bioctl::app {

namespace {

/// Two detectors' boxes of one face overlap by .5 and more, those of neighbours in a row of people hardly at all.
constexpr float k_least_overlap = 0.3F;

float overlap(cv::Rect2f const& a, cv::Rect2f const& b) {
    float const common = (a & b).area();
    float const both = a.area() + b.area() - common;
    return both > 0 ? common / both : 0;
}

bool is_import(store::Template const& t) {
    return !t.photo && (t.source.starts_with("npy:") || t.source.starts_with("json:"));
}

std::string space_of(store::Template const& t, std::span<face::Contract const> known) {
    if (t.source.starts_with("npy:")) return std::string{k_npy_space};
    auto const found = std::ranges::find(known, t.contract, &face::Contract::id);
    return found == known.end() ? std::string{} : found->space;
}

NewVector vector_of(face::Face const& face, VectorOrigin origin) {
    return {.origin = origin, .vector = face.vector, .code = {}, .quality = face.quality.score};
}

NoVector gone(std::string detail) {
    return {ReembedProblem::photo_gone, std::move(detail)};
}

Renewal from_photo(face::Engine& engine, store::Template const& t, RenewalRules const& rules) {
    auto const name = printable(t.source);
    auto const file = image::read(t.source, rules.limits);
    if (!file) return gone(fmt::format("photo {}: {}", name, file.error().detail));
    if (sha256(*file) != *t.photo) return gone(fmt::format("photo {} is another one now", name));
    auto const analysis = engine.analyse(*file, rules.limits);
    if (!analysis) return gone(fmt::format("photo {}: {}", name, analysis.error().detail));
    auto const* face = same_face(analysis->faces, t);
    if (face) return vector_of(*face, VectorOrigin::photo);
    return NoVector{ReembedProblem::no_face,
                    fmt::format("photo {}: the face is not found again ({} others are)", name, analysis->faces.size())};
}

Renewal from_portrait(face::Engine& engine, store::Template const& t, RenewalRules const& rules) {
    auto const name = printable(t.crop);
    auto const file = read_media(rules.media_dir, t.crop, rules.limits.max_bytes);
    if (!file) return gone(fmt::format("portrait {}", file.error().message()));
    auto const analysis = engine.analyse(*file, rules.limits);
    if (!analysis) return gone(fmt::format("portrait {}: {}", name, analysis.error().detail));
    auto const* face = central_face(analysis->faces, analysis->size);
    if (face) return vector_of(*face, VectorOrigin::portrait);
    return NoVector{ReembedProblem::no_face, fmt::format("portrait {}: no face in its middle", name)};
}

/// Both reasons in one; the face that was not found tells more than the file that is not there.
NoVector joined(NoVector const& photo, NoVector const& portrait) {
    bool const faceless = photo.problem == ReembedProblem::no_face || portrait.problem == ReembedProblem::no_face;
    return {faceless ? ReembedProblem::no_face : ReembedProblem::photo_gone, photo.detail + "; " + portrait.detail};
}

Renewal from_import(store::Template const& t, RenewalRules const& rules) {
    auto const space = space_of(t, rules.known);
    bool const fits = t.vector.size() == static_cast<std::size_t>(rules.active.dimensions);
    if (!space.empty() && space == rules.active.space && fits) return NewVector{VectorOrigin::import, t.vector, {}, t.quality};
    return NoVector{ReembedProblem::no_picture,
                    fmt::format("imported from {} without a picture; enrol this person from a photo", printable(t.source))};
}

}  // namespace

face::Face const* same_face(std::vector<face::Face> const& faces, store::Template const& t) {
    cv::Rect2f const stored{cv::Point2f(static_cast<float>(t.box_left), static_cast<float>(t.box_top)),
                            cv::Point2f(static_cast<float>(t.box_right), static_cast<float>(t.box_bottom))};
    if (stored.empty()) return faces.size() == 1 ? faces.data() : nullptr;
    auto const by_overlap = [&](face::Face const& face) { return overlap(face.box, stored); };
    auto const best = std::ranges::max_element(faces, {}, by_overlap);
    return best != faces.end() && by_overlap(*best) >= k_least_overlap ? &*best : nullptr;
}

face::Face const* central_face(std::vector<face::Face> const& faces, cv::Size size) {
    cv::Point2f const middle{static_cast<float>(size.width) / 2, static_cast<float>(size.height) / 2};
    face::Face const* best = nullptr;
    for (auto const& face : faces) {
        if (face.box.contains(middle) && (!best || face.box.area() > best->box.area())) best = &face;
    }
    return best;
}

Renewal renew(face::Engine& engine, store::Template const& t, RenewalRules const& rules) {
    if (t.modality == store::Modality::palm) return renew_palm(t, rules);
    if (is_import(t)) return from_import(t, rules);
    std::optional<NoVector> trouble;
    if (t.photo) {
        auto renewal = from_photo(engine, t, rules);
        auto* const failed = std::get_if<NoVector>(&renewal);
        if (!failed) return renewal;
        trouble = std::move(*failed);
    }
    if (t.crop.empty()) return trouble ? *trouble : NoVector{ReembedProblem::no_picture, "made without a photo"};
    auto renewal = from_portrait(engine, t, rules);
    auto* const failed = std::get_if<NoVector>(&renewal);
    if (failed && trouble) return joined(*trouble, *failed);
    return renewal;
}

}  // namespace bioctl::app
