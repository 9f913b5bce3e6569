#include "lib/app/ping_history.hpp"

#include <algorithm>
#include <map>

#include "lib/ont/history_code.hpp"
#include "lib/store/pings.hpp"

namespace bioctl::app {

namespace {

using std::chrono::milliseconds;

HistoryPoint point_of(Timestamp since, ont::Bucket const& bucket) {
    HistoryPoint point;
    point.since = since;
    point.asked = bucket.asked;
    point.lost = bucket.lost;
    point.least_us = ont::microseconds_of(bucket.least);
    point.mean_us = ont::microseconds_of(bucket.mean);
    point.p95_us = ont::microseconds_of(bucket.p95);
    point.most_us = ont::microseconds_of(bucket.most);
    return point;
}

struct TimedSample {
    Timestamp at{};
    ont::SampleCode code = ont::k_not_asked;
};

std::vector<TimedSample> samples_of(store::Store& store, std::int64_t ont, Timestamp since, Timestamp until) {
    std::vector<TimedSample> samples;
    store.pings().each_round(since, until, [&](store::PingRound const& round) {
        auto const found = std::ranges::lower_bound(round.onts, ont);
        if (found == round.onts.end() || *found != ont) return true;
        auto const code = ont::sample_at(round.samples, static_cast<std::size_t>(found - round.onts.begin()));
        if (code != ont::k_not_asked) samples.push_back({round.started_at, code});
        return true;
    });
    return samples;
}

void add_packed(store::Store& store, std::int64_t ont, Timestamp since, Timestamp until, ChunkPlan const& plan,
                std::vector<HistoryPoint>& points) {
    auto const first = floor_to(since, plan.chunk);
    for (auto const& chunk : store.pings().chunks(ont, plan.bucket.count(), first, until)) {
        auto const buckets = ont::unpack(chunk.buckets).or_throw();
        for (std::size_t i = 0; i < buckets.size(); ++i) {
            auto const at = chunk.since + plan.bucket * static_cast<std::int64_t>(i);
            if (buckets[i].asked > 0 && at >= since && at < until) points.push_back(point_of(at, buckets[i]));
        }
    }
}

void add_fresh(std::vector<TimedSample> const& samples, milliseconds length, std::vector<HistoryPoint>& points) {
    std::map<Timestamp, std::vector<ont::SampleCode>> buckets;
    for (auto const& sample : samples)
        buckets[floor_to(sample.at, length)].push_back(sample.code);
    for (auto const& [since, codes] : buckets)
        points.push_back(point_of(since, ont::summarize(codes)));
}

}  // namespace

Timestamp floor_to(Timestamp time, milliseconds length) {
    return time - (time.time_since_epoch() % length + length) % length;
}

std::chrono::seconds length_of(Tier tier) {
    switch (tier) {
        case Tier::round: return {};
        case Tier::five_minutes: return std::chrono::minutes{5};
        case Tier::hour: return std::chrono::hours{1};
        case Tier::day: return std::chrono::hours{24};
    }
    return {};
}

ChunkPlan plan_of(Tier tier) {
    constexpr std::chrono::hours k_day{24};
    // So that a row is some hundred bytes, and not many rows are written again when a day is added.
    constexpr int k_days_of_hours = 16, k_days_of_days = 256;
    auto const days = tier == Tier::five_minutes ? 1 : tier == Tier::hour ? k_days_of_hours : k_days_of_days;
    return {length_of(tier), k_day * days};
}

Tier usual_tier(milliseconds span) {
    constexpr std::chrono::hours k_day{24};
    if (span <= k_day / 4) return Tier::round;
    if (span <= 3 * k_day) return Tier::five_minutes;
    return span <= 60 * k_day ? Tier::hour : Tier::day;
}

std::vector<HistoryPoint> history_of(store::Store& store, std::int64_t ont, Timestamp since, Timestamp until, Tier tier) {
    std::vector<HistoryPoint> points;
    if (tier == Tier::round) {
        for (auto const& sample : samples_of(store, ont, since, until)) {
            std::vector<ont::SampleCode> const one{sample.code};
            points.push_back(point_of(sample.at, ont::summarize(one)));
        }
        return points;
    }
    // A bucket is shown whole, also when the stretch begins within it.
    auto const plan = plan_of(tier);
    auto const first = floor_to(since, plan.bucket);
    auto const packed_until = store.pings().packed_until();
    add_packed(store, ont, first, std::min(until, packed_until), plan, points);
    add_fresh(samples_of(store, ont, std::max(first, packed_until), until), plan.bucket, points);
    return points;
}

}  // namespace bioctl::app
