#include "lib/eval/identification.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

namespace bioctl::eval {

namespace {

double weight_of(Search const& search, Weights weights) {
    return weights.empty() ? 1 : weights[search.subject];
}

/// Of everybody a rate without trials is 0; of a replicate without trials nobody knows.
double ratio(double part, double whole, Weights weights) {
    if (whole > 0) return part / whole;
    return weights.empty() ? 0 : std::numeric_limits<double>::quiet_NaN();
}

struct Stranger {
    float distance;
    double weight;
};

}  // namespace

std::size_t count_mated_subjects(std::span<Search const> searches) {
    std::vector<bool> is_there;
    for (auto const& search : searches) {
        if (!search.is_mated) continue;
        is_there.resize(std::max(is_there.size(), std::size_t{search.subject} + 1));
        is_there[search.subject] = true;
    }
    return static_cast<std::size_t>(std::ranges::count(is_there, true));
}

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
        share = ratio(sum, total, weights);
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
    return {threshold, ratio(named, strangers, weights), ratio(missed, mated, weights)};
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
        // Nobody was drawn who could set the threshold.
        if (!weights.empty() && !(total > 0)) points.back().fnir = std::numeric_limits<double>::quiet_NaN();
    }
    return points;
}

}  // namespace bioctl::eval
