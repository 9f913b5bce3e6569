#include "lib/app/recognize.hpp"

#include <algorithm>
#include <unordered_map>

#include "lib/app/enrol.hpp"
#include "lib/app/ordered.hpp"
#include "lib/image/annotate.hpp"
#include "lib/store/people.hpp"

namespace bioctl::app {

namespace {

constexpr int k_annotated_jpeg_quality = 90;
constexpr std::string_view k_unknown = "Unknown";

using Candidates = std::vector<match::Candidate>;

RecognizedFace recognized(face::Face const& face, cv::Size picture, match::Decision const& decision, Faces const& faces,
                          std::size_t top) {
    RecognizedFace result;
    result.box = clipped(face.box, picture);
    result.quality = face.quality.score;
    auto const& candidates = decision.candidates;
    auto shown = candidates.begin();
    if (decision.match) {
        result.person = faces.person(*decision.match);
        shown = std::ranges::find(candidates, decision.match->person, &match::Candidate::person);
    }
    if (shown != candidates.end()) result.distance = shown->distance;
    // Whoever is nearer than the match is on this photo already, as another face: no rival of this one.
    if (shown != candidates.end() && shown + 1 != candidates.end()) result.runner_up = faces.person(shown[1]);
    for (std::size_t i = 0; i < std::min(top, candidates.size()); ++i)
        result.candidates.push_back(faces.person(candidates[i]));
    return result;
}

/// Decodes again: the engine looks at a reduced picture where that is enough.
Bytes annotate_photo(ByteView file, image::Limits const& limits, std::vector<RecognizedFace> const& faces) {
    auto photo = image::decode(file, {.limits = limits, .min_longer_side = 0});
    if (!photo) return {};
    std::vector<image::Mark> marks;
    for (auto const& face : faces) {
        auto const& box = face.box;
        marks.push_back({.box = {box.left, box.top, box.right - box.left, box.bottom - box.top},
                         .text = face.person ? face.person->label() : std::string{k_unknown},
                         .known = face.person.has_value()});
    }
    image::annotate(photo->pixels, marks);
    return image::encode_jpeg(photo->pixels, k_annotated_jpeg_quality);
}

}  // namespace

Faces::Faces(Workspace const& workspace) : m_gallery(load_gallery(workspace)) {
    m_names.resize(m_gallery.people());
    for (auto& person : workspace.store.people().list()) {
        if (auto const index = m_gallery.find(person.id)) m_names[*index] = std::move(person.name);
    }
}

RecognizedPerson Faces::person(match::Candidate const& candidate) const {
    return {m_gallery.person_id(candidate.person), m_names[candidate.person], candidate.distance};
}

RecognizedPhoto recognize_photo(face::Engine& engine, Faces const& faces, PhotoSource const& source, image::Limits const& limits,
                                RecognizeOptions const& options) {
    RecognizedPhoto photo;
    photo.path = source.path;
    auto const file = read_photo(source, limits);
    auto const embedding = faces.gallery().templates() > 0 ? face::Embedding::all_faces : face::Embedding::none;
    auto const analysis = file ? analyse_photo(engine, *file, limits, embedding) : tl::unexpected(file.error());
    if (!analysis) {
        photo.failure = analysis.error();
        return photo;
    }
    photo.rotation = analysis->rotation;
    photo.width = analysis->size.width;
    photo.height = analysis->size.height;
    // One more than the faces can take from each other, and one as runner-up.
    auto const wanted = std::max(options.top, analysis->faces.size() + 2);
    auto const began = std::chrono::steady_clock::now();
    std::vector<Candidates> candidates;
    for (auto const& face : analysis->faces)
        candidates.push_back(face.vector.empty() ? Candidates{} : faces.gallery().search(face.vector, wanted));
    photo.search_time = std::chrono::steady_clock::now() - began;
    auto const decisions = match::assign(std::move(candidates), options.rule);
    for (std::size_t i = 0; i < decisions.size(); ++i)
        photo.faces.push_back(recognized(analysis->faces[i], analysis->size, decisions[i], faces, options.top));
    if (options.annotation == Annotation::jpeg) photo.annotated = annotate_photo(*file, limits, photo.faces);
    return photo;
}

face::StageTimes recognize(Workspace const& workspace, Faces const& faces, std::vector<PhotoSource> const& photos,
                           RecognizeOptions const& options, RecognizeEvents const& events) {
    Engines engines{workspace.models, std::max(1, workspace.jobs)};
    ordered_for<RecognizedPhoto>(
        photos.size(), workspace.jobs,
        [&](int worker, std::size_t index) {
            return recognize_photo(engines.of(worker), faces, photos[index], workspace.limits, options);
        },
        [&](std::size_t, RecognizedPhoto&& photo) {
            events.on_photo(photo);
            return !events.should_stop || !events.should_stop();
        });
    return engines.times();
}

}  // namespace bioctl::app
