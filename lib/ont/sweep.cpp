#include "lib/ont/sweep.hpp"

#include <poll.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cmath>
#include <deque>
#include <numeric>
#include <random>
#include <thread>
#include <utility>

#include "lib/base/random.hpp"
#include "lib/ont/batch_sender.hpp"
#include "lib/ont/icmp_packet.hpp"
#include "lib/ont/pacing.hpp"

namespace bioctl::ont {

using std::chrono::nanoseconds;

namespace {

constexpr std::size_t k_burst = 64;  // probes between two looks at what has come
constexpr std::size_t k_batch = 64;  // sent together, where there is no rate to keep and nobody looks at microseconds
constexpr std::size_t k_worth_a_lane = 1024;
constexpr std::size_t k_unfragmented = 548;  // bytes of payload that every link carries whole (RFC 791: 576 with the headers)
constexpr std::int64_t k_ms = 1'000'000;
constexpr std::int64_t k_full_queue_pause = k_ms;
constexpr std::int64_t k_longest_wait = 100 * k_ms;  // so that should_stop is asked

std::int64_t now_ns() {
    return std::chrono::duration_cast<nanoseconds>(std::chrono::steady_clock::now().time_since_epoch()).count();
}

/// Whether all goes out as fast as it can, and is worth a second thread.
bool is_unpaced(SweepRules const& rules, std::span<Address const> targets) {
    return rules.rate <= 0 && targets.size() >= k_worth_a_lane;
}

enum class ProbeState : std::uint8_t { unsent, queued, waiting, answered, lost };

class Run {
public:
    Run(SweepRules const& rules, std::span<Address const> targets, SweepEvents const& events, Sockets& sockets,
        Sockets& lane_sockets, std::span<std::uint32_t const> groups)
        : m_rules(rules),
          m_targets(targets),
          m_events(events),
          m_sockets(sockets),
          m_sender({.nonce = m_nonce, .payload = rules.payload, .batch = is_unpaced(rules, targets) ? k_batch : 1}, sockets,
                   lane_sockets, [this](Probe probe, std::int64_t made_at, int code) { note_tried(probe, made_at, code); }),
          m_pacer(rules.rate, now_ns()),
          m_first_pacer(rules.first_rate, now_ns()),
          m_groups(rules.group_rate, groups) {
        m_report.targets.resize(targets.size());
        m_probes = static_cast<std::size_t>(rules.count > 0 ? rules.count : rules.retries + 1);
        m_states.resize(targets.size() * m_probes, ProbeState::unsent);
        m_waiting.resize(targets.size());
        m_timeouts.resize(m_probes);
        m_left = targets.size();
        for (auto const& socket : sockets)
            m_dropped_before.push_back(socket ? socket->dropped() : 0);
        m_order.resize(targets.size());
        std::iota(m_order.begin(), m_order.end(), 0U);
        if (rules.is_shuffled) std::shuffle(m_order.begin(), m_order.end(), std::mt19937_64{random_number()});
    }

    SweepReport run(std::function<bool()> const& should_stop) {
        while (m_left > 0 && !should_stop()) {
            auto now = now_ns();
            expire(now);
            send_some(now);
            receive_all();
            m_sender.take_tried();
            if (m_left > 0) wait();
        }
        m_sender.finish();
        for (std::size_t i = 0; i < m_sockets.size(); ++i) {
            if (m_sockets[i]) m_report.own_drops += m_sockets[i]->dropped() - m_dropped_before[i];
        }
        m_report.took = nanoseconds{now_ns() - m_began};
        return std::move(m_report);
    }

private:
    [[nodiscard]] ProbeState& state_of(Probe probe) { return m_states[probe.target * m_probes + probe.attempt]; }
    [[nodiscard]] bool is_counting() const { return m_rules.count > 0; }

    [[nodiscard]] std::int64_t timeout_of(std::uint16_t attempt) const {
        auto const first = static_cast<double>(std::chrono::duration_cast<nanoseconds>(m_rules.timeout).count());
        return static_cast<std::int64_t>(is_counting() ? first : first * std::pow(m_rules.backoff, attempt));
    }

    // ---- sending

