#include "lib/app/prepare_palm.hpp"

#include <fmt/format.h>

#include "lib/app/palm_photo.hpp"

namespace bioctl::app {

namespace {

RejectReason reason_of(palm::Reason reason) {
    switch (reason) {
        case palm::Reason::no_hand: return RejectReason::no_hand;
        case palm::Reason::bad_pose: return RejectReason::bad_pose;
        case palm::Reason::two_hands: return RejectReason::two_hands;
        case palm::Reason::too_small: return RejectReason::too_small;
        case palm::Reason::low_quality: return RejectReason::low_quality;
    }
    throw Error{Kind::bug, "a palm::Reason without a RejectReason"};
}

Rejected low_quality(palm::Quality const& quality, float least) {
    return {RejectReason::low_quality,
            fmt::format("quality {:.2f} is below {:.2f}; the {} of the palm is its weakest point", quality.score, least,
                        quality.weakest()),
            std::nullopt};
}

}  // namespace

EnrolRules for_palms(EnrolRules rules) {
    rules.modality = store::Modality::palm;
    rules.duplicate_threshold = palm::k_duplicate_threshold;
    return rules;
}

Rejected rejected_by(palm::Refusal const& refusal) {
    return {reason_of(refusal.reason), refusal.detail, std::nullopt};
}

PreparedPhoto prepare_palm(ByteView file, Sha256 const& digest, EnrolRules const& rules, image::Limits const& limits) {
    PreparedPhoto prepared{.digest = digest, .samples = {}, .rotation = 0, .rejected = std::nullopt, .found = 0};
    // The poses are for the search of duplicates.
    bool const looks_for_duplicates = rules.on_duplicate != OnDuplicate::allow && rules.duplicate_threshold;
    auto photo = look_for_palm(file, limits, looks_for_duplicates ? palm::Search::all_poses : palm::Search::one_pose);
    if (!photo) {
        prepared.rejected = rejected_by(std::move(photo.error()));
        return prepared;
    }
    if (!photo->palm) {
        prepared.rejected = rejected_by(photo->palm.error());
        return prepared;
    }
    prepared.found = 1;
    auto& palm = *photo->palm;
    if (palm.quality.score < rules.min_quality) {
        prepared.rejected = low_quality(palm.quality, rules.min_quality);
        return prepared;
    }
    prepared.samples.push_back({.index = 0,
                                .box = box_of(palm.drawing, photo->size),
                                .quality = palm.quality.score,
                                .features = PalmFeatures{std::move(palm.enrolled), std::move(palm.query)},
                                .crop = rules.crops == CropPolicy::keep ? portrait_of(*photo) : Bytes{}});
    return prepared;
}

}  // namespace bioctl::app
