#include "lib/palm/hand.hpp"

#include <algorithm>
#include <array>
#include <cmath>

#include <opencv2/imgproc.hpp>

#include "lib/palm/fingers.hpp"
#include "lib/palm/gates.hpp"
#include "lib/palm/outline.hpp"
#include "lib/palm/skin.hpp"

namespace bioctl::palm {

namespace {

constexpr int k_longest_side = 640;
constexpr int k_coarse_side = 320;
constexpr std::array k_segmentations{Segmentation::red_difference, Segmentation::red, Segmentation::border};
constexpr float k_sure_cost = 2.5F;  // of a reading that needs no other one to be compared with

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

/// The best hand so far, over all ways to look.
class Best {
public:
    /// mask: CV_8UC1; factor: pixels of the picture for one of the mask.
    void look_at(cv::Mat mask, float factor) {
        int hands = 0;
        for (auto const& blob : blobs(std::move(mask)))
            hands += look_at(blob, factor) ? 1 : 0;
        m_is_many = m_is_many || hands > 1;
    }

    [[nodiscard]] std::optional<Hand> const& hand() const { return m_hand; }
    [[nodiscard]] std::optional<Hand> const& thumbless() const { return m_thumbless; }
    [[nodiscard]] bool is_sure() const { return m_hand && m_hand->cost <= k_sure_cost; }
    [[nodiscard]] bool is_near() const { return m_is_near; }
    [[nodiscard]] bool is_many() const { return m_is_many; }

private:
    /// Whether the blob is a hand.
    bool look_at(Blob const& blob, float factor) {
        for (auto const& reading : read_fingers(blob)) {
            auto const verdict = judge(blob, reading);
            m_is_near = m_is_near || verdict != Verdict::not_a_hand;
            if (verdict != Verdict::hand) continue;
            auto& best = reading.thumb_valley ? m_hand : m_thumbless;
            if (best && best->cost <= reading.cost) return true;
            best = hand_of(blob, reading);
            enlarge(*best, factor);
            return true;
        }
        return false;
    }

    std::optional<Hand> m_hand;
    std::optional<Hand> m_thumbless;
    bool m_is_near = false;  // fingers were read, but something is missing
    bool m_is_many = false;
};

cv::Mat shrunk(cv::Mat const& picture, int longest_side) {
    int const longest = std::max(picture.cols, picture.rows);
    if (longest <= longest_side) return picture;
    double const factor = static_cast<double>(longest_side) / longest;
    auto const size = [&](int side) { return std::max(1, static_cast<int>(std::lround(side * factor))); };
    cv::Mat small;
    cv::resize(picture, small, {size(picture.cols), size(picture.rows)}, 0, 0, cv::INTER_AREA);
    return small;
}

/// Spots that may be a palm, each with what is like it: coarsely first, and what reads as a hand once more in full.
void look_by_skin(cv::Mat const& smooth, float factor, Best& best) {
    constexpr std::size_t k_seeds = 12;
    auto const coarse = shrunk(smooth, k_coarse_side);
    float const coarse_factor = static_cast<float>(smooth.cols) / static_cast<float>(coarse.cols);
    SkinModel const model{coarse};
    std::optional<SkinModel> fine;
    auto const try_spot = [&](cv::Point seed, float deviations, Edges edges) {
        Best here;
        here.look_at(model.like(seed, deviations, edges), coarse_factor * factor);
        if (!here.hand()) return;
        if (!fine) fine.emplace(smooth);
        cv::Point2f const at{(static_cast<float>(seed.x) + .5F) * coarse_factor,
                             (static_cast<float>(seed.y) + .5F) * coarse_factor};
        best.look_at(fine->like(at, deviations, edges), factor);
    };
    for (auto const edges : {Edges::ignored, Edges::obeyed}) {
        for (auto const seed : model.seeds(k_seeds)) {
            for (float const deviations : {2.5F, 3.5F, 5.0F}) {
                try_spot(seed, deviations, edges);
                if (best.is_sure()) return;
            }
        }
    }
}

tl::unexpected<Refusal> refuse(Reason reason, char const* detail) {
    return tl::unexpected<Refusal>(Refusal{reason, detail});
}

}  // namespace

Outcome<Hand> find_hand(cv::Mat const& picture) {
    constexpr int k_least_side = 32;
    if (std::min(picture.cols, picture.rows) < k_least_side)
        return refuse(Reason::too_small, "the picture is too small to show a palm");
    cv::Mat smooth;
    cv::GaussianBlur(shrunk(picture, k_longest_side), smooth, {5, 5}, 0);
    float const factor = static_cast<float>(picture.cols) / static_cast<float>(smooth.cols);
    Best best;
    for (auto const how : k_segmentations) {
        best.look_at(segment(smooth, how), factor);
        if (best.is_sure()) break;
    }
    if (!best.is_sure()) look_by_skin(smooth, factor, best);
    if (best.is_many()) return refuse(Reason::two_hands, "there are two hands; show one");
    if (best.hand()) return *best.hand();
    if (best.thumbless()) return *best.thumbless();
    if (best.is_near())
        return refuse(Reason::bad_pose,
                      "the palm or a finger is cut off or hidden; show the whole hand, fingers and thumb spread");
    return refuse(Reason::no_hand, "no open hand; hold the palm flat and near, before a plain background, fingers and thumb spread");
}

}  // namespace bioctl::palm
