// Dossier section 3: the event search.

#include <array>

#include <fmt/format.h>

#include "tests/support/hik_sim/routes.hpp"
#include "tests/support/hik_sim/search.hpp"

namespace bioctl::hik_sim {

namespace {

using sim_http::Reply;
using sim_http::Request;

constexpr std::size_t k_huge_bytes = 20 * 1024 * 1024;
constexpr std::uint64_t k_lose_every = 5;
constexpr std::string_view k_boundary = "MIME_boundary";

void require_search(Terminal const& terminal) {
    if (terminal.quirks.has(Quirk::no_acs_event)) throw Refusal{fault::not_support};
}

std::string part(std::string_view headers, std::string_view body) {
    return fmt::format("--{}\r\n{}\r\nContent-Length: {}\r\n\r\n{}\r\n", k_boundary, headers, body.size(), body);
}

/// The answer to picEnable: the rows, then their pictures.
Reply multipart(Terminal const& terminal, std::string const& json, Page const& page) {
    auto body = part("Content-Type: application/json", json);
    for (auto const* event : page.rows) {
        if (!event->has_picture) continue;
        body += part(fmt::format("Content-Type: image/jpeg\r\nContent-ID: {}", event->serial),
                     picture_bytes(terminal.log.seed(), event->row));
    }
    return {.content_type = fmt::format("multipart/form-data; boundary={}", k_boundary),
            .body = body + fmt::format("--{}--\r\n", k_boundary)};
}

Json search_result(Terminal const& terminal, Condition const& condition, Page const& page) {
    Json list = Json::array();
    for (auto const* event : page.rows)
        list.push_back(event_json(terminal, *event));
    bool const has_more = condition.position + page.rows.size() < page.total;
    auto const* const status = page.rows.empty() ? "NO MATCH" : has_more ? "MORE" : "OK";
    Json result{{"searchID", condition.search_id},
                {"responseStatusStrg", status},
                {"numOfMatches", page.rows.size()},
                {"totalMatches", page.total}};
    if (!page.rows.empty() || terminal.quirks.has(Quirk::empty_list)) result["InfoList"] = std::move(list);
    return result;
}

void count_search(Terminal& terminal, Condition const& condition) {
    ++terminal.counters.searches;
    if (condition.position == 0) return;
    bool const is_lost = ++terminal.counters.continued_pages % k_lose_every == 0 && terminal.quirks.has(Quirk::lose_search);
    if (is_lost) throw Refusal{fault::no_search_id, "searchID"};
}

Reply search(Terminal& terminal, Request const& request) {
    require_search(terminal);
    auto const condition = parse_condition(terminal, body_object(request));
    count_search(terminal, condition);
    auto const page = find(terminal, condition);
    auto result = search_result(terminal, condition, page);
    if (terminal.quirks.has(Quirk::more_with_zero_rows) && condition.position > 0) {
        result["responseStatusStrg"] = "MORE";
        result["numOfMatches"] = 0;
        result["InfoList"] = Json::array();
    }
    if (terminal.quirks.has(Quirk::huge_answer)) result["padding"] = std::string(k_huge_bytes, 'x');
    auto json = spoil_names(dump(terminal, {{"AcsEvent", std::move(result)}}), terminal.quirks);
    if (terminal.quirks.has(Quirk::html_for_json))
        return {.content_type = "text/html", .body = "<!DOCTYPE html><html><body><h1>Web Service</h1></body></html>"};
    if (terminal.quirks.has(Quirk::pic_multipart) && condition.wants_pictures) return multipart(terminal, json, page);
    return {.body = std::move(json)};
}

Reply total(Terminal& terminal, Request const& request) {
    require_search(terminal);
    auto const page = find(terminal, parse_count_condition(terminal, body_object(request)));
    return json_reply(terminal, {{"AcsEventTotalNum", {{"totalNum", page.total}}}});
}

Reply capabilities(Terminal& terminal, Request const&) {
    require_search(terminal);
    auto const most = terminal.quirks.has(Quirk::cap_10) ? 10U : 30U;
    auto const range = [](std::int64_t least, std::int64_t greatest) { return Json{{"@min", least}, {"@max", greatest}}; };
    Json condition{{"searchID", range(1, 64)},
                   {"searchResultPosition", range(0, 150000)},
                   {"maxResults", range(1, most)},
                   {"major", {{"@opt", "0,1,2,3,5"}}},
                   {"minorEvent", {{"@opt", "1,21,22,25,54,75,76,77,80,104"}}},
                   {"startTime", range(0, 32)},
                   {"endTime", range(0, 32)},
                   {"employeeNoString", range(0, 32)},
                   {"timeReverseOrder", true}};
    if (!terminal.quirks.has(Quirk::refuse_serial_seek)) {
        condition["beginSerialNo"] = range(1, 3000000000);
        condition["endSerialNo"] = range(1, 3000000000);
    }
    return settings_reply(terminal, {{"AcsEvent",
                                      {{"AcsEventCond", condition},
                                       {"InfoList", {{"maxSize", most}, {"pictureURL", range(0, 256)}}},
                                       {"totalMatches", range(0, 150000)}}}});
}

constexpr auto k_routes = std::to_array<Route>({
    {"POST", "/ISAPI/AccessControl/AcsEvent", search},
    {"POST", "/ISAPI/AccessControl/AcsEventTotalNum", total},
    {"GET", "/ISAPI/AccessControl/AcsEvent/capabilities", capabilities},
});

}  // namespace

std::span<Route const> event_routes() {
    return k_routes;
}

}  // namespace bioctl::hik_sim
