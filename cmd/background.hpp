#pragma once
// Work beside the main loop of a service.

#include <csignal>
#include <exception>
#include <functional>
#include <string>
#include <thread>
#include <utility>

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

/// A service goes on while the store is locked by somebody else, or the disk is full: what it could not do it does later. One
/// thread.
class Patient {
public:
    /// `what` has to wait: "deliveries".
    Patient(ui::Talk& talk, std::string what) : m_talk(talk), m_what(std::move(what)) {}
    /// False if the step failed with something that may pass; told when it begins, and when it is over. Anything else is thrown.
    bool run(std::function<void()> const& step);

private:
    ui::Talk& m_talk;
    std::string m_what;
    bool m_is_troubled = false;
};

/// Tells systemd that the service is alive as long as the store takes transactions; while it does not, systemd hears nothing and
/// acts when its patience is over. Ends when the program is to stop.
void beat(ui::Talk& talk, std::function<void()> const& touch_store);
/// The same for work that may also end by itself.
void beat_while(ui::Talk& talk, std::function<bool()> const& goes_on, std::function<void()> const& touch_store);

}  // namespace bioctl::cmd
