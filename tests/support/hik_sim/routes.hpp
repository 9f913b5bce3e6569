#pragma once
// What a terminal answers behind the login, by area.

#include <span>
#include <string>
#include <string_view>

#include "tests/support/hik_sim/terminal.hpp"
#include "tests/support/sim_http/message.hpp"

namespace bioctl::hik_sim {

struct Route {
    std::string_view method;
    std::string_view path;
    sim_http::Reply (*answer)(Terminal&, sim_http::Request const&);  ///< may throw Refusal
};

[[nodiscard]] std::span<Route const> system_routes();
[[nodiscard]] std::span<Route const> event_routes();
[[nodiscard]] std::span<Route const> people_routes();
[[nodiscard]] std::span<Route const> face_routes();
[[nodiscard]] std::span<Route const> host_routes();

/// Everything below /LOCALS/pic/.
[[nodiscard]] sim_http::Reply picture_reply(Terminal& terminal, sim_http::Request const& request);
/// Of the n-th person of the roster, counted from 1.
[[nodiscard]] std::string face_path(std::size_t place);
constexpr std::string_view k_picture_root = "/LOCALS/pic/";

/// Which of the quirks would spoil the picture of this event; Quirk::count if none.
[[nodiscard]] Quirk picture_fault(Terminal const& terminal, Event const& event);

/// The answer of the route that fits; 405 for another method, 404 for another path. Never throws Refusal.
[[nodiscard]] sim_http::Reply dispatch(Terminal& terminal, sim_http::Request const& request);

}  // namespace bioctl::hik_sim
