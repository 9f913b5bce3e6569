#include "lib/match/code.hpp"

#include <algorithm>
#include <bit>

#include <fmt/format.h>

#include "lib/base/error.hpp"
#include "lib/match/code_kernel.hpp"

namespace bioctl::match {

namespace {

constexpr std::uint32_t k_least_overlap = k_code_side * k_code_side / 2;

float nearest(CodeCounts const& counts) {
    std::uint32_t best_differing = 1;
    std::uint32_t best_overlap = 0;
    for (auto const count : counts) {
        auto const overlap = count >> 16U;
        auto const differing = count & 0xFFFFU;
        if (overlap < k_least_overlap) continue;
        if (best_overlap == 0 || differing * best_overlap < best_differing * overlap) {
            best_differing = differing;
            best_overlap = overlap;
        }
    }
    if (best_overlap == 0) return 1;
    return static_cast<float>(best_differing) / static_cast<float>(best_overlap * k_code_planes);
}

float distance_by(CodeKernel kernel, CodeProbe const& probe, Code const& code) {
    CodeCounts counts;
    kernel(probe, code, counts);
    return nearest(counts);
}

}  // namespace

bool is_comparable(Code const& code) {
    int cells = 0;
    for (auto const row : code.mask)
        cells += std::popcount(row);
    return static_cast<std::uint32_t>(cells) >= k_least_overlap;
}

std::string_view name_of(CodePath path) {
    switch (path) {
        case CodePath::portable: return "portable";
        case CodePath::popcnt: return "popcnt";
        case CodePath::avx2: return "avx2";
        case CodePath::avx512: return "avx512";
    }
    throw Error{Kind::bug, "a code path without a name"};
}

CodeProbe::CodeProbe(Code const& code) : m_table((2 * k_code_reach + 1) * k_column) {
    auto const lay_out = [](Code::Plane const& plane, int shift, std::uint32_t* to) {
        for (auto const row : plane)
            *to++ = shift >= 0 ? row << shift : row >> -shift;
    };
    auto* column = m_table.data();
    for (int shift = -k_code_reach; shift <= k_code_reach; ++shift, column += k_column) {
        auto* first_row = column + k_code_reach;
        for (auto const& plane : code.planes) {
            lay_out(plane, shift, first_row);
            first_row += k_padded;
        }
        lay_out(code.mask, shift, first_row);
    }
}

float distance(CodeProbe const& probe, Code const& code) {
    static CodeKernel const best = kernel_of(code_paths().back());
    return distance_by(best, probe, code);
}

float distance(CodeProbe const& probe, Code const& code, CodePath path) {
    auto const able = code_paths();
    if (std::find(able.begin(), able.end(), path) == able.end())
        throw Error{Kind::bug, fmt::format("this processor has no path {}", name_of(path))};
    return distance_by(kernel_of(path), probe, code);
}

}  // namespace bioctl::match
