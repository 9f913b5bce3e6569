#include "tests/support/hik_sim/search.hpp"

#include <algorithm>
#include <limits>

namespace bioctl::hik_sim {

namespace {

constexpr std::size_t k_max_search_id = 64;
constexpr std::int64_t k_max_serial = 3000000000;  // AcsEvent/capabilities
constexpr std::uint64_t k_short_page = 10;

std::uint64_t need_number(Json const& condition, char const* name) {
    auto const found = condition.find(name);
    if (found == condition.end()) throw Refusal{fault::parameters_lack, name};
    if (!found->is_number_unsigned()) throw Refusal{fault::bad_json_content, name};
    return found->get<std::uint64_t>();
}

std::string optional_text(Json const& condition, char const* name) {
    auto const found = condition.find(name);
    if (found == condition.end()) return "";
    if (found->is_number_unsigned()) return found->dump();
    if (!found->is_string()) throw Refusal{fault::bad_json_content, name};
    return found->get<std::string>();
}

bool optional_bool(Json const& condition, char const* name, bool otherwise) {
    auto const found = condition.find(name);
    if (found == condition.end()) return otherwise;
    if (!found->is_boolean()) throw Refusal{fault::bad_json_content, name};
    return found->get<bool>();
}

std::optional<WindowTime> optional_time(Terminal const& terminal, Json const& condition, char const* name) {
    auto const text = optional_text(condition, name);
    if (text.empty()) return std::nullopt;
    auto const time = parse_window_time(text);
    if (!time) throw Refusal{fault::time_format, name};
    if (time->offset_minutes && terminal.quirks.has(Quirk::refuse_offset)) throw Refusal{fault::time_format, name};
    return time;
}

std::optional<std::int64_t> optional_serial(Terminal const& terminal, Json const& condition, char const* name) {
    auto const found = condition.find(name);
    if (found == condition.end()) return std::nullopt;
    if (terminal.quirks.has(Quirk::refuse_serial_seek) || !found->is_number_unsigned())
        throw Refusal{fault::bad_json_content, name};
    auto const serial = found->get<std::uint64_t>();
    if (serial < 1 || serial > k_max_serial) throw Refusal{fault::bad_json_content, name};
    return static_cast<std::int64_t>(serial);
}

void read_kinds(Terminal const& terminal, Json const& json, Condition& condition) {
    condition.major = need_number(json, "major");
    condition.minor = need_number(json, "minor");
    if (condition.major == 0 && terminal.quirks.has(Quirk::refuse_major_0)) throw Refusal{fault::bad_parameters, "major"};
    if (condition.minor == 0 && terminal.quirks.has(Quirk::refuse_minor_0)) throw Refusal{fault::bad_parameters, "minor"};
}

void read_serials(Terminal const& terminal, Json const& json, Condition& condition) {
    condition.begin_serial = optional_serial(terminal, json, "beginSerialNo");
    condition.end_serial = optional_serial(terminal, json, "endSerialNo");
    if (condition.begin_serial && !condition.end_serial) throw Refusal{fault::bad_json_content, "endSerialNo"};
    if (condition.end_serial && !condition.begin_serial) throw Refusal{fault::bad_json_content, "beginSerialNo"};
    if (condition.begin_serial && *condition.begin_serial > *condition.end_serial)
        throw Refusal{fault::bad_json_content, "endSerialNo"};
}

void read_filters(Terminal const& terminal, Json const& json, Condition& condition) {
    condition.start = optional_time(terminal, json, "startTime");
    condition.end = optional_time(terminal, json, "endTime");
    if (condition.start && condition.end && condition.start->offset_minutes == condition.end->offset_minutes &&
        condition.start->wall > condition.end->wall)
        throw Refusal{fault::invalid_search, "endTime"};
    read_serials(terminal, json, condition);
    condition.employee_no = optional_text(json, "employeeNoString");
    if (condition.employee_no.empty()) condition.employee_no = optional_text(json, "employeeNo");
    condition.name = optional_text(json, "name");
}

/// The moment a window border means to this terminal; std::nullopt if it is in a foreign offset and so finds nothing.
std::optional<UnixTime> moment(Terminal const& terminal, WindowTime const& time) {
    auto const own = terminal.clock.offset_minutes();
    auto const given = time.offset_minutes.value_or(own);
    if (given != own && !terminal.quirks.has(Quirk::any_offset)) return std::nullopt;
    return time.wall - given * 60;
}

struct Window {
    UnixTime first = std::numeric_limits<UnixTime>::min();
    UnixTime last = std::numeric_limits<UnixTime>::max() - 1;
};

std::optional<Window> window_of(Terminal const& terminal, Condition const& condition) {
    Window window;
    if (condition.start) {
        auto const first = moment(terminal, *condition.start);
        if (!first) return std::nullopt;
        window.first = *first;
    }
    if (condition.end) {
        auto const last = moment(terminal, *condition.end);
        if (!last) return std::nullopt;
        window.last = *last;
    }
    return window;
}

bool matches(Terminal const& terminal, Condition const& condition, Event const& event) {
    if (condition.major != 0 && event.major != condition.major) return false;
    if (condition.minor != 0 && event.minor != condition.minor) return false;
    if (condition.begin_serial && (event.serial < *condition.begin_serial || event.serial > *condition.end_serial)) return false;
    if (!condition.employee_no.empty() && condition.employee_no != employee_no(event.person, terminal.quirks)) return false;
    return condition.name.empty() || condition.name == person_name(event.person);
}

std::uint64_t page_size(Terminal const& terminal, Condition const& condition) {
    return std::min(condition.max_results, terminal.quirks.has(Quirk::cap_10) ? k_short_page : k_max_results);
}

}  // namespace

Condition parse_condition(Terminal const& terminal, Json const& body) {
    auto const& json = root_object(body, "AcsEventCond");
    if (!json.contains("searchID")) throw Refusal{fault::parameters_lack, "searchID"};
    Condition condition{.search_id = optional_text(json, "searchID")};
    if (condition.search_id.empty() || condition.search_id.size() > k_max_search_id)
        throw Refusal{fault::bad_json_content, "searchID"};
    condition.position = need_number(json, "searchResultPosition");
    condition.max_results = need_number(json, "maxResults");
    bool const is_too_many = terminal.quirks.has(Quirk::cap_reject) && condition.max_results > k_max_results;
    if (condition.max_results == 0 || is_too_many) throw Refusal{fault::bad_parameters, "maxResults"};
    read_kinds(terminal, json, condition);
    read_filters(terminal, json, condition);
    condition.is_newest_first = optional_bool(json, "timeReverseOrder", false);
    condition.wants_pictures = optional_bool(json, "picEnable", true);
    return condition;
}

Condition parse_count_condition(Terminal const& terminal, Json const& body) {
    auto const& json = root_object(body, "AcsEventTotalNumCond");
    Condition condition;
    read_kinds(terminal, json, condition);
    read_filters(terminal, json, condition);
    return condition;
}

Page find(Terminal const& terminal, Condition const& condition) {
    Page page;
    auto const window = window_of(terminal, condition);
    if (!window) return page;
    auto const begin = terminal.log.first_at(window->first);
    auto const end = std::max(begin, terminal.log.first_at(window->last + 1));
    auto const most = page_size(terminal, condition);
    for (auto i = begin; i < end; ++i) {
        auto const& event = terminal.log.by_time(condition.is_newest_first ? end - 1 - (i - begin) : i);
        if (!matches(terminal, condition, event)) continue;
        if (page.total++ >= condition.position && page.rows.size() < most) page.rows.push_back(&event);
    }
    return page;
}

}  // namespace bioctl::hik_sim
