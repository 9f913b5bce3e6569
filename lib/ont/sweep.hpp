#pragma once
// Pings many addresses with one socket for each family: paced, shuffled, and with retries only for those who are silent.
//
// An echo counts if it carries this run's nonce and comes from the address that was asked. Identifiers and sequence numbers of
// ICMP are too short for that (16 bits) and are rewritten on the way; the index of the target and the number of the try travel in
// the payload, so any number of probes may be under way.

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <span>
#include <vector>

#include "lib/ont/icmp_socket.hpp"

namespace bioctl::ont {

/// Of a target that shares its line with nobody.
inline constexpr std::uint32_t k_no_group = 0;

struct SweepRules {
    int count = 0;                           ///< probes to each target; 0 = until one is answered
    int retries = 3;                         ///< count = 0: further probes to a target that is silent
    double backoff = 1.5;                    ///< each retry waits longer than the one before by this
    std::chrono::milliseconds timeout{500};  ///< of a probe, of the first one if there are retries
    std::chrono::milliseconds period{1000};  ///< count > 0: from one probe of a target to its next
    double rate = 1000;                      ///< probes a second, to all targets together; 0 = as fast as the machine can
    double group_rate = 0;                   ///< probes a second to the targets of one group; 0 = no limit of its own
    double first_rate = 0;     ///< first probes a second: leaves room for retries in `rate`; 0 = no limit of its own
    std::size_t payload = 56;  ///< bytes; at least k_tag_bytes are sent
    bool is_shuffled = true;   ///< so that no subnet gets all its probes at once
};

/// One echo in time.
struct EchoReply {
    std::uint32_t target = 0;
    std::uint16_t attempt = 0;
    std::chrono::nanoseconds rtt{};  ///< from the send call to the kernel's receive time stamp
    int bytes = 0;                   ///< of the whole ICMP message
};

struct TargetResult {
    std::uint16_t sent = 0, received = 0;
    bool is_done = false;
    bool has_icmp_error = false;  ///< somebody said: unreachable. A hint: often nobody does
    std::uint8_t icmp_type = 0, icmp_code = 0;
    int send_errno = 0;  ///< of the last probe that could not be sent
    std::chrono::nanoseconds least{}, most{}, sum{};
    std::chrono::nanoseconds asked_after{};     ///< from the start of the run to the first probe
    std::chrono::nanoseconds answered_after{};  ///< to the first answer
};

struct SweepReport {
    std::vector<TargetResult> targets;
    std::uint64_t sent = 0, received = 0;
    std::uint64_t duplicates = 0, late = 0, wrong_source = 0, foreign = 0, icmp_errors = 0;
    std::uint64_t pauses = 0;     ///< because the machine's own send queue was full
    std::uint32_t own_drops = 0;  ///< replies that were lost in our own receive queue: silence proves nothing then
    std::chrono::nanoseconds took{};
};

struct SweepEvents {
    std::function<void(EchoReply const&)> on_reply{};
    std::function<void(std::uint32_t target, std::uint16_t attempt)> on_lost{};  ///< a probe that was not answered in time
    std::function<void(std::uint32_t target, TargetResult const&)> on_done{};
};

/// One thread. Sockets are opened with the first address of a family.
class Sweeper {
public:
    Sweeper(SweepRules rules, IcmpOptions options);
    ~Sweeper();
    Sweeper(Sweeper const&) = delete;
    Sweeper& operator=(Sweeper const&) = delete;

    /// Throws Error{permission} with both remedies if ICMP may not be sent, {unavailable} without the family, {usage} for a
    /// source address that is not ours. Ends early, with what there is, when should_stop says so.
    /// `groups`: by target, small numbers that say what shares a line (an OLT), or k_no_group; empty = no groups.
    SweepReport run(std::span<Address const> targets, SweepEvents const& events, std::function<bool()> const& should_stop,
                    std::span<std::uint32_t const> groups = {});

private:
    SweepRules m_rules;
    IcmpOptions m_options;
    std::vector<std::unique_ptr<IcmpSocket>> m_sockets;       // by family
    std::vector<std::unique_ptr<IcmpSocket>> m_lane_sockets;  // by family; of the second thread that sends, where there is one
};

}  // namespace bioctl::ont
