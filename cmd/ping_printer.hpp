#pragma once
// How an ad-hoc ping tells what it finds: the text of fping(8), which people's scripts read, or records with --json.

#include <memory>
#include <string>
#include <vector>

#include "cmd/context.hpp"
#include "lib/ont/sweep.hpp"

namespace bioctl::cmd {

struct PingTarget {
    ont::Address address{};
    std::string name{};  ///< as it was given; "" = the address

    [[nodiscard]] std::string shown() const { return name.empty() ? ont::to_text(address) : name; }
};

enum class PingShow {
    verdicts,     ///< "X is alive", "X is unreachable"
    alive,        ///< -a: names only
    unreachable,  ///< -u: names only
    series,       ///< -c: each probe, and min/avg/max
    values        ///< -C: each probe, and all round-trip times
};

struct PingStyle {
    PingShow show = PingShow::verdicts;
    int count = 0;
    bool has_elapsed = false;  ///< -e
    bool is_quiet = false;     ///< series without the lines of single probes
    bool has_totals = false;   ///< -s
};

class PingPrinter {
public:
    virtual ~PingPrinter() = default;
    virtual void reply(ont::EchoReply const& reply) = 0;
    virtual void lost(std::uint32_t target, std::uint16_t attempt) = 0;
    virtual void done(std::uint32_t target, ont::TargetResult const& result) = 0;
    virtual void finish(ont::SweepReport const& report, std::size_t unknown_names) = 0;
};

/// `targets` outlives the printer.
[[nodiscard]] std::unique_ptr<PingPrinter> make_ping_printer(Context& cx, PingStyle const& style,
                                                             std::vector<PingTarget> const& targets);

/// As fping writes a time in milliseconds: three significant digits.
[[nodiscard]] std::string ping_time(std::chrono::nanoseconds time);

}  // namespace bioctl::cmd
