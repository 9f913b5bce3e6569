#include "lib/app/hotspot_history.hpp"

#include <algorithm>
#include <chrono>

#include <fmt/format.h>

#include "lib/app/hotspot_tally.hpp"

namespace bioctl::app {

namespace {

constexpr std::size_t k_most_buckets = 10'000;

/// The hour or the day that this moment is in.
Timestamp begin_of(Zone const& zone, HotspotSpan span, Timestamp time) {
    auto const local = zone.show(time);  // "2026-11-21 07:15:00"
    if (span == HotspotSpan::day) return zone.parse(local.substr(0, 10), time).or_throw();
    // Not by its name: an hour that summer time repeats has it twice.
    auto const number = [&](std::size_t at) { return (local[at] - '0') * 10 + (local[at + 1] - '0'); };
    auto const whole = std::chrono::floor<std::chrono::seconds>(time);
    return whole - std::chrono::minutes{number(14)} - std::chrono::seconds{number(17)};
}

Timestamp end_of(Zone const& zone, HotspotSpan span, Timestamp begin) {
    if (span == HotspotSpan::hour) return begin + std::chrono::hours{1};
    constexpr std::chrono::hours k_into_next_day{27};  // days have 23 to 25 hours
    return begin_of(zone, span, begin + k_into_next_day);
}

std::vector<HotspotBucket> empty_buckets(Zone const& zone, HotspotSpan span, Timestamp since, Timestamp until) {
    std::vector<HotspotBucket> buckets;
    for (auto at = begin_of(zone, span, since); at < until;) {
        if (buckets.size() == k_most_buckets)
            throw Error{Kind::usage, fmt::format("more than {} rows; a later --since or --by day", k_most_buckets)};
        HotspotBucket bucket;
        bucket.since = std::max(at, since);
        at = end_of(zone, span, at);
        bucket.until = std::min(at, until);
        buckets.push_back(bucket);
    }
    return buckets;
}

/// Puts what was counted at a moment into the bucket of that time. Moments come by time.
class Filler {
public:
    explicit Filler(std::vector<HotspotBucket>& buckets) : m_buckets(buckets) {}

    void take(Timestamp at, std::int64_t users) {
        while (m_bucket < m_buckets.size() && m_buckets[m_bucket].until <= at)
            ++m_bucket;
        if (m_bucket == m_buckets.size() || at < m_buckets[m_bucket].since) return;
        auto& bucket = m_buckets[m_bucket];
        bucket.peak = bucket.samples == 0 ? users : std::max(bucket.peak, users);
        bucket.trough = bucket.samples == 0 ? users : std::min(bucket.trough, users);
        bucket.sum += users;
        ++bucket.samples;
    }

private:
    std::vector<HotspotBucket>& m_buckets;
    std::size_t m_bucket = 0;
};

}  // namespace

std::vector<HotspotBucket> hotspot_history(store::Store& store, Zone const& zone, HotspotSpan span,
                                           store::HotspotFilter const& filter) {
    auto buckets = empty_buckets(zone, span, filter.since.value(), filter.until.value());
    store.read([&] {
        Filler filler{buckets};
        HotspotTally tally{[&](Timestamp at, std::int64_t users) { filler.take(at, users); }};
        auto wider = filter;
        wider.since = *filter.since - HotspotTally::k_longest_carry;
        store.hotspot().each_count(wider, [&](store::HotspotCount const& count) {
            tally.add(count);
            return true;
        });
        tally.finish();
        std::erase_if(buckets, [](HotspotBucket const& bucket) { return bucket.samples == 0; });
        for (auto& bucket : buckets) {
            auto part = filter;
            part.since = bucket.since;
            part.until = bucket.until;
            bucket.devices = store.hotspot().devices(part);
        }
    });
    return buckets;
}

}  // namespace bioctl::app
