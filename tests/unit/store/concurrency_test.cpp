// Several connections at once: threads, processes, and processes that are killed.

#include <sys/wait.h>
#include <unistd.h>

#include <catch2/catch.hpp>

#include <atomic>
#include <csignal>
#include <future>
#include <string>
#include <thread>

#include <fmt/format.h>

#include "tests/unit/store/support.hpp"

using namespace bioctl;
using namespace bioctl::test;
using namespace std::chrono_literals;

namespace {

constexpr int k_templates_per_step = 3;

// Holds the write lock until told to let go.
class Holder {
public:
    explicit Holder(fs::path const& file)
        : m_thread([this, file] {
              auto store = writer(file);
              store.write([this] {
                  m_held.set_value();
                  m_release.get_future().wait();
              });
          }) {
        m_held.get_future().wait();
    }
    ~Holder() {
        release();
        m_thread.join();
    }
    void release() {
        if (!m_is_released.exchange(true)) m_release.set_value();
    }

private:
    std::promise<void> m_held, m_release;
    std::atomic<bool> m_is_released = false;
    std::thread m_thread;
};

// One step adds a person with three templates; the number of every finished step goes down the pipe.
[[noreturn]] void write_for_ever(fs::path const& file, int acknowledgements) {
    auto store = writer(file);
    for (int step = 0;; ++step) {
        store.write([&] {
            auto const id = fmt::format("p{}", step);
            store.people().upsert(id, "", at(step));
            for (int i = 0; i < k_templates_per_step; ++i)
                store.templates().add(sample(id, step, i));
        });
        if (::write(acknowledgements, &step, sizeof step) != sizeof step) ::_exit(1);
    }
}

// Steps that the writer said were done before it was killed.
int steps_before_kill(fs::path const& file, std::chrono::milliseconds lifetime) {
    int pipe_ends[2];
    REQUIRE(::pipe(pipe_ends) == 0);
    auto const child = ::fork();
    REQUIRE(child >= 0);
    if (child == 0) write_for_ever(file, pipe_ends[1]);
    ::close(pipe_ends[1]);
    std::this_thread::sleep_for(lifetime);
    ::kill(child, SIGKILL);
    ::waitpid(child, nullptr, 0);
    int steps = 0;
    for (int step = 0; ::read(pipe_ends[0], &step, sizeof step) == sizeof step;)
        steps = step + 1;
    ::close(pipe_ends[0]);
    return steps;
}

}  // namespace

TEST_CASE("a store that stays locked is busy after the time-out", "[store]") {
    TempDir dir;
    auto store = writer(dir / "bioctl.db", 50ms);
    Holder holder{dir / "bioctl.db"};
    auto const begin = std::chrono::steady_clock::now();
    auto const error = error_of([&] { enrol(store, "alice", 1); });
    CHECK(error.kind() == Kind::busy);
    CHECK_THAT(error.message(), Catch::Contains("bioctl.db: another process is writing"));
    CHECK(std::chrono::steady_clock::now() - begin >= 50ms);
    CHECK(store.people().count() == 0);
}

TEST_CASE("a store that is released in time is written", "[store]") {
    TempDir dir;
    auto store = writer(dir / "bioctl.db", 10s);
    Holder holder{dir / "bioctl.db"};
    std::thread releaser{[&] {
        std::this_thread::sleep_for(50ms);
        holder.release();
    }};
    CHECK_NOTHROW(enrol(store, "alice", 1));
    releaser.join();
}

TEST_CASE("a locked store can be opened and read", "[store]") {
    TempDir dir;
    {
        auto store = writer(dir / "bioctl.db");
        enrol(store, "alice", 1);
    }
    Holder holder{dir / "bioctl.db"};
    CHECK(reader(dir / "bioctl.db").people().count() == 1);
    CHECK(writer(dir / "bioctl.db", 50ms).people().count() == 1);
}

TEST_CASE("a checkpoint beside a reader is busy and loses nothing", "[store]") {
    TempDir dir;
    auto store = writer(dir / "bioctl.db", 20ms);
    enrol(store, "alice", 1);
    auto other = reader(dir / "bioctl.db");
    other.read([&] {
        CHECK(other.people().count() == 1);
        enrol(store, "bob", 1);
        CHECK(kind_of([&] { store.checkpoint(); }) == Kind::busy);
    });
    CHECK_NOTHROW(store.checkpoint());
    CHECK(fs::file_size(dir / "bioctl.db-wal") == 0);
    CHECK(other.people().count() == 2);
}

TEST_CASE("threads with a store each write side by side", "[store]") {
    TempDir dir;
    constexpr int k_threads = 4, k_each = 25;
    std::vector<std::thread> threads;
    std::atomic<int> failures = 0;
    for (int thread = 0; thread < k_threads; ++thread) {
        threads.emplace_back([&, thread] {
            try {
                auto store = writer(dir / "bioctl.db", 60s);
                for (int i = 0; i < k_each; ++i)
                    enrol(store, fmt::format("thread{}", thread), i);
            } catch (Error const&) {
                ++failures;
            }
        });
    }
    for (auto& thread : threads)
        thread.join();
    CHECK(failures == 0);
    auto store = reader(dir / "bioctl.db");
    for (auto const& person : store.people().list())
        CHECK(person.templates == k_each);
    CHECK(store.people().count() == k_threads);
    CHECK(store.integrity() == "ok");
}

TEST_CASE("processes that make a new store at once all succeed", "[store]") {
    for (int round = 0; round < 10; ++round) {
        TempDir dir;
        std::vector<pid_t> children;
        for (int i = 0; i < 6; ++i) {
            auto const child = ::fork();
            REQUIRE(child >= 0);
            if (child == 0) {
                try {
                    auto store = writer(dir / "new/bioctl.db", 60s);
                    enrol(store, fmt::format("p{}", i), i);
                    ::_exit(reader(dir / "new/bioctl.db").people().get(fmt::format("p{}", i)) ? 0 : 2);
                } catch (Error const& error) {
                    auto const message = error.message() + "\n";
                    (void)!::write(STDERR_FILENO, message.data(), message.size());
                    ::_exit(1);
                }
            }
            children.push_back(child);
        }
        for (auto const child : children) {
            int status = 0;
            ::waitpid(child, &status, 0);
            CHECK(status == 0);
        }
        auto store = reader(dir / "new/bioctl.db");
        CHECK(store.people().count() == children.size());
        CHECK(store.integrity() == "ok");
    }
}

TEST_CASE("a writer killed at any moment leaves whole transactions, and all it acknowledged", "[store]") {
    for (auto const lifetime : {2ms, 5ms, 10ms, 20ms, 50ms, 100ms}) {
        TempDir dir;
        CAPTURE(lifetime.count());
        int const steps = steps_before_kill(dir / "bioctl.db", lifetime);
        auto store = writer(dir / "bioctl.db");
        CHECK(store.integrity() == "ok");
        CHECK(store.people().count() >= static_cast<std::size_t>(steps));
        CHECK(store.people().count() <= static_cast<std::size_t>(steps) + 1);
        for (auto const& person : store.people().list())
            CHECK(person.templates == k_templates_per_step);
    }
}
