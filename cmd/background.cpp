#include "cmd/background.hpp"

#include <algorithm>
#include <utility>

#include <fmt/format.h>

#include "cmd/device_verbs.hpp"
#include "cmd/service.hpp"
#include "lib/base/causes.hpp"

namespace bioctl::cmd {

void until_stopped(std::function<void()> const& step) {
    while (stop_signal.load() == 0)
        step();
}

bool Patient::run(std::function<void()> const& step) {
    try {
        step();
    } catch (Error const& error) {
        if (!may_pass(error)) throw;
        if (!std::exchange(m_is_troubled, true)) m_talk.warn(fmt::format("{} have to wait: {}", m_what, error.message()));
        return false;
    }
    if (std::exchange(m_is_troubled, false)) m_talk.note(fmt::format("{} go on", m_what));
    return true;
}

void beat(ui::Talk& talk, std::function<void()> const& touch_store) {
    beat_while(
        talk, [] { return stop_signal.load() == 0; }, touch_store);
}

void beat_while(ui::Talk& talk, std::function<bool()> const& goes_on, std::function<void()> const& touch_store) {
    Patient patient{talk, "changes of the store"};
    constexpr std::chrono::milliseconds k_without_watchdog{10'000};
    constexpr std::chrono::milliseconds k_step{200};
    auto const interval = watchdog_interval();
    auto const pause = interval ? std::chrono::duration_cast<std::chrono::milliseconds>(*interval) : k_without_watchdog;
    while (goes_on()) {
        if (patient.run(touch_store)) tell_alive();
        auto const end = std::chrono::steady_clock::now() + pause;
        while (goes_on() && std::chrono::steady_clock::now() < end)
            pause_until_stopped(std::min(k_step, pause));
    }
}

}  // namespace bioctl::cmd
