#include "lib/app/hotspot_retention.hpp"

#include <catch2/catch.hpp>

#include "lib/store/hotspot.hpp"
#include "lib/store/routers.hpp"
#include "tests/support/temp_dir.hpp"

namespace bioctl::test {

using namespace std::chrono_literals;

namespace {

constexpr std::chrono::hours k_day{24};
Timestamp const k_midnight = from_rfc3339("2030-03-17T00:00:00Z").value();

class Counted {
public:
    Counted() {
        write([&](store::Store& store) {
            for (auto const* name : {"bukit", "kota"}) {
                store::RouterConfig config;
                config.name = name;
                config.host = "192.0.2.1";
                routers.push_back(store.routers().add(config, k_midnight));
            }
        });
    }
    void write(std::function<void(store::Store&)> const& work) { writer.write(work); }
    /// Every ten minutes from `since` on, two servers of one router and one of another, which is asked five minutes later.
    void count(Timestamp since, std::chrono::hours time) {
        write([&](store::Store& store) {
            for (auto at = since; at < since + time; at += 10min) {
                store.hotspot().set_count({routers[0], "hs-1", at, 3});
                store.hotspot().set_count({routers[0], "hs-2", at, 4});
                store.hotspot().set_count({routers[1], "hs-1", at + 5min, 5});
            }
        });
    }
    std::vector<store::HotspotCount> counts(Timestamp since, Timestamp until) {
        std::vector<store::HotspotCount> all;
        write([&](store::Store& store) {
            all.clear();
            store::HotspotFilter filter;
            filter.since = since;
            filter.until = until;
            store.hotspot().each_count(filter, [&](auto const& count) {
                all.push_back(count);
                return true;
            });
        });
        return all;
    }
    std::size_t sessions() {
        std::size_t number = 0;
        write([&](store::Store& store) {
            number = 0;
            store.hotspot().each_session({}, [&](auto const&) { return ++number > 0; });
        });
        return number;
    }

private:
    TempDir m_dir;

public:
    app::StoreWriter writer{store::Store::open(m_dir / "s.db", {})};
    std::vector<std::int64_t> routers;
};

}  // namespace

TEST_CASE("counts are whole for 90 days, then one moment of each hour and router stays for 2 years", "[app]") {
    Counted hotspot;
    hotspot.count(k_midnight, 2 * k_day);
    constexpr std::size_t k_of_day = std::size_t{24} * 6 * 3, k_thinned = std::size_t{24} * 3;
    auto const next_day = k_midnight + k_day;
    app::prune_hotspot(hotspot.writer, k_midnight + 90 * k_day);
    CHECK(hotspot.counts(k_midnight, next_day).size() == k_of_day);

    app::prune_hotspot(hotspot.writer, k_midnight + 91 * k_day + 20min);
    auto const kept = hotspot.counts(k_midnight, next_day);
    REQUIRE(kept.size() == k_thinned);
    CHECK(kept[0].at == k_midnight);
    CHECK(kept[0].users == 3);
    CHECK(kept[1].users == 4);
    CHECK(kept[2].at == k_midnight + 5min);
    CHECK(kept[3].at == k_midnight + 1h);
    CHECK(hotspot.counts(next_day, next_day + k_day).size() == k_of_day);

    app::prune_hotspot(hotspot.writer, k_midnight + 91 * k_day + 20min);
    CHECK(hotspot.counts(k_midnight, next_day).size() == k_thinned);
    app::prune_hotspot(hotspot.writer, k_midnight + 731 * k_day);
    CHECK(hotspot.counts(k_midnight, next_day).empty());
    CHECK(hotspot.counts(next_day, next_day + k_day).size() == k_thinned);
}

TEST_CASE("a backlog of months is thinned some days at a time, and a store without counts is none", "[app]") {
    Counted hotspot;
    app::prune_hotspot(hotspot.writer, k_midnight);
    hotspot.count(k_midnight, 40 * k_day);
    auto const end = k_midnight + 40 * k_day;
    app::prune_hotspot(hotspot.writer, end + 90 * k_day);
    auto const once = hotspot.counts(k_midnight, end).size();
    app::prune_hotspot(hotspot.writer, end + 90 * k_day);
    constexpr std::size_t k_thinned_day = std::size_t{24} * 3;
    CHECK(once > 40 * k_thinned_day);
    CHECK(hotspot.counts(k_midnight, end).size() == 40 * k_thinned_day);
}

TEST_CASE("of what another program posts, both rows of counts stay", "[app]") {
    Counted hotspot;
    hotspot.write([&](store::Store& store) {
        auto const posting = store.routers().make_of_posts(k_midnight);
        for (auto at = k_midnight; at < k_midnight + k_day; at += 5min) {
            store.hotspot().set_count({posting, "record-history", at + 1s, 3});
            store.hotspot().set_count({posting, "log-active-users", at + 2s, 4});
        }
    });
    app::prune_hotspot(hotspot.writer, k_midnight + 91 * k_day + 20min);
    auto const kept = hotspot.counts(k_midnight, k_midnight + k_day);
    REQUIRE(kept.size() == 48);
    CHECK(kept[0].server == "record-history");
    CHECK(kept[1].server == "log-active-users");
}

TEST_CASE("sessions that were posted end when nobody posts any more; those of our own routers do not", "[app]") {
    Counted hotspot;
    hotspot.write([&](store::Store& store) {
        auto const posting = store.routers().make_of_posts(k_midnight);
        for (auto const& [router, seen] : {std::pair{posting, -16min}, {posting, -14min}, {hotspot.routers[0], -60min}}) {
            store::HotspotSession session;
            session.router = router;
            session.started_at = k_midnight - 2h;
            session.last_seen = k_midnight + seen;
            store.hotspot().add(session);
        }
    });
    app::prune_hotspot(hotspot.writer, k_midnight);
    std::vector<std::optional<Timestamp>> ends;
    hotspot.write([&](store::Store& store) {
        ends.clear();
        store.hotspot().each_session({}, [&](auto const& session) {
            ends.push_back(session.ended_at);
            return true;
        });
    });
    CHECK(ends == std::vector<std::optional<Timestamp>>{k_midnight - 16min, std::nullopt, std::nullopt});
}

TEST_CASE("sessions stay 2 years after somebody was last seen in them", "[app]") {
    Counted hotspot;
    hotspot.write([&](store::Store& store) {
        for (int day : {0, 1}) {
            store::HotspotSession session;
            session.router = hotspot.routers[0];
            session.session = std::to_string(day);
            session.started_at = k_midnight;
            session.last_seen = k_midnight + day * k_day;
            store.hotspot().add(session);
        }
    });
    app::prune_hotspot(hotspot.writer, k_midnight + 730 * k_day);
    CHECK(hotspot.sessions() == 2);
    app::prune_hotspot(hotspot.writer, k_midnight + 730 * k_day + 1ms);
    CHECK(hotspot.sessions() == 1);
    app::prune_hotspot(hotspot.writer, k_midnight + 732 * k_day);
    CHECK(hotspot.sessions() == 0);
}

}  // namespace bioctl::test
