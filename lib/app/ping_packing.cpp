// Rounds become buckets, a day at a time, once the day is over.

#include <algorithm>
#include <map>

#include "lib/app/ping_history.hpp"
#include "lib/ont/history_code.hpp"
#include "lib/store/alerts.hpp"
#include "lib/store/pings.hpp"

namespace bioctl::app {

namespace {

using std::chrono::milliseconds;

constexpr std::chrono::hours k_day{24};
constexpr std::chrono::hours k_late{1};      // after midnight: rounds that are still being stored
constexpr std::size_t k_onts_at_once = 250;  // in a transaction: others must not wait long

/// The samples of a day, by ONT, in the order of the rounds.
struct DayOfRounds {
    std::vector<Timestamp> times;
    std::map<std::int64_t, std::vector<ont::SampleCode>> codes;
};

DayOfRounds read_day(StoreWriter& writer, Timestamp day) {
    DayOfRounds result;
    writer.write([&](store::Store& store) {
        result = {};
        store.pings().each_round(day, day + k_day, [&](store::PingRound const& round) {
            for (std::size_t slot = 0; slot < round.onts.size(); ++slot) {
                auto const code = ont::sample_at(round.samples, slot);
                if (code == ont::k_not_asked) continue;
                auto& codes = result.codes[round.onts[slot]];
                codes.resize(result.times.size());  // not asked in the rounds before
                codes.push_back(code);
            }
            result.times.push_back(round.started_at);
            return true;
        });
    });
    return result;
}

/// The buckets of one length of a day; times are ascending.
std::vector<ont::Bucket> buckets_of(std::vector<Timestamp> const& times, std::vector<ont::SampleCode> const& codes, Timestamp day,
                                    std::chrono::seconds length) {
    std::vector<ont::Bucket> buckets;
    std::size_t begin = 0;
    for (auto since = day; since < day + k_day; since += length) {
        auto end = begin;
        while (end < codes.size() && times[end] < since + length)
            ++end;
        buckets.push_back(ont::summarize(std::span{codes}.subspan(begin, end - begin)));
        begin = end;
    }
    return buckets;
}

/// Puts the day's buckets into their chunk.
void store_buckets(store::Store& store, std::int64_t ont, Timestamp day, Tier tier, std::vector<ont::Bucket> const& fresh) {
    auto const plan = plan_of(tier);
    auto const since = floor_to(day, plan.chunk);
    std::vector<ont::Bucket> buckets;
    auto const known = store.pings().chunks(ont, plan.bucket.count(), since, since + milliseconds{1});
    // A damaged chunk costs its own days: the watch must not end for it.
    if (!known.empty()) buckets = ont::unpack(known.front().buckets).value_or(std::vector<ont::Bucket>{});
    auto const first = static_cast<std::size_t>((day - since) / plan.bucket);
    buckets.resize(std::max(buckets.size(), first + fresh.size()));
    std::ranges::copy(fresh, buckets.begin() + static_cast<std::ptrdiff_t>(first));
    store.pings().set_chunk({ont, plan.bucket.count(), since, ont::pack(buckets)});
}

void pack_day(StoreWriter& writer, Timestamp day) {
    auto const rounds = read_day(writer, day);
    for (auto next = rounds.codes.begin(); next != rounds.codes.end();) {
        auto const begin = next;
        for (std::size_t i = 0; i < k_onts_at_once && next != rounds.codes.end(); ++i)
            ++next;
        writer.write([&](store::Store& store) {
            for (auto item = begin; item != next; ++item) {
                for (auto const tier : {Tier::five_minutes, Tier::hour, Tier::day})
                    store_buckets(store, item->first, day, tier, buckets_of(rounds.times, item->second, day, length_of(tier)));
            }
        });
    }
    writer.write([&](store::Store& store) { store.pings().set_packed_until(day + k_day); });
}

void drop_what_is_old(StoreWriter& writer, Timestamp now) {
    writer.write([&](store::Store& store) {
        auto pings = store.pings();
        pings.drop_samples(std::min(now - k_rounds_kept, pings.packed_until()));
        pings.drop_rounds(now - k_hours_kept);
        pings.drop_chunks(length_of(Tier::five_minutes).count(), now - k_five_minutes_kept);
        pings.drop_chunks(length_of(Tier::hour).count(), now - k_hours_kept);
        store.alerts().drop_closed(now - k_hours_kept);
    });
}

/// The next day that is over and has rounds, from the last packed one on.
std::optional<Timestamp> next_day(StoreWriter& writer, Timestamp now) {
    std::optional<Timestamp> round;
    writer.write([&](store::Store& store) { round = store.pings().next_round(store.pings().packed_until()); });
    if (!round || floor_to(*round, k_day) + k_day + k_late > now) return std::nullopt;
    return floor_to(*round, k_day);
}

}  // namespace

int pack_history(StoreWriter& writer, Timestamp now) {
    int days = 0;
    while (auto const day = next_day(writer, now)) {
        pack_day(writer, *day);
        ++days;
    }
    if (days > 0) drop_what_is_old(writer, now);
    return days;
}

}  // namespace bioctl::app
