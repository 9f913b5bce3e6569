// Four thousand ONTs and a night of everything at once: what is found must be what happened.

#include <catch2/catch.hpp>

#include <algorithm>
#include <random>

#include "tests/unit/app/monitor_network.hpp"

using namespace bioctl;
using namespace bioctl::test;

namespace {

constexpr int k_minute = 60;

struct Truth {
    std::int64_t ont = 0;
    int from = 0, to = 0;
};

class Night {
public:
    Night() {
        network.rules.guards = {"10.255.0.1"};
        for (int olt = 0; olt < 13; ++olt) {
            olts.push_back(network.add("OLT-" + std::to_string(olt), "10.254.0." + std::to_string(olt + 1), std::nullopt, "olt"));
            for (int i = 0; i < (olt < 12 ? 300 : 387); ++i)
                onts.push_back(
                    network.add(std::to_string(olt) + "/" + std::to_string(i),
                                "10." + std::to_string(olt) + "." + std::to_string(i / 200) + "." + std::to_string(i % 200 + 1),
                                olts.back()));
        }
    }

    void fail(std::int64_t ont, int from, int to) {
        network.silence(ont, from, to);
        truth.push_back({ont, from, to});
    }

    ScriptedNetwork network;
    std::vector<std::int64_t> olts, onts;
    std::vector<Truth> truth;
};

}  // namespace

TEST_CASE("a network of 4,000 ONTs: outages found are outages that happened, and one alert for each cause", "[app]") {
    Night night;
    auto& network = night.network;
    REQUIRE(night.onts.size() + night.olts.size() == 4000);
    std::mt19937 random{20261121};
    auto const second_in = [&](int from, int to) { return std::uniform_int_distribution{from, to}(random); };

    // Single losses: nobody is to hear of them.
    for (int i = 0; i < 600; ++i) {
        auto const second = second_in(5, 115) * k_minute;
        network.silence(night.onts[static_cast<std::size_t>(second_in(1500, 3900))], second, second + 1);
    }
    // Real outages, each of another ONT, none below OLT-3.
    for (std::size_t i = 0; i < 40; ++i) {
        auto const from = second_in(6 * k_minute, 50 * k_minute);
        night.fail(night.onts[2000 + 40 * i], from, from + second_in(6, 20) * k_minute);
    }
    // OLT-3 and its 300 children.
    auto const olt_from = 20 * k_minute + 17, olt_to = 44 * k_minute + 5;
    night.fail(night.olts[3], olt_from, olt_to);
    for (std::size_t i = 0; i < 300; ++i)
        night.truth.push_back({night.onts[900 + i], olt_from, olt_to});
    // The monitor is cut off for a quarter of an hour, when nothing else goes on.
    network.cut_off(80 * k_minute + 1, 95 * k_minute + 1);
    // Six that flap, all the time but then.
    for (std::size_t i = 0; i < 6; ++i) {
        for (int from = 6 * k_minute + 30; from < 70 * k_minute; from += 7 * k_minute)
            night.fail(night.onts[100 * i], from, from + 4 * k_minute);
    }
    network.rounds(0, 120 * k_minute);

    auto outages = network.outages();
    std::ranges::sort(outages, {}, [](auto const& outage) { return std::pair{outage.ont, outage.started_at}; });
    std::ranges::sort(night.truth, {}, [](auto const& event) { return std::pair{event.ont, event.from}; });
    REQUIRE(outages.size() == night.truth.size());
    int wrong = 0;
    for (std::size_t i = 0; i < outages.size(); ++i) {
        auto const& found = outages[i];
        auto const& event = night.truth[i];
        auto const late_start = found.started_at - network.at(event.from);
        bool const is_right =
            found.ont == event.ont && late_start >= std::chrono::seconds{0} &&
            late_start <= std::chrono::milliseconds{found.start_error_ms} && late_start <= ScriptedNetwork::k_interval &&
            found.ended_at && *found.ended_at - network.at(event.to) >= std::chrono::seconds{0} &&
            *found.ended_at - network.at(event.to) <= ScriptedNetwork::k_interval + std::chrono::milliseconds{3};
        if (!is_right) ++wrong;
    }
    CHECK(wrong == 0);

    auto const alerts = network.alerts();
    CHECK(alerts.at("parent") == 1);
    CHECK(alerts.at("monitor") == 1);
    CHECK(alerts.at("flapping") == 6);
    // Each of the flapping ones was told of until it was known to flap.
    CHECK(alerts.at("ont") >= 40 + 6);
    CHECK(alerts.at("ont") <= 40 + 6 * 4);
}
