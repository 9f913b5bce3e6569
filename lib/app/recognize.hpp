#pragma once
// Who is on these photos?

#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "lib/app/workspace.hpp"
#include "lib/match/gallery.hpp"

namespace bioctl::app {

struct RecognizeOptions {
    match::Rule rule;
    std::size_t top = 1;         ///< candidates to report for each face
    bool keep_pictures = false;  ///< fill RecognizedPhoto::picture (for --annotate)
};

struct RecognizedPerson {
    std::string person_id, name;
    float distance;
};

struct RecognizedFace {
    face::Face face;                            ///< box in pixels of the upright photo at full resolution
    std::optional<RecognizedPerson> person;     ///< within the rule
    std::optional<float> distance;              ///< to the nearest person, whoever it is; none if nobody is enrolled
    std::optional<RecognizedPerson> runner_up;  ///< nearest person that is not the nearest one
    std::vector<RecognizedPerson> candidates;   ///< nearest first, `top` of them
};

struct RecognizedPhoto {
    fs::path path;
    std::optional<image::Failure> failure;  ///< then there are no faces
    std::vector<RecognizedFace> faces;      ///< largest first
    int rotation = 0;
    cv::Mat picture;  ///< upright, full resolution, BGR; only with keep_pictures
};

/// A photo to look at: a path, or bytes that were read already (stdin), with the name to show.
struct PhotoSource {
    fs::path path;
    std::optional<Bytes> bytes;
};

struct RecognizeEvents {
    std::function<void(RecognizedPhoto const&)> on_photo;  ///< in input order, on the calling thread
    std::function<bool()> should_stop;
};

/// Workspace::jobs photos at a time; memory is bounded whatever the number of photos. Throws Error{data} if the gallery needs
/// re-embedding (see load_gallery).
void recognize(Workspace const& workspace, std::vector<PhotoSource> const& photos, RecognizeOptions const& options,
               RecognizeEvents const& events);

struct Comparison {
    float distance;
    bool same;
};

/// 1:1. Vectors un-normalised.
[[nodiscard]] Comparison compare(Workspace const& workspace, std::span<float const> a, std::span<float const> b, float threshold);

}  // namespace bioctl::app
