#pragma once
// Many threads, one writer: what several of them want to store at the same moment shares one transaction and one fsync.

#include <condition_variable>
#include <exception>
#include <functional>
#include <mutex>
#include <thread>
#include <vector>

#include "lib/store/store.hpp"

namespace bioctl::app {

/// Owns a thread with the store's only connection of this process that writes. Thread-safe.
class StoreWriter {
public:
    using Work = std::function<void(store::Store&)>;

    explicit StoreWriter(store::Store store);
    ~StoreWriter();  ///< what was handed in is finished first
    StoreWriter(StoreWriter const&) = delete;
    StoreWriter& operator=(StoreWriter const&) = delete;

    /// Runs `work` in a write transaction and returns when it is durable. Throws what `work` throws; the work of others in the
    /// same transaction is not touched by that. `work` may run twice, the first time for nothing: it sets what it captures, it
    /// does not add to it.
    void write(Work const& work);

    /// Transactions so far: for the benchmark.
    [[nodiscard]] std::uint64_t transactions() const;

private:
    struct Job {
        Work const* work = nullptr;
        std::exception_ptr failure{};
        bool is_done = false;
    };
    void run();
    void commit(std::vector<Job*> const& jobs);

    store::Store m_store;
    mutable std::mutex m_mutex;
    std::condition_variable m_is_work_there, m_is_work_done;
    std::vector<Job*> m_waiting;
    std::uint64_t m_transactions = 0;
    bool m_is_closing = false;
    std::thread m_thread;
};

}  // namespace bioctl::app
