#pragma once
// Probes that are sent together, and a second thread that sends them: nearly all the time of a sweep without a rate is the
// kernel's work inside the send call, so it pays to do it on two cores. Private to the sweep.

#include <condition_variable>
#include <cstdint>
#include <memory>
#include <mutex>
#include <thread>
#include <vector>

#include "lib/ont/icmp_socket.hpp"
#include "lib/ont/pacing.hpp"

namespace bioctl::ont {

/// Packets of one family, one after the other, all of the same length.
struct SendBatch {
    Family family = Family::v4;
    std::vector<Probe> probes;
    std::vector<std::int64_t> made_at;  ///< steady clock, ns; also what the packet says
    std::vector<Address> to;
    Bytes packets;
    std::vector<int> codes;  ///< of each packet, once tried: 0 or errno

    void add(Probe probe, std::int64_t now, Address const& address, ByteView packet);
    void clear();
};

/// Sends batches in the order they are given. All calls come from one thread.
class SendLane {
public:
    SendLane();
    ~SendLane();
    SendLane(SendLane const&) = delete;
    SendLane& operator=(SendLane const&) = delete;

    /// Whether more work would only wait.
    [[nodiscard]] bool is_full();
    /// The socket must live until the batch is taken back.
    void give(std::unique_ptr<SendBatch> batch, IcmpSocket& socket);
    /// One whose packets have been tried; nullptr if there is none yet.
    [[nodiscard]] std::unique_ptr<SendBatch> take_tried();
    /// Whether all that was given has been taken back.
    [[nodiscard]] bool is_empty() const { return m_given == m_taken; }
    /// Returns when all that was given has been tried. Nothing may be given afterwards.
    void finish();

private:
    struct Work {
        std::unique_ptr<SendBatch> batch;
        IcmpSocket* socket = nullptr;
    };
    void loop();

    std::uint64_t m_given = 0, m_taken = 0;  // of the caller's thread alone
    std::mutex m_mutex;
    std::condition_variable m_has_work;
    std::vector<Work> m_work;                         // guarded by m_mutex, as all below
    std::vector<std::unique_ptr<SendBatch>> m_tried;  // in the order they were given
    bool m_is_ending = false;
    std::thread m_thread;  // last: it uses all above
};

}  // namespace bioctl::ont
