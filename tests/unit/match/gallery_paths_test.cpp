// Whatever path a search takes, its answer is that of comparing every row.

#include <catch2/catch.hpp>

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <random>
#include <span>
#include <string>
#include <vector>

#include <fmt/format.h>

#include "lib/base/error.hpp"
#include "lib/match/gallery.hpp"
#include "tests/unit/match/vectors.hpp"

using namespace bioctl;
using match::Candidate;
using match::Gallery;
using match::Metric;
using match::SearchPath;
using match::Ties;
using test::k_scale;
using test::random_vector;

namespace {

using Vectors = std::vector<std::vector<float>>;
using Found = std::vector<std::vector<Candidate>>;

std::vector<std::span<float const>> spans_of(Vectors const& vectors) {
    return {vectors.begin(), vectors.end()};
}

bool is_same(Candidate const& a, Candidate const& b) {
    return a.person == b.person && a.distance == b.distance;
}

std::size_t differing(Found const& a, Found const& b) {
    REQUIRE(a.size() == b.size());
    std::size_t count = 0;
    for (std::size_t i = 0; i < a.size(); ++i)
        count += std::ranges::equal(a[i], b[i], is_same) ? 0 : 1;
    return count;
}

/// How many answers of any path are not those of `every_row`.
std::size_t wrong_answers(Gallery const& gallery, Vectors const& probes, std::size_t top) {
    auto const spans = spans_of(probes);
    auto const truth = gallery.search(spans, top, SearchPath::every_row);
    std::size_t wrong = 0;
    for (auto const path : match::search_paths())
        wrong += differing(truth, gallery.search(spans, top, path));
    return wrong;
}

/// Near-duplicates: every vector is one of a few, a little changed. Some are the same to the last bit.
class Crowd {
public:
    Crowd(unsigned seed, std::size_t dimensions, std::size_t centres) : m_random(seed), m_dimensions(dimensions) {
        for (std::size_t i = 0; i < centres; ++i)
            m_centres.push_back(random_vector(m_random, dimensions));
    }
    std::vector<float> next() {
        auto vector = m_centres[m_random() % m_centres.size()];
        auto const noise = random_vector(m_random, m_dimensions);
        constexpr std::array k_changes{0.0F, 1e-6F, 1e-4F, 1e-2F};
        auto const change = k_changes[m_random() % k_changes.size()];
        for (std::size_t d = 0; d < m_dimensions; ++d)
            vector[d] += change * noise[d];
        return vector;
    }

private:
    std::mt19937 m_random;
    std::size_t m_dimensions;
    Vectors m_centres;
};

template <class Make>
Gallery gallery_of(std::size_t rows, std::size_t people, std::size_t dimensions, Metric metric, Make const& make) {
    Gallery gallery{static_cast<int>(dimensions), metric, k_scale};
    for (std::size_t i = 0; i < rows; ++i)
        gallery.add(fmt::format("p{}", i * 7 % people), make());
    return gallery;
}

template <class Make>
Vectors some(std::size_t count, Make const& make) {
    Vectors vectors(count);
    std::ranges::generate(vectors, make);
    return vectors;
}

}  // namespace

TEST_CASE("a hundred thousand probes find by every path what comparing every row finds", "[match]") {
    constexpr std::size_t k_rows = 443;  // whole groups and a rest
    constexpr std::size_t k_probes = 25'000;
    for (auto const metric : {Metric::unit, Metric::l2}) {
        std::mt19937 random{11};
        auto const vector = [&] { return random_vector(random, 128); };
        CHECK(wrong_answers(gallery_of(k_rows, 200, 128, metric, vector), some(k_probes, vector), 3) == 0);
        Crowd crowd{12, 128, 20};
        auto const near_one = [&] { return crowd.next(); };
        CHECK(wrong_answers(gallery_of(k_rows, 300, 128, metric, near_one), some(k_probes, near_one), 5) == 0);
    }
}

TEST_CASE("every path finds the same in a gallery of many blocks", "[match]") {
    for (auto const metric : {Metric::unit, Metric::l2}) {
        std::mt19937 random{13};
        auto const vector = [&] { return random_vector(random, 32); };
        auto const gallery = gallery_of(5'000, 3'000, 32, metric, vector);
        for (std::size_t const top : {0, 1, 2, 10, 60, 71, 3'000, 9'999})
            CHECK(wrong_answers(gallery, some(75, vector), top) == 0);
    }
}

