#include "lib/palm/hand.hpp"

#include <algorithm>
#include <array>
#include <cmath>

#include <opencv2/imgproc.hpp>

#include "lib/palm/fingers.hpp"
#include "lib/palm/gates.hpp"
#include "lib/palm/outline.hpp"

namespace bioctl::palm {

namespace {

constexpr int k_longest_side = 640;
constexpr std::array k_segmentations{Segmentation::red_difference, Segmentation::red, Segmentation::border};

/// What one blob is.
struct Finding {
    std::optional<Hand> hand;
    bool is_near = false;  ///< fingers were read, but something is missing
};

Hand hand_of(Blob const& blob, Reading const& reading) {
    Hand hand{.frame = reading.frame,
              .side = reading.side,
              .valleys = reading.valleys,
              .thumb_valley = reading.thumb_valley,
              .contour = {},
              .cost = reading.cost};
    hand.contour.assign(blob.contour.begin(), blob.contour.end());
    return hand;
}

Finding look_at(Blob const& blob) {
    Finding finding;
    for (auto const& reading : read_fingers(blob)) {
        auto const verdict = judge(blob, reading);
        if (verdict == Verdict::not_a_hand) continue;
        finding.is_near = true;
        if (verdict == Verdict::covered || !reading.thumb_valley) continue;
        finding.hand = hand_of(blob, reading);
        break;
    }
    return finding;
}

/// From pixels of the small picture to those of the whole one.
void enlarge(Hand& hand, float factor) {
    auto const enlarged = [&](cv::Point2f& point) { point = (point + cv::Point2f{.5F, .5F}) * factor - cv::Point2f{.5F, .5F}; };
    enlarged(hand.frame.origin);
    hand.frame.length *= factor;
    for (auto* point : {&hand.valleys.index, &hand.valleys.middle, &hand.valleys.little})
        enlarged(*point);
    if (hand.thumb_valley) enlarged(*hand.thumb_valley);
    for (auto& point : hand.contour)
        enlarged(point);
}

cv::Mat small_and_smooth(cv::Mat const& picture) {
    cv::Mat small = picture;
    int const longest = std::max(picture.cols, picture.rows);
    if (longest > k_longest_side) {
        double const factor = static_cast<double>(k_longest_side) / longest;
        auto const size = [&](int side) { return std::max(1, static_cast<int>(std::lround(side * factor))); };
        cv::resize(picture, small, {size(picture.cols), size(picture.rows)}, 0, 0, cv::INTER_AREA);
    }
    cv::Mat smooth;
    cv::GaussianBlur(small, smooth, {5, 5}, 0);
    return smooth;
}

tl::unexpected<Refusal> refuse(Reason reason, char const* detail) {
    return tl::unexpected<Refusal>(Refusal{reason, detail});
}

}  // namespace

Outcome<Hand> find_hand(cv::Mat const& picture) {
    constexpr int k_least_side = 32;
    if (std::min(picture.cols, picture.rows) < k_least_side)
        return refuse(Reason::too_small, "the picture is too small to show a palm");
    cv::Mat const small = small_and_smooth(picture);
    float const factor = static_cast<float>(picture.cols) / static_cast<float>(small.cols);
    bool is_near = false;
    for (auto const how : k_segmentations) {
        std::vector<Hand> hands;
        for (auto const& blob : blobs(segment(small, how))) {
            auto finding = look_at(blob);
            is_near = is_near || finding.is_near;
            if (finding.hand) hands.push_back(std::move(*finding.hand));
        }
        if (hands.size() > 1) return refuse(Reason::two_hands, "there are two hands; show one");
        if (hands.empty()) continue;
        enlarge(hands.front(), factor);
        return std::move(hands.front());
    }
    if (is_near)
        return refuse(Reason::bad_pose,
                      "the palm or a finger is cut off or hidden; show the whole hand, fingers and thumb spread");
    return refuse(Reason::no_hand, "no open hand; hold the palm flat before a plain background, fingers and thumb spread");
}

}  // namespace bioctl::palm
