#pragma once
// Puts the enrolled people with their portraits on terminals. Only what differs is sent: what a terminal has is read from it, and
// which portrait it took is remembered.

#include <chrono>
#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "lib/app/sync.hpp"
#include "lib/app/workspace.hpp"

namespace bioctl::app {

enum class PushPrune {
    no,
    pushed,    ///< people that bioctl has put there and who are no longer enrolled
    everybody  ///< whoever is there and not enrolled
};

struct PushRules {
    std::vector<std::string> only{};  ///< ids; empty: everybody
    PushPrune prune = PushPrune::no;
    bool again = false;  ///< also faces that the terminal has taken already
    Mode mode = Mode::write;
    int jobs = 4;  ///< devices at once
    hikvision::HealthRules health{};
};

enum class Pushed {
    added,
    updated,  ///< another name or face
    unchanged,
    removed,
    no_photo,  ///< the person is there, but no portrait is kept to make a face of
    rejected,  ///< the terminal cannot use the photo, or the id does not fit
    failed,    ///< try again
};
[[nodiscard]] std::string_view name_of(Pushed result);

struct PushedPerson {
    std::string device, person_id;
    Pushed result = Pushed::unchanged;
    std::string detail{};  ///< what was sent, or why it was not; for people
};

struct DevicePush {
    std::string device;
    std::size_t people = 0;  ///< done, in any way
    std::size_t left = 0;    ///< not tried, because the device had to be given up
    std::string reason{};    ///< why; "" if all were tried
};

/// Devices work side by side. Both callbacks are called one at a time, on any thread. Throws Error{no_input} for an id in `only`
/// that nobody has, and Error of the store or the disk.
void push_people(SyncSetup const& setup, std::vector<store::Device> const& devices, PushRules const& rules,
                 std::function<void(PushedPerson const&)> const& on_person,
                 std::function<void(DevicePush const&)> const& on_device);

}  // namespace bioctl::app
