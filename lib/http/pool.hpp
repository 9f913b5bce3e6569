#pragma once
// A bounded pool of workers, each with a desk of its own. Private to http/.

#include <condition_variable>
#include <deque>
#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

#include "lib/app/desk.hpp"

namespace bioctl::http {

/// Thread-safe.
class Pool {
public:
    using Job = std::function<void(app::Desk&)>;

    struct Rules {
        std::string name;  ///< of the threads, at most 12 characters
        int workers = 1;
        std::size_t queue = 0;  ///< jobs that may wait
        int nice = 0;           ///< of the threads: others go first
        bool is_warm = false;   ///< loads the networks before the first job
    };

    /// Throws what Desk() throws: the first desk is opened here, so that a store that cannot be had is known at once.
    Pool(app::Office& office, Rules rules);
    ~Pool();  ///< drops what waits, and waits for what runs
    Pool(Pool const&) = delete;
    Pool& operator=(Pool const&) = delete;

    /// False if the queue is full or the pool closes. A job may not throw.
    [[nodiscard]] bool offer(Job job);

    [[nodiscard]] std::size_t waiting() const;
    [[nodiscard]] int busy() const;
    [[nodiscard]] Rules const& rules() const { return m_rules; }

private:
    void run(std::unique_ptr<app::Desk> desk);

    app::Office& m_office;
    Rules m_rules;
    mutable std::mutex m_mutex;
    std::condition_variable m_is_work_there;
    std::deque<Job> m_jobs;
    int m_busy = 0;
    bool m_is_closing = false;
    std::vector<std::thread> m_threads;
};

}  // namespace bioctl::http
