#include <algorithm>
#include <cstddef>
#include <unordered_set>
#include <utility>
#include <vector>

#include "lib/match/gallery.hpp"

namespace bioctl::match {

namespace {

struct Pair {
    std::size_t face;
    std::size_t rank;  // in the candidates of the face
    Candidate candidate;
};

std::vector<Pair> nearest_first(std::vector<std::vector<Candidate>> const& candidates) {
    std::vector<Pair> pairs;
    for (std::size_t face = 0; face < candidates.size(); ++face) {
        for (std::size_t rank = 0; rank < candidates[face].size(); ++rank)
            pairs.push_back({face, rank, candidates[face][rank]});
    }
    // Stable on top of the order above: that is the tie-breaking which the header promises.
    std::stable_sort(pairs.begin(), pairs.end(),
                     [](Pair const& a, Pair const& b) { return a.candidate.distance < b.candidate.distance; });
    return pairs;
}

}  // namespace

std::vector<Decision> assign(std::vector<std::vector<Candidate>> candidates, Rule const& rule) {
    std::vector<Decision> decisions(candidates.size());
    std::vector<bool> is_decided(candidates.size());
    std::unordered_set<PersonIndex> taken;

    auto const has_margin = [&](Pair const& pair) {
        auto const& all = candidates[pair.face];
        auto const next =
            std::find_if(all.begin() + static_cast<std::ptrdiff_t>(pair.rank) + 1, all.end(),
                         [&](Candidate const& c) { return c.person != pair.candidate.person && !taken.contains(c.person); });
        return next == all.end() || next->distance - pair.candidate.distance >= rule.margin;
    };
    for (auto const& pair : nearest_first(candidates)) {
        if (is_decided[pair.face] || taken.contains(pair.candidate.person)) continue;
        is_decided[pair.face] = true;
        bool const is_near = pair.candidate.distance <= rule.threshold;
        if (!is_near || !has_margin(pair)) continue;
        decisions[pair.face].match = pair.candidate;
        taken.insert(pair.candidate.person);
    }
    for (std::size_t face = 0; face < candidates.size(); ++face)
        decisions[face].candidates = std::move(candidates[face]);
    return decisions;
}

}  // namespace bioctl::match
