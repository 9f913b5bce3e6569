// The first half of evaluation.hpp: what is compared with what.

#include <algorithm>
#include <unordered_map>

#include "lib/app/evaluation.hpp"
#include "lib/app/ordered.hpp"

namespace bioctl::app {

namespace {

using eval::k_not_compared;
using eval::Search;
using eval::Subject;
using eval::Trial;

class People {
public:
    explicit People(Trials& trials) : m_trials(trials) {}
    Subject subject(std::string const& person) {
        auto const [found, is_new] = m_by_name.try_emplace(person, static_cast<Subject>(m_trials.people.size()));
        if (is_new) m_trials.people.push_back(person);
        return found->second;
    }

private:
    Trials& m_trials;
    std::unordered_map<std::string, Subject> m_by_name;
};

Trials begin_trials(std::vector<Sample> const& samples) {
    Trials trials;
    People people{trials};
    trials.samples = samples.size();
    for (auto const& sample : samples) {
        auto const subject = people.subject(sample.person);
        trials.sample_of.push_back(subject);
        if (!sample.trouble.empty()) trials.missed_of.push_back(subject);
    }
    return trials;
}

/// One row of comparisons: sample `a` with each of a list of others.
struct Row {
    std::vector<Trial> genuine, impostors;
    std::size_t impostor_pairs = 0;
    std::vector<Search> searches;
};

/// Takes every `step`-th impostor pair; which ones begins elsewhere in each row, so that no columns are preferred.
class Thinning {
public:
    explicit Thinning(std::size_t pairs) : m_step((pairs + k_most_impostors - 1) / std::max<std::size_t>(k_most_impostors, 1)) {}
    [[nodiscard]] bool takes(std::size_t a, std::size_t b) const { return m_step <= 1 || (a + b) % m_step == 0; }

private:
    std::size_t m_step;
};

void take_row(Trials& trials, Row&& row) {
    std::ranges::move(row.genuine, std::back_inserter(trials.genuine));
    std::ranges::move(row.impostors, std::back_inserter(trials.impostors));
    std::ranges::move(row.searches, std::back_inserter(trials.searches));
    trials.impostor_pairs += row.impostor_pairs;
}

void for_rows(Trials& trials, std::size_t begin, std::size_t end, int jobs, std::function<Row(std::size_t)> const& row_of) {
    ordered_for<Row>(
        end - begin, jobs, [&](int, std::size_t index) { return row_of(begin + index); },
        [&](std::size_t, Row&& row) {
            take_row(trials, std::move(row));
            return true;
        });
}

/// The left and the right hand of one person.
bool are_other_parts(Sample const& a, Sample const& b) {
    return a.person == b.person && !a.part.empty() && !b.part.empty() && a.part != b.part;
}

/// Who is how near to one probe.
class Nearest {
public:
    explicit Nearest(std::size_t people) : m_distances(people, k_not_compared), m_is_enrolled(people) {}
    void meet(Subject person, float distance) {
        m_is_enrolled[person] = true;
        m_distances[person] = std::min(m_distances[person], distance);
    }
    [[nodiscard]] Search search(Subject probe, bool is_acquired) const {
        Search search{probe, m_is_enrolled[probe], 0, m_distances[probe], k_not_compared};
        std::size_t nearer = 0;
        for (std::size_t person = 0; person < m_distances.size(); ++person) {
            if (person == probe || !m_is_enrolled[person]) continue;
            search.other = std::min(search.other, m_distances[person]);
            // Whoever is equally near may be named instead.
            if (m_distances[person] <= search.own) ++nearer;
        }
        if (search.is_mated && is_acquired && search.own != k_not_compared) search.rank = nearer + 1;
        return search;
    }

private:
    std::vector<float> m_distances;
    std::vector<bool> m_is_enrolled;
};

/// The same search by somebody who is not enrolled.
Search as_stranger(Search search) {
    search.is_mated = false;
    search.rank = 0;
    search.own = k_not_compared;
    return search;
}

std::size_t count_people(std::vector<Subject> subjects) {
    std::ranges::sort(subjects);
    return static_cast<std::size_t>(std::unique(subjects.begin(), subjects.end()) - subjects.begin());
}

void add_listed(Trials& trials, PairList const& list, Impostors impostors, Measure const& measure) {
    for (auto const& pair : list.pairs) {
        Trial const trial{measure(pair.a, pair.b), trials.sample_of[pair.a], trials.sample_of[pair.b]};
        trials.fold_trials.push_back({trial, pair.is_same, pair.fold});
        if (pair.is_same) {
            trials.genuine.push_back(trial);
        } else if (impostors == Impostors::listed) {
            trials.impostors.push_back(trial);
            ++trials.impostor_pairs;
        }
    }
}

}  // namespace

Measure measure_of(std::vector<Sample> const& samples, match::Metric metric, float scale) {
    return [&samples, metric, scale](std::size_t a, std::size_t b) {
        auto const& u = samples[a].vector;
        auto const& v = samples[b].vector;
        return !samples[a].trouble.empty() || !samples[b].trouble.empty() ? k_not_compared : match::distance(u, v, metric, scale);
    };
}

Trials trials_of_pairs(PairList const& list, std::vector<Sample> const& samples, Impostors impostors, Measure const& measure,
                       int jobs) {
    auto trials = begin_trials(samples);
    trials.folds = list.folds;
    add_listed(trials, list, impostors, measure);
    if (impostors == Impostors::all) {
        Thinning const thinning{samples.size() * samples.size() / 2};
        for_rows(trials, 0, samples.size(), jobs, [&](std::size_t a) {
            Row row;
            for (std::size_t b = a + 1; b < samples.size(); ++b) {
                if (trials.sample_of[a] == trials.sample_of[b]) continue;
                ++row.impostor_pairs;
                if (thinning.takes(a, b)) row.impostors.push_back({measure(a, b), trials.sample_of[a], trials.sample_of[b]});
            }
            return row;
        });
    }
    return trials;
}

Trials trials_of_probes(std::vector<Sample> const& samples, std::size_t gallery, Measure const& measure, int jobs) {
    auto trials = begin_trials(samples);
    auto const& subjects = trials.sample_of;
    Thinning const thinning{gallery * (samples.size() - gallery)};
    for_rows(trials, gallery, samples.size(), jobs, [&](std::size_t probe) {
        Row row;
        Nearest nearest{trials.people.size()};
        for (std::size_t enrolled = 0; enrolled < gallery; ++enrolled) {
            auto const distance = measure(probe, enrolled);
            nearest.meet(subjects[enrolled], distance);
            if (subjects[probe] == subjects[enrolled]) {
                row.genuine.push_back({distance, subjects[probe], subjects[probe]});
            } else {
                ++row.impostor_pairs;
                if (thinning.takes(probe, enrolled)) row.impostors.push_back({distance, subjects[probe], subjects[enrolled]});
            }
        }
        row.searches.push_back(nearest.search(subjects[probe], samples[probe].trouble.empty()));
        return row;
    });
    trials.enrolled = count_people({subjects.begin(), subjects.begin() + static_cast<std::ptrdiff_t>(gallery)});
    if (std::ranges::all_of(trials.searches, &Search::is_mated)) {
        trials.are_strangers_held_out = true;
        auto strangers = trials.searches;
        std::ranges::transform(strangers, strangers.begin(), as_stranger);
        std::ranges::move(strangers, std::back_inserter(trials.searches));
    }
    return trials;
}

Trials trials_within(std::vector<Sample> const& samples, Measure const& measure, int jobs) {
    auto trials = begin_trials(samples);
    auto const& subjects = trials.sample_of;
    Thinning const thinning{samples.size() * samples.size() / 2};
    trials.are_strangers_held_out = true;
    trials.are_misses_known = false;
    trials.enrolled = trials.people.size();
    for_rows(trials, 0, samples.size(), jobs, [&](std::size_t a) {
        Row row;
        Nearest nearest{trials.people.size()};
        for (std::size_t b = 0; b < samples.size(); ++b) {
            if (a == b || are_other_parts(samples[a], samples[b])) continue;
            auto const distance = measure(a, b);
            nearest.meet(subjects[b], distance);
            if (b < a) continue;
            if (subjects[a] == subjects[b]) {
                row.genuine.push_back({distance, subjects[a], subjects[a]});
            } else {
                ++row.impostor_pairs;
                if (thinning.takes(a, b)) row.impostors.push_back({distance, subjects[a], subjects[b]});
            }
        }
        auto const search = nearest.search(subjects[a], samples[a].trouble.empty());
        // With one template only there is nothing to be found by.
        if (search.is_mated) row.searches.push_back(search);
        row.searches.push_back(as_stranger(search));
        return row;
    });
    return trials;
}

}  // namespace bioctl::app
