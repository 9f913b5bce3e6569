// Dossier section 7: people. Deletion takes its time.

#include <algorithm>
#include <array>

#include "tests/support/hik_sim/replies.hpp"
#include "tests/support/hik_sim/routes.hpp"

namespace bioctl::hik_sim {

namespace {

using sim_http::Reply;
using sim_http::Request;

constexpr std::size_t k_max_employee_no = 32, k_max_name = 128, k_max_people = 3000, k_max_results = 30;

Roster& roster_of(Terminal& terminal) {
    static_cast<void>(terminal.roster.is_deleting(std::chrono::steady_clock::now()));
    return terminal.roster;
}

std::string text_member(Json const& object, char const* name, std::size_t most) {
    auto const found = object.find(name);
    if (found == object.end()) throw Refusal{fault::parameters_lack, name};
    if (!found->is_string() || found->get_ref<std::string const&>().size() > most) throw Refusal{fault::bad_json_content, name};
    return found->get<std::string>();
}

Json user_info(Request const& request) {
    auto const body = body_object(request);
    auto const& user = root_object(body, "UserInfo");
    if (text_member(user, "employeeNo", k_max_employee_no).empty()) throw Refusal{fault::bad_json_content, "employeeNo"};
    return user;
}

/// Adds the person, or puts the members given over those that are there.
void write_person(Terminal& terminal, Json const& user) {
    auto& people = roster_of(terminal).people();
    auto const number = text_member(user, "employeeNo", k_max_employee_no);
    bool const is_new = !people.contains(number);
    if (is_new) {
        static_cast<void>(text_member(user, "name", k_max_name));
        for (auto const* needed : {"userType", "Valid"}) {
            if (!user.contains(needed)) throw Refusal{fault::parameters_lack, needed};
        }
        if (people.size() >= k_max_people) throw Refusal{{"deviceUserFull", 6, 0x60007000}};
    }
    auto& person = people[number];
    auto merged = is_new ? Json::object() : Json::parse(person.user_info);
    merged.update(user);
    person.user_info = merged.dump(-1, ' ', false, Json::error_handler_t::replace);
}

Reply record(Terminal& terminal, Request const& request) {
    auto const user = user_info(request);
    if (roster_of(terminal).people().contains(user["employeeNo"].get<std::string>()))
        throw Refusal{fault::employee_exists, "checkUser"};
    write_person(terminal, user);
    return done_reply(terminal, request);
}

Reply modify(Terminal& terminal, Request const& request) {
    auto const user = user_info(request);
    if (!roster_of(terminal).people().contains(user["employeeNo"].get<std::string>()))
        throw Refusal{fault::no_employee, "employeeNo"};
    write_person(terminal, user);
    return done_reply(terminal, request);
}

Reply set_up(Terminal& terminal, Request const& request) {
    if (terminal.quirks.has(Quirk::no_set_up)) throw Refusal{fault::not_support};
    write_person(terminal, user_info(request));
    return done_reply(terminal, request);
}

std::vector<std::string> employee_list(Json const& condition, bool is_needed) {
    auto const list = condition.find("EmployeeNoList");
    if (list == condition.end() && is_needed) throw Refusal{fault::parameters_lack, "EmployeeNoList"};
    std::vector<std::string> numbers;
    if (list == condition.end()) return numbers;
    if (!list->is_array()) throw Refusal{fault::bad_json_content, "EmployeeNoList"};
    for (auto const& each : *list) {
        if (!each.is_object()) throw Refusal{fault::bad_json_content, "EmployeeNoList"};
        numbers.push_back(text_member(each, "employeeNo", k_max_employee_no));
    }
    return numbers;
}

std::size_t size_member(Json const& condition, char const* name) {
    auto const found = condition.find(name);
    if (found == condition.end()) throw Refusal{fault::parameters_lack, name};
    if (!found->is_number_unsigned()) throw Refusal{fault::bad_json_content, name};
    return found->get<std::size_t>();
}

Json found_person(std::string const& number, Enrolled const& enrolled, std::size_t place) {
    auto person = Json::parse(enrolled.user_info);
    person["employeeNo"] = number;
    person["numOfCard"] = 0;
    person["numOfFP"] = 0;
    person["numOfFace"] = enrolled.face ? 1 : 0;
    if (enrolled.face) person["faceURL"] = face_path(place);
    return person;
}

Reply search(Terminal& terminal, Request const& request) {
    auto const body = body_object(request);
    auto const& condition = root_object(body, "UserInfoSearchCond");
    auto const wanted = employee_list(condition, false);
    auto const position = size_member(condition, "searchResultPosition");
    auto const most = std::min(size_member(condition, "maxResults"), k_max_results);
    Json list = Json::array();
    std::size_t total = 0, place = 0;
    for (auto const& [number, enrolled] : roster_of(terminal).people()) {
        ++place;
        if (!wanted.empty() && std::find(wanted.begin(), wanted.end(), number) == wanted.end()) continue;
        if (total++ >= position && list.size() < most) list.push_back(found_person(number, enrolled, place));
    }
    auto const* const status = list.empty() ? "NO MATCH" : position + list.size() < total ? "MORE" : "OK";
    Json result{{"searchID", text_member(condition, "searchID", 64)},
                {"responseStatusStrg", status},
                {"numOfMatches", list.size()},
                {"totalMatches", total}};
    if (!list.empty()) result["UserInfo"] = std::move(list);
    return json_reply(terminal, {{"UserInfoSearch", std::move(result)}});
}

Reply count(Terminal& terminal, Request const&) {
    auto const& roster = roster_of(terminal);
    return json_reply(terminal, {{"UserInfoCount",
                                  {{"userNumber", roster.people().size()},
                                   {"bindFaceUserNumber", roster.faces()},
                                   {"bindFingerprintUserNumber", 0},
                                   {"bindCardUserNumber", 0}}}});
}

Reply capabilities(Terminal& terminal, Request const&) {
    return settings_reply(
        terminal, {{"UserInfo",
                    {{"supportFunction",
                      {{"@opt", terminal.quirks.has(Quirk::no_set_up) ? "post,delete,put,get" : "post,delete,put,get,setUp"}}},
                     {"maxRecordNum", k_max_people},
                     {"UserInfoSearchCond", {{"maxResults", {{"@min", 1}, {"@max", k_max_results}}}}},
                     {"employeeNo", {{"@min", 1}, {"@max", k_max_employee_no}}},
                     {"name", {{"@min", 0}, {"@max", k_max_name}}}}}});
}

Reply start_deletion(Terminal& terminal, Request const& request) {
    if (terminal.quirks.has(Quirk::no_detail_delete)) throw Refusal{fault::not_support};
    auto const body = body_object(request);
    auto const& detail = root_object(body, "UserInfoDetail");
    auto const mode = text_member(detail, "mode", k_max_name);
    if (mode != "all" && mode != "byEmployeeNo") throw Refusal{fault::bad_json_content, "mode"};
    if (terminal.roster.is_deleting(std::chrono::steady_clock::now())) throw Refusal{fault::device_busy};
    auto numbers = mode == "all" ? std::vector<std::string>{} : employee_list(detail, true);
    if (mode == "all") {
        for (auto const& entry : terminal.roster.people())
            numbers.push_back(entry.first);
    }
    terminal.roster.start_deletion(std::move(numbers), std::chrono::steady_clock::now());
    return done_reply(terminal, request);
}

Reply deletion_state(Terminal& terminal, Request const&) {
    bool const is_running = terminal.roster.is_deleting(std::chrono::steady_clock::now());
    return json_reply(terminal, {{"UserInfoDetailDeleteProcess",
                                  {{"status", is_running ? "processing" : "success"}, {"percent", is_running ? 50 : 100}}}});
}

Reply delete_now(Terminal& terminal, Request const& request) {
    auto const body = body_object(request);
    for (auto const& number : employee_list(root_object(body, "UserInfoDelCond"), true))
        roster_of(terminal).people().erase(number);
    return done_reply(terminal, request);
}

constexpr auto k_routes = std::to_array<Route>({
    {"GET", "/ISAPI/AccessControl/UserInfo/capabilities", capabilities},
    {"GET", "/ISAPI/AccessControl/UserInfo/Count", count},
    {"POST", "/ISAPI/AccessControl/UserInfo/Record", record},
    {"PUT", "/ISAPI/AccessControl/UserInfo/Modify", modify},
    {"PUT", "/ISAPI/AccessControl/UserInfo/SetUp", set_up},
    {"POST", "/ISAPI/AccessControl/UserInfo/Search", search},
    {"PUT", "/ISAPI/AccessControl/UserInfo/Delete", delete_now},
    {"PUT", "/ISAPI/AccessControl/UserInfoDetail/Delete", start_deletion},
    {"GET", "/ISAPI/AccessControl/UserInfoDetail/DeleteProcess", deletion_state},
});

}  // namespace

std::span<Route const> people_routes() {
    return k_routes;
}

}  // namespace bioctl::hik_sim
