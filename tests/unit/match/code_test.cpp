#include "lib/match/code.hpp"

#include <catch2/catch.hpp>

#include <algorithm>

#include "lib/base/error.hpp"
#include "tests/unit/match/codes.hpp"

using namespace bioctl;
using match::Code;
using match::CodePath;
using match::CodeProbe;
using test::random_code;
using test::shifted;
using test::with_noise;

namespace {

bool bit(Code::Plane const& plane, int x, int y) {
    return (plane[static_cast<std::size_t>(y)] >> x & 1U) != 0;
}

/// The definition, cell by cell.
float plain_distance(Code const& probe, Code const& code) {
    constexpr int k_side = match::k_code_side;
    double best = 1;
    for (int dx = -match::k_code_reach; dx <= match::k_code_reach; ++dx) {
        for (int dy = -match::k_code_reach; dy <= match::k_code_reach; ++dy) {
            int valid = 0;
            int differing = 0;
            for (int y = 0; y < k_side; ++y) {
                for (int x = 0; x < k_side; ++x) {
                    int const px = x + dx;
                    int const py = y + dy;
                    if (px < 0 || py < 0 || px >= k_side || py >= k_side) continue;
                    if (!bit(probe.mask, px, py) || !bit(code.mask, x, y)) continue;
                    ++valid;
                    for (std::size_t plane = 0; plane < match::k_code_planes; ++plane)
                        differing += bit(probe.planes[plane], px, py) != bit(code.planes[plane], x, y) ? 1 : 0;
                }
            }
            if (valid >= k_side * k_side / 2) best = std::min(best, static_cast<double>(differing) / (6.0 * valid));
        }
    }
    return static_cast<float>(best);
}

unsigned holes(std::mt19937& random) {
    return static_cast<unsigned>(3 + random() % 20);
}

Code with_random_mask(Code code, std::mt19937& random, unsigned one_in) {
    for (auto& row : code.mask) {
        for (unsigned x = 0; x < match::k_code_side; ++x)
            row &= ~((random() % one_in == 0 ? 1U : 0U) << x);
    }
    return code;
}

}  // namespace

TEST_CASE("a code is at distance zero from itself, wherever it is shifted within reach", "[match]") {
    std::mt19937 random{1};
    auto const code = random_code(random);
    CHECK(match::distance(CodeProbe{code}, code) == 0);
    for (auto const& [x, y] : {std::pair{4, 4}, {-4, 4}, {0, -4}, {3, -1}}) {
        CHECK(match::distance(CodeProbe{shifted(code, x, y)}, code) == 0);
        CHECK(match::distance(CodeProbe{code}, shifted(code, x, y)) == 0);
    }
    CHECK(match::distance(CodeProbe{shifted(code, 5, 0)}, code) > .4F);
}

TEST_CASE("unrelated codes are a little below one half apart, for the best of 81 shifts counts", "[match]") {
    std::mt19937 random{2};
    auto const distance = match::distance(CodeProbe{random_code(random)}, random_code(random));
    CHECK(distance > .46F);
    CHECK(distance < .5F);
}

TEST_CASE("the opposite of a code is farther than any other", "[match]") {
    std::mt19937 random{3};
    auto code = random_code(random);
    CodeProbe const probe{code};
    for (auto& plane : code.planes)
        std::for_each(plane.begin(), plane.end(), [](std::uint32_t& row) { row = ~row; });
    auto const distance = match::distance(probe, code);
    CHECK(distance > .46F);  // other shifts than none are by chance
    CHECK(distance <= 1);
}

TEST_CASE("what either mask hides does not count", "[match]") {
    std::mt19937 random{4};
    auto const code = random_code(random);
    auto spoiled = code;
    for (std::size_t row = 0; row < 12; ++row) {
        for (auto& plane : spoiled.planes)
            plane[row] = static_cast<std::uint32_t>(random());
    }
    CHECK(match::distance(CodeProbe{code}, spoiled) > .1F);
    for (std::size_t row = 0; row < 12; ++row)
        spoiled.mask[row] = 0;
    CHECK(match::distance(CodeProbe{code}, spoiled) == 0);
    CHECK(match::distance(CodeProbe{spoiled}, code) == 0);
}

TEST_CASE("with less than half of the grid in common there is nothing to compare", "[match]") {
    std::mt19937 random{5};
    auto code = random_code(random);
    CodeProbe const probe{code};
    std::fill(code.mask.begin() + 16, code.mask.end(), 0U);
    CHECK(match::distance(probe, code) == 0);
    code.mask[15] = 0x7FFFFFFF;
    CHECK(match::distance(probe, code) == 1);
    code.mask.fill(0);
    CHECK(match::distance(probe, code) == 1);
}

TEST_CASE("every path gives the distance of the definition to the last bit", "[match]") {
    std::mt19937 random{6};
    auto const paths = match::code_paths();
    REQUIRE(paths.front() == CodePath::portable);
    for (int round = 0; round < 40; ++round) {
        auto const base = random_code(random);
        auto const probe = with_random_mask(shifted(base, round % 9 - 4, round % 7 - 3), random, holes(random));
        auto const code = with_random_mask(with_noise(base, random, 2 + holes(random) % 9), random, holes(random));
        auto const expected = plain_distance(probe, code);
        CodeProbe const ready{probe};
        for (auto const path : paths) {
            INFO(name_of(path) << ", round " << round);
            CHECK(match::distance(ready, code, path) == expected);
        }
        CHECK(match::distance(ready, code) == expected);
    }
}

TEST_CASE("every path counts a full grid without overflow", "[match]") {
    Code zeros;
    zeros.mask.fill(~0U);
    auto ones = zeros;
    for (auto& plane : ones.planes)
        plane.fill(~0U);
    for (auto const path : match::code_paths()) {
        INFO(name_of(path));
        CHECK(match::distance(CodeProbe{zeros}, ones, path) == 1);
        CHECK(match::distance(CodeProbe{ones}, ones, path) == 0);
    }
}
