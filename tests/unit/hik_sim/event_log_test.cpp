#include <algorithm>
#include <set>

#include <catch2/catch.hpp>

#include "lib/base/bytes.hpp"
#include "tests/support/hik_sim/truth.hpp"
#include "tests/unit/hik_sim/support.hpp"

using namespace bioctl::hik_sim;

TEST_CASE("a wiped log is empty, starts at serial 1 and tells another epoch", "[hik_sim]") {
    auto terminal = make_terminal(10);
    auto const old_row = terminal.log.by_arrival().back().row;
    terminal.log.wipe();
    CHECK(terminal.log.size() == 0);
    CHECK(terminal.log.find_row(old_row) == nullptr);
    terminal.log.append({.count = 1, .first = k_first, .last = k_first}, {});
    CHECK(terminal.log.by_time(0).serial == 1);
    CHECK(terminal.log.by_time(0).row > old_row);
    CHECK(terminal.log.epoch() == 1);
}

TEST_CASE("late rows have old times and new serials", "[hik_sim]") {
    auto terminal = make_terminal(10);
    terminal.log.append({.count = 2, .first = k_first - 5, .last = k_first - 5}, terminal.quirks);
    CHECK(terminal.log.by_time(0).serial == 11);
    CHECK(terminal.log.by_time(1).serial == 12);
    CHECK(terminal.log.by_time(2).serial == 1);
}

TEST_CASE("shuffled serials are the same serials in another order", "[hik_sim]") {
    auto const terminal = make_terminal(100, "shuffled-serials");
    std::vector<std::int64_t> serials;
    for (std::size_t i = 0; i < terminal.log.size(); ++i)
        serials.push_back(terminal.log.by_time(i).serial);
    CHECK_FALSE(std::is_sorted(serials.begin(), serials.end()));
    CHECK(std::set<std::int64_t>(serials.begin(), serials.end()).size() == 100);
    CHECK(*std::max_element(serials.begin(), serials.end()) == 100);
}

TEST_CASE("the same seed makes the same log and pictures, another seed others", "[hik_sim]") {
    auto const a = make_terminal(20), b = make_terminal(20);
    CHECK(truth_of_events(a) == truth_of_events(b));
    auto const picture = picture_bytes(1, 7);
    CHECK(picture == picture_bytes(1, 7));
    CHECK(picture != picture_bytes(2, 7));
    CHECK(picture.starts_with("\xff\xd8\xff"));
    CHECK(picture.find("\xff\xd9") == picture.size() - 2);
    CHECK(picture.size() >= 2000);
    CHECK(picture.size() <= 30000);
}

TEST_CASE("the truth holds the picture that is served", "[hik_sim]") {
    auto terminal = make_terminal(1);
    auto const truth = Json::parse(truth_of_events(terminal));
    auto const reply = dispatch(terminal, make_request("GET", truth["picture"].get<std::string>()));
    CHECK(reply.content_type == "image/jpeg");
    CHECK(bioctl::to_hex(bioctl::sha256(bioctl::as_bytes(reply.body))) == truth["picture_sha256"]);
    CHECK(truth["picture_fault"].is_null());
}

TEST_CASE("pictures go wrong where the truth says so", "[hik_sim]") {
    auto const quirk = GENERATE(as<std::string>{}, "picture-404", "picture-truncated", "picture-empty", "pictures-expired");
    auto terminal = make_terminal(40, quirk);
    int faults = 0, good = 0;
    std::istringstream lines{truth_of_events(terminal)};
    for (std::string line; std::getline(lines, line);) {
        auto const truth = Json::parse(line);
        if (truth["picture"].is_null()) continue;
        auto const body = dispatch(terminal, make_request("GET", truth["picture"].get<std::string>())).body;
        bool const is_good = bioctl::to_hex(bioctl::sha256(bioctl::as_bytes(body))) == truth["picture_sha256"];
        CHECK(is_good == truth["picture_fault"].is_null());
        (is_good ? good : faults) += 1;
    }
    CHECK(faults > 0);
    CHECK(good > 0);
}

TEST_CASE("a change of the offset shows in the older half of the times", "[hik_sim]") {
    auto const terminal = make_terminal(10, "dst-change");
    CHECK(terminal.clock.format(terminal.log.by_time(0).time).ends_with("+06:00"));
    CHECK(terminal.clock.format(terminal.log.by_time(9).time).ends_with("+07:00"));
    CHECK(terminal.clock.posix_zone().starts_with("CST-6:00:00DST01:00:00"));
}
