#pragma once
// A verb that runs as a service: what systemd wants to hear (sd_notify(3)). Silent when nobody listens.

#include <chrono>
#include <optional>
#include <string>

namespace bioctl::cmd {

void tell_ready(std::string const& status);
void tell_status(std::string const& status);
void tell_stopping();
void tell_alive();

/// How often tell_alive() is expected (WatchdogSec halved), if it is.
[[nodiscard]] std::optional<std::chrono::microseconds> watchdog_interval();

}  // namespace bioctl::cmd
