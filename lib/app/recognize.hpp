#pragma once
// Who is on these photos?

#include <chrono>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "lib/app/person_keys.hpp"
#include "lib/app/photos.hpp"
#include "lib/app/workspace.hpp"
#include "lib/base/shared.hpp"
#include "lib/match/code_gallery.hpp"
#include "lib/match/gallery.hpp"
#include "lib/palm/engine.hpp"
#include "lib/store/templates.hpp"

namespace bioctl::app {

enum class Annotation { none, jpeg };

struct RecognizeOptions {
    match::Rule rule;  ///< for faces
    match::Rule palm_rule{.threshold = palm::k_identify_threshold};
    std::size_t top = 1;  ///< candidates to report for each face
    Annotation annotation = Annotation::none;
};

struct RecognizedPerson {
    std::string person_id, name;
    float distance = 0;
    /// What to call this person in front of people.
    [[nodiscard]] std::string const& label() const { return name.empty() ? person_id : name; }
};

/// Who somebody is, by the face or the palm in this box.
struct Identity {
    Box box{};  ///< of a palm: around the hand
    float quality = 0;
    std::optional<RecognizedPerson> person{};   ///< within the rule
    std::optional<float> distance;              ///< to `person`, else to the nearest one; none if nobody is enrolled
    std::optional<RecognizedPerson> runner_up;  ///< the next one after that
    std::vector<RecognizedPerson> candidates;   ///< nearest first, `top` of them
};

struct RecognizedFace : Identity {};

struct RecognizedPalm : Identity {
    palm::Side side = palm::Side::unknown;
    palm::Drawing drawing;  ///< pixels of the upright photo at full resolution
};

struct RecognizedPhoto {
    fs::path path;
    std::optional<image::Failure> failure;  ///< then there is nothing on it
    std::vector<RecognizedFace> faces;      ///< largest first
    std::optional<RecognizedPalm> palm;
    std::optional<palm::Refusal> no_palm;  ///< why there is none, where one was looked for
    int rotation = 0;
    int width = 0, height = 0;  ///< of the upright photo at full resolution
    std::chrono::nanoseconds search_time{};
    Bytes annotated;  ///< JPEG, upright, full resolution, with boxes and labels; with Annotation::jpeg and without failure
};

struct RecognizeEvents {
    std::function<void(RecognizedPhoto const&)> on_photo;  ///< in input order, on the calling thread
    std::function<bool()> should_stop;
};

/// Who is enrolled with a modality: a snapshot, which any number of threads may search.
template <class Gallery>
class Known {
public:
    /// Throws as load_gallery().
    explicit Known(Workspace const& workspace);
    /// `before`, with what the store says now of these people (see store::Templates::changed_people()); shares the rest with it.
    /// Faces only. Throws as load_gallery().
    Known(Known const& before, Workspace const& workspace, std::vector<store::PersonKey> const& changed);

    [[nodiscard]] Gallery const& gallery() const { return m_gallery; }
    [[nodiscard]] RecognizedPerson person(match::Candidate const& candidate) const {
        return {m_gallery.person_id(candidate.person), m_names[candidate.person], candidate.distance};
    }

private:
    Gallery m_gallery;
    SharedVector<std::string> m_names;  // by PersonIndex
    PersonKeys m_keys;                  // of faces
};
template <>
Known<match::Gallery>::Known(Known const& before, Workspace const& workspace, std::vector<store::PersonKey> const& changed);
extern template Known<match::Gallery>::Known(Workspace const& workspace);
extern template Known<match::CodeGallery>::Known(Workspace const& workspace);
using Faces = Known<match::Gallery>;
using Palms = Known<match::CodeGallery>;

/// A snapshot, and the place in the store's history that it is of. Empty until follow() fills it.
template <class People>
struct Followed {
    std::shared_ptr<People const> people;
    store::ChangePosition position;
};

/// What is in the store now. Nothing of this modality changed: the snapshot of `before`. Some faces did: one that shares the rest
/// with it, some milliseconds of work among a million. Otherwise, and after very many changes, a new one. Searches in the result
/// are those in a new one, ties included. Throws as load_gallery().
template <class People>
[[nodiscard]] Followed<People> follow(Followed<People> const& before, Workspace const& workspace);
extern template Followed<Faces> follow(Followed<Faces> const&, Workspace const&);
extern template Followed<Palms> follow(Followed<Palms> const&, Workspace const&);

/// What is looked for, and among whom: faces, a palm, or with both a palm where there is no face.
struct Galleries {
    Faces const* faces = nullptr;
    Palms const* palms = nullptr;
};

/// Looks at one photo. Any thread, with its own engine. Throws only for what concerns all photos (a model is missing).
[[nodiscard]] RecognizedPhoto recognize_photo(face::Engine& engine, Galleries const& known, PhotoSource const& source,
                                              image::Limits const& limits, RecognizeOptions const& options);

/// Workspace::jobs photos at a time; memory is bounded whatever the number of photos. Returns the workers' time by stage, added
/// up.
face::StageTimes recognize(Workspace const& workspace, Galleries const& known, std::vector<PhotoSource> const& photos,
                           RecognizeOptions const& options, RecognizeEvents const& events);

}  // namespace bioctl::app
