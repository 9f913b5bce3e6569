#pragma once
// Sends the probes of a sweep: each at once, or in batches and on two threads where there is no rate to keep. Private to the
// sweep.

#include <cstdint>
#include <functional>
#include <memory>
#include <vector>

#include "lib/ont/icmp_packet.hpp"
#include "lib/ont/send_lane.hpp"

namespace bioctl::ont {

using Sockets = std::vector<std::unique_ptr<IcmpSocket>>;  // by family; nullptr where it is not needed

/// One thread.
class BatchSender {
public:
    struct Rules {
        std::uint64_t nonce = 0;
        std::size_t payload = 0;
        std::size_t batch = 1;  ///< packets that are sent together
    };

    /// `lane_sockets`: of a second thread that sends; without any there is none. `on_tried` is called, in this thread, once for
    /// each packet, in the order of sending of each of the two threads: `code` is 0 or errno.
    BatchSender(Rules rules, Sockets& sockets, Sockets& lane_sockets,
                std::function<void(Probe probe, std::int64_t made_at, int code)> on_tried);

    /// May send what has come together. `now`: steady clock, ns.
    void add(Probe probe, std::int64_t now, Address const& to);
    /// Sends what waits for its batch to become full.
    void flush();
    /// Hands over what the second thread has come to.
    void take_tried();
    /// Whether the second thread has not yet come to all it was given.
    [[nodiscard]] bool is_waiting() const { return m_lane && !m_lane->is_empty(); }
    /// Waits for the second thread. Nothing may be added afterwards.
    void finish();

private:
    void hand_over(SendBatch& batch);
    [[nodiscard]] std::unique_ptr<SendBatch> spare_batch();

    Rules m_rules;
    Sockets& m_sockets;
    Sockets& m_lane_sockets;
    std::function<void(Probe, std::int64_t, int)> m_on_tried;
    std::uint32_t m_sequence;
    std::vector<EchoRequest> m_requests;  // by family
    std::unique_ptr<SendBatch> m_batch;   // never full
    std::vector<std::unique_ptr<SendBatch>> m_spare;
    std::unique_ptr<SendLane> m_lane;  // or nullptr
};

}  // namespace bioctl::ont
