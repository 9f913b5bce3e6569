#include "lib/ont/history_code.hpp"

#include <algorithm>
#include <array>
#include <cmath>

#include "lib/base/deflate.hpp"

namespace bioctl::ont {

namespace {

constexpr double k_steps = 200;
constexpr SampleCode k_first_time = 2;
constexpr std::size_t k_most_buckets = 100'000;
constexpr std::size_t k_columns = 6;
constexpr std::size_t k_bytes_of_bucket = 2 * k_columns;
constexpr std::size_t k_count_bytes = 4;  // in front of what is packed

std::array<std::uint16_t, k_columns> columns_of(Bucket const& bucket) {
    // The times lie near the mean, so their distances to it are small numbers, which pack well.
    auto const from_mean = [&](SampleCode code) { return static_cast<std::uint16_t>(code - bucket.mean); };
    return {bucket.asked, bucket.lost, bucket.mean, from_mean(bucket.least), from_mean(bucket.p95), from_mean(bucket.most)};
}

Bucket bucket_of(std::array<std::uint16_t, k_columns> const& columns) {
    auto const mean = columns[2];
    auto const with_mean = [&](std::uint16_t distance) { return static_cast<SampleCode>(distance + mean); };
    return {columns[0], columns[1], with_mean(columns[3]), mean, with_mean(columns[4]), with_mean(columns[5])};
}

}  // namespace

SampleCode code_of(std::chrono::nanoseconds rtt) {
    auto const us = std::max(1.0, static_cast<double>(rtt.count()) / 1000);
    auto const step = std::lround(k_steps * std::log(us));
    return static_cast<SampleCode>(std::min<long>(k_first_time + step, UINT16_MAX));
}

std::optional<double> microseconds_of(SampleCode code) {
    if (code < k_first_time) return std::nullopt;
    return std::exp((code - k_first_time) / k_steps);
}

Bucket summarize(std::span<SampleCode const> samples) {
    Bucket bucket;
    std::vector<SampleCode> times;
    double sum = 0;
    for (auto const code : samples) {
        if (code == k_not_asked || bucket.asked == UINT16_MAX) continue;
        ++bucket.asked;
        if (code == k_lost) {
            ++bucket.lost;
            continue;
        }
        times.push_back(code);
        sum += *microseconds_of(code);
    }
    if (times.empty()) return bucket;
    std::ranges::sort(times);
    constexpr double k_percentile = 0.95;
    auto const rank = static_cast<std::size_t>(std::ceil(k_percentile * static_cast<double>(times.size())));
    bucket.least = times.front();
    bucket.p95 = times[std::max<std::size_t>(rank, 1) - 1];
    bucket.most = times.back();
    auto const mean_ns = sum / static_cast<double>(times.size()) * 1000;
    bucket.mean = std::clamp(code_of(std::chrono::nanoseconds{std::llround(mean_ns)}), bucket.least, bucket.most);
    return bucket;
}

Bytes pack(std::span<Bucket const> buckets) {
    // Column by column, low bytes and high bytes apart: like stands next to like.
    Bytes planes(buckets.size() * k_bytes_of_bucket);
    for (std::size_t i = 0; i < buckets.size(); ++i) {
        auto const columns = columns_of(buckets[i]);
        for (std::size_t column = 0; column < k_columns; ++column) {
            planes[2 * column * buckets.size() + i] = static_cast<std::byte>(columns.at(column) & 0xFFU);
            planes[(2 * column + 1) * buckets.size() + i] = static_cast<std::byte>(columns.at(column) >> 8U);
        }
    }
    auto const packed = deflate(planes);
    Bytes result(k_count_bytes + packed.size());
    for (std::size_t i = 0; i < k_count_bytes; ++i)
        result[i] = static_cast<std::byte>(buckets.size() >> 8 * i & 0xFFU);
    std::ranges::copy(packed, result.begin() + k_count_bytes);
    return result;
}

Result<std::vector<Bucket>> unpack(ByteView packed) {
    if (packed.size() < k_count_bytes) return failure(Kind::data, "packed history is cut short");
    std::size_t count = 0;
    for (std::size_t i = 0; i < k_count_bytes; ++i)
        count |= std::to_integer<std::size_t>(packed[i]) << 8 * i;
    if (count > k_most_buckets) return failure(Kind::data, "packed history is too long");
    auto const planes = inflate(packed.subspan(k_count_bytes), count * k_bytes_of_bucket);
    if (!planes) return failure(planes.error());
    if (planes->size() != count * k_bytes_of_bucket) return failure(Kind::data, "packed history has a wrong length");
    std::vector<Bucket> buckets(count);
    for (std::size_t i = 0; i < count; ++i) {
        std::array<std::uint16_t, k_columns> columns{};
        for (std::size_t column = 0; column < k_columns; ++column) {
            auto const low = std::to_integer<unsigned>((*planes)[2 * column * count + i]);
            auto const high = std::to_integer<unsigned>((*planes)[(2 * column + 1) * count + i]);
            columns.at(column) = static_cast<std::uint16_t>(low | high << 8U);
        }
        buckets[i] = bucket_of(columns);
    }
    return buckets;
}

Bytes to_bytes(std::span<SampleCode const> samples) {
    Bytes bytes;
    bytes.reserve(samples.size() * 2);
    for (auto const code : samples) {
        bytes.push_back(static_cast<std::byte>(code & 0xFFU));
        bytes.push_back(static_cast<std::byte>(code >> 8U));
    }
    return bytes;
}

SampleCode sample_at(ByteView bytes, std::size_t slot) {
    if (bytes.size() < 2 * slot + 2) return k_not_asked;
    auto const low = std::to_integer<unsigned>(bytes[2 * slot]), high = std::to_integer<unsigned>(bytes[2 * slot + 1]);
    return static_cast<SampleCode>(low | high << 8U);
}

}  // namespace bioctl::ont
