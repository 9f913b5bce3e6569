#include "lib/hikvision/reader.hpp"

#include <algorithm>
#include <set>
#include <vector>

#include <catch2/catch.hpp>

using namespace bioctl;
using namespace bioctl::hikvision;
using namespace std::chrono_literals;

namespace {

Timestamp at(int seconds) {
    return from_ms(1'790'000'000'000) + std::chrono::seconds{seconds};
}

Trouble refused(Refusal refusal, std::string detail = {}) {
    Status status;
    status.refusal = refusal;
    status.detail = std::move(detail);
    return {Trouble::What::refused, status, Error{Kind::protocol, "refused"}};
}

/// An event log that answers searches as terminals do: by time, oldest first, a page at a time.
struct Log {
    std::vector<EventRow> rows;
    std::vector<EventQuery> asked;
    bool takes_serials = true, takes_minor_zero = true, tells_total = true, newest_first = false;
    int fail_at = -1;  ///< the number of the search that fails
    Trouble failure = refused(Refusal::busy);

    void add(std::int64_t serial, int seconds) {
        EventRow row;
        row.serial = serial;
        row.at = at(seconds);
        row.major = 5;
        row.minor = 75;
        rows.push_back(row);
    }

    Outcome<EventPage> answer(EventQuery const& query) {
        asked.push_back(query);
        if (static_cast<int>(asked.size()) - 1 == fail_at) return tl::unexpected{failure};
        if (query.filter.minor == 0 && !takes_minor_zero) return tl::unexpected{refused(Refusal::bad_request, "minor")};
        if (query.first_serial && !takes_serials) return tl::unexpected{refused(Refusal::bad_request, "endSerialNo")};
        std::vector<EventRow> hits;
        for (auto const& row : rows) {
            if (query.first_serial && (row.serial < *query.first_serial || row.serial > query.last_serial.value_or(999'999'999)))
                continue;
            if (query.from && (row.at < *query.from || row.at > *query.to)) continue;
            hits.push_back(row);
        }
        std::stable_sort(hits.begin(), hits.end(),
                         [&](EventRow const& a, EventRow const& b) { return newest_first ? a.at > b.at : a.at < b.at; });
        EventPage page;
        page.total = tells_total ? static_cast<std::int64_t>(hits.size()) : 0;
        auto const from = std::min<std::size_t>(static_cast<std::size_t>(query.position), hits.size());
        auto const to = std::min(hits.size(), from + static_cast<std::size_t>(query.max_results));
        page.rows.assign(hits.begin() + static_cast<std::ptrdiff_t>(from), hits.begin() + static_cast<std::ptrdiff_t>(to));
        page.status = hits.empty() ? PageStatus::no_match : to < hits.size() ? PageStatus::more : PageStatus::ok;
        return page;
    }
};

struct Reading {
    std::set<std::int64_t> serials;
    std::vector<Timestamp> reached;
    Dialect dialect;
    ReadRules rules;
    int stop_after = 1'000'000;

    Outcome<ReadReport> operator()(Log& log, Place const& place, Timestamp now) {
        DeviceTime const device{now, 0min, "NTP"};
        int taken = 0;
        return read_events([&](EventQuery const& query) { return log.answer(query); }, device, place, dialect, rules,
                           [&](Batch const& batch) {
                               for (auto const& row : batch.page.rows)
                                   serials.insert(row.serial);
                               reached.push_back(batch.reached);
                               return ++taken < stop_after ? Next::more : Next::stop;
                           });
    }
};

Log log_of(int rows) {
    Log log;
    for (int i = 1; i <= rows; ++i)
        log.add(i, 10 * i);
    return log;
}

}  // namespace

TEST_CASE("A log of several pages is read whole, and the place follows one page behind", "[hikvision][reader]") {
    auto log = log_of(100);
    Reading read;
    auto const report = read(log, {}, at(5000));
    REQUIRE(report);
    CHECK(report->is_complete);
    CHECK(read.serials.size() == 100);
    REQUIRE(read.reached.size() == 4);
    CHECK(read.reached[0] == Timestamp{});
    CHECK(read.reached[1] == at(300));
    CHECK(read.reached[3] == at(900));
    CHECK(report->reached == at(1000));
    std::set<std::string> searches;
    for (auto const& query : log.asked)
        searches.insert(query.search_id);
    CHECK(searches.size() == 1);
}

TEST_CASE("A failure in the middle leaves what was taken, and the next read goes on from there", "[hikvision][reader]") {
    auto log = log_of(100);
    log.fail_at = 2;
    Reading read;
    auto const report = read(log, {}, at(5000));
    REQUIRE_FALSE(report);
    CHECK(report.error().status.refusal == Refusal::busy);
    CHECK(read.serials.size() == 60);
    log.fail_at = -1;
    log.asked.clear();
    REQUIRE(read(log, {read.reached.back(), 0}, at(5000)));
    CHECK(read.serials.size() == 100);
    CHECK(*log.asked.front().from == at(300) - 90s);
}

TEST_CASE("A device that sends its newest rows first does not move the place before all is read", "[hikvision][reader]") {
    auto log = log_of(100);
    log.newest_first = true;
    log.fail_at = 3;
    Reading read;
    CHECK_FALSE(read(log, {at(5), 0}, at(5000)));
    CHECK(read.reached.back() == at(5));
}

TEST_CASE("A row that was written with an old time is found by its serial", "[hikvision][reader]") {
    auto log = log_of(100);
    log.add(101, 5);
    log.add(102, 1010);
    Reading read;
    auto const report = read(log, {at(1000), 100}, at(5000));
    REQUIRE(report);
    CHECK(read.serials.contains(101));
    CHECK(read.serials.contains(102));
    CHECK(report->missed == 1);
}

