#include "cmd/service.hpp"

#include <cstdint>

#include <systemd/sd-daemon.h>

namespace bioctl::cmd {

void tell_ready(std::string const& status) {
    sd_notify(0, ("READY=1\nSTATUS=" + status).c_str());
}

void tell_status(std::string const& status) {
    sd_notify(0, ("STATUS=" + status).c_str());
}

void tell_stopping() {
    sd_notify(0, "STOPPING=1");
}

void tell_alive() {
    sd_notify(0, "WATCHDOG=1");
}

std::optional<std::chrono::microseconds> watchdog_interval() {
    std::uint64_t limit = 0;
    if (sd_watchdog_enabled(0, &limit) <= 0) return std::nullopt;
    return std::chrono::microseconds{limit / 2};
}

}  // namespace bioctl::cmd
