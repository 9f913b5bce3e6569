// Over loopback, where 127.0.0.0/8 answers and 240.0.0.1 does not.

#include <catch2/catch.hpp>

#include <set>

#include "lib/ont/sweep.hpp"

using namespace bioctl;
using namespace bioctl::ont;
using namespace std::chrono_literals;

namespace {

/// Whether this user may ping at all; said once.
bool may_ping() {
    static bool const answer = [] {
        auto const socket = IcmpSocket::open(Family::v4, {});
        if (!socket) WARN("skipped: " << socket.error().message());
        return socket.has_value();
    }();
    return answer;
}

bool never() {
    return false;
}

std::vector<Address> addresses(std::initializer_list<char const*> texts) {
    std::vector<Address> result;
    for (auto const* text : texts)
        result.push_back(parse_address(text).or_throw());
    return result;
}

}  // namespace

TEST_CASE("who answers is alive, who does not is tried again and given up", "[ont]") {
    if (!may_ping()) return;
    auto const targets = addresses({"127.0.0.1", "240.0.0.1", "127.9.9.9"});
    Sweeper sweeper{{.retries = 2, .timeout = 30ms, .rate = 0}, {}};
    std::vector<std::uint32_t> done;
    auto const report =
        sweeper.run(targets, {.on_done = [&](std::uint32_t target, TargetResult const&) { done.push_back(target); }}, never);
    CHECK(report.targets[0].received == 1);
    CHECK(report.targets[0].sent == 1);
    CHECK(report.targets[1].received == 0);
    CHECK(report.targets[1].sent == 3);
    CHECK(report.targets[2].received == 1);
    CHECK(done.size() == 3);
    CHECK(done.back() == 1);
    // 30 + 45 + 67.5 ms
    CHECK(report.took > 140ms);
    CHECK(report.targets[0].least > 0ns);
    CHECK(report.targets[0].least < 1s);
}

TEST_CASE("a series sends all its probes, a period apart, and counts each", "[ont]") {
    if (!may_ping()) return;
    auto const targets = addresses({"127.0.0.1", "240.0.0.1"});
    Sweeper sweeper{{.count = 3, .timeout = 40ms, .period = 20ms, .rate = 0}, {}};
    std::multiset<std::uint16_t> replies, losses;
    auto const report = sweeper.run(targets,
                                    {.on_reply = [&](EchoReply const& reply) { replies.insert(reply.attempt); },
                                     .on_lost = [&](std::uint32_t, std::uint16_t attempt) { losses.insert(attempt); },
                                     .on_done = {}},
                                    never);
    CHECK(replies == std::multiset<std::uint16_t>{0, 1, 2});
    CHECK(losses == std::multiset<std::uint16_t>{0, 1, 2});
    CHECK(report.targets[0].sent == 3);
    CHECK(report.targets[1].sent == 3);
    CHECK(report.took > 75ms);
}

