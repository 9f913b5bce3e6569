#include "lib/app/hotspot_posts.hpp"

#include <fmt/format.h>
#include <catch2/catch.hpp>

#include "lib/app/hotspot.hpp"
#include "lib/store/routers.hpp"
#include "tests/support/temp_dir.hpp"
#include "tests/unit/store/support.hpp"

namespace bioctl::test {

using namespace std::chrono_literals;

namespace {

Timestamp const k_begin = from_ms(1'900'000'000'000);  // 2030-03-17 17:46:40 UTC, 00:46:40 of the 18th in Jakarta

/// A store in which others post, and in which our own poller counts.
class Posts {
public:
    std::int64_t add_router(std::string const& name) {
        std::int64_t key = 0;
        store.write([&] {
            store::RouterConfig config;
            config.name = name;
            config.host = "192.0.2.1";
            key = store.routers().add(config, k_begin);
        });
        return key;
    }
    void count(std::int64_t router, std::string const& server, std::chrono::seconds after, std::int64_t users) {
        store.write([&] { store.hotspot().set_count({router, server, k_begin + after, users}); });
    }
    void look(std::int64_t router, std::chrono::seconds after, std::vector<app::ActiveUser> users) {
        store.write([&] { app::store_snapshot(store, router, {{"hs"}, std::move(users)}, k_begin + after); });
    }
    void post(std::chrono::seconds after, std::int64_t users, std::string const& json) {
        app::post_user_number(store, k_begin + after, users, json);
    }
    void post_list(std::chrono::seconds after, std::vector<app::PostedUser> const& users, std::string const& json) {
        app::post_user_list(store, k_begin + after, users, std::ssize(users), json);
    }
    std::string history() {
        std::string text;
        for (auto const& number : app::user_numbers(store))
            text += fmt::format("{}:{} ", (number.at - k_begin) / 1s,
                                number.json.empty() ? std::to_string(number.users) : number.json);
        return text;
    }

private:
    TempDir m_dir;

public:
    fs::path const file = m_dir / "s.db";
    store::Store store = store::Store::open(file, {});
};

app::ActiveUser user(std::string const& mac, std::int64_t uptime_s) {
    app::ActiveUser result;
    result.id = result.mac = mac;
    result.ip = "10.0.0.1";
    result.uptime_s = uptime_s;
    result.bytes_in = uptime_s;
    return result;
}

std::vector<app::UserNumber> numbers(std::vector<std::int64_t> const& users) {
    std::vector<app::UserNumber> result;
    for (auto const number : users)
        result.push_back({.at = k_begin + std::chrono::seconds{std::ssize(result)}, .users = number});
    return result;
}

}  // namespace

TEST_CASE_METHOD(Posts, "what was posted is told again as it was, by time", "[hotspot]") {
    CHECK(history().empty());
    post(20s, 5, "5");
    post(10s, 0, R"("lima")");
    CHECK(history() == R"(10:"lima" 20:5 )");
}

TEST_CASE_METHOD(Posts, "two posts of one moment are both kept", "[hotspot]") {
    post(1s, 1, "1");
    post(1s, 2, "2");
    post(1s, 3, "3");
    CHECK(history() == "1:1 1:2 1:3 ");
    CHECK(app::user_numbers(store).back().at == k_begin + 1s + 2ms);
}

TEST_CASE_METHOD(Posts, "a number and a list of one moment are not added up", "[hotspot]") {
    post(1s, 5, "5");
    post_list(1s, {{"10.0.0.1", "AA", "10s", "1", "2"}, {"10.0.0.2", "BB", "10s", "1", "2"}}, "[1,2]");
    CHECK(sql(file, "SELECT count(DISTINCT at) FROM hotspot_count") == std::vector<std::string>{"2"});
    CHECK(history() == "1:5 ");
    CHECK(app::user_log(store).numbers.front().users == 2);
}

TEST_CASE_METHOD(Posts, "own counts of several routers are one number a moment, beside those that were posted", "[hotspot]") {
    auto const a = add_router("a"), b = add_router("b");
    count(a, "hs1", 0s, 1);
    count(a, "hs2", 0s, 2);
    count(b, "hs1", 0s, 10);
    count(a, "hs1", 300s, 5);  // b did not answer: as before
    post(400s, 77, "77");
    count(a, "hs1", 1300s, 6);  // and now it is silent for too long
    CHECK(history() == "0:13 300:15 400:77 1300:6 ");
}

TEST_CASE_METHOD(Posts, "the newest hundred are told, and JSON is kept of no more", "[hotspot]") {
    auto const a = add_router("a");
    for (int i = 0; i < 60; ++i) {
        count(a, "hs", i * 10s, i);
        post(i * 10s + 5s, i, std::to_string(i));
    }
    auto const told = app::user_numbers(store);
    REQUIRE(told.size() == 100);
    CHECK(told.front().at == k_begin + 100s);
    CHECK(told.back().at == k_begin + 595s);
    for (int i = 60; i < 105; ++i)
        post(i * 10s, i, std::to_string(i));
    CHECK(sql(file, "SELECT count(posted) FROM hotspot_count WHERE server = 'record-history'") ==
          std::vector<std::string>{"100"});
    CHECK(sql(file, "SELECT count(*) FROM hotspot_count WHERE server = 'record-history'") == std::vector<std::string>{"105"});
}

TEST_CASE_METHOD(Posts, "posts have a router of their own that nobody can ask, whatever the others are called", "[hotspot]") {
    add_router(std::string{store::Routers::k_of_posts});
    post(1s, 3, "3");
    post(2s, 4, "4");
    CHECK(store.routers().list().size() == 1);
    CHECK(sql(file, "SELECT count(*) FROM router WHERE host = '' AND enabled = 0") == std::vector<std::string>{"1"});
}

TEST_CASE_METHOD(Posts, "a posted list becomes sessions", "[hotspot]") {
    post_list(600s, {{"10.0.0.1", "AA", "10m", "100", "200"}, {"-", "-", "", "", ""}}, "[1]");
    post_list(900s, {{"10.0.0.1", "AA", "15m", "150", "300"}}, "[2]");
    post_list(1200s, {{"10.0.0.1", "AA", "1m", "7", "8"}}, "[3]");  // logged in again
    CHECK(
        sql(file,
            "SELECT mac || ' ' || bytes_in || ' ' || bytes_out || ' ' || (ended_at IS NULL) FROM hotspot_session ORDER BY id") ==
        std::vector<std::string>{"AA 150 300 0", "- 0 0 0", "AA 7 8 1"});
    auto const log = app::user_log(store);
    CHECK(log.devices == 2);
    REQUIRE(log.newest.size() == 3);
    CHECK(log.newest[0].json == "[1]");
    CHECK(log.numbers[0].users == 2);
    CHECK(history().empty());
}

TEST_CASE_METHOD(Posts, "a list that nobody posted is put together from the sessions", "[hotspot]") {
    auto const a = add_router("a");
    look(a, 0s, {user("AA", 60)});
    look(a, 300s, {user("AA", 360), user("BB", 10)});
    look(a, 600s, {user("BB", 310)});
    auto const log = app::user_log(store);
    REQUIRE(log.newest.size() == 3);
    auto const there = [&](std::size_t i) {
        std::string text;
        for (auto const& one : log.newest[i].users)
            text += fmt::format("{} {} {} ", one.mac, one.uptime_s, one.bytes_in);
        return text;
    };
    CHECK(there(0) == "AA 60 360 ");
    CHECK(there(1) == "AA 360 360 BB 10 310 ");
    CHECK(there(2) == "BB 310 310 ");
    CHECK(log.devices == 2);
}

TEST_CASE("figures of a day: half is rounded to the even neighbour", "[hotspot]") {
    app::Zone const jakarta{"Asia/Jakarta"};
    auto const average = [&](std::vector<std::int64_t> const& users) {
        return app::summarize(numbers(users), jakarta).days.front().average;
    };
    CHECK(average({0, 1}) == 0);
    CHECK(average({1, 2}) == 2);
    CHECK(average({2, 3}) == 2);
    CHECK(average({1, 1, 2}) == 1);
    CHECK(average({1, 2, 2}) == 2);
    CHECK(average({7}) == 7);
}

TEST_CASE("figures are by the day of the zone", "[hotspot]") {
    auto all = numbers({4, 8, 1});
    all[0].at = k_begin - 1h;  // the day before, in Jakarta
    auto const summary = app::summarize(all, app::Zone{"Asia/Jakarta"});
    REQUIRE(summary.days.size() == 2);
    CHECK(summary.days[0].date == "2030-03-17");
    CHECK(summary.days[0].peak == 4);
    CHECK(summary.days[1].date == "2030-03-18");
    CHECK(summary.days[1].average == 4);
    CHECK(summary.days[1].peak == 8);
    CHECK(summary.days[1].trough == 1);
    CHECK(summary.peak == 8);
    CHECK(summary.trough == 1);
    CHECK(summary.average == Approx(13.0 / 3));
}

}  // namespace bioctl::test
