#include "lib/app/thresholds.hpp"

#include "lib/base/error.hpp"
#include "lib/palm/engine.hpp"

namespace bioctl::app {

namespace {

float first_of(std::optional<float> set_by_user, std::optional<float> measured) {
    if (set_by_user) return *set_by_user;
    if (measured) return *measured;
    throw Error{Kind::config, "no threshold is known for the models in use; set one with --threshold or BIOCTL_THRESHOLD"};
}

}  // namespace

float verify_threshold(face::Contract const& contract, std::optional<float> set_by_user) {
    return first_of(set_by_user, contract.threshold_verify);
}

float identify_threshold(face::Contract const& contract, std::optional<float> set_by_user) {
    return first_of(set_by_user, contract.threshold_identify);
}

float palm_verify_threshold(std::optional<float> set_by_user) {
    return set_by_user.value_or(palm::k_verify_threshold);
}

float palm_identify_threshold(std::optional<float> set_by_user) {
    return set_by_user.value_or(palm::k_identify_threshold);
}

std::optional<float> duplicate_threshold(face::Contract const& contract, std::optional<float> set_by_user) {
    // What the user set is for daily recognition, often lenient; where the models have a value of their own, it is the safer one.
    if (contract.threshold_duplicate) return contract.threshold_duplicate;
    return set_by_user ? set_by_user : contract.threshold_identify;
}

}  // namespace bioctl::app
