#include "lib/app/sync.hpp"

#include <algorithm>
#include <atomic>
#include <exception>
#include <mutex>
#include <thread>

namespace bioctl::app {

void sync_devices(SyncSetup const& setup, SyncRules const& rules, std::vector<store::Device> const& devices, int jobs,
                  std::function<void(DevicePass const&)> const& on_pass) {
    std::atomic<std::size_t> next{0};
    std::mutex mutex;  // of on_pass and failure
    std::exception_ptr failure;
    auto const work = [&] {
        for (auto index = next++; index < devices.size() && !setup.should_stop(); index = next++) {
            try {
                auto const pass = sync_device(setup, rules, devices[index]);
                std::lock_guard const lock{mutex};
                on_pass(pass);
            } catch (...) {  // the disk or the store: the others would fail the same way
                std::lock_guard const lock{mutex};
                if (!failure) failure = std::current_exception();
                next = devices.size();
            }
        }
    };
    std::vector<std::thread> threads;
    auto const wanted = std::min<std::size_t>(devices.size(), static_cast<std::size_t>(std::max(jobs, 1)));
    for (std::size_t i = 0; i < wanted; ++i)
        threads.emplace_back(work);
    for (auto& thread : threads)
        thread.join();
    if (failure) std::rethrow_exception(failure);
}

}  // namespace bioctl::app
