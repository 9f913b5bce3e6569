#pragma once
// A terminal without its network side, and requests to it.

#include <string>
#include <string_view>

#include "tests/support/hik_sim/replies.hpp"
#include "tests/support/hik_sim/routes.hpp"

namespace bioctl::hik_sim {

/// A log of `events` over the 100 s each that follow k_first.
[[nodiscard]] Terminal make_terminal(std::uint32_t events, std::string_view quirks = "none");
constexpr UnixTime k_first = 1788220800;  // 2026-09-01T00:00:00Z, 07:00 in Jakarta

[[nodiscard]] sim_http::Request make_request(std::string const& method, std::string const& target, std::string body = "");

/// The answer of the route, as JSON; null if it is none.
[[nodiscard]] Json ask(Terminal& terminal, std::string const& method, std::string const& target, Json const& body = nullptr);

/// AcsEventCond with what is needed, and `more` put over it.
[[nodiscard]] Json search_body(Json const& more = Json::object());
[[nodiscard]] Json search(Terminal& terminal, Json const& more = Json::object());

}  // namespace bioctl::hik_sim
