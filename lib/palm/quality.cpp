#include "lib/palm/quality.hpp"

#include <algorithm>

#include <opencv2/core.hpp>

namespace bioctl::palm {

namespace {

/// 0 at `from`, 1 at `to`, straight between and level outside.
float ramp(float value, float from, float to) {
    return std::clamp((value - from) / (to - from), 0.0F, 1.0F);
}

float exposure_of(cv::Mat const& grey) {
    auto const level = static_cast<float>(cv::mean(grey)[0]);
    float const clipped = static_cast<float>(cv::countNonZero(grey >= 254)) / static_cast<float>(grey.total());
    return std::min({ramp(level, 15, 60), ramp(level, 250, 225), ramp(clipped, .30F, .02F)});
}

}  // namespace

Quality assess(Hand const& hand, Region const& region, float contrast) {
    cv::Rect const square{k_margin_pixels, k_margin_pixels, k_region_pixels, k_region_pixels};
    Quality quality{.size = ramp(region_side(hand.frame), 64, 192),
                    .sharpness = ramp(contrast, .004F, .012F),
                    .exposure = exposure_of(region.grey(square)),
                    .outline = ramp(hand.cost, 8, 3),
                    .score = 0};
    quality.score = std::min({quality.size, quality.sharpness, quality.exposure, quality.outline});
    return quality;
}

}  // namespace bioctl::palm
