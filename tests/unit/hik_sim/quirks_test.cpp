#include <set>

#include <catch2/catch.hpp>

#include "tests/support/expect_error.hpp"
#include "tests/support/hik_sim/quirks.hpp"

using namespace bioctl::hik_sim;

TEST_CASE("an unknown quirk is refused with the nearest name", "[hik_sim]") {
    auto const error = bioctl::test::error_of([] { static_cast<void>(parse_quirks("slow,nonce-onse", 1)); });
    CHECK(error.kind() == bioctl::Kind::usage);
    CHECK(error.message().find("'nonce-once'") != std::string::npos);
}

TEST_CASE("mixed never takes what hides events, and one of a family", "[hik_sim]") {
    std::set<std::string> seen;
    for (std::uint64_t seed = 0; seed < 200; ++seed) {
        auto const mixed = parse_quirks("mixed", seed);
        std::multiset<Mixing> families;
        for (auto const& info : all_quirks()) {
            if (!mixed.has(info.quirk)) continue;
            CHECK(info.mixing != Mixing::never);
            if (info.mixing != Mixing::alone) families.insert(info.mixing);
            seen.emplace(info.name);
        }
        CHECK(families.size() == std::set<Mixing>(families.begin(), families.end()).size());
    }
    for (auto const& info : all_quirks())
        CHECK(seen.contains(std::string{info.name}) == (info.mixing != Mixing::never));
}

TEST_CASE("names add to mixed", "[hik_sim]") {
    CHECK(parse_quirks("mixed,slow", 3).has(Quirk::slow));
    CHECK(parse_quirks("none", 3).names().empty());
    CHECK(parse_quirks("slow,domain", 3).names() == std::vector<std::string>{"domain", "slow"});
}
