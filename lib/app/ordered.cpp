#include "lib/app/ordered.hpp"

#include <algorithm>
#include <condition_variable>
#include <exception>
#include <mutex>
#include <thread>

namespace bioctl::app {

namespace {

/// Hands out indices to the workers and waits for them in order.
class Line {
public:
    Line(std::size_t count, std::size_t slots) : m_count(count), m_cells(slots) {}

    /// The next item to work on, as soon as its slot is free; none when there is nothing left or the line is closed.
    std::optional<std::size_t> claim() {
        std::unique_lock lock{m_mutex};
        m_slot_freed.wait(lock, [&] { return m_is_closed || m_next == m_count || m_next < m_taken + m_cells.size(); });
        if (m_is_closed || m_next == m_count) return std::nullopt;
        return m_next++;
    }

    void finish(std::size_t index, std::exception_ptr error) {
        {
            std::scoped_lock const lock{m_mutex};
            cell(index) = {true, std::move(error)};
        }
        m_item_done.notify_one();
    }

    /// Waits for the item, which is the oldest one not taken; rethrows what its work threw.
    void await(std::size_t index) {
        std::unique_lock lock{m_mutex};
        m_item_done.wait(lock, [&] { return cell(index).is_done; });
        if (cell(index).error) std::rethrow_exception(cell(index).error);
    }

    void free(std::size_t index) {
        {
            std::scoped_lock const lock{m_mutex};
            cell(index) = {};
            m_taken = index + 1;
        }
        m_slot_freed.notify_all();
    }

    void close() {
        {
            std::scoped_lock const lock{m_mutex};
            m_is_closed = true;
        }
        m_slot_freed.notify_all();
    }

private:
    struct Cell {
        bool is_done = false;
        std::exception_ptr error;
    };
    Cell& cell(std::size_t index) { return m_cells[index % m_cells.size()]; }

    std::mutex m_mutex;
    std::condition_variable m_slot_freed, m_item_done;
    std::size_t m_count;
    std::size_t m_next = 0;   // to be claimed
    std::size_t m_taken = 0;  // items before this one have left their slots
    bool m_is_closed = false;
    std::vector<Cell> m_cells;
};

/// The threads of one line: however the scope is left, they end first.
class Crew {
public:
    explicit Crew(Line& line) : m_line(line) {}
    Crew(Crew const&) = delete;
    Crew& operator=(Crew const&) = delete;
    ~Crew() {
        m_line.close();
        for (auto& thread : m_threads)
            thread.join();
    }

    void hire(std::size_t workers, std::function<void(int, std::size_t)> const& make) {
        for (std::size_t i = 0; i < workers; ++i) {
            m_threads.emplace_back([this, &make, worker = static_cast<int>(i)] { run(worker, make); });
        }
    }

private:
    void run(int worker, std::function<void(int, std::size_t)> const& make) {
        while (auto const index = m_line.claim()) {
            std::exception_ptr error;
            try {
                make(worker, *index);
            } catch (...) {
                error = std::current_exception();
            }
            m_line.finish(*index, std::move(error));
        }
    }

    Line& m_line;
    std::vector<std::thread> m_threads;
};

}  // namespace

void run_ordered(std::size_t count, int workers, std::size_t slots, std::function<void(int, std::size_t)> const& make,
                 std::function<bool(std::size_t)> const& take) {
    auto const crew_size = std::min(static_cast<std::size_t>(std::max(1, workers)), count);
    if (crew_size <= 1) {
        for (std::size_t i = 0; i < count; ++i) {
            make(0, i);
            if (!take(i)) return;
        }
        return;
    }
    Line line{count, slots};
    Crew crew{line};
    crew.hire(crew_size, make);
    for (std::size_t i = 0; i < count; ++i) {
        line.await(i);
        if (!take(i)) return;
        line.free(i);
    }
}

}  // namespace bioctl::app
