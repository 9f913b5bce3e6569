#include "lib/app/samples.hpp"

#include <algorithm>
#include <cmath>

#include <fmt/format.h>

#include "lib/app/ordered.hpp"
#include "lib/base/file.hpp"
#include "lib/base/text.hpp"

namespace bioctl::app {

namespace {

float distance_to_middle(cv::Rect2f const& box, cv::Size picture) {
    auto const centre = (box.tl() + box.br()) / 2;
    return std::hypot(centre.x - static_cast<float>(picture.width) / 2, centre.y - static_cast<float>(picture.height) / 2);
}

/// Largest first, so the first of equally near ones is the largest.
std::size_t chosen_of(face::Analysis const& analysis, FaceChoice choice) {
    if (choice == FaceChoice::largest) return 0;
    auto const nearest = std::ranges::min_element(
        analysis.faces, {}, [&](face::Face const& face) { return distance_to_middle(face.box, analysis.size); });
    return static_cast<std::size_t>(nearest - analysis.faces.begin());
}

Sample sample_of(face::Engine& engine, SamplePhoto const& photo, SampleOptions const& options) {
    Sample sample{.person = photo.person, .path = photo.path};
    auto const file = image::read(photo.path, options.limits);
    if (!file) {
        sample.trouble = file.error().detail;
        return sample;
    }
    auto analysis = analyse_photo(engine, *file, options.limits, face::Embedding::none);
    if (!analysis) {
        sample.trouble = analysis.error().detail;
    } else if (analysis->faces.empty()) {
        sample.trouble = "no face found";
    } else {
        std::vector<face::Face> chosen{std::move(analysis->faces[chosen_of(*analysis, options.choice)])};
        engine.embed(chosen);
        sample.vector = std::move(chosen.front().vector);
    }
    return sample;
}

}  // namespace

Samples take_samples(face::ModelSet const& models, std::vector<SamplePhoto> const& photos, SampleOptions const& options) {
    for (auto const& photo : photos) {
        if (is_absent(photo.path)) throw Error{Kind::no_input, fmt::format("{}: no such photo", printable(photo.path.string()))};
    }
    Engines engines{models, std::max(1, options.jobs)};
    Samples result;
    result.samples.reserve(photos.size());
    ordered_for<Sample>(
        photos.size(), options.jobs,
        [&](int worker, std::size_t index) { return sample_of(engines.of(worker), photos[index], options); },
        [&](std::size_t, Sample&& sample) {
            result.samples.push_back(std::move(sample));
            if (options.on_progress) options.on_progress(result.samples.size());
            return !(options.should_stop && options.should_stop());
        });
    result.times = engines.times();
    return result;
}

}  // namespace bioctl::app
