#include "cmd/background.hpp"

#include <algorithm>

#include "cmd/device_verbs.hpp"
#include "cmd/service.hpp"

namespace bioctl::cmd {

void until_stopped(std::function<void()> const& step) {
    while (stop_signal.load() == 0)
        step();
}

void beat(std::function<void()> const& touch_store) {
    beat_while([] { return stop_signal.load() == 0; }, touch_store);
}

void beat_while(std::function<bool()> const& goes_on, std::function<void()> const& touch_store) {
    constexpr std::chrono::milliseconds k_without_watchdog{10'000};
    constexpr std::chrono::milliseconds k_step{200};
    auto const interval = watchdog_interval();
    auto const pause = interval ? std::chrono::duration_cast<std::chrono::milliseconds>(*interval) : k_without_watchdog;
    while (goes_on()) {
        touch_store();
        tell_alive();
        auto const end = std::chrono::steady_clock::now() + pause;
        while (goes_on() && std::chrono::steady_clock::now() < end)
            pause_until_stopped(std::min(k_step, pause));
    }
}

}  // namespace bioctl::cmd
