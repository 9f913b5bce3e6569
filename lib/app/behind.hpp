#pragma once
// One piece of work behind the caller's back: the next page is asked for while this one is being stored.

#include <condition_variable>
#include <exception>
#include <functional>
#include <mutex>
#include <thread>

namespace bioctl::app {

/// One caller, one thread behind it, at most one task in hand.
class Behind {
public:
    Behind() = default;
    ~Behind();  ///< waits for the task in hand; what it throws is lost, so call wait() first
    Behind(Behind const&) = delete;
    Behind& operator=(Behind const&) = delete;

    /// wait(), then begins the task and returns.
    void start(std::function<void()> task);
    /// Until the task in hand is done. Throws what it threw, once.
    void wait();

private:
    void run();

    std::mutex m_mutex;
    std::condition_variable m_is_changed;
    std::function<void()> m_task;  // empty: none in hand
    std::exception_ptr m_failure;
    bool m_is_closing = false;
    std::thread m_thread;  // begins with the first task
};

}  // namespace bioctl::app
