#pragma once
// Round-trip times in few bits, and what they come to over a stretch of time.

#include <chrono>
#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "lib/base/bytes.hpp"
#include "lib/base/result.hpp"

namespace bioctl::ont {

/// What a round found of an ONT, in 16 bits: not asked, lost, or a time on a logarithmic scale, 200 steps to a factor of e. A
/// time comes back within a quarter of a percent; from 1 microsecond on.
using SampleCode = std::uint16_t;
inline constexpr SampleCode k_not_asked = 0, k_lost = 1;

[[nodiscard]] SampleCode code_of(std::chrono::nanoseconds rtt);
/// Microseconds; std::nullopt for those that are no time.
[[nodiscard]] std::optional<double> microseconds_of(SampleCode code);

/// A stretch of time of one ONT. The times are codes, k_not_asked if nothing was answered.
struct Bucket {
    std::uint16_t asked = 0, lost = 0;
    SampleCode least = 0, mean = 0, p95 = 0, most = 0;
    friend bool operator==(Bucket const&, Bucket const&) = default;
};

/// Of the samples that were asked. The mean is that of the times, p95 the nearest-rank percentile.
[[nodiscard]] Bucket summarize(std::span<SampleCode const> samples);

/// Buckets one after the other, packed: a day of five-minute buckets of a quiet line takes some hundred bytes.
[[nodiscard]] Bytes pack(std::span<Bucket const> buckets);
/// Kind::data if it is damaged, or holds more than 100,000.
[[nodiscard]] Result<std::vector<Bucket>> unpack(ByteView packed);

/// Samples of a round as bytes, little-endian.
[[nodiscard]] Bytes to_bytes(std::span<SampleCode const> samples);
/// Sample of this slot; k_not_asked beyond the end.
[[nodiscard]] SampleCode sample_at(ByteView bytes, std::size_t slot);

}  // namespace bioctl::ont
