#include "lib/match/distance.hpp"

#include <catch2/catch.hpp>

#include <cmath>
#include <limits>
#include <random>
#include <vector>

#include "lib/base/error.hpp"
#include "tests/unit/match/vectors.hpp"

using namespace bioctl;
using match::distance;
using match::Metric;
using test::k_scale;
using test::random_vector;

namespace {

// The definition, word for word, in double.
double reference(std::vector<float> const& a, std::vector<float> const& b, Metric metric) {
    double aa = 0, bb = 0, sum = 0;
    for (std::size_t i = 0; i < a.size(); ++i) {
        aa += double{a[i]} * a[i];
        bb += double{b[i]} * b[i];
    }
    for (std::size_t i = 0; i < a.size(); ++i) {
        double const d = metric == Metric::l2 ? double{a[i]} - b[i] : a[i] / std::sqrt(aa) - b[i] / std::sqrt(bb);
        sum += d * d;
    }
    return metric == Metric::l2 ? std::sqrt(sum) : k_scale * std::sqrt(sum);
}

}  // namespace

TEST_CASE("an unknown metric is a usage error that names the known ones", "[match]") {
    try {
        (void)match::metric_from("cosine");
        FAIL("accepted");
    } catch (Error const& error) {
        CHECK(error.kind() == Kind::usage);
        CHECK(error.message() == "unknown metric 'cosine': say unit or l2");
    }
}

TEST_CASE("metrics are read back from their names", "[match]") {
    CHECK(match::metric_from(match::name_of(Metric::unit)) == Metric::unit);
    CHECK(match::metric_from(match::name_of(Metric::l2)) == Metric::l2);
}

TEST_CASE("vectors of different sizes have no distance", "[match]") {
    std::vector<float> const a(128, 1), b(512, 1);
    CHECK_THROWS_AS(distance(a, b, Metric::l2, 1), Error);
}

TEST_CASE("a vector without direction is at a right angle to everything, itself included", "[match]") {
    std::vector<float> const zeros(128, 0), ones(128, 1);
    auto const right_angle = Approx(k_scale * std::sqrt(2.0));
    CHECK(distance(zeros, ones, Metric::unit, k_scale) == right_angle);
    CHECK(distance(ones, zeros, Metric::unit, k_scale) == right_angle);
    CHECK(distance(zeros, zeros, Metric::unit, k_scale) == right_angle);
}

TEST_CASE("known angles have their chord, times the scale", "[match]") {
    std::vector<float> const east{3, 0}, north{0, 0.5F}, west{-7, 0};
    CHECK(distance(east, north, Metric::unit, 1) == Approx(std::sqrt(2.0)));
    CHECK(distance(east, west, Metric::unit, k_scale) == Approx(2 * k_scale));
    CHECK(distance(east, west, Metric::l2, k_scale) == Approx(10));
}

TEST_CASE("equal vectors are at exactly zero, near ones keep their digits", "[match]") {
    std::mt19937 random{1};
    auto const a = random_vector(random, 128);
    CHECK(distance(a, a, Metric::unit, k_scale) == 0);
    CHECK(distance(a, a, Metric::l2, 1) == 0);
    auto b = a;
    b[7] += 1e-4F;
    CHECK(distance(a, b, Metric::unit, k_scale) == Approx(reference(a, b, Metric::unit)).epsilon(5e-3));
}

TEST_CASE("the length of a vector does not change its unit distance", "[match]") {
    std::mt19937 random{2};
    auto const a = random_vector(random, 128);
    auto const b = random_vector(random, 128);
    for (float const length : {1e-30F, 0.5F, 1e30F}) {
        auto longer = b;
        for (auto& x : longer)
            x *= length;
        CHECK(distance(a, longer, Metric::unit, k_scale) == Approx(distance(a, b, Metric::unit, k_scale)).margin(1e-6));
    }
}

TEST_CASE("distances agree with their definition in double for every size", "[match]") {
    std::mt19937 random{3};
    for (std::size_t const size : {1U, 2U, 15U, 16U, 17U, 127U, 128U, 512U}) {
        auto const a = random_vector(random, size);
        auto const b = random_vector(random, size);
        CAPTURE(size);
        CHECK(distance(a, b, Metric::unit, k_scale) == Approx(reference(a, b, Metric::unit)).margin(1e-6));
        CHECK(distance(a, b, Metric::l2, k_scale) == Approx(reference(a, b, Metric::l2)).margin(1e-6));
    }
}
