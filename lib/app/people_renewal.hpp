#pragma once
// One template's new vector. Pure work: no store, any thread.

#include <span>

#include "lib/app/people_reembed.hpp"

namespace bioctl::app {

struct RenewalRules {
    face::Contract active;
    std::span<face::Contract const> known;  ///< for the space of imported vectors
    fs::path media_dir;
    image::Limits limits;
};

/// `engine` belongs to the calling thread.
Renewal renew(face::Engine& engine, store::Template const& t, RenewalRules const& rules);

/// The same for a palm, which no model is needed for.
Renewal renew_palm(store::Template const& t, RenewalRules const& rules);

/// The face that the template was made from: the largest overlap of boxes, intersection over union at least 0.3; without a
/// stored box the only face. nullptr if there is none.
[[nodiscard]] face::Face const* same_face(std::vector<face::Face> const& faces, store::Template const& t);

/// Of a portrait's faces the largest whose box holds the middle of the picture; nullptr if there is none.
[[nodiscard]] face::Face const* central_face(std::vector<face::Face> const& faces, cv::Size size);

}  // namespace bioctl::app
