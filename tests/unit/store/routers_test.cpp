#include "lib/store/routers.hpp"

#include <catch2/catch.hpp>

#include "lib/store/hotspot.hpp"
#include "tests/unit/store/support.hpp"

namespace bioctl::test {

namespace {

store::RouterConfig bukit() {
    store::RouterConfig config;
    config.name = "bukit";
    config.host = "192.0.2.1";
    config.user = "monitor";
    config.password = Bytes(40, std::byte{7});
    return config;
}

}  // namespace

TEST_CASE("a router comes back as it was stored", "[store]") {
    TempDir const dir;
    auto store = writer(dir / "s.db");
    auto config = bukit();
    config.port = 443;
    config.via = "rest";
    config.tls = "pin";
    config.pin = "sha256//x";
    config.login = "md5";
    config.enabled = false;
    store.write([&] { store.routers().add(config, at(5)); });
    auto const router = store.routers().get("bukit").value();
    CHECK(router.config.host == "192.0.2.1");
    CHECK(router.config.port == 443);
    CHECK(router.config.via == "rest");
    CHECK(router.config.tls == "pin");
    CHECK(router.config.pin == "sha256//x");
    CHECK(router.config.user == "monitor");
    CHECK(router.config.password == config.password);
    CHECK(router.config.login == "md5");
    CHECK_FALSE(router.config.enabled);
    CHECK(router.health.state == "unknown");
    CHECK(router.created_at == at(5));
    auto const error = error_of([&] { store.write([&] { store.routers().add(bukit(), at(6)); }); });
    CHECK(error.kind() == Kind::data);
}

TEST_CASE("what was learnt about a router that has been edited since is dropped", "[store]") {
    TempDir const dir;
    auto store = writer(dir / "s.db");
    store.write([&] {
        auto routers = store.routers();
        auto const key = routers.add(bukit(), at(1));
        auto const old = routers.get(key).value().generation;
        routers.set_config(key, bukit(), at(2));
        routers.set_health(key, old, {.state = "refused", .failures = 1, .not_before = {}, .reason = "old password"});
        routers.set_identity(key, old, "another", "6.1");
        routers.set_polled(key, old, at(3));
        auto const router = routers.get(key).value();
        CHECK(router.health.state == "unknown");
        CHECK(router.identity.empty());
        CHECK(router.last_poll == Timestamp{});

        routers.set_health(key, router.generation, {.state = "failing", .failures = 2, .not_before = at(9), .reason = "off"});
        routers.set_identity(key, router.generation, "Kantor", "7.18.2");
        routers.set_polled(key, router.generation, at(4));
        auto const now = routers.get(key).value();
        CHECK(now.health.state == "failing");
        CHECK(now.health.failures == 2);
        CHECK(now.health.not_before == at(9));
        CHECK(now.health.reason == "off");
        CHECK(now.identity == "Kantor");
        CHECK(now.version == "7.18.2");
        CHECK(now.last_poll == at(4));
    });
}

TEST_CASE("a removed router leaves its history and its name, but no password and no open session", "[store]") {
    TempDir const dir;
    auto store = writer(dir / "s.db");
    store.write([&] {
        auto const key = store.routers().add(bukit(), at(1));
        store::HotspotSession session;
        session.router = key;
        session.session = "*1";
        session.last_seen = at(70);
        store.hotspot().add(session);
        CHECK(store.routers().remove("bukit", at(100)));
        CHECK_FALSE(store.routers().remove("bukit", at(100)));
        CHECK(store.routers().list().empty());
        CHECK(store.hotspot().open_sessions(key).empty());
        // Under the same name another may come.
        store.routers().add(bukit(), at(200));
    });
    CHECK(store.routers().names_ever() == std::vector<std::string>{"bukit"});
    CHECK(sql(dir / "s.db", "SELECT ended_at FROM hotspot_session") == std::vector<std::string>{"70"});
    CHECK(sql(dir / "s.db", "SELECT length(password) || user FROM router WHERE removed_at IS NOT NULL") ==
          std::vector<std::string>{"0"});
}

TEST_CASE("sessions and counts are found by time, router and server", "[store]") {
    TempDir const dir;
    auto store = writer(dir / "s.db");
    store.write([&] {
        auto const key = store.routers().add(bukit(), at(1));
        auto hotspot = store.hotspot();
        auto const session = [&](std::string const& mac, std::string const& server, std::int64_t from, std::int64_t to,
                                 std::int64_t bytes) {
            store::HotspotSession s;
            s.router = key;
            s.server = server;
            s.session = mac;
            s.mac = mac;
            s.user = mac + "@x";
            s.started_at = at(from);
            s.last_seen = at(to);
            s.bytes_in = bytes;
            s.bytes_out = 2 * bytes;
            return hotspot.add(s);
        };
        hotspot.end(session("A", "kota", 100, 200, 5));
        session("A", "kota", 300, 400, 7);
        session("B", "desa", 150, 350, 100);
        auto const macs = [&](store::HotspotFilter const& filter) {
            std::string text;
            hotspot.each_session(filter, [&](auto const& s) {
                text += s.mac;
                return true;
            });
            return text;
        };
        CHECK(macs({}) == "ABA");
        CHECK(macs({.since = at(201), .until = at(300)}) == "B");
        CHECK(macs({.since = at(200), .until = at(301)}) == "ABA");
        CHECK(macs({.server = "kota"}) == "AA");
        CHECK(macs({.router = "other"}).empty());
        CHECK(macs({.is_open_only = true}) == "BA");
        CHECK(macs({.limit = 1}) == "A");
        CHECK(hotspot.devices({}) == 2);
        CHECK(hotspot.devices({.since = at(351)}) == 1);
        auto const top = hotspot.top({}, 10);
        REQUIRE(top.size() == 2);
        CHECK(top[0].mac == "B");
        CHECK(top[1].sessions == 2);
        CHECK(top[1].bytes_in == 12);
        CHECK(top[1].bytes_out == 24);
        CHECK(top[1].last_seen == at(400));
        CHECK(hotspot.top({}, 1).size() == 1);

        hotspot.set_count({key, "kota", at(10), 3});
        hotspot.set_count({key, "desa", at(10), 4});
        hotspot.set_count({key, "kota", at(10), 5});  // the same moment again: replaced
        hotspot.set_count({key, "kota", at(20), 6});
        std::int64_t sum = 0;
        hotspot.each_count({.since = at(10), .until = at(20)}, [&](auto const& count) {
            sum += count.users;
            return true;
        });
        CHECK(sum == 9);
    });
}

}  // namespace bioctl::test
