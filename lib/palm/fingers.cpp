#include "lib/palm/fingers.hpp"

#include <algorithm>
#include <cmath>
#include <numbers>

namespace bioctl::palm {

namespace {

// Lengths in radii of the palm circle.
constexpr float k_smoothing = .04F;
constexpr float k_prominence = .30F;
constexpr float k_least_depth = .35F;
constexpr float k_least_length = .85F;
constexpr float k_most_length = 2.0F;
constexpr float k_least_thumb_depth = .2F;
// Lengths in distances of the outer valleys.
constexpr float k_most_off_line = .38F;
constexpr float k_most_spacing = 2.4F;  // ratio
constexpr float k_least_centre_down = .45F;
constexpr float k_most_centre_aside = .65F;
constexpr float k_least_finger = .45F;
constexpr float k_most_finger = 2.6F;
constexpr float k_degrees = std::numbers::pi_v<float> / 180;
constexpr float k_most_opening = 75 * k_degrees;
constexpr float k_most_thumb_opening = 115 * k_degrees;

using Contour = std::vector<cv::Point2f>;

float dot(cv::Point2f a, cv::Point2f b) {
    return a.x * b.x + a.y * b.y;
}
float cross(cv::Point2f a, cv::Point2f b) {
    return a.x * b.y - a.y * b.x;
}
float length(cv::Point2f v) {
    return std::hypot(v.x, v.y);
}
cv::Point2f unit(cv::Point2f v) {
    float const l = length(v);
    return l > 0 ? v / l : cv::Point2f{};
}

/// Circular moving average over `reach` points to each side.
Contour smoothed(std::vector<cv::Point> const& contour, int reach) {
    auto const n = static_cast<int>(contour.size());
    auto const at = [&](int i) { return contour[static_cast<std::size_t>((i % n + n) % n)]; };
    cv::Point sum{};
    for (int i = -reach; i <= reach; ++i)
        sum += at(i);
    Contour out;
    out.reserve(contour.size());
    auto const count = static_cast<float>(2 * reach + 1);
    for (int i = 0; i < n; ++i) {
        out.emplace_back(static_cast<float>(sum.x) / count, static_cast<float>(sum.y) / count);
        sum += at(i + reach + 1) - at(i - reach);
    }
    return out;
}

/// Positions of the maxima that stand out by `prominence` from the minima on both sides, in the order of the contour.
std::vector<std::size_t> peaks(std::vector<float> const& signal, float prominence) {
    auto const n = signal.size();
    auto const start = static_cast<std::size_t>(std::min_element(signal.begin(), signal.end()) - signal.begin());
    std::vector<std::size_t> found;
    bool is_rising = true;
    std::size_t extreme = start;
    for (std::size_t step = 1; step <= n; ++step) {  // one step more than once round: the start is where the last peak ends
        auto const i = (start + step) % n;
        if (is_rising ? signal[i] > signal[extreme] : signal[i] < signal[extreme]) extreme = i;
        if (is_rising && signal[extreme] - signal[i] >= prominence) {
            found.push_back(extreme);
            is_rising = false;
            extreme = i;
        } else if (!is_rising && signal[i] - signal[extreme] >= prominence) {
            is_rising = true;
            extreme = i;
        }
    }
    std::sort(found.begin(), found.end());
    return found;
}

/// A place between two tips.
struct Valley {
    cv::Point2f point;
    float depth = 0;    ///< from the line between the tips, pixels
    float opening = 0;  ///< angle between the directions to both tips
};

/// The point farthest from the line between the tips slides down the side of the little finger; going deepest along the bisector
/// does not.
Valley valley_between(Contour const& contour, std::size_t from, std::size_t to) {
    auto const n = contour.size();
    auto const steps = (to + n - from) % n;
    auto const a = contour[from];
    auto const b = contour[to];
    auto const deepest = [&](cv::Point2f direction) {
        auto best = from;
        for (std::size_t step = 1; step < steps; ++step) {
            auto const i = (from + step) % n;
            if (dot(contour[i], direction) > dot(contour[best], direction)) best = i;
        }
        return contour[best];
    };
    auto const chord = unit(b - a);
    cv::Point2f const normal{-chord.y, chord.x};
    auto const left = deepest(normal);
    auto const right = deepest(-normal);
    auto point = std::abs(dot(left - a, normal)) > std::abs(dot(right - a, normal)) ? left : right;
    constexpr int k_refinements = 4;
    for (int i = 0; i < k_refinements; ++i)
        point = deepest(-(unit(a - point) + unit(b - point)));
    float const cosine = std::clamp(dot(unit(a - point), unit(b - point)), -1.0F, 1.0F);
    return {point, std::abs(dot(point - a, normal)), std::acos(cosine)};
}

/// Fingertips and what is between them, circular: valley i is between tips i and i + 1.
struct Outline {
    std::vector<cv::Point2f> tips;
    std::vector<Valley> valleys;
    cv::Point2f centre;
    float radius;

