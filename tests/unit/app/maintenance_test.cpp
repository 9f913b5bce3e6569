#include "lib/app/maintenance.hpp"

#include <catch2/catch.hpp>

#include <fmt/format.h>

#include "tests/support/expect_error.hpp"
#include "tests/unit/app/ont_support.hpp"

using namespace bioctl;
using test::error_of;

namespace {

Timestamp utc(std::string_view text) {
    return from_rfc3339(text).or_throw();
}

store::MaintenanceConfig window_of(std::string zone, std::string starts, std::int64_t hours, std::string repeats = "once") {
    return {.zone = std::move(zone), .starts = std::move(starts), .duration_s = hours * 3600, .repeats = std::move(repeats)};
}

/// "begin/end begin/end", UTC
std::string shown(store::MaintenanceConfig const& window, std::string_view from, std::string_view to) {
    std::string text;
    for (auto const& [since, until] : app::intervals_of(window, utc(from), utc(to)))
        text += fmt::format("{}{}/{}", text.empty() ? "" : " ", to_rfc3339(since), to_rfc3339(until));
    return text;
}

}  // namespace

TEST_CASE("maintenance: what is no window is refused", "[app]") {
    test::OntStore onts;
    app::MaintenanceWish const good{.start = "2026-12-01T22:00", .duration = "4h", .zone = "Asia/Jakarta"};
    auto const refused = [&](auto change) {
        auto wish = good;
        change(wish);
        return error_of([&] { app::add_maintenance(onts.store, onts.clock, wish); });
    };
    for (auto const* const start :
         {"", "2026-12-01", "2026-13-01T00:00", "2026-02-30T00:00", "2026-12-01T24:00", "2026-12-01T22:60", "2026-12-01T22:00:00",
          "2026-12-01T22:0x", "0001-01-01T00:00", "tomorrow"}) {
        CAPTURE(start);
        CHECK(refused([&](auto& wish) { wish.start = start; }).kind() == Kind::usage);
    }
    for (auto const* const duration : {"", "4", "h", "4x", "-4h", "0s", "59s", "367d", "99999999999999999999h", "1h-1h"}) {
        CAPTURE(duration);
        CHECK(refused([&](auto& wish) { wish.duration = duration; }).kind() == Kind::usage);
    }
    CHECK(refused([](auto& wish) { wish.zone = "Asia/Jakarat"; }).kind() == Kind::config);
    CHECK(refused([](auto& wish) { wish.zone = "../../etc/passwd"; }).kind() == Kind::config);
    CHECK(refused([](auto& wish) { wish.repeat = "yearly"; }).kind() == Kind::usage);
    CHECK_THAT(refused([](auto& wish) { wish.repeat = "daily", wish.duration = "25h"; }).message(),
               Catch::Contains("before it ends"));
    CHECK(refused([](auto& wish) { wish.until = "2026-12-31"; }).kind() == Kind::usage);
    CHECK(refused([](auto& wish) { wish.repeat = "daily", wish.until = "2026-11-30"; }).kind() == Kind::usage);
    CHECK(refused([](auto& wish) { wish.scope = "ont", wish.value = "Andi"; }).kind() == Kind::no_input);
    CHECK(refused([](auto& wish) { wish.scope = "group"; }).kind() == Kind::usage);
    CHECK(refused([](auto& wish) { wish.value = "Andi"; }).kind() == Kind::usage);
    CHECK(refused([](auto& wish) { wish.scope = "city"; }).kind() == Kind::usage);
    CHECK(onts.store.maintenance().list().empty());
    CHECK(app::add_maintenance(onts.store, onts.clock, good).id == 1);
    CHECK(error_of([&] { app::remove_maintenance(onts.store, onts.clock, {1, 2}); }).kind() == Kind::no_input);
    CHECK(onts.store.maintenance().list().size() == 1);
    CHECK(app::remove_maintenance(onts.store, onts.clock, {1, 1}).size() == 1);
}

