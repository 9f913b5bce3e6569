#include "lib/app/search_each.hpp"

#include <catch2/catch.hpp>

#include <algorithm>
#include <cmath>
#include <string>

using namespace bioctl;

TEST_CASE("everybody is found among everybody, in order, as alone", "[app]") {
    constexpr std::size_t k_people = 150;  // more than two batches
    match::Gallery gallery{2, match::Metric::l2, 1};
    std::vector<std::vector<float>> vectors;
    for (std::size_t i = 0; i < k_people; ++i) {
        auto const x = static_cast<float>(i * 37 % 151);
        vectors.push_back({x, std::sqrt(x)});
        gallery.add(std::to_string(i), vectors.back());
    }
    for (int const jobs : {1, 3}) {
        std::size_t next = 0;
        app::search_each(
            gallery, k_people, [&](std::size_t i) { return std::span{vectors[i]}; }, 4, jobs,
            [&](std::size_t i, std::vector<match::Candidate> const& found) {
                CHECK(i == next++);
                auto const alone = gallery.search(vectors[i], 4);
                CHECK(found.front().person == i);
                CHECK(std::ranges::equal(found, alone, [](match::Candidate const& a, match::Candidate const& b) {
                    return a.person == b.person && a.distance == b.distance;
                }));
            });
        CHECK(next == k_people);
    }
    app::search_each(
        gallery, 0, [&](std::size_t) { return std::span<float const>{}; }, 4, 2,
        [](std::size_t, std::vector<match::Candidate> const&) { FAIL("nobody was asked for"); });
}
