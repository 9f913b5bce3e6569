#pragma once
// The side door of the simulator: ground truth, statistics, and the switches of each terminal. No login.
//
//   GET  /truth?device=NAME   GET /people?device=NAME   GET /stats[?device=NAME]
//   POST /device?name=NAME[&off=1|0][&stall=1|0][&quirk=+a,-b][&password=P][&clock_jump_s=N][&utc_offset=+HH:MM]
//   POST /events?name=NAME&count=N[&late_by_s=N]        POST /wipe?name=NAME        POST /pictures?name=NAME&gone=1|0

#include <memory>
#include <string>
#include <vector>

#include "tests/support/hik_sim/device.hpp"
#include "tests/support/sim_http/message.hpp"

namespace bioctl::hik_sim {

using Devices = std::vector<std::unique_ptr<Device>>;

/// Errors are {"error": text} with 400 or 404.
[[nodiscard]] sim_http::Reply control(Devices& devices, sim_http::Request const& request);

}  // namespace bioctl::hik_sim
