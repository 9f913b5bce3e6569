#pragma once
// Work beside the main loop of a service.

#include <csignal>
#include <exception>
#include <functional>
#include <thread>

#include "cmd/context.hpp"

namespace bioctl::cmd {

/// A thread that runs until `work` returns. If it throws, the whole verb is told to stop, as by SIGTERM, and join() throws it.
class Background {
public:
    explicit Background(std::function<void()> work)
        : m_thread([this, work = std::move(work)] {
              try {
                  work();
              } catch (...) {
                  m_failure = std::current_exception();
                  stop_all();
              }
          }) {}
    ~Background() {
        if (!m_thread.joinable()) return;
        stop_all();  // an exception ends the verb: the work beside it must not wait for a signal
        m_thread.join();
    }
    Background(Background const&) = delete;
    Background& operator=(Background const&) = delete;

    void join() {
        m_thread.join();
        if (m_failure) std::rethrow_exception(m_failure);
    }

private:
    static void stop_all() {
        int expected = 0;
        stop_signal.compare_exchange_strong(expected, SIGTERM);
    }

    std::exception_ptr m_failure;
    std::thread m_thread;
};

/// Calls `step` again and again until the program is to stop.
void until_stopped(std::function<void()> const& step);

/// Tells systemd that the service is alive as long as the store takes transactions. Ends when the program is to stop.
void beat(std::function<void()> const& touch_store);
/// The same for work that may also end by itself.
void beat_while(std::function<bool()> const& goes_on, std::function<void()> const& touch_store);

}  // namespace bioctl::cmd
