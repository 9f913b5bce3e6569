#include <catch2/catch.hpp>

#include <atomic>
#include <mutex>
#include <set>
#include <stdexcept>
#include <thread>

#include "lib/app/behind.hpp"
#include "lib/app/share.hpp"

using namespace bioctl::app;

namespace {

bool never() {
    return false;
}

}  // namespace

TEST_CASE("share: every piece is done once, by no more workers than asked for", "[app]") {
    std::mutex mutex;
    std::multiset<std::size_t> done;
    std::atomic<int> workers{0};
    share(1000, 4, never, [&](NextPiece const& next) {
        ++workers;
        while (auto const piece = next()) {
            std::lock_guard const lock{mutex};
            done.insert(*piece);
        }
    });
    CHECK(workers <= 4);
    CHECK(done.size() == 1000);
    CHECK(std::set<std::size_t>(done.begin(), done.end()).size() == 1000);
    share(0, 4, never, [&](NextPiece const&) { FAIL("there is nothing to do"); });
}

TEST_CASE("share: a failure ends the others and comes out; so does the wish to stop", "[app]") {
    std::atomic<std::size_t> done{0};
    auto const work = [&](NextPiece const& next) {
        while (auto const piece = next()) {
            if (*piece == 3) throw std::runtime_error("three");
            ++done;
            std::this_thread::sleep_for(std::chrono::milliseconds{1});
        }
    };
    CHECK_THROWS_WITH(share(100'000, 2, never, work), "three");
    CHECK(done < 1000);
    done = 0;
    share(
        100'000, 2, [&] { return done >= 10; },
        [&](NextPiece const& next) {
            while (next())
                ++done;
        });
    CHECK(done >= 10);
    CHECK(done < 100'000);
}

TEST_CASE("behind: one task at a time, in order, and its failure is not lost", "[app]") {
    Behind behind;
    behind.wait();
    std::vector<int> order;
    std::atomic<bool> may_end{false};
    std::thread::id worker;
    behind.start([&] {
        while (!may_end)
            std::this_thread::yield();
        worker = std::this_thread::get_id();
        order.push_back(1);
    });
    may_end = true;  // start() has returned although the task has not ended
    behind.start([&] { order.push_back(2); });
    behind.wait();
    CHECK(order == std::vector{1, 2});
    CHECK(worker != std::this_thread::get_id());
    behind.start([] { throw std::runtime_error("disk"); });
    CHECK_THROWS_WITH(behind.start([&] { order.push_back(3); }), "disk");
    behind.wait();  // told once
    CHECK(order.size() == 2);
    {
        Behind ended;
        ended.start([&] { order.push_back(4); });
    }
    CHECK(order.back() == 4);
}