    /// What is to be sent next: those that waited for their group, then retries, since somebody waits for their answer.
    [[nodiscard]] std::optional<Probe> next_probe(std::int64_t now) {
        m_is_held = true;
        if (auto const held = m_groups.next(now)) return held;
        m_is_held = false;
        while (auto const probe = candidate(now)) {
            if (m_groups.may_send(*probe, now)) return probe;
            take_candidate(now);
        }
        return std::nullopt;
    }
    void take_probe(std::int64_t now) { m_is_held ? m_groups.take() : take_candidate(now); }

    [[nodiscard]] std::optional<Probe> candidate(std::int64_t now) {
        while (!m_again.empty()) {
            auto const probe = m_again.front();
            if (!m_report.targets[probe.target].is_done) return probe;
            m_again.pop_front();
        }
        if (!m_later.empty() && m_later.front().due <= now) return m_later.front().probe;
        if (m_next < m_order.size() && m_first_pacer.may_send(now)) return Probe{m_order[m_next], 0};
        return std::nullopt;
    }
    void take_candidate(std::int64_t now) {
        if (!m_again.empty()) return m_again.pop_front();
        if (!m_later.empty() && m_later.front().due <= now) return m_later.pop_front();
        ++m_next;
        m_first_pacer.count_one();
    }

    void send_some(std::int64_t now) {
        if (now < m_hold_until) return;
        for (std::size_t i = 0; i < k_burst; ++i) {
            if (!m_pacer.may_send(now)) break;
            auto const probe = next_probe(now);
            if (!probe) break;
            take_probe(now);  // before anything is sent: what a full queue gives back would change what is next
            m_pacer.count_one();
            state_of(*probe) = ProbeState::queued;
            m_sender.add(*probe, now, m_targets[probe->target]);
            if (m_hold_until > now) break;
            now = now_ns();
        }
        m_sender.flush();
    }

    void note_tried(Probe probe, std::int64_t made_at, int code) {
        if (state_of(probe) != ProbeState::queued) return;  // its answer was faster than we
        // A full queue of this machine says nothing about the target.
        if (code != ENOBUFS && code != EAGAIN && code != EINTR) return note_sent(probe, made_at, code);
        state_of(probe) = ProbeState::unsent;
        m_again.push_back(probe);
        auto const now = now_ns();
        if (m_hold_until < now) ++m_report.pauses;
        m_hold_until = now + k_full_queue_pause;
    }

    void note_sent(Probe probe, std::int64_t at, int code) {
        ++m_report.sent;
        auto& result = m_report.targets[probe.target];
        if (result.sent == 0) result.asked_after = nanoseconds{at - m_began};
        ++result.sent;
        if (code != 0) result.send_errno = code;
        state_of(probe) = ProbeState::waiting;
        ++m_waiting[probe.target];
        m_timeouts[is_counting() ? 0 : probe.attempt].push_back({at + timeout_of(probe.attempt), probe});
        bool const is_last = probe.attempt + std::size_t{1} == m_probes;
        if (is_counting() && !is_last) {
            auto const period = std::chrono::duration_cast<nanoseconds>(m_rules.period).count();
            m_later.push_back({at + period, {probe.target, static_cast<std::uint16_t>(probe.attempt + 1)}});
        }
    }

    // ---- time

    void expire(std::int64_t now) {
        for (auto& queue : m_timeouts) {
            while (!queue.empty() && queue.front().due <= now) {
                auto const probe = queue.front().probe;
                queue.pop_front();
                lose(probe);
            }
        }
    }

    void lose(Probe probe) {
        auto& state = state_of(probe);
        bool const is_last = probe.attempt + std::size_t{1} == m_probes;
        if (state == ProbeState::waiting) {
            state = ProbeState::lost;
            --m_waiting[probe.target];
            if (m_events.on_lost) m_events.on_lost(probe.target, probe.attempt);
        }
        auto const& result = m_report.targets[probe.target];
        if (result.is_done) return;
        if (is_counting()) return finish_series(probe.target);
        if (is_last) return finish(probe.target);
        m_again.push_back({probe.target, static_cast<std::uint16_t>(probe.attempt + 1)});
    }

