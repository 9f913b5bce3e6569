#pragma once
// Work on many items with several threads; results come out in input order.

#include <condition_variable>
#include <cstddef>
#include <exception>
#include <functional>
#include <map>
#include <mutex>
#include <thread>
#include <vector>

namespace bioctl::app {

/// Runs work(worker, index) for index 0..count-1 on `workers` threads and take(index, result) on the calling thread, in order.
/// At most 2 * workers + window results wait at a time, so memory is bounded. take() returns false to stop early: items not begun
/// are dropped. An exception of work or take stops everything and is rethrown here.
template <class ResultType>
void ordered_for(std::size_t count, int workers, std::function<ResultType(int worker, std::size_t index)> const& work,
                 std::function<bool(std::size_t index, ResultType&& result)> const& take, std::size_t window = 8);

}  // namespace bioctl::app

#include "lib/app/ordered_impl.hpp"
