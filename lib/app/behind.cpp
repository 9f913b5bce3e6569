#include "lib/app/behind.hpp"

#include <utility>

namespace bioctl::app {

Behind::~Behind() {
    {
        std::lock_guard const lock{m_mutex};
        m_is_closing = true;
    }
    m_is_changed.notify_all();
    if (m_thread.joinable()) m_thread.join();
}

void Behind::start(std::function<void()> task) {
    wait();
    if (!m_thread.joinable()) m_thread = std::thread{[this] { run(); }};
    {
        std::lock_guard const lock{m_mutex};
        m_task = std::move(task);
    }
    m_is_changed.notify_all();
}

void Behind::wait() {
    std::unique_lock lock{m_mutex};
    m_is_changed.wait(lock, [&] { return !m_task; });
    if (auto const failure = std::exchange(m_failure, nullptr)) std::rethrow_exception(failure);
}

void Behind::run() {
    std::unique_lock lock{m_mutex};
    for (;;) {
        m_is_changed.wait(lock, [&] { return m_is_closing || m_task; });
        if (!m_task) return;
        lock.unlock();
        std::exception_ptr failure;
        try {
            m_task();
        } catch (...) {
            failure = std::current_exception();
        }
        lock.lock();
        m_failure = failure;
        m_task = nullptr;
        m_is_changed.notify_all();
    }
}

}  // namespace bioctl::app
