#include "lib/palm/hand.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <tuple>
#include <utility>
#include <vector>

#include <opencv2/imgproc.hpp>

#include "lib/palm/colour_model.hpp"
#include "lib/palm/fingers.hpp"
#include "lib/palm/gates.hpp"
#include "lib/palm/outline.hpp"

namespace bioctl::palm {

namespace {

constexpr int k_longest_side = 640;
constexpr int k_coarse_side = 320;
constexpr std::array k_segmentations{Segmentation::red_difference, Segmentation::red, Segmentation::border};
constexpr float k_sure_cost = 2.5F;  // of a reading that two masks agree on, so that no third is needed

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

/// Whether both are the same hand at the same place, no matter which way round.
bool agree(Hand const& a, Hand const& b) {
    constexpr float k_most = .2F;  // valley distances
    auto const is_near = [most = k_most * a.frame.length](cv::Point2f p, cv::Point2f q) {
        return std::hypot(p.x - q.x, p.y - q.y) <= most;
    };
    auto const& v = a.valleys;
    auto const& w = b.valleys;
    return is_near(v.middle, w.middle) && ((is_near(v.index, w.index) && is_near(v.little, w.little)) ||
                                           (is_near(v.index, w.little) && is_near(v.little, w.index)));
}

/// Whether something else passes for a thumb at the other side of the same fingers.
bool has_two_thumbs(std::vector<Reading> const& readings, Reading const& reading) {
    return reading.thumb_valley && std::ranges::any_of(readings, [&](Reading const& other) {
               return other.thumb_valley && other.side != reading.side && other.valleys.middle == reading.valleys.middle;
           });
}

/// The hands found so far, over all ways to look. Masks err in different ways, so that what two of them show comes first: the
/// cheapest reading of one mask may have a piece of the background between its fingers.
class Findings {
public:
    /// mask: CV_8UC1; factor: pixels of the picture for one of the mask.
    void look_at(cv::Mat mask, float factor) {
        int hands = 0;
        for (auto const& blob : blobs(std::move(mask)))
            hands += look_at(blob, factor) ? 1 : 0;
        m_is_many = m_is_many || hands > 1;
    }

    [[nodiscard]] std::optional<Hand> best() const {
        auto const found = std::ranges::min_element(m_found, {}, &Found::rank);
        if (found == m_found.end()) return std::nullopt;
        auto hand = found->hand;
        if (found->is_either_way()) {
            hand.side = Side::unknown;
            hand.thumb_valley.reset();
        }
        return hand;
    }
    /// Whether another mask is of no use.
    [[nodiscard]] bool is_sure() const {
        return std::ranges::any_of(m_found,
                                   [](Found const& found) { return found.thumbs >= 2 && found.hand.cost <= k_sure_cost; });
    }
    [[nodiscard]] bool is_near() const { return m_is_near; }
    [[nodiscard]] bool is_many() const { return m_is_many; }

private:
    struct Found {
        Hand hand;        // as the first mask with a good outline shows it
        int seen = 1;     // masks that show it
        int thumbs = 0;   // of these, with a thumb
        bool is_opposed;  // there is a thumb at each side
        /// What only few masks show is no thumb but a corner of the arm or of the background.
        [[nodiscard]] bool is_either_way() const { return is_opposed || 2 * thumbs < seen; }
        /// The smallest is the best. More than three masks say no more than three: there are many of a kind.
        [[nodiscard]] std::tuple<bool, int, float> rank() const {
            return {!hand.thumb_valley && seen < 2, -std::min(seen, 3), hand.cost};
        }
    };

    /// Whether the blob is a hand.
    bool look_at(Blob const& blob, float factor) {
        auto const readings = read_fingers(blob);
        for (auto const& reading : readings) {
            auto const verdict = judge(blob, reading);
            m_is_near = m_is_near || verdict != Verdict::not_a_hand;
            if (verdict != Verdict::hand) continue;
            auto hand = hand_of(blob, reading);
            enlarge(hand, factor);
            bool const has_thumb = hand.thumb_valley.has_value();
            add({.hand = std::move(hand),
                 .seen = 1,
                 .thumbs = has_thumb ? 1 : 0,
                 .is_opposed = has_two_thumbs(readings, reading)});
            return true;
        }
        return false;
    }

    void add(Found next) {
        auto const known = std::ranges::find_if(m_found, [&](Found const& found) { return agree(found.hand, next.hand); });
        if (known == m_found.end()) {
            m_found.push_back(std::move(next));
            return;
        }
        bool const are_opposed = known->hand.thumb_valley && next.hand.thumb_valley && known->hand.side != next.hand.side;
        ++known->seen;
        known->thumbs += next.thumbs;
        known->is_opposed = known->is_opposed || next.is_opposed || are_opposed;
        // Each kind of mask cuts a little differently: the same kind for all photos of a hand is worth more than the best
        // outline.
        auto const order = [](Hand const& hand) { return std::pair{!hand.thumb_valley, std::max(hand.cost, k_sure_cost)}; };
        if (order(next.hand) < order(known->hand)) known->hand = std::move(next.hand);
    }

    std::vector<Found> m_found;
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

/// What is unlike the border, if the colour along it varies as that of one thing does.
void look_before_even(ColourModel const& colours, float factor, Findings& findings) {
    for (auto& mask : colours.unlike_border({4.0F, 3.0F, 5.5F, 8.0F})) {
        findings.look_at(std::move(mask), factor);
        if (findings.is_sure()) return;
    }
}

/// Spots that may be a palm, each with what is like it: coarsely first, and what reads as a hand once more in full.
void look_by_skin(cv::Mat const& smooth, ColourModel const& colours, float factor, Findings& findings) {
    constexpr std::size_t k_seeds = 12;
    auto const coarse = shrunk(smooth, k_coarse_side);
    float const coarse_factor = static_cast<float>(smooth.cols) / static_cast<float>(coarse.cols);
    ColourModel const model{coarse};
    auto const try_spot = [&](cv::Point seed, float deviations, Edges edges) {
        Findings here;
        here.look_at(model.like(seed, deviations, edges), coarse_factor * factor);
        if (!here.best()) return;
        cv::Point2f const at{(static_cast<float>(seed.x) + .5F) * coarse_factor,
                             (static_cast<float>(seed.y) + .5F) * coarse_factor};
        findings.look_at(colours.like(at, deviations, edges), factor);
    };
    for (auto const edges : {Edges::ignored, Edges::obeyed}) {
        for (auto const seed : model.seeds(k_seeds)) {
            for (float const deviations : {2.5F, 3.5F, 5.0F}) {
                try_spot(seed, deviations, edges);
                if (findings.is_sure()) return;
            }
        }
    }
}

void look_by_colour(cv::Mat const& smooth, float factor, Findings& findings) {
    ColourModel const colours{smooth};
    look_before_even(colours, factor, findings);
    if (!findings.is_sure()) look_by_skin(smooth, colours, factor, findings);
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
    Findings findings;
    for (auto const how : k_segmentations) {
        findings.look_at(segment(smooth, how), factor);
        if (findings.is_sure()) break;
    }
    if (!findings.is_sure()) look_by_colour(smooth, factor, findings);
    if (findings.is_many()) return refuse(Reason::two_hands, "there are two hands; show one");
    if (auto hand = findings.best()) return std::move(*hand);
    if (findings.is_near())
        return refuse(Reason::bad_pose,
                      "the palm or a finger is cut off or hidden; show the whole hand, fingers and thumb spread");
    return refuse(Reason::no_hand,
                  "no open hand; hold the palm flat and near, before a plain background, fingers and thumb spread");
}

}  // namespace bioctl::palm
