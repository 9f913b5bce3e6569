#include "tests/unit/hik_sim/support.hpp"

namespace bioctl::hik_sim {

Terminal make_terminal(std::uint32_t events, std::string_view quirks) {
    auto const set = parse_quirks(quirks, 1);
    Terminal terminal{.identity = make_identity(1, 1),
                      .seed = 1,
                      .quirks = set,
                      .clock = DeviceClock{set, k_first + events * 50},
                      .log = EventLog{1}};
    terminal.log.append({.count = events, .first = k_first, .last = k_first + events * 100}, set);
    return terminal;
}

sim_http::Request make_request(std::string const& method, std::string const& target, std::string body) {
    auto request = sim_http::parse_head(method + ' ' + target + " HTTP/1.1\r\n");
    request.body = std::move(body);
    return request;
}

Json ask(Terminal& terminal, std::string const& method, std::string const& target, Json const& body) {
    auto const reply = dispatch(terminal, make_request(method, target, body.is_null() ? "" : body.dump()));
    auto json = Json::parse(reply.body, nullptr, false);
    return json.is_discarded() ? Json{} : json;
}

Json search_body(Json const& more) {
    Json condition{{"searchID", "a"}, {"searchResultPosition", 0}, {"maxResults", 30}, {"major", 0},
                   {"minor", 0},      {"picEnable", false}};
    condition.update(more);
    Json body;
    body["AcsEventCond"] = condition;
    return body;
}

Json search(Terminal& terminal, Json const& more) {
    return ask(terminal, "POST", "/ISAPI/AccessControl/AcsEvent?format=json", search_body(more));
}

}  // namespace bioctl::hik_sim
