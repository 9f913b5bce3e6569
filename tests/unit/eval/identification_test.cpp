#include "lib/eval/identification.hpp"

#include <catch2/catch.hpp>

using namespace bioctl::eval;

namespace {

// Four people who are enrolled, of whom one has no face on the photo, and four strangers.
std::vector<Search> searches() {
    return {{0, true, 1, .2F, .6F},
            {1, true, 1, .5F, .7F},
            {2, true, 3, .6F, .3F},
            {3, true, 0, k_not_compared, k_not_compared},
            {4, false, 0, k_not_compared, .4F},
            {5, false, 0, k_not_compared, .55F},
            {6, false, 0, k_not_compared, .8F},
            {7, false, 0, k_not_compared, k_not_compared}};
}

}  // namespace

TEST_CASE("rank-k counts who is among the first k", "[eval]") {
    CHECK(cmc(searches(), 4) == std::vector{.5, .5, .75, .75});
    CHECK(cmc({}, 2) == std::vector<double>{0, 0});
}

TEST_CASE("in an open set strangers are named and known ones missed", "[eval]") {
    auto const all = searches();
    auto const point = open_set_at(all, .5);
    CHECK(point.fpir == .25);
    CHECK(point.fnir == .5);  // one is not nearest, one has no face
    CHECK(open_set_at(all, .1).fnir == 1);
    CHECK(open_set_at(all, .1).fpir == 0);
    CHECK(open_set_at(all, 100).fpir == .75);
}

TEST_CASE("the threshold of an FPIR names no more strangers than that", "[eval]") {
    auto const points = at_fpirs(searches(), std::vector{.1, .25, .5, .75, 1.0});
    CHECK(points[0].fpir == 0);
    CHECK(points[0].threshold < .4F);
    CHECK(points[0].fnir == .75);
    CHECK(points[1].fpir == .25);
    CHECK(points[1].fnir == .5);
    CHECK(points[2].fpir == .5);
    // The fourth stranger has no face, so no threshold names him.
    CHECK(points[3].fpir == .75);
    CHECK(points[4].fpir == .75);
    CHECK(points[4].fnir == .5);
}

TEST_CASE("a search counts as often as its person was drawn", "[eval]") {
    std::vector<double> const weights{3, 1, 0, 0, 1, 1, 0, 2};
    CHECK(cmc(searches(), 1, weights)[0] == 1);
    CHECK(open_set_at(searches(), .45, weights).fnir == .25);
    CHECK(open_set_at(searches(), .45, weights).fpir == .25);
}
