#include "lib/ont/send_lane.hpp"

#include <utility>

namespace bioctl::ont {

namespace {
constexpr std::size_t k_waiting_batches = 2;  // so that the lane finds its next work without being woken
}

void SendBatch::add(Probe probe, std::int64_t now, Address const& address, ByteView packet) {
    family = address.family;
    probes.push_back(probe);
    made_at.push_back(now);
    to.push_back(address);
    packets.insert(packets.end(), packet.begin(), packet.end());
}

void SendBatch::clear() {
    probes.clear();
    made_at.clear();
    to.clear();
    packets.clear();
    codes.clear();
}

SendLane::SendLane() : m_thread([this] { loop(); }) {}

SendLane::~SendLane() {
    finish();
}

bool SendLane::is_full() {
    std::scoped_lock const lock{m_mutex};
    return m_work.size() >= k_waiting_batches;
}

void SendLane::give(std::unique_ptr<SendBatch> batch, IcmpSocket& socket) {
    ++m_given;
    {
        std::scoped_lock const lock{m_mutex};
        m_work.push_back({std::move(batch), &socket});
    }
    m_has_work.notify_one();
}

std::unique_ptr<SendBatch> SendLane::take_tried() {
    std::scoped_lock const lock{m_mutex};
    if (m_tried.empty()) return nullptr;
    auto batch = std::move(m_tried.front());
    m_tried.erase(m_tried.begin());
    ++m_taken;
    return batch;
}

void SendLane::finish() {
    {
        std::scoped_lock const lock{m_mutex};
        m_is_ending = true;
    }
    m_has_work.notify_one();
    if (m_thread.joinable()) m_thread.join();
}

void SendLane::loop() {
    std::unique_lock lock{m_mutex};
    for (;;) {
        m_has_work.wait(lock, [this] { return m_is_ending || !m_work.empty(); });
        if (m_work.empty()) return;
        auto work = std::move(m_work.front());
        m_work.erase(m_work.begin());
        lock.unlock();
        work.batch->codes = work.socket->send_many(work.batch->to, work.batch->packets);
        lock.lock();
        m_tried.push_back(std::move(work.batch));
    }
}

}  // namespace bioctl::ont
