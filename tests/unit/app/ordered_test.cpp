#include "lib/app/ordered.hpp"

#include <atomic>
#include <chrono>
#include <set>
#include <stdexcept>
#include <string>
#include <thread>

#include <catch2/catch.hpp>

namespace bioctl::app {

namespace {

using namespace std::chrono_literals;

constexpr std::size_t k_many = 400;

/// Items of uneven cost, so that threads overtake each other.
std::size_t square_slowly(std::size_t index) {
    std::this_thread::sleep_for(std::chrono::microseconds{index % 7 * 50});
    return index * index;
}

}  // namespace

TEST_CASE("an exception of the work arrives after all results before it", "[app]") {
    int const workers = GENERATE(1, 2, 5);
    std::size_t taken = 0;
    auto const run = [&] {
        ordered_for<std::size_t>(
            k_many, workers,
            [](int, std::size_t i) {
                if (i == 123) throw std::runtime_error{"item 123"};
                return square_slowly(i);
            },
            [&](std::size_t i, std::size_t&&) {
                CHECK(i == taken);
                ++taken;
                return true;
            });
    };
    CHECK_THROWS_WITH(run(), "item 123");
    CHECK(taken == 123);
}

TEST_CASE("an exception of the taker ends all threads before it arrives", "[app]") {
    int const workers = GENERATE(1, 2, 5);
    std::atomic<int> running = 0;
    auto const run = [&] {
        ordered_for<int>(
            k_many, workers,
            [&](int, std::size_t) {
                ++running;
                std::this_thread::sleep_for(100us);
                return --running, 0;
            },
            [&](std::size_t i, int&&) -> bool {
                if (i == 50) throw std::logic_error{"full"};
                return true;
            });
    };
    CHECK_THROWS_WITH(run(), "full");
    CHECK(running == 0);
}

TEST_CASE("a thrown value that is no std::exception is not lost", "[app]") {
    auto const run = [] {
        ordered_for<int>(
            10, 3, [](int, std::size_t i) -> int { return i == 3 ? throw 42 : 0; }, [](std::size_t, int&&) { return true; });
    };
    CHECK_THROWS_AS(run(), int);
}

TEST_CASE("stopping drops what was not begun", "[app]") {
    int const workers = GENERATE(1, 2, 5);
    std::atomic<std::size_t> begun = 0;
    std::size_t taken = 0;
    ordered_for<int>(
        10'000, workers, [&](int, std::size_t) { return ++begun, 0; }, [&](std::size_t, int&&) { return ++taken < 20; });
    CHECK(taken == 20);
    CHECK(begun <= 20 + 2 * static_cast<std::size_t>(workers) + 8);
}

TEST_CASE("stopping at the first result does not hang on slow work", "[app]") {
    std::size_t taken = 0;
    ordered_for<int>(
        100, 4,
        [](int, std::size_t i) {
            std::this_thread::sleep_for(i == 0 ? 0ms : 20ms);
            return 0;
        },
        [&](std::size_t, int&&) { return ++taken, false; });
    CHECK(taken == 1);
}

TEST_CASE("results come in input order from several threads", "[app]") {
    std::size_t next = 0;
    std::set<int> workers;
    ordered_for<std::size_t>(
        k_many, 4,
        [](int worker, std::size_t i) {
            CHECK((worker >= 0 && worker < 4));
            return square_slowly(i);
        },
        [&](std::size_t i, std::size_t&& result) {
            CHECK(i == next++);
            CHECK(result == i * i);
            return true;
        });
    CHECK(next == k_many);
}

TEST_CASE("results that wait are bounded while the taker is slow", "[app]") {
    std::atomic<int> waiting = 0;
    std::atomic<int> most = 0;
    ordered_for<int>(
        200, 2,
        [&](int, std::size_t) {
            int const now = ++waiting;
            for (int seen = most; now > seen && !most.compare_exchange_weak(seen, now);) {
            }
            return 0;
        },
        [&](std::size_t, int&&) {
            std::this_thread::sleep_for(200us);
            --waiting;
            return true;
        },
        3);
    CHECK(most <= 2 * 2 + 3);
}

TEST_CASE("results need not be copyable or default-constructible", "[app]") {
    struct Result {
        explicit Result(std::size_t i) : text(std::make_unique<std::string>(std::to_string(i))) {}
        std::unique_ptr<std::string> text;
    };
    std::string all;
    ordered_for<Result>(
        12, 3, [](int, std::size_t i) { return Result{i}; },
        [&](std::size_t, Result&& result) {
            all += *result.text;
            return true;
        });
    CHECK(all == "01234567891011");
}

TEST_CASE("no items need no thread", "[app]") {
    ordered_for<int>(
        0, 4, [](int, std::size_t) -> int { throw std::logic_error{"called"}; },
        [](std::size_t, int&&) -> bool { throw std::logic_error{"called"}; });
    SUCCEED();
}

}  // namespace bioctl::app
