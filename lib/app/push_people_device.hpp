#pragma once
// One terminal of a push of people. Private to push_people.cpp.

#include <set>
#include <string>
#include <vector>

#include "lib/app/push_people.hpp"

namespace bioctl::app {

struct PushCandidate {
    std::string id{}, name{};
    std::string portrait{};  ///< below media_dir, "" = none is kept
    std::string problem{};   ///< why it cannot be pushed at all
};

struct PushWork {
    std::vector<PushCandidate> candidates;
    std::set<std::string, std::less<>> enrolled;  ///< all ids
};

/// Never throws for what a device does; Error of the store or the disk goes through.
[[nodiscard]] DevicePush push_to_device(SyncSetup const& setup, store::Device const& device, PushWork const& work,
                                        PushRules const& rules, std::function<void(PushedPerson const&)> const& on_person);

}  // namespace bioctl::app
