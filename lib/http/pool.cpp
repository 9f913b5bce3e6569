#include "lib/http/pool.hpp"

#include <pthread.h>
#include <sys/resource.h>
#include <unistd.h>

namespace bioctl::http {

Pool::Pool(app::Office& office, Rules rules) : m_office(office), m_rules(std::move(rules)) {
    std::vector<std::unique_ptr<app::Desk>> desks;
    for (int i = 0; i < m_rules.workers; ++i)
        desks.push_back(std::make_unique<app::Desk>(m_office));
    for (auto& desk : desks)
        m_threads.emplace_back([this, desk = std::move(desk)]() mutable { run(std::move(desk)); });
}

Pool::~Pool() {
    {
        std::lock_guard const lock{m_mutex};
        m_is_closing = true;
        m_jobs.clear();
    }
    m_is_work_there.notify_all();
    for (auto& thread : m_threads)
        thread.join();
}

bool Pool::offer(Job job) {
    {
        std::lock_guard const lock{m_mutex};
        auto const idle = static_cast<std::size_t>(m_rules.workers - m_busy);
        if (m_is_closing || m_jobs.size() >= m_rules.queue + idle) return false;
        m_jobs.push_back(std::move(job));
    }
    m_is_work_there.notify_one();
    return true;
}

std::size_t Pool::waiting() const {
    std::lock_guard const lock{m_mutex};
    return m_jobs.size();
}

int Pool::busy() const {
    std::lock_guard const lock{m_mutex};
    return m_busy;
}

void Pool::run(std::unique_ptr<app::Desk> desk) {
    ::pthread_setname_np(::pthread_self(), m_rules.name.c_str());
    // Linux has a nice value for each thread; the network must get its turn while all cores compute.
    if (m_rules.nice != 0) ::setpriority(PRIO_PROCESS, static_cast<id_t>(::gettid()), m_rules.nice);
    if (m_rules.is_warm) {
        try {
            desk->warm_up();
        } catch (std::exception const&) {
            // The first request says what is wrong.
        }
    }
    for (;;) {
        Job job;
        {
            std::unique_lock lock{m_mutex};
            m_is_work_there.wait(lock, [&] { return m_is_closing || !m_jobs.empty(); });
            if (m_jobs.empty()) return;
            job = std::move(m_jobs.front());
            m_jobs.pop_front();
            ++m_busy;
        }
        job(*desk);
        job = nullptr;  // what it holds is given back here, not while it waits for the next
        std::lock_guard const lock{m_mutex};
        --m_busy;
    }
}

}  // namespace bioctl::http
