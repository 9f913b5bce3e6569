#include "lib/eval/identification.hpp"

#include <algorithm>
#include <cmath>

namespace bioctl::eval {

namespace {

double weight_of(Search const& search, Weights weights) {
    return weights.empty() ? 1 : weights[search.subject];
}

double ratio(double part, double whole) {
    return whole > 0 ? part / whole : 0;
}

struct Stranger {
    float distance;
    double weight;
};

}  // namespace

std::vector<double> cmc(std::span<Search const> searches, std::size_t most, Weights weights) {
    std::vector<double> at_rank(most);
    double total = 0;
    for (auto const& search : searches) {
        if (!search.is_mated) continue;
        total += weight_of(search, weights);
        if (search.rank >= 1 && search.rank <= most) at_rank[search.rank - 1] += weight_of(search, weights);
    }
    double sum = 0;
    for (auto& share : at_rank) {
        sum += share;
        share = ratio(sum, total);
    }
    return at_rank;
}

OpenSetPoint open_set_at(std::span<Search const> searches, double threshold, Weights weights) {
    double strangers = 0, named = 0, mated = 0, missed = 0;
    for (auto const& search : searches) {
        auto const weight = weight_of(search, weights);
        if (search.is_mated) {
            mated += weight;
            bool const is_found = search.rank == 1 && static_cast<double>(search.own) <= threshold;
            if (!is_found) missed += weight;
        } else {
            strangers += weight;
            if (search.other != k_not_compared && static_cast<double>(search.other) <= threshold) named += weight;
        }
    }
    return {threshold, ratio(named, strangers), ratio(missed, mated)};
}

std::vector<OpenSetPoint> at_fpirs(std::span<Search const> searches, std::span<double const> fpirs, Weights weights) {
    std::vector<Stranger> strangers;
    double total = 0;
    for (auto const& search : searches) {
        if (search.is_mated) continue;
        strangers.push_back({search.other, weight_of(search, weights)});
        total += strangers.back().weight;
    }
    std::ranges::stable_sort(strangers, {}, &Stranger::distance);
    std::vector<OpenSetPoint> points;
    for (double const fpir : fpirs) {
        auto const allowed = std::floor(fpir * total);
        std::size_t at = 0;
        double passed = 0;
        while (at < strangers.size() && passed + strangers[at].weight <= allowed)
            passed += strangers[at++].weight;
        // A probe without a face is at no distance: nothing need be kept below it.
        double threshold = std::numeric_limits<double>::infinity();
        if (!strangers.empty()) {
            auto const first = strangers[std::min(at, strangers.size() - 1)].distance;
            if (first != k_not_compared) threshold = static_cast<double>(std::nextafter(first, -1.0F));
        }
        points.push_back(
            open_set_at(searches, std::min(threshold, static_cast<double>(std::numeric_limits<float>::max())), weights));
        points.back().threshold = threshold;
    }
    return points;
}

}  // namespace bioctl::eval
