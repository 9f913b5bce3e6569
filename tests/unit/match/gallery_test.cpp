#include "lib/match/gallery.hpp"

#include <catch2/catch.hpp>

#include <algorithm>
#include <cmath>
#include <limits>
#include <map>
#include <random>
#include <string>
#include <vector>

#include <fmt/format.h>

#include "lib/base/error.hpp"
#include "tests/unit/match/vectors.hpp"

using namespace bioctl;
using match::Gallery;
using match::Metric;
using test::k_scale;
using test::random_vector;

namespace {

Kind kind_of_add(Gallery& gallery, std::vector<float> const& vector) {
    try {
        gallery.add("alice", vector);
    } catch (Error const& error) {
        return error.kind();
    }
    FAIL("accepted");
    return Kind::bug;
}

}  // namespace

TEST_CASE("a gallery takes no vectors of another size and none that are not numbers", "[match]") {
    Gallery gallery{2, Metric::unit, 1};
    CHECK(kind_of_add(gallery, {1, 2, 3}) == Kind::bug);
    CHECK(kind_of_add(gallery, {1, std::numeric_limits<float>::quiet_NaN()}) == Kind::data);
    CHECK(kind_of_add(gallery, {1, std::numeric_limits<float>::infinity()}) == Kind::data);
    CHECK(gallery.templates() == 0);
    CHECK(gallery.people() == 0);
    CHECK_THROWS_AS(gallery.search(std::vector<float>{1}, 1), Error);
    CHECK_THROWS_AS(Gallery(0, Metric::unit, 1), Error);
}

TEST_CASE("an empty gallery finds nobody", "[match]") {
    Gallery const gallery{2, Metric::unit, 1};
    CHECK(gallery.search(std::vector<float>{1, 0}, 5).empty());
    CHECK_FALSE(gallery.find("alice"));
}

TEST_CASE("people are numbered in the order of their first template", "[match]") {
    Gallery gallery{1, Metric::l2, 1};
    for (auto const* id : {"zoe", "adam", "zoe", ""})
        gallery.add(id, std::vector<float>{1});
    CHECK(gallery.templates() == 4);
    CHECK(gallery.people() == 3);
    CHECK(gallery.find("zoe") == 0U);
    CHECK(gallery.find("adam") == 1U);
    CHECK(gallery.person_id(2).empty());
    CHECK_FALSE(gallery.find("zo"));
}

TEST_CASE("a person is as near as the nearest of their templates", "[match]") {
    Gallery gallery{2, Metric::l2, 1};
    gallery.add("far and near", std::vector<float>{9, 0});
    gallery.add("middle", std::vector<float>{4, 0});
    gallery.add("far and near", std::vector<float>{1, 0});
    auto const found = gallery.search(std::vector<float>{0, 0}, 5);
    REQUIRE(found.size() == 2);
    CHECK(gallery.person_id(found[0].person) == "far and near");
    CHECK(found[0].distance == 1);
    CHECK(found[1].distance == 4);
}

TEST_CASE("equally near people come in the order of addition", "[match]") {
    Gallery gallery{1, Metric::l2, 1};
    for (auto const* id : {"c", "a", "b"})
        gallery.add(id, std::vector<float>{2});
    auto const found = gallery.search(std::vector<float>{0}, 2);
    REQUIRE(found.size() == 2);
    CHECK(found[0].person == 0);
    CHECK(found[1].person == 1);
}

TEST_CASE("a template of zeros is found at a right angle and hides nobody", "[match]") {
    Gallery gallery{2, Metric::unit, k_scale};
    gallery.add("zeros", std::vector<float>{0, 0});
    gallery.add("alice", std::vector<float>{1, 1});
    auto const found = gallery.search(std::vector<float>{2, 2}, 2);
    REQUIRE(found.size() == 2);
    CHECK(gallery.person_id(found[0].person) == "alice");
    CHECK(found[0].distance == 0);
    CHECK(found[1].distance == Approx(k_scale * std::sqrt(2.0)));
}

TEST_CASE("a search equals comparing with every template by distance()", "[match]") {
    for (auto const metric : {Metric::unit, Metric::l2}) {
        std::mt19937 random{4};
        Gallery gallery{128, metric, k_scale};
        std::map<std::string, std::vector<std::vector<float>>> people;
        for (int i = 0; i < 300; ++i) {
            auto const id = fmt::format("p{}", i * 7 % 100);
            people[id].push_back(random_vector(random, 128));
            gallery.add(id, people[id].back());
        }
        auto const probe = random_vector(random, 128);
        std::vector<std::pair<float, std::string>> expected;
        for (auto const& [id, vectors] : people) {
            float nearest = 1e9F;
            for (auto const& v : vectors)
                nearest = std::min(nearest, match::distance(probe, v, metric, k_scale));
            expected.emplace_back(nearest, id);
        }
        std::sort(expected.begin(), expected.end());
        auto const found = gallery.search(probe, 10);
        REQUIRE(found.size() == 10);
        for (std::size_t i = 0; i < found.size(); ++i) {
            CHECK(gallery.person_id(found[i].person) == expected[i].second);
            CHECK(found[i].distance == expected[i].first);
        }
    }
}

TEST_CASE("a hundred thousand people can be added and are found by id", "[match]") {
    Gallery gallery{4, Metric::unit, 1};
    std::mt19937 random{5};
    for (int i = 0; i < 100'000; ++i)
        gallery.add(fmt::format("employee-{}", i), random_vector(random, 4));
    CHECK(gallery.people() == 100'000);
    CHECK(gallery.find("employee-99999") == 99'999U);
}
