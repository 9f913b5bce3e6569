#include "lib/app/device_turn.hpp"

#include <fmt/format.h>

namespace bioctl::app {

namespace {

constexpr std::chrono::milliseconds k_step{50};

fs::path lock_file(SyncSetup const& setup, std::int64_t device) {
    return setup.locks_dir / fmt::format("device-{}.lock", device);
}

}  // namespace

std::optional<DeviceTurn> DeviceTurn::take(SyncSetup const& setup, std::int64_t device, std::chrono::milliseconds patience) {
    auto const end = std::chrono::steady_clock::now() + patience;
    for (;;) {
        if (auto lock = FileLock::try_acquire(lock_file(setup, device))) return DeviceTurn{std::move(*lock)};
        if (setup.should_stop() || std::chrono::steady_clock::now() >= end) return std::nullopt;
        setup.pause(k_step);
    }
}

Error device_is_taken(SyncSetup const& setup, store::Device const& device) {
    auto const holder = FileLock::holder(lock_file(setup, device.key));
    auto const who = holder > 0 ? fmt::format("process {}", holder) : std::string{"another process"};
    return {Kind::busy, fmt::format("{}: {} is talking to it; try again when it has finished", device.config.name, who)};
}

}  // namespace bioctl::app
