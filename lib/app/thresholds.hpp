#pragma once
// How near is near enough: what the user set, else what was measured for the models in use.

#include <optional>

#include "lib/face/contract.hpp"

namespace bioctl::app {

/// 1:1, false matches 1e-3. Throws Error{config} if neither the user nor the contract knows.
[[nodiscard]] float verify_threshold(face::Contract const& contract, std::optional<float> set_by_user);

/// 1:N, false matches 1e-4. Throws as verify_threshold().
[[nodiscard]] float identify_threshold(face::Contract const& contract, std::optional<float> set_by_user);

/// The same for palms, whose distances are on a scale of their own: what the user set, else what was measured.
[[nodiscard]] float palm_verify_threshold(std::optional<float> set_by_user);
[[nodiscard]] float palm_identify_threshold(std::optional<float> set_by_user);

/// Below which two ids are taken for one person at enrolment; none switches the check off.
[[nodiscard]] std::optional<float> duplicate_threshold(face::Contract const& contract, std::optional<float> set_by_user);

}  // namespace bioctl::app
