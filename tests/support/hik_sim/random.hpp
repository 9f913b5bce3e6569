#pragma once
// The same numbers from the same seed, on every machine: what std's distributions do not promise.

#include <cstdint>

namespace bioctl::hik_sim {

/// SplitMix64.
class Random {
public:
    explicit Random(std::uint64_t seed) : m_state(seed) {}

    std::uint64_t next() {
        m_state += 0x9e3779b97f4a7c15U;
        auto z = m_state;
        z = (z ^ (z >> 30U)) * 0xbf58476d1ce4e5b9U;
        z = (z ^ (z >> 27U)) * 0x94d049bb133111ebU;
        return z ^ (z >> 31U);
    }
    /// 0 to limit - 1; the slight bias of the remainder does no harm here.
    std::uint64_t below(std::uint64_t limit) { return next() % limit; }

private:
    std::uint64_t m_state;
};

/// A seed for the n-th part of something that has a seed.
[[nodiscard]] inline std::uint64_t sub_seed(std::uint64_t seed, std::uint64_t n) {
    return Random{seed ^ Random{n}.next()}.next();
}

}  // namespace bioctl::hik_sim
