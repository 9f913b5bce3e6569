#include <algorithm>
#include <array>

#include <fmt/format.h>

#include "lib/base/text.hpp"
#include "lib/hikvision/documents.hpp"
#include "lib/hikvision/event_row.hpp"
#include "lib/hikvision/tree.hpp"

namespace bioctl::hikvision {

using namespace std::chrono;

namespace {

constexpr std::size_t k_max_path = 2000;

/// The text of a member, "" also for the words with which firmware says nothing.
std::string said(Json const& row, std::string_view key) {
    static constexpr std::array<std::string_view, 4> k_nothing{"0", "invalid", "undefined", "unknown"};
    auto text = text_of(row, key);
    bool const is_nothing = std::find(k_nothing.begin(), k_nothing.end(), to_lower_ascii(text)) != k_nothing.end();
    return is_nothing ? "" : text;
}

std::optional<Timestamp> time_from(std::string const& text, minutes offset) {
    if (auto const exact = from_rfc3339(text)) return *exact;
    if (auto const local = from_rfc3339(text + 'Z')) return *local - offset;
    return std::nullopt;
}

bool is_row(Json const& value) {
    return value.is_object() && (value.contains("serialNo") || value.contains("major") || value.contains("time"));
}

/// JSON lists rows in an array. XML that became a tree: one row, several of the same name, or both within an element.
void collect_rows(Json const& list, minutes offset, EventPage& page) {
    auto const take = [&](Json const& value) {
        if (auto row = row_from(value, offset)) {
            page.rows.push_back(std::move(*row));
        } else {
            ++page.unusable;
        }
    };
    if (is_row(list)) return take(list);
    for (auto const& inner : list) {
        if (list.is_array()) {
            take(inner);
        } else if (inner.is_structured()) {
            collect_rows(inner, offset, page);
        }
    }
}

/// "NO MATCH", "NO_MATCH", "NO MATCHES" and "more": the letters count.
std::string letters_of(std::string_view text) {
    std::string letters;
    for (char const c : to_lower_ascii(text)) {
        if (c >= 'a' && c <= 'z') letters += c;
    }
    return letters;
}

PageStatus status_from(Json const& root) {
    auto const text = text_of(root, "responseStatusStrg");
    auto const word = letters_of(text);
    if (word == "more") return PageStatus::more;
    if (word.starts_with("nomatch")) return PageStatus::no_match;
    if (word == "ok" || (word.empty() && root.contains("InfoList"))) return PageStatus::ok;
    throw Error{Kind::protocol, fmt::format("unreadable answer: responseStatusStrg is '{}'", printable(text.substr(0, 40)))};
}

}  // namespace

std::optional<EventRow> row_from(Json const& row, minutes offset) {
    auto const serial = number_of(row, "serialNo");
    auto const major = int_of(row, "major");
    auto const minor = int_of(row, "minor");
    EventRow event{.time = text_of(row, "time")};
    auto const at = time_from(event.time, offset);
    if (serial.value_or(0) == 0 || major.value_or(0) <= 0 || minor.value_or(-1) < 0 || !at) return std::nullopt;
    event.serial = *serial;
    event.at = *at;
    event.major = *major;
    event.minor = *minor;
    event.employee_no = said(row, "employeeNoString");
    if (event.employee_no.empty()) event.employee_no = said(row, "employeeNo");  // old firmware, a number
    event.name = said(row, "name");
    event.card_no = said(row, "cardNo");
    event.user_type = said(row, "userType");
    event.verify_mode = said(row, "currentVerifyMode");
    event.attendance = said(row, "attendanceStatus");
    event.mask = said(row, "mask");
    event.door = int_of(row, "doorNo").value_or(0);
    event.picture = path_and_query(said(row, "pictureURL"));
    event.raw = row.dump(-1, ' ', false, Json::error_handler_t::replace);
    return event;
}

Result<EventPage> parse_event_page(std::string_view body, minutes offset) try {
    auto const root = read_root(body, "AcsEvent").or_throw();
    EventPage page;
    page.status = status_from(root);
    page.total = std::max<std::int64_t>(number_of(root, "totalMatches").value_or(0), 0);
    if (auto const& list = child(root, "InfoList"); list.is_structured()) collect_rows(list, offset, page);
    return page;
} catch (Error const& error) {
    return failure(error);
}

std::string path_and_query(std::string_view url) {
    auto const is_plain = [](char c) { return c > ' ' && c < '\x7F'; };
    if (url.size() > k_max_path || !std::all_of(url.begin(), url.end(), is_plain)) return "";
    url = url.substr(0, url.find('#'));
    auto const path_of = [&](std::size_t authority) {
        auto const slash = url.find('/', authority);
        return slash == std::string_view::npos ? std::string{} : std::string{url.substr(slash)};
    };
    if (url.starts_with("//")) return path_of(2);
    if (url.starts_with('/')) return std::string{url};
    if (auto const colon = url.find("://"); colon != std::string_view::npos && colon < url.find('/')) return path_of(colon + 3);
    return url.find('/') == std::string_view::npos ? "" : fmt::format("/{}", url);
}

}  // namespace bioctl::hikvision