TEST_CASE("more targets than there are sequence numbers, all at once, each found once", "[ont]") {
    if (!may_ping()) return;
    auto targets = hosts_between("127.0.0.1", "127.1.17.112", 100'000).or_throw();
    REQUIRE(targets.size() == 70'000);
    Sweeper sweeper{{.retries = 2, .timeout = 2000ms, .rate = 0}, {}};
    std::vector<int> done(targets.size());
    auto const report =
        sweeper.run(targets, {.on_done = [&](std::uint32_t target, TargetResult const&) { ++done[target]; }}, never);
    CHECK(report.received == 70'000);
    CHECK(report.wrong_source == 0);
    CHECK(std::ranges::all_of(done, [](int times) { return times == 1; }));
}

TEST_CASE("batches of both families, in turns, lose nothing and send nothing twice", "[ont]") {
    if (!may_ping()) return;
    auto targets = hosts_between("127.0.0.1", "127.0.19.136", 10'000).or_throw();
    auto const v4_targets = std::ssize(targets);
    auto const six = parse_address("::1").or_throw();
    auto const is_spoken = IcmpSocket::open(Family::v6, {}).has_value();
    if (!is_spoken) WARN("without IPv6: this machine has none");
    if (is_spoken) targets.insert(targets.end(), 2'000, six);
    targets.push_back(parse_address("240.0.0.1").or_throw());
    Sweeper sweeper{{.count = 2, .timeout = 1000ms, .period = 20ms, .rate = 0}, {}};
    std::vector<int> done(targets.size());
    auto const report =
        sweeper.run(targets, {.on_done = [&](std::uint32_t target, TargetResult const&) { ++done[target]; }}, never);
    CHECK(std::ranges::all_of(done, [](int times) { return times == 1; }));
    CHECK(std::ranges::all_of(report.targets, [](TargetResult const& result) { return result.sent == 2; }));
    CHECK(report.sent == 2 * targets.size());
    CHECK(report.targets.back().received == 0);
    auto const answered = std::ranges::count_if(report.targets, [](TargetResult const& r) { return r.received == 2; });
    bool const has_route = !is_spoken || report.targets[6'000].send_errno == 0;
    CHECK(answered == (has_route ? static_cast<long>(targets.size()) - 1 : v4_targets));
}

TEST_CASE("the rate is kept", "[ont]") {
    if (!may_ping()) return;
    auto const targets = hosts_between("127.0.0.1", "127.0.0.100", 1000).or_throw();
    Sweeper sweeper{{.rate = 500}, {}};
    auto const report = sweeper.run(targets, {}, never);
    CHECK(report.received == 100);
    CHECK(report.took > 180ms);  // 100 probes less a burst of five, 2 ms apart
}

TEST_CASE("two runs at once do not take each other's echoes", "[ont]") {
    if (!may_ping()) return;
    auto const targets = hosts_between("127.0.0.1", "127.0.3.232", 1000).or_throw();
    Sweeper first{{.rate = 0}, {}}, second{{.rate = 0}, {}};
    std::uint64_t inner = 0;
    bool has_begun = false;
    auto const report = first.run(targets,
                                  {.on_reply =
                                       [&](EchoReply const&) {
                                           if (std::exchange(has_begun, true)) return;
                                           inner = second.run(targets, {}, never).received;
                                       }},
                                  never);
    CHECK(inner == 1000);
    CHECK(report.received == 1000);
}

TEST_CASE("a stop ends the run with what there is", "[ont]") {
    if (!may_ping()) return;
    auto const targets = hosts_between("127.0.0.1", "127.0.39.16", 100'000).or_throw();
    int replies = 0;
    Sweeper sweeper{{.rate = 2000}, {}};
    auto const report = sweeper.run(targets, {.on_reply = [&](EchoReply const&) { ++replies; }}, [&] { return replies >= 50; });
    CHECK(replies >= 50);
    CHECK(report.sent < 1000);
}

TEST_CASE("IPv6 over loopback, where there is IPv6", "[ont]") {
    if (!may_ping()) return;
    auto const targets = addresses({"::1", "127.0.0.1"});
    Sweeper sweeper{{.retries = 0, .rate = 0}, {}};
    try {
        auto const report = sweeper.run(targets, {}, never);
        if (report.targets[0].send_errno != 0) WARN("skipped: no IPv6 here");
        CHECK(report.targets[0].received + (report.targets[0].send_errno != 0 ? 1 : 0) == 1);
        CHECK(report.targets[1].received == 1);
    } catch (Error const& error) {
        CHECK(error.kind() == Kind::unavailable);
    }
}

TEST_CASE("a source address that is not ours is refused by name", "[ont]") {
    if (!may_ping()) return;
    Sweeper sweeper{{}, {.source = parse_address("192.0.2.99").or_throw()}};
    try {
        static_cast<void>(sweeper.run(addresses({"127.0.0.1"}), {}, never));
        FAIL("sent");
    } catch (Error const& error) {
        CHECK(error.kind() == Kind::usage);
        CHECK_THAT(error.message(), Catch::Contains("192.0.2.99"));
    }
}

TEST_CASE("a group gets no more than its share, and holds up no other", "[ont]") {
    if (!may_ping()) return;
    std::vector<Address> targets;
    std::vector<std::uint32_t> groups;
    for (int i = 1; i <= 40; ++i) {
        targets.push_back(parse_address("127.0.0." + std::to_string(i)).or_throw());
        groups.push_back(i <= 20 ? 1 : 2);
    }
    groups[39] = k_no_group;  // alone: it need not wait for anybody
    Sweeper sweeper{{.timeout = 500ms, .rate = 0, .group_rate = 100}, {}};
    auto const report = sweeper.run(targets, {}, never, groups);
    CHECK(report.received == 40);
    // 20 probes, 10 ms apart, in two groups side by side: only a busy machine takes longer.
    CHECK(report.took > 185ms);
    CHECK(report.took < 2 * 20 * 10ms + 1s);
    std::vector<std::chrono::nanoseconds> times;
    for (std::size_t i = 0; i < 20; ++i)
        times.push_back(report.targets[i].asked_after);
    std::ranges::sort(times);
    CHECK(times.back() - times.front() > 180ms);
    CHECK(report.targets[39].asked_after < times.back());
}

TEST_CASE("who shares its line with nobody waits for nobody", "[ont]") {
    if (!may_ping()) return;
    auto const targets = hosts_between("127.0.0.1", "127.0.0.200", 1000).or_throw();
    std::vector<std::uint32_t> const groups(targets.size(), k_no_group);
    Sweeper sweeper{{.timeout = 500ms, .rate = 0, .group_rate = 20}, {}};
    auto const report = sweeper.run(targets, {}, never, groups);
    CHECK(report.received == 200);
    CHECK(report.took < 5s);  // at 20 a second it would be 10
}

TEST_CASE("first probes are spread, and retries do not wait for them", "[ont]") {
    if (!may_ping()) return;
    auto targets = hosts_between("127.0.0.1", "127.0.0.20", 1000).or_throw();
    for (auto const& silent : hosts_between("240.0.0.1", "240.0.0.20", 1000).or_throw())
        targets.push_back(silent);
    Sweeper sweeper{{.retries = 3, .backoff = 1, .timeout = 20ms, .rate = 0, .first_rate = 100}, {}};
    auto const report = sweeper.run(targets, {}, never);
    CHECK(report.sent == 20 + 20 * 4);
    CHECK(report.took > 380ms);  // 39 gaps of 10 ms
    CHECK(report.took < 900ms);  // all 100 probes at that rate would take a second
}
