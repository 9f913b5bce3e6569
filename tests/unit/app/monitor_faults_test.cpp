// What people change between two rounds, and what goes wrong on the monitor's own machine.

#include <catch2/catch.hpp>

#include <cerrno>

#include "lib/store/pings.hpp"
#include "tests/unit/app/monitor_network.hpp"

using namespace bioctl;
using namespace bioctl::test;
using namespace std::chrono_literals;

namespace {

std::vector<std::int64_t> add_branch(ScriptedNetwork& network, std::int64_t olt, int children) {
    std::vector<std::int64_t> ids;
    for (int i = 0; i < children; ++i)
        ids.push_back(network.add("home " + std::to_string(i), "10.0.0." + std::to_string(i + 1), olt));
    return ids;
}

void disable(store::OntConfig& config) {
    config.enabled = false;
}

void enable(store::OntConfig& config) {
    config.enabled = true;
}

}  // namespace

TEST_CASE("a line that is watched again and still silent has an outage again", "[app]") {
    ScriptedNetwork network;
    auto const ont = network.add("home", "10.0.0.1");
    network.silence(ont, 130, 100'000);
    network.rounds(0, 600);
    network.edit(ont, disable);
    network.rounds(600, 780);
    network.edit(ont, enable);
    network.rounds(780, 1380);
    auto const outages = network.outages();
    REQUIRE(outages.size() == 2);
    CHECK(outages[0].ended_at == network.at(600));
    CHECK(outages[1].started_at == network.at(780));
    CHECK_FALSE(outages[1].ended_at);
    CHECK(network.open_alerts().size() == 1);
}

TEST_CASE("children that are not watched say nothing about their branch", "[app]") {
    ScriptedNetwork network;
    auto const olt = network.add("OLT-1", "", std::nullopt, "olt");
    auto const children = add_branch(network, olt, 20);
    network.add("elsewhere", "10.1.0.1");
    for (auto const child : children)
        network.silence(child, 1330, 2500);
    network.rounds(0, 300);
    for (std::size_t i = 0; i < 10; ++i)
        network.edit(children[i], disable);
    SECTION("those that were up do not hide that the others fell") {
        network.rounds(300, 2100);
        CHECK(network.outages_of(olt).size() == 1);
        CHECK(network.alerts() == std::map<std::string, int>{{"parent", 1}});
    }
    SECTION("those that are disabled while it is down do not keep it so") {
        network.rounds(300, 2100);
        for (std::size_t i = 10; i < 15; ++i)
            network.edit(children[i], disable);
        network.rounds(2100, 3000);
        REQUIRE(network.outages_of(olt).size() == 1);
        CHECK(network.outages_of(olt)[0].ended_at);
        CHECK(network.open_alerts().empty());
    }
}

TEST_CASE("alerts of who is removed or no longer watched are closed", "[app]") {
    ScriptedNetwork network;
    auto const olt = network.add("OLT-1", "10.9.0.1", std::nullopt, "olt");
    add_branch(network, olt, 6);
    auto const gone = network.add("gone", "10.1.0.1"), off = network.add("off", "10.1.0.2");
    network.silence(olt, 130, 100'000);
    network.silence(gone, 130, 100'000);
    for (int second = 60; second < 2000; second += 360)
        network.silence(off, second, second + 180);
    network.rounds(0, 2000);
    REQUIRE(network.alerts().at("flapping") == 1);
    network.with_store([&](store::Store& store) {
        store.onts().remove(gone, network.at(2000));
        store.onts().remove(olt, network.at(2000));
    });
    network.edit(off, disable);
    network.rounds(2000, 2200);
    for (auto const& alert : network.open_alerts())
        CHECK(alert.kind + " " + alert.name.substr(0, 4) == "ont home");  // the orphans' own
}

TEST_CASE("a line that flaps in its maintenance is not told", "[app]") {
    ScriptedNetwork network;
    auto const ont = network.add("home", "10.0.0.1");
    network.maintain(-40, 5000);
    for (int second = 60; second < 3000; second += 360)
        network.silence(ont, second, second + 180);
    network.rounds(0, 3000);
    CHECK(network.outages().size() > 3);
    CHECK(network.alerts().empty());
}

TEST_CASE("a branch stays the cause when its parent was away for a while, too", "[app]") {
    ScriptedNetwork network;
    auto const olt = network.add("OLT-1", "10.9.0.1", std::nullopt, "olt");
    for (auto const child : add_branch(network, olt, 10))
        network.silence(child, 130, 5000);
    network.silence(olt, 700, 1500);
    network.rounds(0, 3000);
    CHECK(network.outages_of(olt).size() == 1);
    CHECK(network.alerts() == std::map<std::string, int>{{"parent", 1}});
    network.rounds(3000, 6000);
    CHECK(network.open_alerts().empty());
}

TEST_CASE("ONTs that need longer than their OLT to come back have no alerts of their own", "[app]") {
    ScriptedNetwork network;
    auto const olt = network.add("OLT-1", "10.9.0.1", std::nullopt, "olt");
    auto const children = add_branch(network, olt, 10);
    network.add("elsewhere", "10.1.0.1");
    network.silence(olt, 130, 700);
    for (std::size_t i = 0; i < children.size(); ++i)
        network.silence(children[i], 130, 850 + 60 * static_cast<int>(i / 3));
    network.silence(children[9], 850, 5000);  // its cable is broken now
    network.rounds(0, 840);
    CHECK(network.outages_of(olt)[0].ended_at);
    CHECK(network.alerts() == std::map<std::string, int>{{"parent", 1}});
    network.rounds(840, 2000);
    CHECK(network.alerts() == std::map<std::string, int>{{"ont", 1}, {"parent", 1}});
    CHECK(network.open_alerts().size() == 1);
}

TEST_CASE("time in which the monitor was cut off is not covered, however short", "[app]") {
    ScriptedNetwork network;
    auto const ont = network.add("home", "10.0.0.1");
    network.rules.guards = {"10.200.0.1"};
    network.cut_off(290, 310);
    network.rounds(0, 600);
    network.with_store([&](store::Store& store) {
        auto const covered = store.pings().covered(network.at(0), network.at(2000)).at(ont);
        REQUIRE(covered.size() == 2);
        CHECK(covered[0].until < network.at(300));
        CHECK(covered[1].since == network.at(360));
    });
}

TEST_CASE("who has no address is not covered", "[app]") {
    ScriptedNetwork network;
    auto const ont = network.add("home", "10.0.0.1");
    auto const named = network.add("by name", "10.0.0.2");
    network.edit(named, [](store::OntConfig& config) { config.host = "ont.invalid"; });
    network.rounds(0, 600);
    network.with_store([&](store::Store& store) {
        auto const covered = store.pings().covered(network.at(0), network.at(2000));
        CHECK(covered.contains(ont));
        CHECK_FALSE(covered.contains(named));
    });
}

TEST_CASE("a probe that this machine could not send is no lost probe", "[app]") {
    ScriptedNetwork network;
    auto const ont = network.add("home", "10.0.0.1");
    network.round(0);
    auto const code = GENERATE(EPERM, EACCES, EINVAL, ENETUNREACH, ENOMEM);
    network.fail_sending(ont, code);
    network.rounds(60, 600);
    auto const summary = network.round(600);
    CHECK(summary.unknown == 1);
    REQUIRE(summary.not_up.size() == 1);
    CHECK(summary.not_up[0].reason.find("this machine could not ask it: ") == 0);
    CHECK(network.outages().empty());
}

TEST_CASE("no route to a single host is for the network to mend, so the host is down", "[app]") {
    ScriptedNetwork network;
    auto const ont = network.add("home", "10.0.0.1");
    network.round(0);
    network.fail_sending(ont, EHOSTUNREACH);
    network.rounds(60, 600);
    CHECK(network.outages().size() == 1);
}

TEST_CASE("a monitor that is cut off in the middle of a round knows nothing of who fell silent", "[app]") {
    ScriptedNetwork network;
    network.rules.guards = {"10.200.0.1"};
    network.rules.outage = {.down_lost = 1, .down_of = 1, .up_answered = 1, .up_of = 1};
    auto const ont = network.add("home", "10.0.0.1");
    network.rounds(0, 120);
    network.silence(ont, 120, 130);  // its turn comes after the guard's, and the link has died between
    network.on_sweep = [&](int sweep) {
        if (sweep == 0) network.cut_off(120, 130);
    };
    auto const summary = network.round(120);
    CHECK(summary.is_blind);
    CHECK(network.outages().empty());
    network.on_sweep = {};
    network.silence(ont, 240, 300);
    CHECK(network.round(240).down == 1);
}

TEST_CASE("lines that hang on nothing known share no line", "[app]") {
    ScriptedNetwork network;
    auto const olt = network.add("OLT-1", "10.9.0.1", std::nullopt, "olt");
    add_branch(network, olt, 2);
    network.add("alone", "10.1.0.1");
    network.round(0);
    CHECK(network.groups == std::vector<std::uint32_t>{0, 1, 1, 0});
}

TEST_CASE("a name that cannot be looked up is not asked for in each round", "[app]") {
    ScriptedNetwork network;
    auto const ont = network.add("by name", "10.0.0.1");
    network.edit(ont, [](store::OntConfig& config) { config.host = "ont.invalid"; });
    int asked = 0;
    network.resolve = [&](std::string const& host) -> Result<ont::Address> {
        ++asked;
        return failure(Kind::no_host, host + ": no such host");
    };
    app::Monitor monitor{network.setup(), network.rules};
    for (int i = 0; i < 5; ++i)
        CHECK(monitor.run_round().not_up.at(0).reason == "ont.invalid: no such host");
    CHECK(asked == 1);
}

TEST_CASE("a choice takes the words that name one ONT", "[app]") {
    ScriptedNetwork network;
    auto const ont = network.add("7", "10.0.0.1");
    network.edit(ont, [](store::OntConfig& config) { config.customer_id = "C-1"; });
    network.add("other", "10.0.0.2");
    auto const word = GENERATE(as<std::string>{}, "id:1", "customer:C-1", "name:7", "C-1", "7", "1");
    network.rules.choice.onts = {word};
    CHECK(network.round(0).asked == 1);
    network.rules.choice.onts = {GENERATE(as<std::string>{}, "id:7", "customer:", "name:", "customer:7", "name:1", "id:01")};
    CHECK_THROWS_AS(network.round(60), Error);
}
