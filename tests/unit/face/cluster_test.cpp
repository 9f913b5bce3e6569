#include "lib/face/cluster.hpp"

#include <catch2/catch.hpp>

#include <cmath>
#include <random>

using bioctl::face::chinese_whispers;
using bioctl::face::Edge;
using Groups = std::vector<std::size_t>;

TEST_CASE("faces without an edge are groups of their own", "[face]") {
    CHECK(chinese_whispers(0, {}).empty());
    CHECK(chinese_whispers(3, {}) == Groups{0, 1, 2});
}

TEST_CASE("the largest group comes first, of equal ones the earlier", "[face]") {
    std::vector<Edge> const edges{{1, 2, .1F}, {2, 4, .1F}, {1, 4, .2F}, {0, 3, .1F}};
    CHECK(chinese_whispers(6, edges) == Groups{1, 0, 0, 1, 0, 2});
}

TEST_CASE("one wrong edge does not join two people", "[face]") {
    std::vector<Edge> edges;
    for (std::size_t i = 0; i < 8; ++i) {
        for (std::size_t j = i + 1; j < 8; ++j) {
            edges.push_back({i, j, .3F});
            edges.push_back({8 + i, 8 + j, .3F});
        }
    }
    edges.push_back({7, 8, .45F});
    auto const groups = chinese_whispers(16, edges);
    for (std::size_t i = 0; i < 16; ++i)
        CHECK(groups[i] == i / 8);
    CHECK(chinese_whispers(16, edges) == groups);
}

TEST_CASE("edges to nowhere are left out", "[face]") {
    std::vector<Edge> const edges{{0, 9, .1F}, {5, 5, 0}, {1, 1, 0}};
    CHECK(chinese_whispers(2, edges) == Groups{0, 1});
}

TEST_CASE("people who scatter are told apart", "[face]") {
    std::mt19937 random{1};
    std::normal_distribution<float> normal{0, .05F};
    std::vector<float> places;
    for (std::size_t i = 0; i < 90; ++i)
        places.push_back(static_cast<float>(i % 3) + normal(random));
    std::vector<Edge> edges;
    for (std::size_t i = 0; i < places.size(); ++i) {
        for (std::size_t j = i + 1; j < places.size(); ++j) {
            if (auto const d = std::abs(places[i] - places[j]); d < .3F) edges.push_back({i, j, d});
        }
    }
    auto const groups = chinese_whispers(places.size(), edges);
    for (std::size_t i = 0; i < groups.size(); ++i)
        CHECK(groups[i] == i % 3);
}
