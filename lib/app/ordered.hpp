#pragma once
// Work on many items with several threads; results come out in input order.

#include <cstddef>
#include <functional>
#include <optional>
#include <utility>
#include <vector>

namespace bioctl::app {

/// ordered_for() without the results: make(worker, index) fills slot index % slots, take(index) empties it. make(i + slots)
/// begins only after take(i) returned, so a slot is never used twice at a time.
void run_ordered(std::size_t count, int workers, std::size_t slots,
                 std::function<void(int worker, std::size_t index)> const& make,
                 std::function<bool(std::size_t index)> const& take);

/// Runs work(worker, index) for index 0..count-1 on `workers` threads (0..workers-1) and take(index, result) on the calling
/// thread, in order. At most 2 * workers + window results wait at a time, so memory is bounded. take() returns false to stop
/// early: items not begun are dropped. An exception of work is rethrown here when its turn comes, after take() had all results
/// before it; one of take at once. Either way all threads have ended when this returns. One worker or one item runs on the
/// calling thread.
template <class ResultType>
void ordered_for(std::size_t count, int workers, std::function<ResultType(int worker, std::size_t index)> const& work,
                 std::function<bool(std::size_t index, ResultType&& result)> const& take, std::size_t window = 8) {
    auto const threads = workers > 1 ? static_cast<std::size_t>(workers) : 1;
    std::vector<std::optional<ResultType>> slots(2 * threads + window);
    auto const slot = [&slots](std::size_t index) -> std::optional<ResultType>& { return slots[index % slots.size()]; };
    run_ordered(
        count, static_cast<int>(threads), slots.size(),
        [&](int worker, std::size_t index) { slot(index).emplace(work(worker, index)); },
        [&](std::size_t index) {
            auto result = std::exchange(slot(index), std::nullopt);
            return take(index, std::move(*result));
        });
}

}  // namespace bioctl::app
