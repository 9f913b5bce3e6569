#pragma once
// The three calls that a use case needs: a picture to a template or a reason, template to template, and, with match::CodeGallery,
// one to many. All are thread-safe and hold no state.

#include <optional>

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

/// picture: CV_8UC3 BGR, upright at full resolution (image::decode). About 40 ms for 1600 x 1200, 90 ms with all poses.
[[nodiscard]] Outcome<Capture> capture(cv::Mat const& picture, Search search);

/// 0 (equal) .. 1: the smallest distance of any pose of the query to any code of the template; see match::distance for codes.
[[nodiscard]] float compare(match::CodeQuery const& query, Template const& enrolled);

/// One template looked for with the poses it has: the query for a template whose photo is gone.
[[nodiscard]] match::CodeQuery query_for(Template const& t);

}  // namespace bioctl::palm
