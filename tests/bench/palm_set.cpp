#include "tests/bench/palm_set.hpp"

#include <algorithm>
#include <cmath>
#include <map>

namespace bioctl::bench {

namespace {

constexpr float k_refused = 2;  // no distance at all: farther than everything

/// One unordered pair of photos.
struct Pair {
    int a, b;  // people
    float distance;
};

struct RankOne {
    int person;
    double right = 0;  // of its probes, each against one template of everybody
    double probes = 0;
};

/// How often each person is in a bootstrap sample.
using Weights = std::vector<double>;

double weight_of(Pair const& pair, Weights const& weights) {
    auto const a = weights[static_cast<std::size_t>(pair.a)];
    return pair.a == pair.b ? a : a * weights[static_cast<std::size_t>(pair.b)];
}

struct Rates {
    double equal_error, tar, threshold;
};

/// pairs by distance, ascending.
Rates rates_of(std::vector<Pair> const& pairs, Weights const& weights) {
    double genuine = 0;
    double impostors = 0;
    for (auto const& pair : pairs)
        (pair.a == pair.b ? genuine : impostors) += weight_of(pair, weights);
    Rates rates{1, 0, 0};
    if (genuine <= 0 || impostors <= 0) return {0, 1, 0};
    double accepted = 0;
    double false_matches = 0;
    double smallest_gap = INFINITY;
    for (std::size_t i = 0; i < pairs.size(); ++i) {
        (pairs[i].a == pairs[i].b ? accepted : false_matches) += weight_of(pairs[i], weights);
        if (i + 1 < pairs.size() && pairs[i + 1].distance == pairs[i].distance) continue;
        if (pairs[i].distance >= k_refused) break;
        double const missed = 1 - accepted / genuine;
        double const matched = false_matches / impostors;
        if (double const gap = std::abs(missed - matched); gap < smallest_gap) {
            smallest_gap = gap;
            rates.equal_error = (missed + matched) / 2;
        }
        if (matched <= 1e-3) {
            rates.tar = accepted / genuine;
            rates.threshold = static_cast<double>(pairs[i].distance);
        }
    }
    return rates;
}

double share_of(std::vector<RankOne> const& ranks, Weights const& weights) {
    double right = 0;
    double probes = 0;
    for (auto const& rank : ranks) {
        auto const weight = weights[static_cast<std::size_t>(rank.person)];
        right += weight * rank.right;
        probes += weight * rank.probes;
    }
    return probes > 0 ? right / probes : 0;
}

/// The first shot of everybody that was acquired is the gallery; all other shots are probes.
std::vector<RankOne> rank_one(std::vector<PalmPhoto> const& photos, Distances const& distances, Failures failures) {
    std::map<int, std::size_t> gallery;
    for (std::size_t i = 0; i < photos.size(); ++i) {
        if (distances[i][i] || failures == Failures::misses) gallery.emplace(photos[i].person, i);
    }
    std::map<int, RankOne> ranks;
    for (std::size_t i = 0; i < photos.size(); ++i) {
        auto const own = gallery.find(photos[i].person);
        if (own == gallery.end() || own->second == i) continue;
        if (!distances[i][i] && failures == Failures::left_out) continue;
        auto& rank = ranks.emplace(photos[i].person, RankOne{photos[i].person}).first->second;
        rank.probes += 1;
        auto const distance_to = [&](std::size_t j) { return distances[i][j].value_or(k_refused); };
        auto const nearest = std::min_element(gallery.begin(), gallery.end(), [&](auto const& a, auto const& b) {
            return distance_to(a.second) < distance_to(b.second);
        });
        if (nearest == own && distance_to(own->second) < k_refused) rank.right += 1;
    }
    std::vector<RankOne> list;
    for (auto const& [person, rank] : ranks)
        list.push_back(rank);
    return list;
}

Interval interval(double value, std::vector<double> samples) {
    std::sort(samples.begin(), samples.end());
    auto const at = [&](double share) {
        return samples[static_cast<std::size_t>(share * static_cast<double>(samples.size() - 1))];
    };
    return {value, at(.025), at(.975)};
}

}  // namespace

std::vector<PalmPhoto> read_palms(fs::path const& folder) {
    std::map<std::string, std::string> const k_listed_twice{{"158", "156"}, {"144", "100"}};
    std::map<std::string, std::vector<fs::path>> people;
    for (auto const& entry : fs::recursive_directory_iterator(folder)) {
        if (entry.path().extension() != ".jpg") continue;
        auto const id = entry.path().parent_path().filename().string();
        auto const same = k_listed_twice.find(id);
        people[same == k_listed_twice.end() ? id : same->second].push_back(entry.path());
    }
    std::vector<PalmPhoto> photos;
    int person = 0;
    for (auto& [id, paths] : people) {
        std::sort(paths.begin(), paths.end());
        for (std::size_t i = 0; i < paths.size(); ++i)
            photos.push_back({paths[i], person, static_cast<int>(i)});
        ++person;
    }
    return photos;
}

PalmFigures palm_figures(std::vector<PalmPhoto> const& photos, Distances const& distances, Failures failures) {
    PalmFigures figures;
    std::vector<Pair> pairs;
    for (std::size_t i = 0; i < photos.size(); ++i) {
        for (std::size_t j = i + 1; j < photos.size(); ++j) {
            auto const& d = distances[i][j];
            if (!d && failures == Failures::left_out) continue;
            pairs.push_back(
                {photos[i].person, photos[j].person, std::min(d.value_or(k_refused), distances[j][i].value_or(k_refused))});
            ++(photos[i].person == photos[j].person ? figures.genuine : figures.impostors);
        }
    }
    std::sort(pairs.begin(), pairs.end(), [](Pair const& a, Pair const& b) { return a.distance < b.distance; });
    auto const ranks = rank_one(photos, distances, failures);
    auto const people = static_cast<std::size_t>(photos.back().person + 1);

    constexpr int k_samples = 300;
    std::mt19937 random{1};
    std::uniform_int_distribution<std::size_t> any{0, people - 1};
    std::vector<double> errors;
    std::vector<double> tars;
    std::vector<double> firsts;
    for (int sample = 0; sample < k_samples; ++sample) {
        Weights weights(people, 0.0);
        for (std::size_t i = 0; i < people; ++i)
            weights[any(random)] += 1;
        auto const rates = rates_of(pairs, weights);
        errors.push_back(rates.equal_error);
        tars.push_back(rates.tar);
        firsts.push_back(share_of(ranks, weights));
    }
    Weights const once(people, 1.0);
    auto const rates = rates_of(pairs, once);
    figures.equal_error = interval(rates.equal_error, errors);
    figures.tar_at_1e3 = interval(rates.tar, tars);
    figures.rank_1 = interval(share_of(ranks, once), firsts);
    for (auto const& rank : ranks)
        figures.probes += static_cast<std::size_t>(rank.probes);
    figures.threshold_at_1e3 = rates.threshold;
    return figures;
}

}  // namespace bioctl::bench