TEST_CASE("every path finds the same whatever the number of dimensions", "[match]") {
    for (std::size_t const dimensions : {1, 2, 3, 4, 5, 127, 128, 129, 512}) {
        for (auto const metric : {Metric::unit, Metric::l2}) {
            INFO(dimensions);
            std::mt19937 random{14};
            auto const vector = [&] { return random_vector(random, dimensions); };
            CHECK(wrong_answers(gallery_of(333, 250, dimensions, metric, vector), some(200, vector), 4) == 0);
            Crowd crowd{15, dimensions, 5};
            auto const near_one = [&] { return crowd.next(); };
            CHECK(wrong_answers(gallery_of(333, 250, dimensions, metric, near_one), some(200, near_one), 4) == 0);
        }
    }
}

TEST_CASE("where bytes are all but exact, rounding decides and every path agrees with it", "[match]") {
    // Every row is as far from the probes as the others are, but for the last bits: the same numbers in another order.
    for (std::size_t const dimensions : {16, 128, 512}) {
        for (float const unit : {0.1F, 0.7F, 3.3F}) {
            INFO(dimensions);
            std::mt19937 random{22};
            std::vector<float> numbers(dimensions);
            for (auto& x : numbers)
                x = unit * static_cast<float>(static_cast<int>(random() % 255) - 127);
            numbers[0] = unit * 127;
            auto const row = [&] {
                std::ranges::shuffle(numbers, random);
                return numbers;
            };
            auto const gallery = gallery_of(3'000, 3'000, dimensions, Metric::l2, row);
            Vectors const probes{std::vector<float>(dimensions, unit * 63), std::vector<float>(dimensions, unit * -63)};
            for (std::size_t const top : {1, 3, 20})
                CHECK(wrong_answers(gallery, probes, top) == 0);
        }
    }
}

TEST_CASE("numbers that are huge, tiny, or zero are compared as they are", "[match]") {
    constexpr std::array k_factors{0.0F, 1e-44F, 1e-30F, 1e-20F, 1e-13F, 1e-11F, 1e-3F,
                                   1.0F, 1e3F,   1e11F,  1e13F,  1e19F,  1e30F,  3e38F};
    for (auto const metric : {Metric::unit, Metric::l2}) {
        for (float const common : {1e-44F, 1e-22F, 1e-12F, 1.0F, 1e12F, 1e20F, 1e38F}) {
            INFO(common);
            std::mt19937 random{16};
            std::uniform_real_distribution<float> within{-1, 1};
            auto const of_size = [&](float size) {
                std::vector<float> v(24);
                for (auto& x : v)
                    x = size * within(random);
                return v;
            };
            auto const any = [&] { return of_size(k_factors[random() % k_factors.size()]); };
            auto const common_size = [&] { return of_size(common); };
            auto const mixed = [&] { return random() % 40 == 0 ? any() : common_size(); };
            auto probes = some(60, any);
            std::ranges::copy(some(60, common_size), std::back_inserter(probes));
            for (std::size_t const top : {1, 5}) {
                CHECK(wrong_answers(gallery_of(400, 350, 24, metric, any), probes, top) == 0);
                CHECK(wrong_answers(gallery_of(400, 350, 24, metric, common_size), probes, top) == 0);
                CHECK(wrong_answers(gallery_of(400, 350, 24, metric, mixed), probes, top) == 0);
            }
        }
    }
}

TEST_CASE("scales that would make distances equal are searched row by row", "[match]") {
    for (float const scale : {0.0F, -1.0F, 1e-44F, 1e-30F, 1e30F, std::numeric_limits<float>::infinity()}) {
        std::mt19937 random{17};
        Gallery gallery{16, Metric::unit, scale};
        for (int i = 0; i < 200; ++i)
            gallery.add(fmt::format("p{}", i), random_vector(random, 16));
        CHECK(wrong_answers(gallery, some(20, [&] { return random_vector(random, 16); }), 3) == 0);
    }
}

