#include <catch2/catch.hpp>

#include <string_view>
#include <vector>

#include "lib/ont/outage_rules.hpp"

using namespace bioctl;
using namespace bioctl::ont;
using namespace std::chrono_literals;

namespace {

Timestamp minute(int number) {
    return from_ms(1'790'000'000'000) + std::chrono::minutes{number};
}

struct Story {
    OntHistory history{};
    std::vector<std::pair<int, Bounded>> downs{}, ups{};  ///< minute in which it was known, and what
    int flaps = 0, steadied = 0;
    int now = 0;

    /// A sample a minute: '.' answered, 'x' lost, '?' unknown.
    void tell(std::string_view samples, OutageRules const& rules = {}, bool parent_is_down = false) {
        for (char const c : samples) {
            auto const sample = c == '.' ? Sample::answered : c == 'x' ? Sample::lost : Sample::unknown;
            auto const change = observe(history, sample, minute(now), rules, parent_is_down);
            if (change.went_down) downs.emplace_back(now, *change.went_down);
            if (change.came_up) ups.emplace_back(now, *change.came_up);
            flaps += change.began_flapping ? 1 : 0;
            steadied += change.ended_flapping ? 1 : 0;
            ++now;
        }
    }
};

std::uint32_t bits(std::string_view oldest_first) {
    std::uint32_t value = 0;
    for (char const c : oldest_first)
        value = value << 1U | (c == '1' ? 1U : 0U);
    return value;
}

}  // namespace

TEST_CASE("a single lost probe, and two, are no outage", "[ont]") {
    Story story;
    story.tell("..x...xx....x.x...");
    CHECK(story.downs.empty());
    CHECK(story.history.state == OntState::up);
    CHECK(story.ups.size() == 1);  // the first contact
}

TEST_CASE("an outage begins with its first lost probe, and ends with the first answer, each with its error bound", "[ont]") {
    Story story;
    story.tell("...xxxxx.x..");
    REQUIRE(story.downs.size() == 1);
    CHECK(story.downs[0].first == 5);
    CHECK(story.downs[0].second == Bounded{minute(3), 1min});
    REQUIRE(story.ups.size() == 2);
    CHECK(story.ups[1].first == 10);  // two of the last three
    CHECK(story.ups[1].second == Bounded{minute(10), 1min});
    CHECK(story.history.state == OntState::up);
}

TEST_CASE("losses with an answer between them begin the outage after the answer", "[ont]") {
    Story story;
    story.tell("..x.xx", {.down_lost = 3, .down_of = 4});
    REQUIRE(story.downs.size() == 1);
    CHECK(story.downs[0].second == Bounded{minute(4), 1min});
}

TEST_CASE("rounds in which the monitor was blind change nothing, but widen the bound", "[ont]") {
    Story story;
    story.tell("..");
    story.tell("????????????????");
    CHECK(story.downs.empty());
    CHECK(story.history.state == OntState::up);
    story.tell("xxx");
    REQUIRE(story.downs.size() == 1);
    CHECK(story.downs[0].second == Bounded{minute(18), 17min});
    story.tell("???");
    CHECK(story.ups.size() == 1);
}

TEST_CASE("who was never seen is unknown, then down, with a start that has no bound", "[ont]") {
    Story story;
    story.tell("xx");
    CHECK(story.history.state == OntState::unknown);
    story.tell("x");
    CHECK(story.history.state == OntState::down);
    CHECK(story.downs.at(0).second == Bounded{minute(0), 0ms});
}

TEST_CASE("one of one is the strictest rule, and all of 32 the most patient", "[ont]") {
    Story strict;
    strict.tell(".x.x", {.down_lost = 1, .down_of = 1, .up_answered = 1, .up_of = 1});
    CHECK(strict.downs.size() == 2);
    CHECK(strict.ups.size() == 2);
    Story patient;
    OutageRules const rules{.down_lost = 32, .down_of = 32, .up_answered = 32, .up_of = 32};
    patient.tell("." + std::string(31, 'x'), rules);
    CHECK(patient.downs.empty());
    patient.tell("x" + std::string(31, '.'), rules);
    CHECK(patient.downs.size() == 1);
    CHECK(patient.ups.size() == 1);
    patient.tell(".", rules);
    CHECK(patient.ups.size() == 2);
    CHECK(patient.ups[1].second == Bounded{minute(33), 1min});
}

TEST_CASE("the weight of a change is that of the vectors", "[ont]") {
    CHECK(percent_of_change(bits("010101010101010101010"), 21) == Approx(100));
    CHECK(percent_of_change(bits("000000000000000000001"), 21) == Approx(6.25));
    CHECK(percent_of_change(bits("011111111111111111111"), 21) == Approx(3.75));
    CHECK(percent_of_change(bits("000000000011111111111"), 21) == Approx(4.934).margin(0.001));
    CHECK(percent_of_change(bits("000000000000000000101"), 21) == Approx(18.355).margin(0.001));
    CHECK(percent_of_change(bits("000000000000000001010"), 21) == Approx(24.21).margin(0.001));
    CHECK(percent_of_change(0, 21) == 0);
    CHECK(percent_of_change(bits("01"), 2) == Approx(6.25));
    CHECK(percent_of_change(bits("1"), 1) == 0);
}

TEST_CASE("flapping begins above the high mark and ends below the low one, once each", "[ont]") {
    Story story;
    OutageRules const rules{.down_lost = 1, .down_of = 1, .up_answered = 1, .up_of = 1};
    story.tell(".....................", rules);
    story.tell("x.x.x.x.", rules);
    CHECK(story.history.is_flapping);
    CHECK(story.flaps == 1);
    story.tell("...........", rules);
    CHECK(story.history.is_flapping);  // between the marks nothing changes
    story.tell(".....................", rules);
    CHECK_FALSE(story.history.is_flapping);
    CHECK(story.flaps == 1);
    CHECK(story.steadied == 1);
    // What comes and goes with its parent does not flap itself.
    Story child;
    child.tell(".....................", rules);
    child.tell("x.x.x.x.x.x.", rules, true);
    CHECK(child.flaps == 0);
    CHECK(child.downs.size() == 6);
}
