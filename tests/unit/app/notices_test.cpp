// From outages to messages in the outbox, over a scripted network.

#include <catch2/catch.hpp>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "lib/app/notices.hpp"
#include "lib/app/quiet_hours.hpp"
#include "lib/store/alerts.hpp"
#include "lib/store/notifications.hpp"
#include "lib/store/outbox.hpp"
#include "tests/unit/app/monitor_network.hpp"

using namespace bioctl;
using namespace bioctl::app;
using namespace bioctl::test;
using namespace std::chrono_literals;

namespace {

class Told : public ScriptedNetwork {
public:
    void add_target(std::string const& name, int after_s = 30, std::string const& quiet = "") {
        with_store([&](store::Store& store) {
            store::Target target;
            target.name = name;
            target.url = "http://192.0.2.1/";
            target.kinds = {"notification"};
            target.after_s = after_s;
            target.quiet = quiet;
            store.outbox().add_target(target, at(0));
        });
    }

    /// Rounds in [from, to), and half a minute after each what is due is told, as the service does it.
    void watch(int from, int to) {
        for (int second = from; second < to; second += 60) {
            static_cast<void>(round(second));
            tell(second + 31);
        }
    }
    void tell(int second) {
        with_store([&](store::Store& store) { tell_alerts(store, at(second), Zone{"Asia/Jakarta"}); });
    }

    [[nodiscard]] std::vector<std::string> titles(std::string const& target) {
        std::vector<std::string> result;
        with_store([&](store::Store& store) {
            result.clear();
            store::DeliveryFilter filter;
            filter.targets = {target};
            store.outbox().each(filter, [&](store::Delivery const& delivery) {
                result.push_back(nlohmann::json::parse(delivery.body).at("title"));
                return true;
            });
        });
        return result;
    }
    [[nodiscard]] std::vector<std::string> listed() {
        std::vector<std::string> result;
        with_store([&](store::Store& store) {
            result.clear();
            for (auto const& item : store.notifications().list({}))
                result.push_back(item.message);
        });
        std::ranges::reverse(result);
        return result;
    }
};

}  // namespace

// The script begins at 00:46:40 in Jakarta.
TEST_CASE("an outage and its end are told, once, to whoever wants to know", "[app]") {
    Told network;
    network.add_target("ops");
    auto const ont = network.add("home", "10.0.0.1");
    network.silence(ont, 130, 700);
    network.watch(0, 1800);
    CHECK(network.titles("ops") == std::vector<std::string>{"home is down since 00:49", "home is back at 00:58, after 9 min"});
    CHECK(network.listed() == network.titles("ops"));
}

TEST_CASE("what is over before the wait is over is not told", "[app]") {
    Told network;
    network.add_target("patient", 600);
    auto const ont = network.add("home", "10.0.0.1");
    network.silence(ont, 130, 500);
    network.watch(0, 1800);
    CHECK(network.titles("patient").empty());
    CHECK(network.outages().size() == 1);
}

TEST_CASE("an OLT with three hundred children is one message, and one when it is back", "[app]") {
    Told network;
    network.add_target("ops");
    auto const olt = network.add("OLT-3", "10.9.0.1", std::nullopt, "olt");
    for (int i = 0; i < 300; ++i)
        network.add("home " + std::to_string(i), "10.0." + std::to_string(i / 250) + "." + std::to_string(i % 250 + 1), olt);
    network.rules.guards = {"10.200.0.1"};
    network.silence(olt, 130, 700);
    network.watch(0, 1800);
    CHECK(network.titles("ops") == std::vector<std::string>{"OLT-3: 300 ONTs down since 00:49",
                                                            "OLT-3 is back at 00:58, after 9 min; 300 ONTs had been down"});
}

TEST_CASE("two thousand outages at once send at most three messages, and all of them are known", "[app]") {
    Told network;
    network.add_target("ops");
    network.rules.guards = {"10.200.0.1"};
    for (int i = 0; i < 2000; ++i) {
        auto const ont =
            network.add("home " + std::to_string(i), "10.0." + std::to_string(i / 250) + "." + std::to_string(i % 250 + 1));
        network.silence(ont, 130 + 60 * (i % 2), 4000);
    }
    network.watch(0, 900);
    auto const titles = network.titles("ops");
    CHECK(titles.size() <= 3);
    CHECK(network.outages().size() == 2000);
    int told = 0;
    network.with_store([&](store::Store& store) {
        told = 0;
        store.outbox().each({}, [&](store::Delivery const& delivery) {
            told += nlohmann::json::parse(delivery.body).at("counts").at("onts").get<int>();
            return true;
        });
    });
    CHECK(told == 2000);
}

