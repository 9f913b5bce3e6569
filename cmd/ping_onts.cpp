#include <algorithm>
#include <fstream>
#include <iostream>

#include <CLI/CLI.hpp>

#include <fmt/format.h>

#include "cmd/ping_monitor.hpp"
#include "cmd/ping_printer.hpp"
#include "cmd/verbs.hpp"
#include "lib/base/error.hpp"
#include "lib/base/text.hpp"

namespace bioctl::cmd {

namespace {

constexpr std::size_t k_most_hosts = 1'000'000;
constexpr int k_exit_unknown_name = 2;  // as fping's

struct PingOptions {
    std::vector<std::string> hosts;
    std::optional<std::string> from, source;
    bool generate = false, v4 = false, v6 = false;
    bool alive = false, unreachable = false, elapsed = false, totals = false;
    int count = 0, values = 0;
    int retries = 3, period = 1000, ttl = 0, size = 56;
    std::optional<int> timeout;
    std::optional<double> interval;
    double backoff = 1.5, rate = 1000;
    MonitorOptions monitor;
};

void add_choice(CLI::App& verb, PingOptions& o) {
    verb.add_option("host", o.hosts, "Names or addresses; with -g a network, or the first and the last address")
        ->type_name("HOST");
    verb.add_option("-f,--from", o.from, "File with a host on each line; - is standard input")->type_name("FILE");
    verb.add_flag("-g,--generate", o.generate, "Ping every address of a network: -g 10.0.0.0/22, -g 10.0.0.1 10.0.0.9");
    auto* const v4 = verb.add_flag("-4,--ipv4", o.v4, "Look names up as IPv4 only");
    verb.add_flag("-6,--ipv6", o.v6, "Look names up as IPv6 only")->excludes(v4);
    auto* const alive = verb.add_flag("-a,--alive", o.alive, "Print those that are alive, by name only");
    verb.add_flag("-u,--unreachable", o.unreachable, "Print those that are not, by name only")->excludes(alive);
    verb.add_flag("-e,--elapsed", o.elapsed, "Add the round-trip time");
    verb.add_flag("-s,--stats", o.totals, "Print totals at the end, on stderr");
}

void add_probes(CLI::App& verb, PingOptions& o) {
    auto* const count =
        verb.add_option("-c,--count", o.count, "Send so many probes to each, tell of each; --quiet: only of the whole")
            ->type_name("N")
            ->check(CLI::Range(1, 10'000));
    verb.add_option("-C,--vcount", o.values, "The same, and list every round-trip time")
        ->type_name("N")
        ->check(CLI::Range(1, 10'000))
        ->excludes(count);
    verb.add_option("-r,--retry", o.retries, "Further probes to who is silent")
        ->type_name("N")
        ->check(CLI::Range(0, 20))
        ->capture_default_str();
    verb.add_option("-t,--timeout", o.timeout, "Milliseconds to wait for an answer: 500, with -c as --period")
        ->type_name("MS")
        ->check(CLI::Range(1, 60'000));
    verb.add_option("-B,--backoff", o.backoff, "Each retry waits longer by this factor")
        ->type_name("F")
        ->check(CLI::Range(1.0, 5.0))
        ->capture_default_str();
    verb.add_option("-p,--period", o.period, "Milliseconds from one probe to a host to the next, with -c and -C")
        ->type_name("MS")
        ->check(CLI::Range(1, 600'000))
        ->capture_default_str();
    auto* const rate = verb.add_option("--rate", o.rate, "Probes a second to all hosts together; 0 is as fast as it goes")
                           ->type_name("N")
                           ->check(CLI::Range(0.0, 10'000'000.0))
                           ->capture_default_str();
    verb.add_option("-i,--spacing", o.interval, "The same as milliseconds from one probe to the next")
        ->type_name("MS")
        ->check(CLI::Range(0.0, 60'000.0))
        ->excludes(rate);
    verb.add_option("-b,--size", o.size, "Bytes of payload")
        ->type_name("BYTES")
        ->check(CLI::Range(24, 1400))
        ->capture_default_str();
    verb.add_option("-H,--ttl", o.ttl, "Most routers to pass")->type_name("N")->check(CLI::Range(1, 255));
    verb.add_option("-S,--src", o.source, "Address to send from")->type_name("ADDRESS");
}

void add_ping(CLI::App& verb, PingOptions& o) {
    add_choice(verb, o);
    add_probes(verb, o);
    add_monitor(verb, o.monitor);
}

std::vector<std::string> lines_of(std::istream& input) {
    std::vector<std::string> lines;
    for (std::string line; std::getline(input, line);) {
        auto const host = trim(std::string_view{line}.substr(0, line.find('#')));
        if (!host.empty()) lines.emplace_back(host);
        if (lines.size() > k_most_hosts)
            throw Error{Kind::usage, fmt::format("more than {} hosts; split the list", k_most_hosts)};
    }
    return lines;
}

std::vector<std::string> listed_hosts(PingOptions const& o) {
    auto hosts = o.hosts;
    if (!o.from) return hosts;
    std::vector<std::string> more;
    if (*o.from == "-") {
        more = lines_of(std::cin);
    } else {
        std::ifstream file{*o.from};
        if (!file) throw_errno(printable(*o.from), errno, Kind::no_input);
        more = lines_of(file);
    }
    hosts.insert(hosts.end(), more.begin(), more.end());
    return hosts;
}

std::vector<PingTarget> generated(PingOptions const& o) {
    if (o.hosts.empty() || o.hosts.size() > 2)
        throw Error{Kind::usage, "ping-onts: -g takes a network (10.0.0.0/22), or the first and the last address"};
    auto const addresses = o.hosts.size() == 1 ? ont::hosts_of_network(o.hosts[0], k_most_hosts).or_throw()
                                               : ont::hosts_between(o.hosts[0], o.hosts[1], k_most_hosts).or_throw();
    std::vector<PingTarget> targets;
    targets.reserve(addresses.size());
    for (auto const& address : addresses)
        targets.push_back({address, {}});
    return targets;
}

ont::Wanted wanted_family(PingOptions const& o) {
    return o.v4 ? ont::Wanted::v4 : o.v6 ? ont::Wanted::v6 : ont::Wanted::any;
}

ont::IcmpOptions icmp_options_of(PingOptions const& o) {
    ont::IcmpOptions options;
    options.ttl = o.ttl;
    if (o.source) options.source = ont::parse_address(*o.source).or_throw();
    return options;
}

/// Those whose name is known; the others are told and counted.
std::vector<PingTarget> resolved(PingOptions const& o, Context& cx, std::size_t& unknown) {
    auto const wanted = wanted_family(o);
    std::vector<PingTarget> targets;
    for (auto const& host : listed_hosts(o)) {
        if (stop_signal.load() != 0) break;
        auto const address = ont::resolve(host, wanted);
        if (address) {
            targets.push_back({*address, host});
        } else {
            ++unknown;
            cx.talk.warn(address.error().message());
        }
    }
    return targets;
}

ont::SweepRules rules_of(PingOptions const& o) {
    ont::SweepRules rules;
    rules.count = std::max(o.count, o.values);
    rules.retries = o.retries;
    rules.backoff = o.backoff;
    rules.period = std::chrono::milliseconds{o.period};
    constexpr int k_usual_timeout = 500, k_longest_usual_timeout = 2000;
    auto const usual = rules.count > 0 ? std::min(o.period, k_longest_usual_timeout) : k_usual_timeout;
    rules.timeout = std::chrono::milliseconds{o.timeout.value_or(usual)};
    rules.rate = o.interval ? (*o.interval > 0 ? 1000 / *o.interval : 0) : o.rate;
    rules.payload = static_cast<std::size_t>(o.size);
    rules.is_shuffled = false;  // people read the answers in the order they asked
    return rules;
}

PingStyle style_of(PingOptions const& o, Context const& cx) {
    PingStyle style;
    style.count = std::max(o.count, o.values);
    if (o.alive) style.show = PingShow::alive;
    if (o.unreachable) style.show = PingShow::unreachable;
    if (o.count > 0) style.show = PingShow::series;
    if (o.values > 0) style.show = PingShow::values;
    style.has_elapsed = o.elapsed;
    style.has_totals = o.totals;
    style.is_quiet = cx.talk.is_quiet();
    return style;
}

int run_ping(PingOptions const& o, Context& cx) {
    if (o.monitor.is_wanted()) {
        if (!o.hosts.empty() || o.from || o.generate)
            throw Error{Kind::usage, "ping-onts: the ONTs of the store are asked, or hosts that are named, not both at once"};
        auto rules = rules_of(o);
        rules.is_shuffled = true;  // so that no subnet gets all its probes at once
        return run_monitor(o.monitor, rules, icmp_options_of(o), wanted_family(o), cx);
    }
    std::size_t unknown = 0;
    auto const targets = o.generate ? generated(o) : resolved(o, cx, unknown);
    if (targets.empty() && unknown == 0) {
        throw Error{Kind::usage,
                    "ping-onts: name hosts, or give them with --from or -g; --once and --follow ask the ONTs of the "
                    "store"};
    }
    std::vector<ont::Address> addresses;
    addresses.reserve(targets.size());
    for (auto const& target : targets)
        addresses.push_back(target.address);
    auto const printer = make_ping_printer(cx, style_of(o, cx), targets);
    ont::Sweeper sweeper{rules_of(o), icmp_options_of(o)};
    auto const report =
        sweeper.run(addresses,
                    {.on_reply = [&](ont::EchoReply const& reply) { printer->reply(reply); },
                     .on_lost = [&](std::uint32_t target, std::uint16_t attempt) { printer->lost(target, attempt); },
                     .on_done = [&](std::uint32_t target, ont::TargetResult const& result) { printer->done(target, result); }},
                    [] { return stop_signal.load() != 0; });
    printer->finish(report, unknown);
    if (stop_signal.load() != 0) return 128 + stop_signal.load();
    if (report.own_drops > 0) {
        cx.talk.warn(fmt::format("{} were lost in this machine's own queue, so silence proves nothing; lower --rate",
                                 counted(report.own_drops, "answer", "answers")));
        return k_exit_partial;
    }
    if (unknown > 0) return k_exit_unknown_name;
    bool const is_all_alive = std::ranges::all_of(report.targets, [](auto const& result) { return result.received > 0; });
    return is_all_alive ? k_exit_yes : k_exit_no;
}

}  // namespace

Verb ping_onts_verb() {
    return verb("ping-onts", "Ping many hosts, or watch the ONTs of the store", Group::network, add_ping, run_ping);
}

}  // namespace bioctl::cmd
