#pragma once
// Who is on these photos?

#include <chrono>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "lib/app/photos.hpp"
#include "lib/app/workspace.hpp"
#include "lib/match/gallery.hpp"

namespace bioctl::app {

enum class Annotation { none, jpeg };

struct RecognizeOptions {
    match::Rule rule;
    std::size_t top = 1;  ///< candidates to report for each face
    Annotation annotation = Annotation::none;
};

struct RecognizedPerson {
    std::string person_id, name;
    float distance = 0;
    /// What to call this person in front of people.
    [[nodiscard]] std::string const& label() const { return name.empty() ? person_id : name; }
};

struct RecognizedFace {
    Box box;
    float quality = 0;
    std::optional<RecognizedPerson> person;     ///< within the rule
    std::optional<float> distance;              ///< to `person`, else to the nearest one; none if nobody is enrolled
    std::optional<RecognizedPerson> runner_up;  ///< the next one after that
    std::vector<RecognizedPerson> candidates;   ///< nearest first, `top` of them
};

struct RecognizedPhoto {
    fs::path path;
    std::optional<image::Failure> failure;  ///< then there are no faces
    std::vector<RecognizedFace> faces;      ///< largest first
    int rotation = 0;
    int width = 0, height = 0;  ///< of the upright photo at full resolution
    std::chrono::nanoseconds search_time{};
    Bytes annotated;  ///< JPEG, upright, full resolution, with boxes and labels; with Annotation::jpeg and without failure
};

struct RecognizeEvents {
    std::function<void(RecognizedPhoto const&)> on_photo;  ///< in input order, on the calling thread
    std::function<bool()> should_stop;
};

/// Who is enrolled: a snapshot, which any number of threads may search.
class Faces {
public:
    /// Throws as load_gallery().
    explicit Faces(Workspace const& workspace);

    [[nodiscard]] match::Gallery const& gallery() const { return m_gallery; }
    [[nodiscard]] RecognizedPerson person(match::Candidate const& candidate) const;

private:
    match::Gallery m_gallery;
    std::vector<std::string> m_names;  // by PersonIndex
};

/// Looks at one photo. Any thread, with its own engine. Throws only for what concerns all photos (a model is missing).
[[nodiscard]] RecognizedPhoto recognize_photo(face::Engine& engine, Faces const& faces, PhotoSource const& source,
                                              image::Limits const& limits, RecognizeOptions const& options);

/// Workspace::jobs photos at a time; memory is bounded whatever the number of photos. Returns the workers' time by stage, added
/// up.
face::StageTimes recognize(Workspace const& workspace, Faces const& faces, std::vector<PhotoSource> const& photos,
                           RecognizeOptions const& options, RecognizeEvents const& events);

}  // namespace bioctl::app
