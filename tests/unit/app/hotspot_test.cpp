#include "lib/app/hotspot.hpp"

#include <catch2/catch.hpp>

#include "lib/app/hotspot_history.hpp"
#include "lib/store/routers.hpp"
#include "tests/support/expect_error.hpp"
#include "tests/support/temp_dir.hpp"

namespace bioctl::test {

using namespace std::chrono_literals;

namespace {

Timestamp const k_begin = from_ms(1'900'000'000'000);  // 2030-03-17 17:46:40 UTC

app::ActiveUser user(std::string const& id, std::int64_t uptime_s, std::int64_t in = 0, std::int64_t out = 0) {
    app::ActiveUser result;
    result.id = id;
    result.server = "hs";
    result.user = "u" + id;
    result.ip = "10.0.0.1";
    result.mac = "02:00:00:00:00:" + id;
    result.uptime_s = uptime_s;
    result.bytes_in = in;
    result.bytes_out = out;
    return result;
}

/// A store with one router, looked at second by second.
class Hotspot {
public:
    Hotspot() {
        store.write([&] {
            store::RouterConfig config;
            config.name = "bukit";
            config.host = "192.0.2.1";
            m_router = store.routers().add(config, k_begin);
        });
    }
    app::HotspotChange look(int second, std::vector<app::ActiveUser> users, std::vector<std::string> servers = {"hs"}) {
        app::HotspotChange change;
        store.write([&] {
            change = app::store_snapshot(store, m_router, {std::move(servers), std::move(users)},
                                         k_begin + std::chrono::seconds{second});
        });
        return change;
    }
    std::vector<store::HotspotSession> sessions() {
        std::vector<store::HotspotSession> all;
        store.hotspot().each_session({}, [&](auto const& session) {
            all.push_back(session);
            return true;
        });
        return all;
    }
    [[nodiscard]] std::int64_t router() const { return m_router; }

private:
    TempDir m_dir;

public:
    store::Store store = store::Store::open(m_dir / "s.db", {});

private:
    std::int64_t m_router = 0;
};

}  // namespace

TEST_CASE("users join, stay and leave, and their bytes are those of the router", "[app]") {
    Hotspot hotspot;
    auto change = hotspot.look(0, {user("1", 100, 1000, 5000), user("2", 7, 10, 20)});
    CHECK(change.users == 2);
    CHECK(change.joined == 2);
    change = hotspot.look(300, {user("1", 400, 1500, 9000), user("3", 60)});
    CHECK(change.users == 2);
    CHECK(change.joined == 1);
    CHECK(change.left == 1);
    auto const sessions = hotspot.sessions();
    REQUIRE(sessions.size() == 3);
    CHECK(sessions[0].session == "1");
    CHECK(sessions[0].started_at == k_begin - 100s);  // by the uptime, not by the first look
    CHECK(sessions[0].bytes_in == 1500);
    CHECK(sessions[0].bytes_out == 9000);  // not 14000: a counter, not an amount
    CHECK_FALSE(sessions[0].ended_at);
    CHECK(sessions[1].session == "2");
    CHECK(sessions[1].ended_at == k_begin);
    CHECK(sessions[2].started_at == k_begin + 240s);
}

TEST_CASE("what shows that somebody logged in again begins another session", "[app]") {
    auto const again = GENERATE(as<app::ActiveUser>{}, user("1", 50, 9000, 9000),  // the uptime went down
                                user("1", 400, 10, 9000),                          // a counter did
                                user("1", 400, 9000, 10),                          // the other one
                                user("1", 200, 9000, 9000));  // began after the session was last seen, and is older by now
    Hotspot hotspot;
    hotspot.look(0, {user("1", 100, 1000, 5000)});
    auto const change = hotspot.look(300, {again});
    CHECK(change.users == 1);
    CHECK(change.joined == 1);
    CHECK(change.left == 1);
    auto const sessions = hotspot.sessions();
    REQUIRE(sessions.size() == 2);
    std::int64_t in = 0;
    for (auto const& session : sessions)
        in += session.bytes_in;
    CHECK(in == 1000 + again.bytes_in);
}

TEST_CASE("who was missing for a while and never logged out goes on, and no byte counts twice", "[app]") {
    Hotspot hotspot;
    hotspot.look(0, {user("1", 100, 1000, 5000), user("2", 100, 1000, 5000)});
    CHECK(hotspot.look(300, {}).left == 2);
    CHECK(hotspot.look(1200, {user("1", 1300, 1500, 6000), user("2", 60, 1500, 6000)}).joined == 2);
    auto const sessions = hotspot.sessions();
    REQUIRE(sessions.size() == 3);
    CHECK(sessions[0].session == "1");
    CHECK(sessions[0].bytes_in == 1500);
    CHECK_FALSE(sessions[0].ended_at);
    CHECK(sessions[1].ended_at == k_begin);
    CHECK(sessions[2].session == "2");  // its uptime says that it logged in again
    CHECK(sessions[2].bytes_in == 1500);
}

TEST_CASE("the same id with another address is another device", "[app]") {
    Hotspot hotspot;
    hotspot.look(0, {user("1", 100)});
    auto other = user("1", 400);
    other.mac = "02:00:00:00:00:FF";
    CHECK(hotspot.look(300, {other}).joined == 1);
    CHECK(hotspot.sessions().size() == 2);
}

TEST_CASE("odd rows of a router make no odd sessions", "[app]") {
    Hotspot hotspot;
    auto no_uptime = user("1", 0, 5, 5);
    no_uptime.uptime_s.reset();
    CHECK(hotspot.look(0, {no_uptime, no_uptime, user("2", 0)}).joined == 2);
    CHECK(hotspot.look(300, {no_uptime, user("2", 300)}).joined == 0);

    ont::RouterReply row;
    row.attributes = {{".id", "*1"},       {"user", "caf\xE9"},     {"bytes-in", "99999999999999999999999999"},
                      {"bytes-out", "-5"}, {"uptime", "sometimes"}, {"server", std::string(10'000, 'x')}};
    auto const parsed = app::active_user_from(row);
    CHECK(parsed.user == "caf\u00E9");
    CHECK(parsed.bytes_in == 1'000'000'000'000'000);
    CHECK(parsed.bytes_out == 0);
    CHECK_FALSE(parsed.uptime_s);
    CHECK(parsed.server.size() == 256);
}

TEST_CASE("5,000 users and their changes are stored in one transaction", "[app]") {
    Hotspot hotspot;
    auto const many = [](int first, int uptime) {
        std::vector<app::ActiveUser> users;
        for (int i = first; i < first + 5000; ++i)
            users.push_back(user(std::to_string(i), uptime, i, i));
        return users;
    };
    CHECK(hotspot.look(0, many(0, 10)).joined == 5000);
    auto const change = hotspot.look(60, many(100, 70));
    CHECK(change.users == 5000);
    // 100 are new, and of them none was there before, because the others stayed.
    CHECK(change.joined == 100);
    CHECK(change.left == 100);
}

TEST_CASE("a day has a peak, an average, a trough and its devices, servers without users included", "[app]") {
    Hotspot hotspot;
    app::Zone const zone{"UTC"};
    // 17:46:40 of the first day; 22,400 s later the next one begins.
    hotspot.look(0, {user("1", 1), user("2", 1)});
    hotspot.look(600, {user("1", 601), user("2", 601), user("3", 1)});
    hotspot.look(1200, {});
    hotspot.look(22'500, {user("4", 1)});
    store::HotspotFilter filter;
    filter.since = k_begin - 24h;
    filter.until = k_begin + 24h;
    auto const days = app::hotspot_history(hotspot.store, zone, app::HotspotSpan::day, filter);
    REQUIRE(days.size() == 2);
    CHECK(zone.show(days[0].since) == "2030-03-17 00:00:00");
    CHECK(days[0].samples == 3);
    CHECK(days[0].peak == 3);
    CHECK(days[0].trough == 0);
    CHECK(days[0].average() == Approx(5.0 / 3.0));
    CHECK(days[0].devices == 3);
    CHECK(days[1].peak == 1);
    CHECK(days[1].devices == 1);

    auto const hours = app::hotspot_history(hotspot.store, zone, app::HotspotSpan::hour, filter);
    REQUIRE(hours.size() == 3);
    CHECK(zone.show(hours[0].since) == "2030-03-17 17:00:00");
    CHECK(hours[0].samples == 2);
    CHECK(zone.show(hours[1].since) == "2030-03-17 18:00:00");
    CHECK(hours[1].peak == 0);

    filter.server = "other";
    CHECK(app::hotspot_history(hotspot.store, zone, app::HotspotSpan::day, filter).empty());
    filter.since = from_ms(0);
    CHECK(error_of([&] {
              static_cast<void>(app::hotspot_history(hotspot.store, zone, app::HotspotSpan::hour, filter));
          }).kind() == Kind::usage);
}

TEST_CASE("what a hostile router claims breaks no list", "[app]") {
    constexpr std::int64_t k_petabyte = 1'000'000'000'000'000;
    Hotspot hotspot;
    std::vector<app::ActiveUser> users;
    for (int i = 0; i < 10'000; ++i) {
        auto one = user(std::to_string(i), 1'000'000'000'000, k_petabyte, k_petabyte);
        one.mac = "02:00:00:00:00:01";
        one.server = one.id;
        users.push_back(std::move(one));
    }
    CHECK(hotspot.look(0, users).users == 10'000);
    auto const top = hotspot.store.hotspot().top({}, 9);
    REQUIRE(top.size() == 1);
    CHECK(top[0].sessions == 10'000);
    CHECK(top[0].bytes_in > k_petabyte);
    CHECK(hotspot.sessions().at(0).started_at == Timestamp{});
    std::size_t counts = 0;
    std::int64_t counted = 0;
    hotspot.store.hotspot().each_count({}, [&](store::HotspotCount const& count) {
        counted += count.users;
        return ++counts > 0;
    });
    CHECK(counts <= 1001);
    CHECK(counted == 10'000);
}

TEST_CASE("a router that misses a moment does not look like a loss of users", "[app]") {
    Hotspot hotspot;
    std::int64_t second_router = 0;
    auto& store = hotspot.store;
    store.write([&] {
        store::RouterConfig config;
        config.name = "kota";
        config.host = "192.0.2.2";
        second_router = store.routers().add(config, k_begin);
        auto const count = [&](std::int64_t router, int minute, std::int64_t users) {
            store.hotspot().set_count({router, "hs", k_begin + std::chrono::minutes{minute}, users});
        };
        count(hotspot.router(), 0, 10);
        count(second_router, 0, 100);
        count(hotspot.router(), 5, 10);   // the other one did not answer: still 100
        count(hotspot.router(), 40, 10);  // not for ever
    });
    store::HotspotFilter filter;
    filter.since = k_begin;
    filter.until = k_begin + 6min;
    app::Zone const zone{"UTC"};
    auto days = app::hotspot_history(store, zone, app::HotspotSpan::day, filter);
    REQUIRE(days.size() == 1);
    CHECK(days[0].trough == 110);
    CHECK(days[0].peak == 110);
    filter.until = k_begin + 1h;
    days = app::hotspot_history(store, zone, app::HotspotSpan::day, filter);
    CHECK(days[0].trough == 10);
    filter.router = "bukit";
    CHECK(app::hotspot_history(store, zone, app::HotspotSpan::day, filter)[0].peak == 10);
}

TEST_CASE("hours of a day with summer time are told apart", "[app]") {
    Hotspot hotspot;
    app::Zone const zone{"Europe/Berlin"};
    // 2030-10-27 00:30 and 01:30 UTC are both 02:30 in Berlin.
    auto const first = from_rfc3339("2030-10-27T00:30:00Z").value();
    hotspot.store.write([&] {
        for (int hour = 0; hour < 2; ++hour)
            hotspot.store.hotspot().set_count({hotspot.router(), "hs", first + std::chrono::hours{hour}, hour});
    });
    store::HotspotFilter filter;
    filter.since = first - 12h;
    filter.until = first + 36h;
    CHECK(app::hotspot_history(hotspot.store, zone, app::HotspotSpan::hour, filter).size() == 2);
    auto const days = app::hotspot_history(hotspot.store, zone, app::HotspotSpan::day, filter);
    REQUIRE(days.size() == 1);
    CHECK(days[0].until - days[0].since == 25h);
}

}  // namespace bioctl::test
