#pragma once
// Does the picture of an event show the person that the terminal named? A terminal fooled by a photo of somebody else becomes
// visible.

#include <functional>
#include <optional>
#include <string>

#include "lib/app/sync.hpp"
#include "lib/app/workspace.hpp"

namespace bioctl::app {

struct VerifiedEvent {
    std::int64_t id = 0;
    std::string person_id{};
    std::string verdict{};  ///< same, different, no_face, no_template, unreadable
    std::optional<double> distance{};
};

/// Every recognised event with a stored picture and an enrolled person that is not verified yet: the largest face against the
/// nearest template of that person under the active contract, `threshold` of 1:1. Returns how many.
std::int64_t verify_events(SyncSetup const& setup, Workspace const& faces, float threshold,
                           std::function<void(VerifiedEvent const&)> const& on_event);

}  // namespace bioctl::app