TEST_CASE("When nothing was missed, the check by serial costs one row", "[hikvision][reader]") {
    auto log = log_of(100);
    Reading read;
    REQUIRE(read(log, {at(500), 50}, at(5000)));
    CHECK(log.asked.back().first_serial == 51);
    CHECK(log.asked.back().max_results == 1);
    CHECK(read.serials.size() == 60);  // 50 new ones and the overlap
}

TEST_CASE("Without a total, rows above the known serial are read again to be sure", "[hikvision][reader]") {
    auto log = log_of(100);
    log.add(101, 5);
    log.tells_total = false;
    Reading read;
    REQUIRE(read(log, {at(1000), 100}, at(5000)));
    CHECK(read.serials.contains(101));
}

TEST_CASE("Firmware that refuses serials is asked once, and read with a longer overlap afterwards", "[hikvision][reader]") {
    auto log = log_of(100);
    log.takes_serials = false;
    Reading read;
    REQUIRE(read(log, {at(1000), 100}, at(5000)));
    CHECK_FALSE(read.dialect.has_serial_range);
    log.asked.clear();
    REQUIRE(read(log, {at(1000), 100}, at(5000)));
    CHECK(log.asked.size() == 4);
    CHECK(*log.asked.front().from == at(100));
}

TEST_CASE("Firmware that refuses a filter is asked for another, and that one is remembered", "[hikvision][reader]") {
    auto log = log_of(10);
    log.takes_minor_zero = false;
    Reading read;
    REQUIRE(read(log, {}, at(5000)));
    CHECK(read.serials.size() == 10);
    CHECK(read.dialect.filter == EventFilter{5, 75});
    log.asked.clear();
    REQUIRE(read(log, {}, at(5000)));
    CHECK(log.asked.size() == 1);
}

TEST_CASE("A device that takes no filter at all is a failure with the device's own words", "[hikvision][reader]") {
    Log log;
    Reading read;
    log.failure = refused(Refusal::unsupported);
    auto const search = [&](EventQuery const&) -> Outcome<EventPage> { return tl::unexpected{log.failure}; };
    auto const report = read_events(search, {at(10), 0min, ""}, {}, read.dialect, {}, [](Batch const&) { return Next::more; });
    REQUIRE_FALSE(report);
    CHECK(report.error().status.refusal == Refusal::unsupported);
}

TEST_CASE("A refused page size is made smaller", "[hikvision][reader]") {
    auto log = log_of(25);
    Reading read;
    auto const search = [&](EventQuery const& query) -> Outcome<EventPage> {
        if (query.max_results > 10) return tl::unexpected{refused(Refusal::bad_request, "maxResults")};
        return log.answer(query);
    };
    REQUIRE(read_events(search, {at(5000), 0min, ""}, {}, read.dialect, {}, [&](Batch const& batch) {
        for (auto const& row : batch.page.rows)
            read.serials.insert(row.serial);
        return Next::more;
    }));
    CHECK(read.serials.size() == 25);
    CHECK(read.dialect.max_results == 10);
    CHECK(read.dialect.filter == EventFilter{5, 0});
}

TEST_CASE("A search that the device forgets is started again where it was", "[hikvision][reader]") {
    auto log = log_of(100);
    log.fail_at = 2;
    log.failure = refused(Refusal::search_lost);
    Reading read;
    REQUIRE(read(log, {}, at(5000)));
    CHECK(read.serials.size() == 100);
    CHECK(log.asked[3].search_id != log.asked[2].search_id);
    CHECK(log.asked[3].position == 0);
}

TEST_CASE("More without rows, or beyond its own total, is an error and not an endless loop", "[hikvision][reader]") {
    Reading read;
    int asked = 0;
    bool const has_rows = GENERATE(false, true);
    auto const search = [&](EventQuery const&) -> Outcome<EventPage> {
        ++asked;
        EventPage page;
        page.status = PageStatus::more;
        page.total = 1;
        if (has_rows) page.rows.resize(1);
        return page;
    };
    auto const report = read_events(search, {at(10), 0min, ""}, {}, read.dialect, {}, [](Batch const&) { return Next::more; });
    REQUIRE_FALSE(report);
    CHECK(report.error().what == Trouble::What::nonsense);
    CHECK(asked == 1);
}

TEST_CASE("An event from the future does not move the place beyond the device's own time", "[hikvision][reader]") {
    auto log = log_of(10);
    log.add(11, 4000);
    Reading read;
    REQUIRE(read(log, {}, at(200)));
    CHECK(read.serials.size() == 11);
    for (auto const reached : read.reached)
        CHECK(reached <= at(200));
}

TEST_CASE("After the clock was set back, the read starts before the device's new time", "[hikvision][reader]") {
    auto log = log_of(10);
    log.add(11, 50);
    Reading read;
    read.dialect.has_serial_range = false;
    read.rules.long_overlap = 10s;
    REQUIRE(read(log, {at(100), 10}, at(55)));
    CHECK(read.serials.contains(11));
}

TEST_CASE("Who takes the batches may stop, and the read is then not complete", "[hikvision][reader]") {
    auto log = log_of(100);
    Reading read;
    read.stop_after = 2;
    auto const report = read(log, {}, at(5000));
    REQUIRE(report);
    CHECK_FALSE(report->is_complete);
    CHECK(log.asked.size() == 2);
}
