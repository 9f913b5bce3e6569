#pragma once
// The access log of `serve`: a record of each request on stdout.

#include <condition_variable>
#include <deque>
#include <mutex>
#include <thread>

#include "cmd/context.hpp"
#include "lib/http/server.hpp"

namespace bioctl::cmd {

/// Written by a thread of its own: a reader of stdout that stalls must not stall the service. Beyond some thousand records that
/// wait, records are dropped, and a warning says how many. A reader that goes away ends the log, not the service.
class AccessLog {
public:
    explicit AccessLog(Context& cx);
    ~AccessLog();  ///< writes what waits
    AccessLog(AccessLog const&) = delete;
    AccessLog& operator=(AccessLog const&) = delete;

    /// Any thread; returns at once.
    void tell(http::Access access);

private:
    void run();
    void write(std::deque<http::Access> const& records);

    Context& m_cx;
    std::mutex m_mutex;
    std::condition_variable m_is_work_there;
    std::deque<http::Access> m_records;
    std::uint64_t m_dropped = 0;
    bool m_is_closing = false, m_is_over = false;
    std::thread m_thread;
};

}  // namespace bioctl::cmd