    void finish_series(std::uint32_t target) {
        if (m_report.targets[target].sent == m_probes && m_waiting[target] == 0) finish(target);
    }

    void finish(std::uint32_t target) {
        auto& result = m_report.targets[target];
        if (result.is_done) return;
        result.is_done = true;
        --m_left;
        if (m_events.on_done) m_events.on_done(target, result);
    }

    /// Until something comes, something is due, or something may be sent.
    void wait() {
        auto const now = now_ns();
        auto until = now + k_longest_wait;
        for (auto const& queue : m_timeouts) {
            if (!queue.empty()) until = std::min(until, queue.front().due);
        }
        if (!m_later.empty()) until = std::min(until, std::max(m_later.front().due, now + m_pacer.wait()));
        if (!m_again.empty()) until = std::min(until, std::max(now + m_pacer.wait(), m_hold_until));
        if (m_next < m_order.size())
            until = std::min(until, std::max({now + m_pacer.wait(), now + m_first_pacer.wait(), m_hold_until}));
        if (auto const due = m_groups.due()) until = std::min(until, std::max({*due, now + m_pacer.wait(), m_hold_until}));
        if (m_sender.is_waiting()) until = std::min(until, now + k_ms);
        auto const span = until - now;
        if (span <= 0) return;
        std::array<pollfd, 2> polled{};
        nfds_t count = 0;
        for (auto const& socket : m_sockets) {
            if (socket) polled.at(count++) = {socket->descriptor(), POLLIN, 0};
        }
        timespec const time{span / k_second, span % k_second};
        static_cast<void>(::ppoll(polled.data(), count, &time, nullptr));
    }

    // ---- receiving

    void receive_all() {
        for (auto const& socket : m_sockets) {
            if (!socket) continue;
            for (;;) {
                auto const& datagrams = socket->receive();
                for (auto const& datagram : datagrams)
                    take(*socket, datagram);
                if (datagrams.size() < k_receive_batch) break;
            }
            if (!socket->is_raw()) {
                for (auto const& datagram : socket->receive_errors())
                    take_error(datagram);
            }
        }
    }

    /// The probe of this run that a message is about.
    [[nodiscard]] std::optional<Probe> ours(std::optional<ProbeTag> const& tag) const {
        if (!tag || tag->nonce != m_nonce || tag->target >= m_targets.size() || tag->attempt >= m_probes) return std::nullopt;
        return Probe{tag->target, tag->attempt};
    }

    void take(IcmpSocket const& socket, Datagram const& datagram) {
        auto const message = parse_icmp(datagram.from.family, datagram.bytes, socket.has_ip_header());
        auto const probe = message ? ours(message->tag) : std::nullopt;
        if (!probe) {
            ++m_report.foreign;
        } else if (message->kind == IcmpMessage::Kind::reply) {
            take_reply(*probe, *message, datagram);
        } else {
            note_error(*probe, message->type, message->code);
        }
    }

    void take_error(Datagram const& datagram) {
        // What comes back is our request as it was sent, without an IP header.
        auto const family = datagram.from.family;
        Bytes as_reply(datagram.bytes.begin(), datagram.bytes.end());
        if (as_reply.empty()) return;
        as_reply[0] = static_cast<std::byte>(family == Family::v4 ? 0 : 129);
        auto const message = parse_icmp(family, as_reply, false);
        auto const probe = message ? ours(message->tag) : std::nullopt;
        if (probe) note_error(*probe, datagram.error_type, datagram.error_code);
    }

    void note_error(Probe probe, std::uint8_t type, std::uint8_t code) {
        ++m_report.icmp_errors;
        auto& result = m_report.targets[probe.target];
        result.has_icmp_error = true;
        result.icmp_type = type;
        result.icmp_code = code;
    }

