#include "cmd/access_log.hpp"

#include <fmt/format.h>

#include "cmd/device_verbs.hpp"
#include "lib/base/text.hpp"

namespace bioctl::cmd {

namespace {

constexpr std::size_t k_most_waiting = 10'000;

ui::Fields fields_of(http::Access const& access) {
    auto const ms = std::chrono::duration<double, std::milli>(access.took).count();
    return {{"at", to_rfc3339(access.at)},
            {"client", access.client},
            {"who", text_or_null(access.who)},
            {"method", access.method},
            {"path", access.path},
            {"status", access.status},
            {"ms", ui::decimal(ms, 1)},
            {"bytes_out", static_cast<std::int64_t>(access.bytes_out)},
            {"id", access.id},
            {"bytes_in", static_cast<std::int64_t>(access.bytes_in)},
            {"user_agent", text_or_null(access.user_agent)}};
}

}  // namespace

AccessLog::AccessLog(Context& cx) : m_cx(cx) {
    m_cx.out.columns({"at", "client", "who", "method", "path", "status", "ms", "bytes_out", "id"});
    m_thread = std::thread{[this] { run(); }};
}

AccessLog::~AccessLog() {
    {
        std::lock_guard const lock{m_mutex};
        m_is_closing = true;
    }
    m_is_work_there.notify_one();
    m_thread.join();
}

void AccessLog::tell(http::Access access) {
    {
        std::lock_guard const lock{m_mutex};
        if (m_is_over) return;
        if (m_records.size() >= k_most_waiting) {
            ++m_dropped;
            return;
        }
        m_records.push_back(std::move(access));
    }
    m_is_work_there.notify_one();
}

void AccessLog::run() {
    for (;;) {
        std::deque<http::Access> records;
        std::uint64_t dropped = 0;
        {
            std::unique_lock lock{m_mutex};
            m_is_work_there.wait(lock, [&] { return m_is_closing || !m_records.empty(); });
            if (m_records.empty()) return;
            records.swap(m_records);
            dropped = std::exchange(m_dropped, 0);
        }
        write(records);
        if (dropped > 0)
            m_cx.talk.warn(
                fmt::format("the access log lacks {}: its reader was too slow", counted(dropped, "record", "records")));
    }
}

void AccessLog::write(std::deque<http::Access> const& records) {
    try {
        for (auto const& access : records)
            m_cx.out.record("access", fields_of(access));
        m_cx.out.flush();
    } catch (ui::BrokenPipe const&) {
        std::lock_guard const lock{m_mutex};
        m_is_over = true;
    } catch (Error const& error) {
        m_cx.talk.warn(fmt::format("the access log ends here: {}", error.message()));
        std::lock_guard const lock{m_mutex};
        m_is_over = true;
    }
}

}  // namespace bioctl::cmd
