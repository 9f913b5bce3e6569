#include "lib/app/hotspot_poller.hpp"

#include <atomic>
#include <thread>

#include <catch2/catch.hpp>

#include "lib/app/routers.hpp"
#include "lib/store/alerts.hpp"
#include "tests/support/expect_error.hpp"
#include "tests/support/routeros_sim/server.hpp"
#include "tests/support/stopped_clock.hpp"
#include "tests/support/temp_dir.hpp"

namespace bioctl::test {

using namespace std::chrono_literals;
using routeros_sim::Fault;
using routeros_sim::Router;
using routeros_sim::RouterOptions;
using routeros_sim::Server;

namespace {

constexpr std::string_view k_password = "router-Secret-1";

/// A store, a clock that stands, and a poller over simulated routers.
class Bench {
public:
    Bench() : key(SealKey::load_or_create(m_dir / "secret.key")), writer(store::Store::open(m_dir / "s.db", {})) {
        ont::RouterTimes const times{.connect = 500ms, .login = 500ms, .command = 500ms};
        poller.emplace(app::HotspotPollerSetup{
            .writer = writer, .key = key, .clock = clock, .should_stop = [this] { return should_stop.load(); }, .times = times});
    }

    void add(std::string const& name, Server const& server, std::string_view password = k_password) {
        app::RouterChange change;
        change.name = name;
        change.host = "127.0.0.1:" + std::to_string(server.port());
        change.user = "monitor";
        change.password = password;
        change.tls = "off";
        auto store = store::Store::open(m_dir / "s.db", {});
        app::add_router(store, clock, key, change);
    }
    void edit(std::string const& name, app::RouterChange const& change) {
        auto store = store::Store::open(m_dir / "s.db", {});
        app::edit_router(store, clock, key, name, change);
    }
    std::vector<app::RouterPoll> poll(std::chrono::milliseconds time = 20s, std::vector<std::string> const& names = {}) {
        return poller->poll(std::chrono::steady_clock::now() + time, names);
    }
    app::RouterPoll poll_one() {
        auto const results = poll();
        REQUIRE(results.size() == 1);
        return results.front();
    }
    store::Router router(std::string const& name) {
        auto store = store::Store::open(m_dir / "s.db", {.access = store::Access::read_only});
        return store.routers().get(name).value();
    }
    std::vector<store::Alert> alerts() {
        auto store = store::Store::open(m_dir / "s.db", {.access = store::Access::read_only});
        return store.alerts().ongoing();
    }
    void write(std::function<void(store::Store&)> const& work) { writer.write(work); }
    void wait(std::chrono::seconds time) { clock.set(clock.now() + time); }

private:
    TempDir m_dir;

public:
    std::atomic<bool> should_stop = false;
    StoppedClock clock;
    SealKey key;
    app::StoreWriter writer;
    std::optional<app::HotspotPoller> poller;
};

}  // namespace

TEST_CASE("polls keep one session, and tell who came and who left", "[app]") {
    Server server{RouterOptions{.users = 5000}};
    Bench bench;
    bench.add("bukit", server);
    auto result = bench.poll_one();
    CHECK(result.error.empty());
    CHECK(result.users == 5000);
    CHECK(result.joined == 5000);
    server.with([](Router& router) {
        router.log_out(10);
        router.advance(60, 1000);
        router.log_in(25);
        router.log_in_again(0);
    });
    bench.wait(60s);
    result = bench.poll_one();
    CHECK(result.users == 5015);
    CHECK(result.joined == 26);
    CHECK(result.left == 11);
    server.with([](Router& router) { CHECK(router.logins == 1); });
    auto const router = bench.router("bukit");
    CHECK(router.health.state == "ok");
    CHECK(router.identity == "Kantor Sleman");
    CHECK(router.version == "7.18.2 (stable)");
    CHECK(router.last_poll == bench.clock.now());
}

TEST_CASE("a refused login is tried once, in this process and in the next, until the router is edited", "[app]") {
    Server server{RouterOptions{.users = 3}};
    Bench bench;
    bench.add("bukit", server, "wrong");
    CHECK_FALSE(bench.poll_one().is_skipped);
    for (int i = 0; i < 5; ++i) {
        bench.wait(3600s);
        auto const result = bench.poll_one();
        CHECK(result.is_skipped);
        CHECK_THAT(result.error, Catch::Contains("routers edit"));
    }
    server.with([](Router& router) { CHECK(router.refused_logins == 1); });
    CHECK(bench.router("bukit").health.state == "refused");

    app::RouterChange change;
    change.password = k_password;
    bench.edit("bukit", change);
    CHECK(bench.poll_one().users == 3);
    server.with([](Router& router) { CHECK(router.refused_logins == 1); });
}

TEST_CASE("a router that fails is left alone for longer and longer, and found again", "[app]") {
    Server server{RouterOptions{.users = 3}};
    Bench bench;
    bench.add("bukit", server);
    server.close();
    std::vector<std::int64_t> pauses;
    for (int i = 0; i < 7; ++i) {
        CHECK_FALSE(bench.poll_one().is_skipped);
        auto const health = bench.router("bukit").health;
        CHECK(health.state == "failing");
        CHECK(health.failures == i + 1);
        pauses.push_back(std::chrono::duration_cast<std::chrono::seconds>(health.not_before - bench.clock.now()).count());
        bench.wait(std::chrono::seconds{pauses.back() - 1});
        CHECK(bench.poll_one().is_skipped);
        bench.wait(1s);
    }
    CHECK(pauses == std::vector<std::int64_t>{30, 60, 120, 240, 480, 600, 600});
    server.open();
    CHECK(bench.poll_one().users == 3);
    auto const health = bench.router("bukit").health;
    CHECK(health.state == "ok");
    CHECK(health.failures == 0);
}

TEST_CASE("a router that fails three times in a row has one alert, until it answers", "[app]") {
    Server server{RouterOptions{.users = 3}};
    Bench bench;
    bench.add("bukit", server);
    server.close();
    for (int i = 0; i < 6; ++i) {
        CHECK(bench.alerts().size() == (i < 3 ? 0 : 1));
        CHECK_FALSE(bench.poll_one().is_skipped);
        bench.wait(600s);
    }
    auto const alert = bench.alerts().at(0);
    CHECK(alert.kind == "router");
    CHECK(alert.name == "router bukit cannot be read");
    server.open();
    CHECK(bench.poll_one().users == 3);
    CHECK(bench.alerts().empty());
}

TEST_CASE("a router that refuses the login has its alert at once; one that is disabled or removed none", "[app]") {
    Server server{RouterOptions{.users = 3}};
    Bench bench;
    bench.add("bukit", server, "wrong");
    CHECK(bench.poll_one().users == 0);
    CHECK(bench.alerts().at(0).name == "router bukit refuses the login");
    app::RouterChange change;
    bool const is_removed = GENERATE(false, true);
    if (is_removed) {
        auto const router = bench.router("bukit");
        bench.write([&](store::Store& store) { app::remove_router(store, router, bench.clock.now()); });
    } else {
        change.user = "other";
        bench.edit("bukit", change);
        CHECK(bench.alerts().size() == 1);  // nobody knows yet whether that helped
        change.enabled = false;
        bench.edit("bukit", change);
    }
    CHECK(bench.alerts().empty());
}

TEST_CASE("while the monitor is cut off no router is blamed, and after that those that still fail are", "[app]") {
    Server server{RouterOptions{.users = 3}};
    Bench bench;
    bench.add("bukit", server);
    server.close();
    std::int64_t monitor = 0;
    bench.write([&](store::Store& store) { monitor = store.alerts().open("monitor", 0, "cut off", bench.clock.now()); });
    for (int i = 0; i < 4; ++i) {
        bench.poll_one();
        bench.wait(600s);
    }
    CHECK(bench.alerts().size() == 1);
    bench.write([&](store::Store& store) { store.alerts().close(monitor, bench.clock.now()); });
    bench.poll_one();
    CHECK(bench.alerts().at(0).kind == "router");
}

TEST_CASE("a clock that is set back leaves no router alone for longer than its pause", "[app]") {
    Server server{RouterOptions{.users = 3}};
    Bench bench;
    bench.add("bukit", server);
    server.close();
    bench.poll_one();
    server.open();
    bench.wait(-3600s);
    CHECK(bench.poll_one().users == 3);
}

TEST_CASE("a session that the router ended between two polls is opened again at once", "[app]") {
    Server server{RouterOptions{.users = 3}};
    Bench bench;
    bench.add("bukit", server);
    CHECK(bench.poll_one().error.empty());
    server.close();
    server.open();
    bench.wait(60s);
    auto const result = bench.poll_one();
    CHECK(result.error.empty());
    CHECK(result.users == 3);
    CHECK(bench.router("bukit").health.failures == 0);
}

TEST_CASE("one bad router costs the others nothing, and nobody is taken for gone because it is silent", "[app]") {
    Server good{RouterOptions{.users = 7}};
    Server bad{RouterOptions{.users = 9}};
    Bench bench;
    bench.add("a-bad", bad);
    bench.add("b-good", good);
    CHECK(bench.poll()[0].users == 9);
    auto const fault =
        GENERATE(Fault::stall, Fault::silent_login, Fault::cut, Fault::fatal, Fault::bad_length, Fault::huge_length, Fault::trap);
    bad.with([&](Router& router) { router.set_fault(fault); });
    bench.wait(60s);
    auto const begin = std::chrono::steady_clock::now();
    auto const results = bench.poll();
    CHECK(std::chrono::steady_clock::now() - begin < 5s);
    REQUIRE(results.size() == 2);
    CHECK(results[0].name == "a-bad");
    CHECK_FALSE(results[0].error.empty());
    CHECK(results[1].users == 7);
    bad.with([](Router& router) {
        router.set_fault(Fault::none);
        router.advance(120, 0);
    });
    bench.wait(60s);
    auto const again = bench.poll();
    CHECK(again[0].users == 9);
    CHECK(again[0].joined == 0);
    CHECK(again[0].left == 0);
}

TEST_CASE("the deadline holds whatever the routers do", "[app]") {
    Server server{RouterOptions{.fault = Fault::silent_login, .users = 3}};
    Bench bench;
    bench.add("bukit", server);
    auto const begin = std::chrono::steady_clock::now();
    auto results = bench.poll(200ms);
    CHECK(std::chrono::steady_clock::now() - begin < 2s);
    CHECK_FALSE(results[0].error.empty());
    results = bench.poll(-1ms);
    CHECK(results[0].is_skipped);
}

TEST_CASE("a poll ends soon after it shall, and the router is not blamed", "[app]") {
    Server server{RouterOptions{.fault = Fault::silent_login, .users = 3}};
    Bench bench;
    bench.add("bukit", server);
    app::HotspotPoller patient{{.writer = bench.writer, .key = bench.key, .clock = bench.clock, .should_stop = [&] {
                                    return bench.should_stop.load();
                                }}};
    std::thread stop{[&] {
        std::this_thread::sleep_for(300ms);
        bench.should_stop = true;
    }};
    auto const begin = std::chrono::steady_clock::now();
    auto const results = patient.poll(begin + 30s);
    stop.join();
    CHECK(std::chrono::steady_clock::now() - begin < 5s);
    CHECK(results[0].is_skipped);
    CHECK(bench.router("bukit").health.state == "unknown");
}

TEST_CASE("only routers that are enabled, or named, are asked; an edited one anew", "[app]") {
    Server first{RouterOptions{.users = 1}};
    Server second{RouterOptions{.users = 2}};
    Bench bench;
    bench.add("a", first);
    bench.add("b", second);
    CHECK(bench.poll(20s, {"b"}).size() == 1);
    CHECK(error_of([&] { bench.poll(20s, {"c"}); }).kind() == Kind::no_input);
    app::RouterChange off;
    off.enabled = false;
    bench.edit("a", off);
    CHECK(bench.poll().size() == 1);
    app::RouterChange moved;
    moved.host = "127.0.0.1:" + std::to_string(first.port());
    bench.edit("b", moved);
    CHECK(bench.poll()[0].users == 1);
}

}  // namespace bioctl::test
