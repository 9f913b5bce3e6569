#include "lib/ont/batch_sender.hpp"

#include <algorithm>
#include <system_error>
#include <utility>

#include "lib/base/random.hpp"

namespace bioctl::ont {

namespace {

IcmpSocket* of_family(Sockets const& sockets, Family family) {
    return sockets[static_cast<std::size_t>(family)].get();
}

}  // namespace

BatchSender::BatchSender(Rules rules, Sockets& sockets, Sockets& lane_sockets,
                         std::function<void(Probe, std::int64_t, int)> on_tried)
    : m_rules(rules),
      m_sockets(sockets),
      m_lane_sockets(lane_sockets),
      m_on_tried(std::move(on_tried)),
      m_sequence(static_cast<std::uint32_t>(random_number())),
      m_batch(std::make_unique<SendBatch>()) {
    for (auto const family : {Family::v4, Family::v6})
        m_requests.emplace_back(family, static_cast<std::uint16_t>(random_number()), rules.payload);
    if (std::ranges::none_of(lane_sockets, [](auto const& socket) { return socket != nullptr; })) return;
    try {
        m_lane = std::make_unique<SendLane>();
    } catch (std::system_error const&) {
        // No thread to be had: then one does it all.
    }
}

void BatchSender::add(Probe probe, std::int64_t now, Address const& to) {
    if (!m_batch->probes.empty() && m_batch->family != to.family) flush();
    auto& request = m_requests[static_cast<std::size_t>(to.family)];
    auto const sequence = static_cast<std::uint16_t>(m_sequence++);
    m_batch->add(probe, now, to, request.make(sequence, {m_rules.nonce, probe.target, probe.attempt, now}));
    if (m_batch->probes.size() >= m_rules.batch) flush();
}

void BatchSender::flush() {
    if (m_batch->probes.empty()) return;
    auto* const lane_socket = of_family(m_lane_sockets, m_batch->family);
    if (m_lane && lane_socket && !m_lane->is_full()) {
        m_lane->give(std::exchange(m_batch, spare_batch()), *lane_socket);
        return;
    }
    m_batch->codes = of_family(m_sockets, m_batch->family)->send_many(m_batch->to, m_batch->packets);
    hand_over(*m_batch);
}

void BatchSender::take_tried() {
    if (!m_lane) return;
    while (auto batch = m_lane->take_tried()) {
        hand_over(*batch);
        m_spare.push_back(std::move(batch));
    }
}

void BatchSender::finish() {
    if (m_lane) m_lane->finish();
    take_tried();
}

void BatchSender::hand_over(SendBatch& batch) {
    for (std::size_t i = 0; i < batch.probes.size(); ++i)
        m_on_tried(batch.probes[i], batch.made_at[i], batch.codes[i]);
    batch.clear();
}

std::unique_ptr<SendBatch> BatchSender::spare_batch() {
    if (m_spare.empty()) return std::make_unique<SendBatch>();
    auto batch = std::move(m_spare.back());
    m_spare.pop_back();
    return batch;
}

}  // namespace bioctl::ont
