// The first half of enrol.hpp: from the bytes of a photo to faces worth enrolling; prepare_palm.cpp has the palms.

#include <algorithm>

#include <fmt/format.h>

#include "lib/app/enrol.hpp"
#include "lib/app/prepare_palm.hpp"

namespace bioctl::app {

namespace {

constexpr int k_crop_jpeg_quality = 92;

Rejected low_quality(face::Quality const& quality, float least) {
    return {RejectReason::low_quality,
            fmt::format("quality {:.2f} is below {:.2f}; the {} of the face is its weakest point", quality.score, least,
                        quality.weakest()),
            std::nullopt};
}

/// " 820,160 400,90": the middle of each face.
std::string places_of(std::vector<face::Face> const& faces) {
    std::string places;
    for (auto const& face : faces) {
        auto const middle = (face.box.tl() + face.box.br()) / 2;
        places += fmt::format(" {:.0f},{:.0f}", middle.x, middle.y);
    }
    return places;
}

std::variant<std::vector<std::size_t>, Rejected> face_at(std::vector<face::Face> const& faces, PhotoPoint point,
                                                         float min_quality) {
    cv::Point2f const pixel{static_cast<float>(point.x), static_cast<float>(point.y)};
    // Largest first: of overlapping faces the smaller one is meant, the larger one has room elsewhere.
    for (std::size_t i = faces.size(); i-- > 0;) {
        if (!faces[i].box.contains(pixel)) continue;
        if (faces[i].quality.score < min_quality) return low_quality(faces[i].quality, min_quality);
        return std::vector{i};
    }
    return Rejected{RejectReason::no_face,
                    fmt::format("no face at {},{}; the faces are at{}", point.x, point.y, places_of(faces)), std::nullopt};
}

/// Indices of the faces to enrol, or why there are none.
std::variant<std::vector<std::size_t>, Rejected> choose(std::vector<face::Face> const& faces, EnrolRules const& rules) {
    if (faces.empty()) {
        return Rejected{RejectReason::no_face, "no face found, upright or turned; the face must be in view and not too small",
                        std::nullopt};
    }
    if (rules.at) return face_at(faces, *rules.at, rules.min_quality);
    if (rules.faces == FacePolicy::one && faces.size() > 1) {
        return Rejected{RejectReason::many_faces,
                        fmt::format("{} faces, at{}; choose one with `enroll --at X,Y`, or use --faces largest", faces.size(),
                                    places_of(faces)),
                        std::nullopt};
    }
    std::vector<std::size_t> chosen;
    auto const considered = rules.faces == FacePolicy::all ? faces.size() : 1;
    for (std::size_t i = 0; i < considered; ++i) {
        if (faces[i].quality.score >= rules.min_quality) chosen.push_back(i);
    }
    if (chosen.empty()) return low_quality(faces.front().quality, rules.min_quality);
    return chosen;
}

}  // namespace

std::string_view name_of(RejectReason reason) {
    switch (reason) {
        case RejectReason::no_face: return "no_face";
        case RejectReason::many_faces: return "many_faces";
        case RejectReason::no_hand: return "no_hand";
        case RejectReason::bad_pose: return "bad_pose";
        case RejectReason::two_hands: return "two_hands";
        case RejectReason::too_small: return "too_small";
        case RejectReason::low_quality: return "low_quality";
        case RejectReason::unreadable: return "unreadable";
        case RejectReason::too_large: return "too_large";
        case RejectReason::duplicate_person: return "duplicate_person";
        case RejectReason::bad_id: return "bad_id";
        case RejectReason::bad_row: return "bad_row";
    }
    throw Error{Kind::bug, "a RejectReason without a name"};
}

Rejected rejected_by(image::Failure failure) {
    bool const is_too_large = failure.reason == image::Failure::Reason::too_large;
    auto detail = failure.detail;
    return {is_too_large ? RejectReason::too_large : RejectReason::unreadable, std::move(detail), std::move(failure)};
}

PreparedPhoto prepare(face::Engine& engine, ByteView file, Sha256 const& digest, EnrolRules const& rules,
                      image::Limits const& limits) {
    if (rules.modality == store::Modality::palm) return prepare_palm(file, digest, rules, limits);
    PreparedPhoto photo{.digest = digest, .samples = {}, .rotation = 0, .rejected = std::nullopt, .found = 0};
    // Embedding costs most: it waits until the policy has chosen.
    auto analysis = analyse_photo(engine, file, limits, face::Embedding::chosen_faces);
    if (!analysis) {
        photo.rejected = rejected_by(std::move(analysis.error()));
        return photo;
    }
    photo.rotation = analysis->rotation;
    photo.found = analysis->faces.size();
    auto choice = choose(analysis->faces, rules);
    if (auto* rejected = std::get_if<Rejected>(&choice)) {
        photo.rejected = std::move(*rejected);
        return photo;
    }
    auto const& indices = std::get<std::vector<std::size_t>>(choice);
    std::vector<face::Face> chosen;
    for (auto const index : indices)
        chosen.push_back(std::move(analysis->faces[index]));
    engine.embed(chosen);
    for (std::size_t i = 0; i < chosen.size(); ++i) {
        auto& face = chosen[i];
        Bytes crop;
        if (rules.crops == CropPolicy::keep) crop = image::encode_jpeg(engine.portrait(face), k_crop_jpeg_quality);
        photo.samples.push_back({.index = static_cast<int>(indices[i]),
                                 .box = clipped(face.box, analysis->size),
                                 .quality = face.quality.score,
                                 .features = std::move(face.vector),
                                 .crop = std::move(crop)});
    }
    return photo;
}

}  // namespace bioctl::app