    void take_reply(Probe probe, IcmpMessage const& message, Datagram const& datagram) {
        auto const& target = m_targets[probe.target];
        if (datagram.from.family != target.family || datagram.from.bytes != target.bytes) {
            ++m_report.wrong_source;
            return;
        }
        auto& state = state_of(probe);
        auto& result = m_report.targets[probe.target];
        auto const now = now_ns();
        auto const sent_at = std::clamp(message.tag->sent_ns, m_began, now);  // a peer may have written what it likes
        if (state == ProbeState::queued) note_sent(probe, sent_at, 0);        // faster than the lane could tell
        if (state == ProbeState::unsent || state == ProbeState::answered || (!is_counting() && result.received > 0)) {
            ++m_report.duplicates;
            return;
        }
        if (state == ProbeState::lost) ++m_report.late;
        // Late in a series is lost; late while we still ask for a sign of life is one.
        if (state == ProbeState::lost && (is_counting() || result.is_done)) return;
        if (state == ProbeState::waiting) --m_waiting[probe.target];
        state = ProbeState::answered;
        auto const rtt = nanoseconds{std::max<std::int64_t>(0, now - datagram.age_ns - sent_at)};
        ++m_report.received;
        result.least = result.received == 0 ? rtt : std::min(result.least, rtt);
        result.most = std::max(result.most, rtt);
        result.sum += rtt;
        if (result.received == 0) result.answered_after = nanoseconds{now - datagram.age_ns - m_began};
        ++result.received;
        if (m_events.on_reply)
            m_events.on_reply({probe.target, probe.attempt, rtt, message.payload_bytes + static_cast<int>(k_icmp_header_bytes)});
        if (is_counting()) return finish_series(probe.target);
        finish(probe.target);
    }

    static constexpr std::size_t k_receive_batch = 64;

    SweepRules const& m_rules;
    std::span<Address const> m_targets;
    SweepEvents const& m_events;
    Sockets& m_sockets;
    std::uint64_t const m_nonce = random_number();
    BatchSender m_sender;
    Pacer m_pacer, m_first_pacer;
    GroupPacer m_groups;
    bool m_is_held = false;  // what next_probe() gave out came from m_groups
    std::int64_t const m_began = now_ns();
    std::vector<std::uint32_t> m_dropped_before;
    std::vector<std::uint32_t> m_order;
    std::size_t m_next = 0;  // of m_order
    std::size_t m_probes = 1, m_left = 0;
    std::vector<ProbeState> m_states;      // by target and attempt
    std::vector<std::uint16_t> m_waiting;  // probes of each target that may still be answered in time
    std::vector<std::deque<Timer>>
        m_timeouts;             // by attempt: each has one time-out, so each queue is sorted (but for the moments a lane takes)
    std::deque<Timer> m_later;  // the next probes of a series
    std::deque<Probe> m_again;
    std::int64_t m_hold_until = 0;
    SweepReport m_report;
};

}  // namespace

Sweeper::Sweeper(SweepRules rules, IcmpOptions options)
    : m_rules(rules), m_options(std::move(options)), m_sockets(2), m_lane_sockets(2) {}
Sweeper::~Sweeper() = default;

SweepReport Sweeper::run(std::span<Address const> targets, SweepEvents const& events, std::function<bool()> const& should_stop,
                         std::span<std::uint32_t const> groups) {
    auto options = m_options;
    options.may_fragment = m_rules.payload > k_unfragmented;
    for (auto const family : {Family::v4, Family::v6}) {
        auto& socket = m_sockets[static_cast<std::size_t>(family)];
        bool const is_needed = std::ranges::any_of(targets, [&](Address const& a) { return a.family == family; });
        if (is_needed && !socket) socket = std::make_unique<IcmpSocket>(IcmpSocket::open(family, options).or_throw());
        // Two threads on one socket would wait for its lock. Answers to an unprivileged one come to it alone.
        auto& lane_socket = m_lane_sockets[static_cast<std::size_t>(family)];
        bool const has_lane = std::thread::hardware_concurrency() > 1 && is_unpaced(m_rules, targets);
        if (!is_needed || !has_lane || lane_socket || !socket->is_raw()) continue;
        options.only_sends = true;
        if (auto opened = IcmpSocket::open(family, options)) lane_socket = std::make_unique<IcmpSocket>(*std::move(opened));
        options.only_sends = false;
    }
    return Run{m_rules, targets, events, m_sockets, m_lane_sockets, groups}.run(should_stop);
}

}  // namespace bioctl::ont
