#include "lib/palm/engine.hpp"

#include <algorithm>
#include <array>

#include <fmt/format.h>

#include "lib/palm/gabor.hpp"
#include "lib/palm/hand.hpp"
#include "lib/palm/quality.hpp"
#include "lib/palm/region.hpp"

namespace bioctl::palm {

namespace {

constexpr float k_least_pixels = 64;
constexpr std::array k_turns_deg{-5.0F, 0.0F, 5.0F};
constexpr std::array k_scales{.93F, 1.0F, 1.075F};

/// The same palm taken for that of the other hand.
Hand mirrored(Hand hand) {
    hand.frame.x = -hand.frame.x;
    return hand;
}

Drawing drawing_of(Hand const& hand) {
    Drawing drawing{.contour = hand.contour,
                    .valleys = {hand.valleys.index, hand.valleys.middle, hand.valleys.little},
                    .region = region_corners(hand.frame)};
    if (hand.thumb_valley) drawing.valleys.push_back(*hand.thumb_valley);
    return drawing;
}

void add_poses(cv::Mat const& picture, Hand const& hand, match::CodeQuery& query) {
    for (float const scale : k_scales) {
        for (float const turn : k_turns_deg) {
            if (scale == 1 && turn == 0) continue;
            query.posed.emplace_back(encode(cut_region(picture, hand, {turn, scale})).code);
        }
    }
}

tl::unexpected<Refusal> refuse_quality(Quality const& quality) {
    bool const is_exposure = quality.exposure < quality.sharpness;
    return tl::unexpected<Refusal>(
        Refusal{Reason::low_quality, is_exposure ? "the palm is too dark or overexposed; change the light"
                                                 : "the palm shows no lines; clean the lens, hold still, and take off gloves"});
}

}  // namespace

Outcome<Capture> capture(cv::Mat const& picture, Search search) {
    auto const hand = find_hand(picture);
    if (!hand) return tl::unexpected<Refusal>(hand.error());
    if (float const pixels = region_side(hand->frame); pixels < k_least_pixels) {
        return tl::unexpected<Refusal>(Refusal{
            Reason::too_small,
            fmt::format("the palm is {:.0f} pixels wide, at least {:.0f} are needed; come closer", pixels, k_least_pixels)});
    }
    auto const region = cut_region(picture, *hand);
    auto const coded = encode(region);
    if (!match::is_comparable(coded.code))
        return tl::unexpected<Refusal>(Refusal{Reason::bad_pose, "too little of the palm is in view; show all of it"});
    Capture result;
    result.quality = assess(*hand, region, coded.contrast);
    if (std::min(result.quality.sharpness, result.quality.exposure) <= 0) return refuse_quality(result.quality);
    result.side = hand->side;
    result.drawing = drawing_of(*hand);
    region.grey(cv::Rect{k_margin_pixels, k_margin_pixels, k_region_pixels, k_region_pixels}).convertTo(result.region, CV_8U);
    result.enrolled = {.side = hand->side, .codes = {coded.code}};
    result.query.centred.emplace_back(coded.code);
    if (search == Search::all_poses) add_poses(picture, *hand, result.query);
    if (hand->side == Side::unknown) {
        auto const other = mirrored(*hand);
        result.enrolled.codes.push_back(encode(cut_region(picture, other)).code);
        result.query.centred.emplace_back(result.enrolled.codes.back());
        if (search == Search::all_poses) add_poses(picture, other, result.query);
    }
    return result;
}

float compare(match::CodeQuery const& query, Template const& enrolled) {
    float nearest = 1;
    for (auto const& code : enrolled.codes)
        nearest = std::min(nearest, query.distance_to(code));
    return nearest;
}

match::CodeQuery query_for(Template const& t) {
    match::CodeQuery query;
    for (auto const& code : t.codes)
        query.centred.emplace_back(code);
    return query;
}

}  // namespace bioctl::palm
