#include "lib/app/store_writer.hpp"

#include <utility>

namespace bioctl::app {

StoreWriter::StoreWriter(store::Store store) : m_store(std::move(store)), m_thread([this] { run(); }) {}

StoreWriter::~StoreWriter() {
    {
        std::lock_guard const lock{m_mutex};
        m_is_closing = true;
    }
    m_is_work_there.notify_one();
    m_thread.join();
}

void StoreWriter::write(Work const& work) {
    Job job{.work = &work};
    std::unique_lock lock{m_mutex};
    m_waiting.push_back(&job);
    m_is_work_there.notify_one();
    m_is_work_done.wait(lock, [&] { return job.is_done; });
    if (job.failure) std::rethrow_exception(job.failure);
}

std::uint64_t StoreWriter::transactions() const {
    std::lock_guard const lock{m_mutex};
    return m_transactions;
}

void StoreWriter::run() {
    std::unique_lock lock{m_mutex};
    for (;;) {
        m_is_work_there.wait(lock, [&] { return m_is_closing || !m_waiting.empty(); });
        if (m_waiting.empty()) return;
        auto const jobs = std::exchange(m_waiting, {});
        lock.unlock();
        commit(jobs);
        lock.lock();
        ++m_transactions;
        for (auto* job : jobs)
            job->is_done = true;
        m_is_work_done.notify_all();
    }
}

void StoreWriter::commit(std::vector<Job*> const& jobs) {
    try {
        m_store.write([&] {
            for (auto const* job : jobs)
                (*job->work)(m_store);
        });
        return;
    } catch (Error const& error) {
        // Who did not get the lock for all would wait as long again for each.
        if (jobs.size() == 1 || error.kind() == Kind::busy) {
            for (auto* job : jobs)
                job->failure = std::current_exception();
            return;
        }
    } catch (...) {
        if (jobs.size() == 1) {
            jobs.front()->failure = std::current_exception();
            return;
        }
    }
    // One of them cannot be done: each on its own shows which.
    for (auto* job : jobs)
        commit({job});
}

}  // namespace bioctl::app
