#pragma once
// Codes that look like those of palms.

#include <random>

#include "lib/match/code.hpp"

namespace bioctl::test {

/// Every bit by chance, all cells valid.
inline match::Code random_code(std::mt19937& random) {
    match::Code code;
    for (auto& plane : code.planes) {
        for (auto& row : plane)
            row = static_cast<std::uint32_t>(random());
    }
    code.mask.fill(~0U);
    return code;
}

/// About one bit in `one_in` turned over.
inline match::Code with_noise(match::Code code, std::mt19937& random, unsigned one_in) {
    for (auto& plane : code.planes) {
        for (auto& row : plane) {
            for (unsigned x = 0; x < match::k_code_side; ++x)
                row ^= (random() % one_in == 0 ? 1U : 0U) << x;
        }
    }
    return code;
}

/// The cells moved right by `x` and down by `y`; what comes in is not valid.
inline match::Code shifted(match::Code const& code, int x, int y) {
    match::Code out;
    auto const move = [&](match::Code::Plane const& from, match::Code::Plane& to) {
        for (int row = 0; row < static_cast<int>(match::k_code_side); ++row) {
            int const source = row - y;
            if (source < 0 || source >= static_cast<int>(match::k_code_side)) continue;
            auto const bits = from[static_cast<std::size_t>(source)];
            to[static_cast<std::size_t>(row)] = x >= 0 ? bits << x : bits >> -x;
        }
    };
    for (std::size_t plane = 0; plane < match::k_code_planes; ++plane)
        move(code.planes[plane], out.planes[plane]);
    move(code.mask, out.mask);
    return out;
}

}  // namespace bioctl::test
