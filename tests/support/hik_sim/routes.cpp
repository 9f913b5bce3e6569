#include "tests/support/hik_sim/routes.hpp"

#include "tests/support/hik_sim/replies.hpp"

namespace bioctl::hik_sim {

namespace {

sim_http::Reply answer(Terminal& terminal, sim_http::Request const& request) {
    if (request.method == "GET" && request.path.starts_with(k_picture_root)) return picture_reply(terminal, request);
    bool is_known = false;
    for (auto const& routes : {system_routes(), event_routes(), people_routes(), face_routes(), host_routes()}) {
        for (auto const& route : routes) {
            if (route.path != request.path) continue;
            if (route.method == request.method) return route.answer(terminal, request);
            is_known = true;
        }
    }
    if (is_known) throw Refusal{fault::method_not_allowed};
    return not_found();
}

}  // namespace

sim_http::Reply dispatch(Terminal& terminal, sim_http::Request const& request) {
    try {
        return answer(terminal, request);
    } catch (Refusal const& why) {
        return refusal(terminal, request, why);
    }
}

}  // namespace bioctl::hik_sim