    [[nodiscard]] cv::Point2f tip(std::size_t i) const { return tips[i % tips.size()]; }
    [[nodiscard]] Valley const& valley(std::size_t i) const { return valleys[i % valleys.size()]; }
};

Outline trace(Blob const& blob) {
    auto const contour = smoothed(blob.contour, std::max(1, static_cast<int>(std::lround(k_smoothing * blob.radius))));
    std::vector<float> signal;
    signal.reserve(contour.size());
    for (auto const& point : contour)
        signal.push_back(length(point - blob.centre));
    auto const tips = peaks(signal, k_prominence * blob.radius);
    Outline outline{.tips = {}, .valleys = {}, .centre = blob.centre, .radius = blob.radius};
    for (std::size_t i = 0; i < tips.size(); ++i) {
        outline.tips.push_back(contour[tips[i]]);
        outline.valleys.push_back(valley_between(contour, tips[i], tips[(i + 1) % tips.size()]));
    }
    return outline;
}

/// A triple of valleys and its four tips, in the order index to little finger.
struct Triple {
    std::array<Valley, 3> valleys;
    std::array<cv::Point2f, 4> tips;
    Valley thumb_valley;
    cv::Point2f thumb_tip;
};

Triple triple_at(Outline const& outline, std::size_t first, bool is_forward) {
    auto const n = outline.tips.size();
    if (is_forward) {
        return {{outline.valley(first), outline.valley(first + 1), outline.valley(first + 2)},
                {outline.tip(first), outline.tip(first + 1), outline.tip(first + 2), outline.tip(first + 3)},
                outline.valley(first + n - 1),
                outline.tip(first + n - 1)};
    }
    return {{outline.valley(first + 2), outline.valley(first + 1), outline.valley(first)},
            {outline.tip(first + 3), outline.tip(first + 2), outline.tip(first + 1), outline.tip(first)},
            outline.valley(first + 3),
            outline.tip(first + 4)};
}

std::optional<Frame> frame_of(Triple const& triple, Outline const& outline) {
    auto const index = triple.valleys[0].point;
    auto const little = triple.valleys[2].point;
    Frame frame{.origin = (index + little) / 2, .x = unit(little - index), .y = {}, .length = length(little - index)};
    if (frame.length < k_least_length * outline.radius || frame.length > k_most_length * outline.radius) return std::nullopt;
    frame.y = {-frame.x.y, frame.x.x};
    if (dot(outline.centre - frame.origin, frame.y) < 0) frame.y = -frame.y;
    return frame;
}

/// In valley distances from the frame's origin.
cv::Point2f in_frame(Frame const& frame, cv::Point2f point) {
    return {dot(point - frame.origin, frame.x) / frame.length, dot(point - frame.origin, frame.y) / frame.length};
}

bool is_thumb(Triple const& triple, Frame const& frame, float radius) {
    auto const& valley = triple.thumb_valley;
    auto const place = in_frame(frame, valley.point);
    float const outside = -place.x - .5F;
    float const thumb = length(triple.thumb_tip - valley.point) / frame.length;
    return valley.depth > k_least_thumb_depth * radius && valley.opening < k_most_thumb_opening && place.y >= .1F &&
           place.y <= 1.6F && outside >= -.35F && outside <= .9F &&
           length(valley.point - triple.valleys[0].point) > .3F * frame.length && thumb >= .35F && thumb <= 2.2F;
}

std::optional<Reading> read(Triple const& triple, Outline const& outline) {
    auto const frame = frame_of(triple, outline);
    if (!frame) return std::nullopt;
    for (auto const& valley : triple.valleys) {
        if (valley.depth < k_least_depth * outline.radius || valley.opening > k_most_opening) return std::nullopt;
    }
    auto const middle = in_frame(*frame, triple.valleys[1].point);
    float const along = middle.x + .5F;
    if (along <= 0 || along >= 1) return std::nullopt;
    float const spacing = std::max(along, 1 - along) / std::min(along, 1 - along);
    if (std::abs(middle.y) > k_most_off_line || spacing > k_most_spacing) return std::nullopt;
    auto const centre = in_frame(*frame, outline.centre);
    if (centre.y < k_least_centre_down || std::abs(centre.x) > k_most_centre_aside) return std::nullopt;
    for (auto const& tip : triple.tips) {
        float const beyond = -in_frame(*frame, tip).y;
        if (beyond < k_least_finger || beyond > k_most_finger) return std::nullopt;
    }

    Reading reading;
    reading.valleys = {triple.valleys[0].point, triple.valleys[1].point, triple.valleys[2].point};
    reading.tips = triple.tips;
    reading.all_tips = outline.tips.size();
    reading.frame = *frame;
    reading.cost = std::abs(middle.y) / .2F + std::abs(along - .5F) / .15F + std::abs(centre.x) / .4F;
    if (is_thumb(triple, *frame, outline.radius)) {
        reading.thumb_valley = triple.thumb_valley.point;
        reading.side = cross(frame->x, frame->y) < 0 ? Side::right : Side::left;
    } else {
        reading.cost += k_thumbless_cost;
    }
    return reading;
}

}  // namespace

std::vector<Reading> read_fingers(Blob const& blob) {
    auto const outline = trace(blob);
    std::vector<Reading> readings;
    if (outline.tips.size() < 4) return readings;
    for (std::size_t first = 0; first < outline.tips.size(); ++first) {
        for (bool const is_forward : {true, false}) {
            if (auto reading = read(triple_at(outline, first, is_forward), outline)) readings.push_back(*reading);
        }
    }
    std::stable_sort(readings.begin(), readings.end(), [](Reading const& a, Reading const& b) { return a.cost < b.cost; });
    return readings;
}

}  // namespace bioctl::palm