TEST_CASE("maintenance: durations", "[app]") {
    CHECK(app::parse_duration("1h30m").value() == 5400);
    CHECK(app::parse_duration("2d").value() == 172'800);
    CHECK(app::parse_duration("90s").value() == 90);
    CHECK(app::to_duration(5400) == "1h30m");
    CHECK(app::to_duration(172'800) == "2d");
    CHECK(app::to_duration(90) == "1m30s");
}

TEST_CASE("maintenance: nothing outside, and clipped at the ends", "[app]") {
    auto const window = window_of("Asia/Jakarta", "2026-12-01T22:00", 4);
    CHECK(shown(window, "2026-12-01T00:00:00Z", "2026-12-01T15:00:00Z").empty());
    CHECK(shown(window, "2026-12-01T19:00:00Z", "2026-12-03T00:00:00Z").empty());
    CHECK(shown(window, "2026-12-02T00:00:00Z", "2026-12-01T00:00:00Z").empty());
    CHECK(shown(window, "2026-12-01T00:00:00Z", "2026-12-05T00:00:00Z") == "2026-12-01T15:00:00Z/2026-12-01T19:00:00Z");
    CHECK(shown(window, "2026-12-01T16:00:00Z", "2026-12-01T17:00:00Z") == "2026-12-01T16:00:00Z/2026-12-01T17:00:00Z");
    CHECK_FALSE(app::is_active(window, utc("2026-12-01T14:59:59.999Z")));
    CHECK(app::is_active(window, utc("2026-12-01T15:00:00Z")));
    CHECK(app::is_active(window, utc("2026-12-01T18:59:59.999Z")));
    CHECK_FALSE(app::is_active(window, utc("2026-12-01T19:00:00Z")));
}

TEST_CASE("maintenance: daily and weekly, to the last day", "[app]") {
    auto daily = window_of("Asia/Jakarta", "2026-12-01T01:00", 1, "daily");
    daily.until = "2026-12-02";
    CHECK(shown(daily, "2026-11-01T00:00:00Z", "2027-01-01T00:00:00Z") ==
          "2026-11-30T18:00:00Z/2026-11-30T19:00:00Z 2026-12-01T18:00:00Z/2026-12-01T19:00:00Z");
    auto const weekly = window_of("Asia/Jakarta", "2026-12-01T01:00", 1, "weekly");
    CHECK(shown(weekly, "2027-01-01T00:00:00Z", "2027-01-10T00:00:00Z") == "2027-01-04T18:00:00Z/2027-01-04T19:00:00Z");
    CHECK(to_rfc3339(app::next_start(weekly, utc("2027-01-04T18:00:01Z")).value()) == "2027-01-11T18:00:00Z");
    CHECK_FALSE(app::next_start(daily, utc("2026-12-01T18:00:01Z")));
    CHECK(to_rfc3339(app::next_start(daily, utc("1990-01-01T00:00:00Z")).value()) == "2026-11-30T18:00:00Z");
    // A window of a whole day each day never ends.
    auto const always = window_of("Asia/Jakarta", "2026-12-01T00:00", 24, "daily");
    CHECK(shown(always, "2026-12-01T00:00:00Z", "2026-12-09T00:00:00Z") == "2026-12-01T00:00:00Z/2026-12-09T00:00:00Z");
}

TEST_CASE("maintenance: a wall time that is skipped moves forward by the gap", "[app]") {
    CHECK(shown(window_of("Europe/Berlin", "2026-03-29T02:30", 1), "2026-03-29T00:00:00Z", "2026-03-30T00:00:00Z") ==
          "2026-03-29T01:30:00Z/2026-03-29T02:30:00Z");  // 03:30 summer time
    CHECK(shown(window_of("America/New_York", "2026-03-08T02:30", 1), "2026-03-08T00:00:00Z", "2026-03-09T00:00:00Z") ==
          "2026-03-08T07:30:00Z/2026-03-08T08:30:00Z");
}

TEST_CASE("maintenance: of a wall time that comes twice the first is meant", "[app]") {
    CHECK(shown(window_of("Europe/Berlin", "2026-10-25T02:30", 1), "2026-10-25T00:00:00Z", "2026-10-26T00:00:00Z") ==
          "2026-10-25T00:30:00Z/2026-10-25T01:30:00Z");
    CHECK(shown(window_of("America/New_York", "2026-11-01T01:30", 1), "2026-11-01T00:00:00Z", "2026-11-02T00:00:00Z") ==
          "2026-11-01T05:30:00Z/2026-11-01T06:30:00Z");
}

TEST_CASE("maintenance: a daily window keeps its wall time over a change of the clocks, and its length", "[app]") {
    auto const berlin = window_of("Europe/Berlin", "2026-03-27T22:00", 6, "daily");
    CHECK(shown(berlin, "2026-03-27T12:00:00Z", "2026-03-30T12:00:00Z") ==
          "2026-03-27T21:00:00Z/2026-03-28T03:00:00Z 2026-03-28T21:00:00Z/2026-03-29T03:00:00Z "
          "2026-03-29T20:00:00Z/2026-03-30T02:00:00Z");
    auto const new_york = window_of("America/New_York", "2026-10-31T00:30", 2, "daily");
    CHECK(shown(new_york, "2026-10-31T00:00:00Z", "2026-11-03T00:00:00Z") ==
          "2026-10-31T04:30:00Z/2026-10-31T06:30:00Z 2026-11-01T04:30:00Z/2026-11-01T06:30:00Z "
          "2026-11-02T05:30:00Z/2026-11-02T07:30:00Z");
    // 23 h from one midnight to the next: two windows of 24 h overlap and are one.
    auto const whole = window_of("Europe/Berlin", "2026-03-28T12:00", 24, "daily");
    CHECK(app::intervals_of(whole, utc("2026-03-28T00:00:00Z"), utc("2026-04-02T00:00:00Z")).size() == 1);
    // 25 h: an hour is left between two of them.
    CHECK(app::intervals_of(window_of("Europe/Berlin", "2026-10-24T12:00", 24, "daily"), utc("2026-10-24T00:00:00Z"),
                            utc("2026-10-27T00:00:00Z"))
              .size() == 2);
}

TEST_CASE("maintenance: a hundred years are a day's count of slots, and no time is too far off", "[app]") {
    auto const daily = window_of("Asia/Jakarta", "2026-12-01T01:00", 1, "daily");
    CHECK(app::intervals_of(daily, utc("2027-01-01T00:00:00Z"), utc("2127-01-01T00:00:00Z")).size() == 36'524);
    auto const limits = app::intervals_of(daily, Timestamp::min(), Timestamp::max());
    CHECK(limits.size() < 73'001);
    CHECK_FALSE(app::is_active(daily, Timestamp::max()));
    CHECK_FALSE(app::is_active(daily, Timestamp::min()));
    CHECK(app::next_start(daily, Timestamp::min()));
    static_cast<void>(app::next_start(daily, Timestamp::max()));
}

TEST_CASE("maintenance: who is meant", "[app]") {
    test::OntStore onts;
    onts.add("OLT", {.kind = "olt"});
    onts.add("switch", {.kind = "switch", .parent = "OLT"});
    onts.add("Andi", {.location = "Dusun A", .parent = "switch", .tags = {{"gold"}}});
    onts.add("Budi", {.location = "dusun b"});
    auto const subjects = app::subjects_of(onts.all());
    REQUIRE(subjects.size() == 4);
    CHECK(subjects[2].parents == std::vector<std::int64_t>{2, 1});
    auto const meant = [&](std::string scope, std::string value) {
        store::MaintenanceConfig window;
        window.scope = std::move(scope);
        window.scope_value = std::move(value);
        std::string ids;
        for (auto const& subject : subjects)
            ids += app::covers(window, subject) ? fmt::format("{}", subject.id) : "";
        return ids;
    };
    CHECK(meant("all", "") == "1234");
    CHECK(meant("ont", "1") == "1");
    CHECK(meant("parent", "1") == "123");
    CHECK(meant("parent", "2") == "23");
    CHECK(meant("location", "Dusun B") == "4");
    CHECK(meant("group", "Gold") == "3");
    CHECK(meant("group", "silver").empty());
    auto const window = app::add_maintenance(
        onts.store, onts.clock,
        {.scope = "parent", .value = "OLT", .start = "2026-12-01 22:00", .duration = "1h", .zone = "Asia/Jakarta"});
    CHECK(window.config.starts == "2026-12-01T22:00");
    auto const windows = onts.store.maintenance().list();
    CHECK(app::is_in_maintenance(windows, subjects[2], utc("2026-12-01T15:30:00Z")));
    CHECK_FALSE(app::is_in_maintenance(windows, subjects[3], utc("2026-12-01T15:30:00Z")));
    CHECK_FALSE(app::is_in_maintenance(windows, subjects[2], utc("2026-12-01T16:00:00Z")));
}
