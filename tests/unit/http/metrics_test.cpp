#include "lib/http/metrics.hpp"

#include <atomic>
#include <future>

#include <catch2/catch.hpp>

using namespace bioctl;
using namespace bioctl::http;

namespace {

app::Figures figures_with(std::int64_t people) {
    app::Figures figures;
    figures.people = people;
    return figures;
}

}  // namespace

TEST_CASE("Figures of a moment ago are handed out again", "[http]") {
    FigureCache cache;
    int counted = 0;
    auto const count = [&](app::Figures const*) {
        ++counted;
        return figures_with(counted);
    };
    CHECK(cache.get(count)->people == 1);
    CHECK(cache.get(count)->people == 1);  // a moment old
    CHECK(counted == 1);
}

TEST_CASE("While one scrape counts, only the very first has to be waited for", "[http]") {
    using namespace std::chrono_literals;
    std::promise<void> begun, may_end;
    std::atomic<int> counted{0};
    FigureCache cache{0s};
    static_cast<void>(cache.get([](app::Figures const*) { return figures_with(1); }));
    auto slow = std::async(std::launch::async, [&] {
        return cache.get([&](app::Figures const* known) {
            CHECK(known != nullptr);
            ++counted;
            begun.set_value();
            may_end.get_future().wait();
            return figures_with(2);
        });
    });
    begun.get_future().wait();
    CHECK(cache
              .get([&](app::Figures const*) {
                  ++counted;
                  return figures_with(3);
              })
              ->people == 1);
    may_end.set_value();
    CHECK(slow.get()->people == 2);
    CHECK(counted == 1);
}
