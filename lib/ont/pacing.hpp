#pragma once
// When a probe may be sent: not faster than the rate of all, nor than that of its group. Private to the sweep. Times are
// nanoseconds of the steady clock.

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <optional>
#include <queue>
#include <span>
#include <vector>

#include "lib/ont/sweep.hpp"

namespace bioctl::ont {

inline constexpr std::int64_t k_second = 1'000'000'000;
inline constexpr double k_bucket_seconds = 0.01;  // what may be sent at once after a pause

/// Lets `rate` pass in a second.
class Pacer {
public:
    Pacer(double rate, std::int64_t now) : m_rate(rate), m_most(std::max(1.0, rate * k_bucket_seconds)), m_last(now) {}

    [[nodiscard]] bool may_send(std::int64_t now) {
        if (m_rate <= 0) return true;
        m_tokens = std::min(m_most, m_tokens + static_cast<double>(now - m_last) * m_rate / static_cast<double>(k_second));
        m_last = now;
        return m_tokens >= 1;
    }
    void count_one() { m_tokens -= 1; }
    [[nodiscard]] std::int64_t wait() const {
        return m_rate <= 0 ? 0 : static_cast<std::int64_t>(std::ceil((1 - m_tokens) / m_rate * static_cast<double>(k_second)));
    }

private:
    double m_rate, m_most;
    double m_tokens = 1;
    std::int64_t m_last;
};

struct Probe {
    std::uint32_t target = 0;
    std::uint16_t attempt = 0;
};

struct Timer {
    std::int64_t due = 0;
    Probe probe;
};

struct IsLater {
    bool operator()(Timer const& a, Timer const& b) const { return a.due > b.due; }
};

/// Lets `rate` probes a second pass to each group, and says when there is room for those it holds back.
class GroupPacer {
public:
    GroupPacer(double rate, std::span<std::uint32_t const> groups)
        : m_groups(groups), m_gap(rate > 0 ? static_cast<std::int64_t>(static_cast<double>(k_second) / rate) : 0) {
        if (m_gap > 0 && !groups.empty()) m_free_at.resize(*std::ranges::max_element(groups) + std::size_t{1});
    }

    /// False: the probe is kept, and comes out of next() when it is its turn.
    [[nodiscard]] bool may_send(Probe probe, std::int64_t now) {
        if (m_free_at.empty()) return true;
        auto const group = m_groups[probe.target];
        if (group == k_no_group) return true;
        auto& free_at = m_free_at[group];
        bool const is_free = free_at <= now;
        if (!is_free) m_held.push({free_at, probe});
        free_at = std::max(free_at, now) + m_gap;
        return is_free;
    }
    [[nodiscard]] std::optional<Probe> next(std::int64_t now) const {
        if (m_held.empty() || m_held.top().due > now) return std::nullopt;
        return m_held.top().probe;
    }
    void take() { m_held.pop(); }
    [[nodiscard]] std::optional<std::int64_t> due() const {
        return m_held.empty() ? std::nullopt : std::optional{m_held.top().due};
    }

private:
    std::span<std::uint32_t const> m_groups;  // by target
    std::int64_t m_gap;
    std::vector<std::int64_t> m_free_at;  // by group
    std::priority_queue<Timer, std::vector<Timer>, IsLater> m_held;
};

}  // namespace bioctl::ont
