// Rounds that become buckets: nothing is lost on the way, whatever is killed when.

#include <catch2/catch.hpp>

#include <cmath>

#include "lib/app/ping_history.hpp"
#include "lib/ont/history_code.hpp"
#include "lib/store/onts.hpp"
#include "lib/store/pings.hpp"
#include "tests/support/temp_dir.hpp"

using namespace bioctl;
using namespace bioctl::app;
using namespace bioctl::test;
using namespace std::chrono_literals;

namespace {

constexpr auto k_midnight = 1'900'022'400'000;  // of some day, UTC

class History {
public:
    History() : writer(store::Store::open(m_dir.path() / "bioctl.db", {})) {
        writer.write([&](store::Store& store) {
            store::OntConfig config;
            config.name = "home";
            first = store.onts().add(config, at(0s));
            second = store.onts().add(config, at(0s));
        });
    }

    [[nodiscard]] static Timestamp at(std::chrono::seconds after) { return from_ms(k_midnight) + after; }

    /// A round a minute in [from, to): the first ONT answers in `ms`, the second is lost every tenth minute.
    void rounds(std::chrono::minutes from, std::chrono::minutes to, int ms = 4) {
        writer.write([&](store::Store& store) {
            for (auto minute = from; minute < to; ++minute) {
                store::PingRound round;
                round.started_at = at(minute);
                round.onts = {first, second};
                auto const lost = minute.count() % 10 == 0;
                round.samples = ont::to_bytes(std::vector<ont::SampleCode>{ont::code_of(std::chrono::milliseconds{ms}),
                                                                           lost ? ont::k_lost : ont::code_of(9ms)});
                store.pings().add_round(round, 3min);
            }
        });
    }

    [[nodiscard]] std::vector<HistoryPoint> points(std::int64_t ont, std::chrono::seconds since, std::chrono::seconds until,
                                                   Tier tier) {
        std::vector<HistoryPoint> result;
        writer.write([&](store::Store& store) { result = history_of(store, ont, at(since), at(until), tier); });
        return result;
    }

private:
    TempDir m_dir;

public:
    StoreWriter writer;
    std::int64_t first = 0, second = 0;
};

std::string text_of(std::vector<HistoryPoint> const& points) {
    std::string text;
    for (auto const& point : points) {
        text += to_rfc3339(point.since) + " " + std::to_string(point.asked) + "/" + std::to_string(point.lost) + " " +
                std::to_string(std::lround(point.mean_us.value_or(0))) + "\n";
    }
    return text;
}

}  // namespace

TEST_CASE("rounds are shown as they were", "[app]") {
    History history;
    history.rounds(0min, 30min);
    auto const points = history.points(history.second, 9min, 12min, Tier::round);
    REQUIRE(points.size() == 3);
    CHECK(points[0].lost == 0);
    CHECK(*points[0].mean_us == Approx(9000).epsilon(0.003));
    CHECK(points[1].since == History::at(10min));
    CHECK(points[1].lost == 1);
    CHECK_FALSE(points[1].mean_us);
}

TEST_CASE("packing a day changes no figure of any bucket", "[app]") {
    History history;
    history.rounds(0min, 24h, 4);
    history.rounds(24h, 30h, 8);
    for (auto const tier : {Tier::five_minutes, Tier::hour, Tier::day}) {
        auto const before = text_of(history.points(history.second, 0s, 30h, tier));
        CHECK_FALSE(before.empty());
        History fresh;
        fresh.rounds(0min, 24h, 4);
        fresh.rounds(24h, 30h, 8);
        CHECK(pack_history(fresh.writer, History::at(25h + 1s)) == 1);
        CHECK(text_of(fresh.points(fresh.second, 0s, 30h, tier)) == before);
        CHECK(pack_history(fresh.writer, History::at(25h + 1s)) == 0);
    }
}

TEST_CASE("a day is packed when it is over, days after each other go into the same chunk", "[app]") {
    History history;
    history.rounds(0min, 72h);
    CHECK(pack_history(history.writer, History::at(24h)) == 0);  // rounds may still be on their way
    CHECK(pack_history(history.writer, History::at(25h)) == 1);
    CHECK(pack_history(history.writer, History::at(73h)) == 2);
    auto const hours = history.points(history.second, 0s, 72h, Tier::hour);
    REQUIRE(hours.size() == 72);
    for (auto const& hour : hours) {
        CHECK(hour.asked == 60);
        CHECK(hour.lost == 6);
    }
    auto const days = history.points(history.first, 0s, 72h, Tier::day);
    REQUIRE(days.size() == 3);
    CHECK(days[2].asked == 1440);
    CHECK(*days[2].mean_us == Approx(4000).epsilon(0.003));
}

TEST_CASE("a gap is a gap, not a row of answers", "[app]") {
    History history;
    history.rounds(0min, 60min);
    history.rounds(300min, 360min);
    pack_history(history.writer, History::at(25h));
    auto const hours = history.points(history.first, 0s, 24h, Tier::hour);
    REQUIRE(hours.size() == 2);
    CHECK(hours[1].since == History::at(5h));
}

TEST_CASE("a packing that was killed half-way is done again, without counting anything twice", "[app]") {
    History history;
    history.rounds(0min, 24h);
    pack_history(history.writer, History::at(25h));
    // As if the last step had never been stored.
    history.writer.write([&](store::Store& store) { store.pings().set_packed_until(Timestamp{}); });
    CHECK(pack_history(history.writer, History::at(25h)) == 1);
    auto const days = history.points(history.second, 0s, 24h, Tier::day);
    REQUIRE(days.size() == 1);
    CHECK(days[0].asked == 1440);
    CHECK(days[0].lost == 144);
}

TEST_CASE("what is old is dropped, tier by tier", "[app]") {
    History history;
    history.rounds(0min, 24h);
    pack_history(history.writer, History::at(25h));
    CHECK(history.points(history.first, 0s, 24h, Tier::round).size() == 1440);
    auto const much_later = 100 * 24h;
    history.rounds(much_later, much_later + 24h);
    pack_history(history.writer, History::at(much_later + 25h));
    CHECK(history.points(history.first, 0s, 24h, Tier::round).empty());
    CHECK(history.points(history.first, 0s, 24h, Tier::five_minutes).empty());
    CHECK(history.points(history.first, 0s, 24h, Tier::hour).size() == 24);
    CHECK(history.points(history.first, much_later, much_later + 24h, Tier::round).size() == 1440);
    // Rounds that are long packed still say how many were up.
    history.writer.write([&](store::Store& store) {
        int rounds = 0;
        store.pings().each_round(History::at(0s), History::at(24h), [&](auto const&) { return ++rounds > 0; });
        CHECK(rounds == 1440);
    });
}

TEST_CASE("the tier fits the stretch", "[app]") {
    CHECK(usual_tier(1h) == Tier::round);
    CHECK(usual_tier(24h) == Tier::five_minutes);
    CHECK(usual_tier(30 * 24h) == Tier::hour);
    CHECK(usual_tier(365 * 24h) == Tier::day);
}
