#include <nlohmann/json.hpp>

#include <fmt/format.h>

#include "lib/base/text.hpp"
#include "lib/hikvision/terminal.hpp"

namespace bioctl::hikvision {

using namespace std::chrono;

namespace {

// Taken by all firmware; 4294967295 is refused by some. The other one is the most that any firmware offers.
constexpr std::int64_t k_last_serial = 999'999'999, k_last_serial_of_any = 3'000'000'000;

std::string window_edge(Timestamp time, EventQuery const& query) {
    auto const offset = query.style == WindowStyle::utc ? minutes{0} : query.utc_offset;
    auto text = to_rfc3339(floor<seconds>(time) + offset);
    if (query.style == WindowStyle::utc) return text;
    text.pop_back();  // the Z
    if (query.style == WindowStyle::none) return text;
    auto const size = abs(offset).count();
    return fmt::format("{}{}{:02}:{:02}", text, offset.count() < 0 ? '-' : '+', size / 60, size % 60);
}

}  // namespace

std::string to_json(EventQuery const& query) {
    // picEnable is true by default, and then the answer may be multipart.
    nlohmann::ordered_json condition{{"searchID", to_valid_utf8(query.search_id)},
                                     {"searchResultPosition", query.position},
                                     {"maxResults", query.max_results},
                                     {"major", query.filter.major},
                                     {"minor", query.filter.minor},
                                     {"picEnable", false}};
    if (query.from && query.to) {
        condition["startTime"] = window_edge(*query.from, query);
        condition["endTime"] = window_edge(*query.to, query);
    }
    if (query.first_serial) {
        condition["beginSerialNo"] = *query.first_serial;
        condition["endSerialNo"] = query.last_serial                      ? *query.last_serial
                                   : *query.first_serial <= k_last_serial ? k_last_serial
                                                                          : k_last_serial_of_any;
    }
    if (query.newest_first) condition["timeReverseOrder"] = true;
    return nlohmann::ordered_json{{"AcsEventCond", std::move(condition)}}.dump();
}

}  // namespace bioctl::hikvision
