#pragma once
// The three calls that a use case needs: a picture to a template or a reason, a query to a template, and, with
// match::CodeGallery, one to many. All are thread-safe and hold no state.
//
//   enrol      capture(picture, Search::one_pose), then to_bytes(capture->enrolled); gallery.add(id, code) for each of its codes
//   verify     compare(capture->query, enrolled) <= k_verify_threshold; of several shots the nearest counts
//   identify   gallery.search(capture->query, top), first distance <= k_identify_threshold
//
// What it cannot do: tell a palm from a print of one, from a glove with a pattern, or from the back of a hand.

#include <opencv2/core/mat.hpp>

#include "lib/match/code_gallery.hpp"
#include "lib/palm/template.hpp"
#include "lib/palm/types.hpp"

namespace bioctl::palm {

/// Where to say yes, as a distance of compare(); measured in tests/bench/palm.md.
inline constexpr float k_verify_threshold = .376F;     ///< 1:1, false match rate about 1e-3
inline constexpr float k_identify_threshold = .340F;   ///< 1:N
inline constexpr float k_duplicate_threshold = .340F;  ///< at enrolment: the palm is known under another name

enum class Search {
    one_pose,   ///< for enrolment: the palm as it was found
    all_poses,  ///< for a probe: turned by -5, 0, 5 degrees and scaled by .93, 1, 1.075, too
};

/// All that one photo tells.
struct Capture {
    Template enrolled;       ///< to be stored
    match::CodeQuery query;  ///< to be looked for; its poses are empty after Search::one_pose
    Quality quality;
    Side side = Side::unknown;
    Drawing drawing;  ///< pixels of the picture
    cv::Mat region;   ///< CV_8UC1, 128 x 128: what is compared, for people to look at
};

/// picture: CV_8UC3 BGR at full resolution (image::decode), turned by any angle or mirrored. Thread-safe. Takes some 15 ms of one
/// core for 1600 x 1200 pixels, 25 ms with all poses, and up to 150 ms where no hand is found; see tests/bench/palm.md.
[[nodiscard]] Outcome<Capture> capture(cv::Mat const& picture, Search search);

/// 0 (equal) .. 1: the smallest distance of any pose of the query to any code of the template; see match::distance for codes.
[[nodiscard]] float compare(match::CodeQuery const& query, Template const& enrolled);

/// One template looked for with the poses it has: the query for a template whose photo is gone.
[[nodiscard]] match::CodeQuery query_for(Template const& t);

}  // namespace bioctl::palm
