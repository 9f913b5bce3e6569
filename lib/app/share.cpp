#include "lib/app/share.hpp"

#include <algorithm>
#include <atomic>
#include <exception>
#include <mutex>
#include <thread>
#include <vector>

namespace bioctl::app {

void share(std::size_t pieces, int jobs, std::function<bool()> const& should_stop,
           std::function<void(NextPiece const& next)> const& worker) {
    std::atomic<std::size_t> taken{0};
    std::atomic<bool> has_failed{false};
    std::mutex mutex;
    std::exception_ptr failure;
    NextPiece const next = [&]() -> std::optional<std::size_t> {
        if (has_failed || should_stop()) return std::nullopt;
        auto const piece = taken++;
        if (piece >= pieces) return std::nullopt;
        return piece;
    };
    auto const run = [&] {
        try {
            worker(next);
        } catch (...) {
            std::lock_guard const lock{mutex};
            if (!failure) failure = std::current_exception();
            has_failed = true;
        }
    };
    std::vector<std::thread> threads;
    for (std::size_t i = 0; i < std::min(pieces, static_cast<std::size_t>(std::max(jobs, 1))); ++i)
        threads.emplace_back(run);
    for (auto& thread : threads)
        thread.join();
    if (failure) std::rethrow_exception(failure);
}

}  // namespace bioctl::app
