#include "lib/app/hotspot_retention.hpp"

#include <algorithm>

#include "lib/store/hotspot.hpp"
#include "lib/store/routers.hpp"

namespace bioctl::app {

namespace {

using std::chrono::hours;

constexpr hours k_one_step{24};  // of one transaction: others want to write, too
constexpr int k_most_steps = 30;
// Nobody says so when the other program stops posting. It posted each five minutes.
constexpr std::chrono::minutes k_longest_silence{15};

/// True if there is more to do.
bool thin_a_day(store::Store& store, Timestamp end) {
    auto hotspot = store.hotspot();
    auto const begin = hotspot.thinned_until();
    if (!begin || *begin >= end) return false;
    auto const until = std::min<Timestamp>(*begin + k_one_step, end);
    hotspot.thin_counts(*begin, until, store.routers().of_posts());
    hotspot.set_thinned_until(until);
    return until < end;
}

void end_posted(store::Store& store, Timestamp now) {
    if (auto const posting = store.routers().of_posts()) store.hotspot().end_unseen(*posting, now - k_longest_silence);
}

}  // namespace

void prune_hotspot(StoreWriter& writer, Timestamp now) {
    writer.write([&](store::Store& store) {
        store.hotspot().drop(now - k_hotspot_kept);
        end_posted(store, now);
    });
    Timestamp const end = std::chrono::floor<hours>(now - k_counts_kept_whole);
    bool is_more = true;
    for (int step = 0; is_more && step < k_most_steps; ++step)
        writer.write([&](store::Store& store) { is_more = thin_a_day(store, end); });
}

}  // namespace bioctl::app