TEST_CASE("a thousand equal templates are found in the order of addition by every path", "[match]") {
    std::mt19937 random{18};
    auto const vector = random_vector(random, 128);
    Gallery gallery{128, Metric::unit, k_scale};
    for (int i = 0; i < 1'000; ++i)
        gallery.add(fmt::format("p{}", i), vector);
    for (auto const path : match::search_paths()) {
        std::span<float const> const probe{vector};
        auto const found = gallery.search(Gallery::Probes{&probe, 1}, 20, path).front();
        REQUIRE(found.size() == 20);
        for (std::size_t i = 0; i < found.size(); ++i) {
            CHECK(found[i].person == i);
            CHECK(found[i].distance == 0);
        }
    }
}

TEST_CASE("many probes together find what each finds alone", "[match]") {
    std::mt19937 random{19};
    auto const vector = [&] { return random_vector(random, 128); };
    auto const gallery = gallery_of(700, 500, 128, Metric::unit, vector);
    for (std::size_t const count : {0, 1, 2, 3, 7, 8, 15, 64, 65, 130}) {
        auto probes = some(count, vector);
        if (count > 2) probes[1].assign(128, 0.0F);  // has no direction: compared with all
        auto const together = gallery.search(spans_of(probes), 6);
        Found alone;
        for (auto const& probe : probes)
            alone.push_back(gallery.search(probe, 6));
        CHECK(differing(together, alone) == 0);
    }
}

TEST_CASE("removed people are not found, and come back as new ones", "[match]") {
    for (auto const ties : {Ties::by_addition, Ties::by_id}) {
        std::mt19937 random{20};
        Gallery gallery{8, Metric::l2, 1, ties};
        Gallery rest{8, Metric::l2, 1, ties};
        std::vector<std::string> gone;
        for (int i = 0; i < 3'000; ++i) {
            auto const id = fmt::format("p{}", i % 1'100);
            auto const vector = random_vector(random, 8);
            gallery.add(id, vector);
            if (i % 1'100 % 3 == 0) gone.push_back(id);
            if (i % 1'100 % 3 != 0) rest.add(id, vector);
        }
        gone.emplace_back("nobody");
        auto const before = gallery;
        gallery.remove(gone);
        CHECK(gallery.templates() == rest.templates());
        CHECK(gallery.people() == rest.people());
        CHECK_FALSE(gallery.find("p0"));
        CHECK(before.find("p0") == 0U);
        auto const probes = some(100, [&] { return random_vector(random, 8); });
        CHECK(wrong_answers(gallery, probes, 7) == 0);
        CHECK(wrong_answers(gallery, probes, 5'000) == 0);
        for (auto const& probe : probes) {
            auto const found = gallery.search(probe, 7);
            auto const expected = rest.search(probe, 7);
            REQUIRE(found.size() == expected.size());
            for (std::size_t i = 0; i < found.size(); ++i) {
                CHECK(gallery.person_id(found[i].person) == rest.person_id(expected[i].person));
                CHECK(found[i].distance == expected[i].distance);
            }
        }
        gallery.add("p0", probes.front());
        CHECK(gallery.find("p0") == gallery.positions() - 1);
        CHECK(gallery.search(probes.front(), 1).front().distance == 0);
        CHECK(before.search(probes.front(), 1).front().distance > 0);
    }
}

TEST_CASE("ties by id do not depend on the order of addition", "[match]") {
    for (auto const path : match::search_paths()) {
        Gallery gallery{1, Metric::l2, 1, Ties::by_id};
        for (int i = 999; i >= 0; --i)
            gallery.add(fmt::format("{:03}", i * 7 % 1'000), std::vector<float>{2});
        std::vector<float> const zero{1};
        std::span<float const> const probe{zero};
        auto const found = gallery.search(Gallery::Probes{&probe, 1}, 3, path).front();
        REQUIRE(found.size() == 3);
        for (std::size_t i = 0; i < found.size(); ++i)
            CHECK(gallery.person_id(found[i].person) == fmt::format("{:03}", i));
    }
}

TEST_CASE("a copy of a gallery stays what it was", "[match]") {
    std::mt19937 random{21};
    auto const vector = [&] { return random_vector(random, 16); };
    auto gallery = gallery_of(1'500, 1'500, 16, Metric::unit, vector);
    auto const copy = gallery;
    auto const probe = vector();
    auto const before = copy.search(probe, 10);
    for (int i = 0; i < 40; ++i)
        gallery.add(fmt::format("new{}", i), probe);
    gallery.remove(std::vector<std::string>{copy.person_id(before.front().person)});
    CHECK(copy.people() == 1'500);
    CHECK_FALSE(copy.find("new0"));
    CHECK(std::ranges::equal(copy.search(probe, 10), before, is_same));
    CHECK(gallery.search(probe, 1).front().distance == 0);
    CHECK(gallery.people() == 1'539);
}

TEST_CASE("a path that this processor does not have is an error", "[match]") {
    auto const paths = match::search_paths();
    REQUIRE(paths.front() == SearchPath::every_row);
    Gallery gallery{1, Metric::l2, 1};
    for (int i = 0; i < 20; ++i)
        gallery.add(fmt::format("{}", i), std::vector<float>{1});
    std::vector<float> const one{1};
    std::span<float const> const probe{one};
    for (auto const path : {SearchPath::portable, SearchPath::avx2, SearchPath::avx512}) {
        if (std::ranges::find(paths, path) != paths.end()) continue;
        CHECK_THROWS_AS(gallery.search(Gallery::Probes{&probe, 1}, 1, path), Error);
    }
}
