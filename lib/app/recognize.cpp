#include "lib/app/recognize.hpp"

#include <algorithm>
#include <span>

#include "lib/app/ordered.hpp"
#include "lib/app/palm_photo.hpp"
#include "lib/image/annotate.hpp"

namespace bioctl::app {

namespace {

constexpr int k_annotated_jpeg_quality = 90;
constexpr std::string_view k_unknown = "Unknown";

using Candidates = std::vector<match::Candidate>;

template <class Gallery>
Identity identity_of(match::Decision const& decision, Known<Gallery> const& known, std::size_t top, Box const& box,
                     float quality) {
    Identity result{.box = box, .quality = quality, .person = {}, .distance = {}, .runner_up = {}, .candidates = {}};
    auto const& candidates = decision.candidates;
    auto shown = candidates.begin();
    if (decision.match) {
        result.person = known.person(*decision.match);
        shown = std::ranges::find(candidates, decision.match->person, &match::Candidate::person);
    }
    if (shown != candidates.end()) result.distance = shown->distance;
    // Whoever is nearer than the match is on this photo already, as another face: no rival of this one.
    if (shown != candidates.end() && shown + 1 != candidates.end()) result.runner_up = known.person(shown[1]);
    for (std::size_t i = 0; i < std::min(top, candidates.size()); ++i)
        result.candidates.push_back(known.person(candidates[i]));
    return result;
}

image::Mark mark_of(Identity const& identity) {
    auto const& box = identity.box;
    return {.box = {box.left, box.top, box.right - box.left, box.bottom - box.top},
            .text = identity.person ? identity.person->label() : std::string{k_unknown},
            .known = identity.person.has_value()};
}

/// Decodes again: the engine looks at a reduced picture where that is enough.
Bytes annotate_photo(ByteView file, image::Limits const& limits, RecognizedPhoto const& found) {
    auto photo = image::decode(file, {.limits = limits, .min_longer_side = 0});
    if (!photo) return {};
    std::vector<image::Mark> marks;
    for (auto const& face : found.faces)
        marks.push_back(mark_of(face));
    if (found.palm) {
        marks.push_back(mark_of(*found.palm));
        image::trace(photo->pixels, found.palm->drawing.contour, found.palm->person.has_value());
        image::trace(photo->pixels, found.palm->drawing.region, found.palm->person.has_value());
        image::dot(photo->pixels, found.palm->drawing.valleys);
    }
    image::annotate(photo->pixels, marks);
    return image::encode_jpeg(photo->pixels, k_annotated_jpeg_quality);
}

/// Of each face; nobody for one without a vector.
std::vector<Candidates> search_faces(match::Gallery const& gallery, std::vector<face::Face> const& faces, std::size_t top) {
    std::vector<std::span<float const>> probes;
    for (auto const& face : faces) {
        if (!face.vector.empty()) probes.emplace_back(face.vector);
    }
    auto found = gallery.search(probes, top);
    std::vector<Candidates> candidates(faces.size());
    for (std::size_t i = 0, next = 0; i < faces.size(); ++i) {
        if (!faces[i].vector.empty()) candidates[i] = std::move(found[next++]);
    }
    return candidates;
}

/// Finds faces and says who they are.
void look_for_faces(RecognizedPhoto& photo, face::Engine& engine, Faces const& faces, ByteView file, image::Limits const& limits,
                    RecognizeOptions const& options) {
    auto const embedding = faces.gallery().templates() > 0 ? face::Embedding::all_faces : face::Embedding::none;
    auto const analysis = analyse_photo(engine, file, limits, embedding);
    if (!analysis) {
        photo.failure = analysis.error();
        return;
    }
    photo.rotation = analysis->rotation;
    photo.width = analysis->size.width;
    photo.height = analysis->size.height;
    // One more than the faces can take from each other, and one as runner-up.
    auto const wanted = std::max(options.top, analysis->faces.size() + 2);
    auto const began = std::chrono::steady_clock::now();
    auto candidates = search_faces(faces.gallery(), analysis->faces, wanted);
    photo.search_time = std::chrono::steady_clock::now() - began;
    auto const decisions = match::assign(std::move(candidates), options.rule);
    for (std::size_t i = 0; i < decisions.size(); ++i) {
        auto const& face = analysis->faces[i];
        auto const box = clipped(face.box, analysis->size);
        photo.faces.push_back({identity_of(decisions[i], faces, options.top, box, face.quality.score)});
    }
}

void look_for_a_palm(RecognizedPhoto& photo, Palms const& palms, ByteView file, image::Limits const& limits,
                     RecognizeOptions const& options) {
    auto const look = look_for_palm(file, limits, palm::Search::all_poses);
    if (!look) {
        photo.failure = look.error();
        return;
    }
    photo.width = look->size.width;
    photo.height = look->size.height;
    if (!look->palm) {
        photo.no_palm = look->palm.error();
        return;
    }
    auto const& found = *look->palm;
    auto const began = std::chrono::steady_clock::now();
    std::vector<Candidates> candidates{palms.gallery().search(found.query, options.top + 1)};
    photo.search_time += std::chrono::steady_clock::now() - began;
    auto const decisions = match::assign(std::move(candidates), options.palm_rule);
    auto const box = box_of(found.drawing, look->size);
    photo.palm =
        RecognizedPalm{identity_of(decisions.front(), palms, options.top, box, found.quality.score), found.side, found.drawing};
}

}  // namespace

RecognizedPhoto recognize_photo(face::Engine& engine, Galleries const& known, PhotoSource const& source,
                                image::Limits const& limits, RecognizeOptions const& options) {
    RecognizedPhoto photo;
    photo.path = source.path;
    auto const file = read_photo(source, limits);
    if (!file) {
        photo.failure = file.error();
        return photo;
    }
    if (known.faces) look_for_faces(photo, engine, *known.faces, *file, limits, options);
    if (known.palms && photo.faces.empty() && !photo.failure) look_for_a_palm(photo, *known.palms, *file, limits, options);
    if (options.annotation == Annotation::jpeg && !photo.failure) photo.annotated = annotate_photo(*file, limits, photo);
    return photo;
}

face::StageTimes recognize(Workspace const& workspace, Galleries const& known, std::vector<PhotoSource> const& photos,
                           RecognizeOptions const& options, RecognizeEvents const& events) {
    Engines engines{workspace.models, std::max(1, workspace.jobs)};
    ordered_for<RecognizedPhoto>(
        photos.size(), workspace.jobs,
        [&](int worker, std::size_t index) {
            return recognize_photo(engines.of(worker), known, photos[index], workspace.limits, options);
        },
        [&](std::size_t, RecognizedPhoto&& photo) {
            events.on_photo(photo);
            return !events.should_stop || !events.should_stop();
        });
    return engines.times();
}

}  // namespace bioctl::app
