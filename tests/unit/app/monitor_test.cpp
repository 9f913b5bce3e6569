// Rounds of the monitor over a scripted network: what becomes an outage, whose fault it is, and what is no news.

#include <catch2/catch.hpp>

#include "lib/store/alerts.hpp"
#include "lib/store/pings.hpp"
#include "tests/unit/app/monitor_network.hpp"

using namespace bioctl;
using namespace bioctl::test;
using namespace std::chrono_literals;

namespace {

std::string host(int number) {
    return "10.0." + std::to_string(number / 250) + "." + std::to_string(number % 250 + 1);
}

/// An OLT with children below it.
std::vector<std::int64_t> add_branch(ScriptedNetwork& network, std::int64_t olt, int children, int first = 0) {
    std::vector<std::int64_t> ids;
    for (int i = 0; i < children; ++i)
        ids.push_back(network.add("home " + std::to_string(first + i), host(first + i), olt));
    return ids;
}

}  // namespace

TEST_CASE("an outage begins with its first lost probe and ends with its first answer", "[app]") {
    ScriptedNetwork network;
    auto const ont = network.add("home", "10.0.0.1");
    network.silence(ont, 130, 700);
    network.rounds(0, 1200);
    auto const outages = network.outages();
    REQUIRE(outages.size() == 1);
    CHECK(outages[0].started_at == network.at(180));
    CHECK(outages[0].start_error_ms == 59'997);  // the answer before came 3 ms into its round
    CHECK(outages[0].ended_at == network.at(720) + 3ms);
    CHECK(outages[0].end_error_ms == 60'003);
    CHECK(network.alerts() == std::map<std::string, int>{{"ont", 1}});
}

TEST_CASE("single lost probes are no outage", "[app]") {
    ScriptedNetwork network;
    auto const ont = network.add("home", "10.0.0.1");
    network.silence(ont, 120, 130);
    network.silence(ont, 360, 430);
    network.rounds(0, 900);
    CHECK(network.outages().empty());
    CHECK(network.alerts().empty());
}

TEST_CASE("an outage that goes on is one outage, whoever runs the rounds", "[app]") {
    ScriptedNetwork network;
    auto const ont = network.add("home", "10.0.0.1");
    network.silence(ont, 130, 100'000);
    network.rounds(0, 600);
    REQUIRE(network.outages().size() == 1);
    CHECK_FALSE(network.outages()[0].ended_at);
    // The machine was off for an hour.
    network.rounds(4200, 4800);
    REQUIRE(network.outages().size() == 1);
    CHECK(network.outages()[0].started_at == network.at(180));
    CHECK(network.alerts().at("ont") == 1);
}

TEST_CASE("a parent that is down takes the blame, and its children's outages are recorded", "[app]") {
    ScriptedNetwork network;
    auto const olt = network.add("OLT-1", "10.9.0.1", std::nullopt, "olt");
    auto const children = add_branch(network, olt, 8);
    network.silence(olt, 130, 700);
    network.rounds(0, 1200);
    CHECK(network.outages().size() == 9);
    CHECK(network.alerts() == std::map<std::string, int>{{"parent", 1}});
    auto const parents = network.outages_of(olt);
    REQUIRE(parents.size() == 1);
    for (auto const child : children) {
        auto const own = network.outages_of(child);
        REQUIRE(own.size() == 1);
        CHECK(own[0].parent_outage == parents[0].id);
        CHECK(own[0].alert == parents[0].alert);
        CHECK(own[0].started_at == network.at(180));
    }
}

TEST_CASE("a parent that is not pinged is inferred", "[app]") {
    ScriptedNetwork network;
    auto const olt = network.add("OLT-1", "", std::nullopt, "olt");
    auto const children = add_branch(network, olt, 10);
    network.add("elsewhere", "10.8.0.1");
    for (std::size_t i = 0; i < 7; ++i)
        network.silence(children[i], 130, 700);
    network.rounds(0, 1500);
    auto const parents = network.outages_of(olt);
    REQUIRE(parents.size() == 1);
    CHECK(parents[0].is_inferred);
    CHECK(parents[0].started_at == network.at(180));
    REQUIRE(parents[0].ended_at);
    CHECK(network.alerts() == std::map<std::string, int>{{"parent", 1}});
    CHECK(network.outages_of(children[0])[0].parent_outage == parents[0].id);
    CHECK(network.outages_of(children[9]).empty());
}

TEST_CASE("a parent that answers while its branch is silent has no outage, but the blame", "[app]") {
    ScriptedNetwork network;
    auto const olt = network.add("OLT-1", "10.9.0.1", std::nullopt, "olt");
    auto const children = add_branch(network, olt, 10);
    for (std::size_t i = 0; i < 9; ++i)
        network.silence(children[i], 130, 700);
    network.rounds(0, 1500);
    CHECK(network.outages_of(olt).empty());
    CHECK(network.outages().size() == 9);
    CHECK(network.alerts() == std::map<std::string, int>{{"parent", 1}});
}

TEST_CASE("children that fail one by one are no fault of their parent", "[app]") {
    ScriptedNetwork network;
    auto const olt = network.add("OLT-1", "10.9.0.1", std::nullopt, "olt");
    auto const children = add_branch(network, olt, 8);
    for (std::size_t i = 0; i < 8; ++i)
        network.silence(children[i], 130 + 600 * static_cast<int>(i), 10'000);
    network.rounds(0, 6000);
    CHECK(network.alerts() == std::map<std::string, int>{{"ont", 8}});
}

TEST_CASE("a child with an outage of its own keeps it when the parent follows", "[app]") {
    ScriptedNetwork network;
    auto const olt = network.add("OLT-1", "10.9.0.1", std::nullopt, "olt");
    auto const children = add_branch(network, olt, 6);
    network.silence(children[0], 130, 5000);
    network.silence(olt, 1900, 2500);
    network.rounds(0, 3600);
    auto const own = network.outages_of(children[0]);
    REQUIRE(own.size() == 1);
    CHECK_FALSE(own[0].ended_at);
    CHECK_FALSE(own[0].parent_outage);
    CHECK(network.alerts() == std::map<std::string, int>{{"ont", 1}, {"parent", 1}});
}

TEST_CASE("what stays down when its parent is back is told then", "[app]") {
    ScriptedNetwork network;
    auto const olt = network.add("OLT-1", "10.9.0.1", std::nullopt, "olt");
    auto const children = add_branch(network, olt, 6);
    network.silence(olt, 130, 700);
    network.silence(children[2], 130, 5000);
    network.rounds(0, 1800);
    CHECK(network.alerts() == std::map<std::string, int>{{"ont", 1}, {"parent", 1}});
    CHECK(network.outages_of(children[2]).size() == 1);
}

TEST_CASE("a monitor that is cut off knows nothing, and says so", "[app]") {
    ScriptedNetwork network;
    network.rules.guards = {"10.200.0.1"};
    auto const olt = network.add("OLT-1", "10.9.0.1", std::nullopt, "olt");
    add_branch(network, olt, 30);
    network.cut_off(130, 3000);
    network.rounds(0, 120);
    auto const blind = network.round(180);
    CHECK(blind.is_blind);
    CHECK(blind.unknown == 31);
    CHECK(blind.reason == "none of the guard addresses answers (10.200.0.1): this machine is cut off");
    network.rounds(240, 4000);
    CHECK(network.outages().empty());
    CHECK(network.alerts() == std::map<std::string, int>{{"monitor", 1}});
}

TEST_CASE("without guards, everybody silent at once is suspicious", "[app]") {
    ScriptedNetwork network;
    auto const olt = network.add("OLT-1", "", std::nullopt, "olt");
    add_branch(network, olt, 30);
    network.cut_off(130, 3000);
    network.rounds(0, 120);
    auto const blind = network.round(180);
    CHECK(blind.is_blind);
    CHECK(blind.reason.find("--guard") != std::string::npos);
    network.rounds(240, 4000);
    CHECK(network.outages().empty());
}

TEST_CASE("a clock that steps back an hour invents no outage and loses none", "[app]") {
    ScriptedNetwork network;
    auto const ont = network.add("home", "10.0.0.1");
    auto const other = network.add("other", "10.0.0.2");
    network.silence(ont, 130, 1300);
    network.rounds(0, 600);
    network.clock_error = -1h;
    network.rounds(600, 2400);
    auto const outages = network.outages();
    REQUIRE(outages.size() == 1);
    CHECK(outages[0].ended_at >= outages[0].started_at);
    CHECK(network.outages_of(other).empty());
    network.clock_error = {};
    network.silence(other, 3000, 4000);
    network.rounds(2400, 4800);
    REQUIRE(network.outages_of(other).size() == 1);
    CHECK(network.outages_of(other)[0].started_at == network.at(3000));
}

TEST_CASE("an outage in a maintenance window is recorded and not told, until the window ends", "[app]") {
    ScriptedNetwork network;
    auto const ont = network.add("home", "10.0.0.1");
    network.maintain(-40, 1000);
    network.silence(ont, 130, 700);
    network.silence(ont, 800, 2000);
    network.rounds(0, 960);
    CHECK(network.outages().size() == 1);
    CHECK(network.alerts().empty());
    network.rounds(960, 1500);
    auto const outages = network.outages();
    REQUIRE(outages.size() == 2);
    CHECK(outages[0].in_maintenance);
    CHECK(outages[1].in_maintenance);
    CHECK(network.alerts() == std::map<std::string, int>{{"ont", 1}});
}

TEST_CASE("who is no longer asked has no outage that goes on", "[app]") {
    ScriptedNetwork network;
    auto const ont = network.add("home", "10.0.0.1");
    network.silence(ont, 130, 5000);
    network.rounds(0, 600);
    network.with_store([&](store::Store& store) {
        auto config = store.onts().get(ont)->config;
        config.enabled = false;
        store.onts().set(ont, config, network.at(600));
    });
    network.rounds(600, 720);
    REQUIRE(network.outages().size() == 1);
    CHECK(network.outages()[0].ended_at == network.at(600));
}

TEST_CASE("names that cannot be looked up are unknown, not down", "[app]") {
    ScriptedNetwork network;
    network.add("home", "10.0.0.1");
    network.with_store([&](store::Store& store) {
        store::OntConfig config;
        config.name = "by name";
        config.host = "ont.invalid";
        store.onts().add(config, network.at(0));
    });
    network.rounds(0, 600);
    auto const summary = network.round(600);
    CHECK(summary.up == 1);
    CHECK(summary.unknown == 1);
    REQUIRE(summary.not_up.size() == 1);
    CHECK(summary.not_up[0].reason == "ont.invalid: no such host");
    CHECK(network.outages().empty());
}

TEST_CASE("a choice asks also what the chosen hang on", "[app]") {
    ScriptedNetwork network;
    auto const olt = network.add("OLT-1", "10.9.0.1", std::nullopt, "olt");
    add_branch(network, olt, 3);
    network.rules.choice.onts = {"home 1"};
    CHECK(network.round(0).asked == 2);
    network.rules.choice.onts = {"home 9"};
    CHECK_THROWS_WITH(network.round(60), "there is no ONT called 'home 9'; see `bioctl onts list`");
}

TEST_CASE("time is covered while rounds follow each other, not while the monitor is off or cut off", "[app]") {
    ScriptedNetwork network;
    auto const ont = network.add("home", "10.0.0.1");
    network.rules.guards = {"10.200.0.1"};
    network.cut_off(600, 1200);
    network.rounds(0, 1801);
    network.rounds(10'000, 10'601);
    network.with_store([&](store::Store& store) {
        auto const covered = store.pings().covered(network.at(0), network.at(20'000)).at(ont);
        REQUIRE(covered.size() == 3);
        CHECK(covered[0].since == network.at(0));
        CHECK(covered[0].until - covered[0].since < 541s);
        CHECK(covered[0].until - covered[0].since >= 540s);
        CHECK(covered[1].since == network.at(1200));
        CHECK(covered[2].since == network.at(10'000));
    });
}
