#include "cmd/background.hpp"

#include "cmd/device_verbs.hpp"
#include "cmd/service.hpp"

namespace bioctl::cmd {

void until_stopped(std::function<void()> const& step) {
    while (stop_signal.load() == 0)
        step();
}

void beat(std::function<void()> const& touch_store) {
    constexpr std::chrono::seconds k_without_watchdog{10};
    auto const interval = watchdog_interval();
    auto const pause = interval ? std::chrono::duration_cast<std::chrono::milliseconds>(*interval) : k_without_watchdog;
    until_stopped([&] {
        touch_store();
        tell_alive();
        pause_until_stopped(pause);
    });
}

}  // namespace bioctl::cmd
