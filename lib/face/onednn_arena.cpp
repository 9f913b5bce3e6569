#include <algorithm>
#include <numeric>
#include <utility>

#include "lib/face/onednn_plan.hpp"

namespace bioctl::face::onednn {

namespace {

constexpr std::size_t k_line = 64;

std::size_t in_lines(std::size_t bytes) {
    return (bytes + k_line - 1) / k_line * k_line;
}

}  // namespace

void lay_out(Plan& plan, std::vector<Life> const& lives) {
    std::vector<std::size_t> order(lives.size());
    std::iota(order.begin(), order.end(), 0U);
    std::stable_sort(order.begin(), order.end(), [&](auto a, auto b) { return lives[a].bytes > lives[b].bytes; });
    plan.offsets.assign(lives.size(), 0);
    std::vector<std::size_t> placed;
    for (auto const buffer : order) {
        auto const& life = lives[buffer];
        auto const bytes = in_lines(life.bytes);
        std::vector<std::pair<std::size_t, std::size_t>> taken;  // begin, end
        for (auto const other : placed) {
            auto const& its = lives[other];
            if (its.first > life.last || life.first > its.last) continue;
            taken.emplace_back(plan.offsets[other], plan.offsets[other] + in_lines(its.bytes));
        }
        std::sort(taken.begin(), taken.end());
        std::size_t place = 0;
        for (auto const& [begin, end] : taken) {
            if (place + bytes <= begin) break;
            place = std::max(place, end);
        }
        plan.offsets[buffer] = place;
        plan.arena_bytes = std::max(plan.arena_bytes, place + bytes);
        placed.push_back(buffer);
    }
}

}  // namespace bioctl::face::onednn
