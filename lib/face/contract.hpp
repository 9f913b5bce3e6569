#pragma once
// What makes two templates comparable: the same detector family, landmarks, alignment, weights and averaging.

#include <optional>
#include <string>

namespace bioctl::face {

/// Distances of one contract are comparable, those of two are not: another aligner moves them, another embedder makes them noise.
struct Contract {
    std::string id;           ///< first 16 hex digits of the SHA-256 of `description`; stored with every template
    std::string description;  ///< one line of name=value pairs, canonical
    std::string space;        ///< vector space of the weights: vectors of one space may be imported ("dlib-resnet-v1")
    int dimensions = 0;
    float scale = 1;  ///< s of distance = s * |u - v|: the mean norm of the model's vectors (1.43 for dlib's)
    std::optional<float> threshold_verify;     ///< 1:1 distance at FMR 1e-3
    std::optional<float> threshold_identify;   ///< 1:N distance at FMR 1e-4
    std::optional<float> threshold_duplicate;  ///< distance below which two ids are taken for one person at enrolment
};

}  // namespace bioctl::face
