#include <catch2/catch.hpp>

#include <fmt/format.h>

#include "lib/notify/digest.hpp"

using namespace bioctl;
using namespace bioctl::notify;
using namespace std::chrono_literals;

namespace {

Timestamp second(int number) {
    return from_ms(1'900'000'000'000) + std::chrono::seconds{number};
}

std::string show(Timestamp time) {
    return fmt::format("T+{}", (time - second(0)) / 1s);
}

AlertFact down(std::int64_t id, int since, std::int64_t children = 0) {
    AlertFact fact;
    fact.id = id;
    fact.kind = children > 0 ? "parent" : "ont";
    fact.name = fmt::format("{} {}", children > 0 ? "OLT" : "home", id);
    fact.started_at = second(since - 120);
    fact.opened_at = second(since);
    fact.outages = fact.ongoing = children;
    return fact;
}

AlertFact back(std::int64_t id, int since, int until, std::int64_t children = 0) {
    auto fact = down(id, since, children);
    fact.is_told = true;
    fact.closed_at = second(until);
    fact.ongoing = 0;
    return fact;
}

std::vector<DigestMessage> digest_at(int now, std::vector<AlertFact> const& facts, DigestRules const& rules = {},
                                     int recent = 0) {
    return digest(facts, second(now), rules, recent, show);
}

}  // namespace

TEST_CASE("one message for a cause, with what hangs on it", "[notify]") {
    auto const messages = digest_at(100, {down(3, 60, 214)});
    REQUIRE(messages.size() == 1);
    CHECK(messages[0].title == "OLT 3: 214 ONTs down since T+-60");
    CHECK(messages[0].type == "error");
    CHECK(messages[0].count == 214);
    CHECK(messages[0].begun == std::vector<std::int64_t>{3});
    CHECK(digest_at(100, {down(4, 60)})[0].title == "home 4 is down since T+-60");
}

TEST_CASE("what is over before it was told is never told", "[notify]") {
    CHECK(digest_at(89, {down(1, 60)}).empty());
    auto fact = down(1, 60);
    fact.closed_at = second(80);
    CHECK(digest_at(100, {fact}).empty());
    CHECK(digest_at(90, {down(1, 60)}).size() == 1);
}

TEST_CASE("what was told and is over is told, too", "[notify]") {
    auto const messages = digest_at(5000, {back(3, 60, 3660, 214)});
    REQUIRE(messages.size() == 1);
    CHECK(messages[0].title == "OLT 3 is back at T+3660, after 1 h 2 min; 214 ONTs had been down");
    CHECK(messages[0].type == "success");
    CHECK(messages[0].ended_at == second(3660));
    CHECK(messages[0].ended == std::vector<std::int64_t>{3});
}

TEST_CASE("an escalation step hears only of what nobody acknowledged", "[notify]") {
    DigestRules late;
    late.after = 30min;
    auto fact = down(1, 0);
    CHECK(digest_at(1799, {fact}, late).empty());
    CHECK(digest_at(1800, {fact}, late).size() == 1);
    fact.is_acknowledged = true;
    CHECK(digest_at(1800, {fact}, late).empty());
}

TEST_CASE("in quiet hours everything waits", "[notify]") {
    DigestRules quiet;
    quiet.is_quiet = true;
    CHECK(digest_at(100, {down(1, 0), back(2, 0, 50)}, quiet).empty());
}

TEST_CASE("two thousand at once are one message, and all of them are told", "[notify]") {
    std::vector<AlertFact> facts;
    for (int i = 1; i <= 2000; ++i)
        facts.push_back(down(i, 0));
    facts.push_back(down(2001, 0, 300));
    auto const messages = digest_at(60, facts);
    REQUIRE(messages.size() == 1);
    CHECK(messages[0].title == "2300 ONTs down since T+-120 (2001 causes)");
    CHECK(messages[0].begun.size() == 2001);
    REQUIRE(messages[0].lines.size() == 21);
    CHECK(messages[0].lines[0] == "OLT 2001: 300 ONTs down since T+-120");
    CHECK(messages[0].lines[20] == "and 1981 more");
}

TEST_CASE("a storm sends three messages in its first five minutes, whatever comes", "[notify]") {
    std::vector<AlertFact> facts;
    int sent = 0;
    for (int minute = 0; minute < 5; ++minute) {
        for (int i = 0; i < 400; ++i)
            facts.push_back(down(minute * 1000 + i, 60 * minute));
        if (minute == 3) facts[0].closed_at = second(180);
        for (auto const& message : digest_at(60 * minute + 40, facts, {}, sent)) {
            ++sent;
            for (auto& fact : facts) {
                if (std::ranges::find(message.begun, fact.id) != message.begun.end()) fact.is_told = true;
            }
        }
    }
    CHECK(sent == 3);
    // What had to wait is told once there is room.
    auto const later = digest_at(700, facts);
    REQUIRE(later.size() == 2);
    CHECK(later[0].begun.size() == 800);
    CHECK(later[1].ended.size() == 1);
}

TEST_CASE("beginnings and ends are told apart if there is room, else together", "[notify]") {
    std::vector<AlertFact> const facts{down(1, 0), down(2, 0), back(3, 0, 50), back(4, 0, 50)};
    CHECK(digest_at(60, facts).size() == 2);
    auto const together = digest_at(60, facts, {}, 2);
    REQUIRE(together.size() == 1);
    CHECK(together[0].title == "2 ONTs down, 2 back (4 causes)");
    CHECK(digest_at(60, facts, {}, 3).empty());
}

TEST_CASE("the monitor's own blindness is a warning", "[notify]") {
    AlertFact fact;
    fact.id = 9;
    fact.kind = "monitor";
    fact.name = "none of the guard addresses answers";
    fact.started_at = fact.opened_at = second(0);
    auto const messages = digest_at(60, {fact});
    REQUIRE(messages.size() == 1);
    CHECK(messages[0].type == "warning");
    CHECK(messages[0].title == "the monitor knows nothing since T+0: none of the guard addresses answers");
    CHECK(messages[0].count == 0);
}

TEST_CASE("when something is due is known", "[notify]") {
    CHECK_FALSE(next_due({back(1, 0, 5)}, {}));
    CHECK(next_due({down(1, 60), down(2, 10)}, {}) == second(40));
}

TEST_CASE("a clock that is set back keeps no alert from being told", "[notify]") {
    constexpr int k_hour = 3600;
    CHECK(digest_at(40, {down(1, k_hour)}).size() == 1);
    // A small correction starts no alarm before its time.
    CHECK(digest_at(40, {down(1, 45)}).empty());
    CHECK(digest_at(40, {down(1, 100)}).empty());
}