TEST_CASE("an acknowledged outage does not escalate", "[app]") {
    Told network;
    network.add_target("first");
    network.add_target("boss", 1200);
    auto const ont = network.add("home", "10.0.0.1");
    auto const other = network.add("other", "10.0.0.2");
    network.silence(ont, 130, 9000);
    network.silence(other, 130, 9000);
    network.watch(0, 600);
    auto const outage = network.outages_of(ont)[0].id;
    network.with_store([&](store::Store& store) { store.outages().acknowledge(outage, "Sari", "", network.at(600)); });
    network.watch(600, 3000);
    CHECK(network.titles("first").size() == 2);
    CHECK(network.titles("boss") == std::vector<std::string>{"other is down since 00:49"});
}

TEST_CASE("in quiet hours messages wait, and what ended meanwhile is not told", "[app]") {
    Told network;
    network.add_target("sleeper", 30, "22:00-01:30");
    auto const ont = network.add("short", "10.0.0.1");
    auto const other = network.add("long", "10.0.0.2");
    network.silence(ont, 130, 700);
    network.silence(other, 130, 9000);
    network.watch(0, 2400);
    CHECK(network.titles("sleeper").empty());
    network.watch(2400, 3000);  // until 01:36
    CHECK(network.titles("sleeper") == std::vector<std::string>{"long is down since 00:49"});
}

TEST_CASE("a target that is made anew under an old key has been told of nothing", "[app]") {
    Told network;
    network.add_target("first");
    auto const ont = network.add("home", "10.0.0.1");
    network.silence(ont, 130, 9000);
    network.watch(0, 600);
    CHECK(network.titles("first").size() == 1);
    network.with_store([&](store::Store& store) { store.outbox().remove_target("first"); });
    network.add_target("second");
    network.watch(600, 720);
    CHECK(network.titles("second") == std::vector<std::string>{"home is down since 00:49"});
}

TEST_CASE("messages that were told before the clock was set back silence nobody", "[app]") {
    Told network;
    network.add_target("ops", 0);
    std::vector<std::int64_t> onts;
    for (int i = 1; i <= 4; ++i)
        onts.push_back(network.add(fmt::format("home {}", i), fmt::format("10.0.0.{}", i)));
    constexpr int k_hour = 3600;
    auto const open = [&](std::size_t index, int second) {
        network.with_store([&](store::Store& store) {
            store.alerts().open("flapping", onts[index], fmt::format("home {}", index + 1), network.at(second));
        });
        network.tell(second);
    };
    for (std::size_t i = 0; i < 3; ++i)
        open(i, k_hour + static_cast<int>(i));
    CHECK(network.titles("ops").size() == 3);
    open(3, 10);
    CHECK(network.titles("ops").size() == 4);
}

TEST_CASE("quiet hours reach over midnight, and nonsense is never quiet", "[app]") {
    Zone const zone{"Asia/Jakarta"};
    auto const at = [](char const* time) { return from_rfc3339(time).or_throw(); };
    CHECK(is_quiet("22:00-06:00", at("2026-11-21T23:10:00+07:00"), zone));
    CHECK(is_quiet("22:00-06:00", at("2026-11-21T05:59:00+07:00"), zone));
    CHECK_FALSE(is_quiet("22:00-06:00", at("2026-11-21T06:00:00+07:00"), zone));
    CHECK(is_quiet("12:00-13:00", at("2026-11-21T12:30:00+07:00"), zone));
    CHECK_FALSE(is_quiet("12:00-13:00", at("2026-11-21T11:59:00+07:00"), zone));
    CHECK_FALSE(is_quiet("", at("2026-11-21T12:30:00+07:00"), zone));
    CHECK_FALSE(is_quiet("late", at("2026-11-21T12:30:00+07:00"), zone));
}
