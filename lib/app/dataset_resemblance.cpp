// What photos show together: copies, strangers among the photos of an id, one person under two ids.

#include <algorithm>
#include <map>
#include <set>
#include <span>

#include <fmt/format.h>

#include "lib/app/dataset_parts.hpp"
#include "lib/app/search_each.hpp"
#include "lib/base/text.hpp"
#include "lib/match/distance.hpp"

namespace bioctl::app {

namespace {

// Measured on View 1 of LFW (dataset_mess_test.cpp): copies recompressed at quality 60, mirrored or with a tenth cut off are at
// most .133 and 44 bits away from their originals; the nearest different photos of one person, taken within a second, .187 and 54
// bits.
constexpr float k_copy_distance = 0.16F;
constexpr int k_copy_bits = 50;
// A photo may be this much farther from the others of its id than two photos that count as one person.
constexpr float k_outlier_slack = 1.12F;
constexpr std::size_t k_nearest = 24;

struct Neighbour {
    std::size_t photo = 0;
    float distance = 0;
};

class Resemblance {
public:
    Resemblance(std::vector<DatasetPhoto>& photos, face::Contract const& contract, DatasetOptions const& options,
                Findings& findings)
        : m_photos(photos),
          m_contract(contract),
          m_options(options),
          m_findings(findings),
          m_copy_of(photos.size()),
          m_neighbours(photos.size()) {
        for (std::size_t i = 0; i < photos.size(); ++i) {
            if (!photos[i].person_id.empty() && !photos[i].facts.vector.empty()) m_of_person[photos[i].person_id].push_back(i);
        }
    }

    void judge() {
        find_exact_copies();
        find_neighbours();
        find_near_copies();
        if (has_thresholds()) find_outliers();
        tell_copies();
        if (has_thresholds()) find_split_people();
    }
    [[nodiscard]] bool has_thresholds() const { return m_contract.threshold_verify || m_contract.threshold_identify; }
    void judge_enrolled(match::Gallery const& enrolled);

private:
    [[nodiscard]] float distance(std::size_t a, std::size_t b) const {
        return match::distance(m_photos[a].facts.vector, m_photos[b].facts.vector, m_options.metric, m_contract.scale);
    }
    // Of models that were imported one may be unknown, or both: see has_thresholds().
    [[nodiscard]] float verify() const { return m_contract.threshold_verify.value_or(m_contract.threshold_identify.value_or(0)); }
    [[nodiscard]] float identify() const { return m_contract.threshold_identify.value_or(verify()); }
    [[nodiscard]] float duplicate() const { return m_contract.threshold_duplicate.value_or(identify()); }
    [[nodiscard]] bool is_copy(std::size_t a, std::size_t b) const {
        return m_copy_of[a] == b || m_copy_of[b] == a || (m_copy_of[a] && m_copy_of[a] == m_copy_of[b]);
    }

    [[nodiscard]] bool has_copy_elsewhere(std::size_t i) const {
        auto const is_elsewhere = [&](std::size_t other) { return m_photos[other].person_id != m_photos[i].person_id; };
        if (m_copy_of[i] && is_elsewhere(*m_copy_of[i])) return true;
        for (std::size_t other = i + 1; other < m_copy_of.size(); ++other) {
            if (m_copy_of[other] == i && is_elsewhere(other)) return true;
        }
        return false;
    }

    void find_exact_copies();
    void find_neighbours();
    void find_near_copies();
    void find_outliers();
    void judge_pair(std::size_t a, std::size_t b);
    void judge_member(std::vector<std::size_t> const& members, std::size_t i);
    void mark_outlier(std::size_t i, float own, std::optional<Neighbour> const& other);
    void tell_copies();
    void find_split_people();
    void judge_two_people(std::string const& a, std::string const& b);
    [[nodiscard]] std::optional<Neighbour> nearest_other(std::size_t i) const;
    [[nodiscard]] std::optional<float> nearest_own(std::vector<std::size_t> const& members, std::size_t i) const;
    [[nodiscard]] std::vector<std::size_t> fit_members(std::string const& person) const;

    std::vector<DatasetPhoto>& m_photos;
    face::Contract const& m_contract;
    DatasetOptions const& m_options;
    Findings& m_findings;
    std::map<std::string, std::vector<std::size_t>> m_of_person;  // photos with a face
    std::vector<std::optional<std::size_t>> m_copy_of;            // an earlier photo that shows the same picture
    std::vector<std::string> m_likeness = std::vector<std::string>(m_copy_of.size());  // of near copies, for people
    std::vector<bool> m_is_exact = std::vector<bool>(m_copy_of.size());
    std::vector<std::vector<Neighbour>> m_neighbours;  // nearest first, without itself
    std::set<std::pair<std::string, std::string>> m_told;
};

void Resemblance::find_exact_copies() {
    std::map<Sha256, std::size_t> first;
    for (std::size_t i = 0; i < m_photos.size(); ++i) {
        if (m_photos[i].is_missing || m_photos[i].person_id.empty()) continue;
        // Two empty files, or two texts, are no picture of anybody.
        if (!m_photos[i].facts.trouble.empty() && m_photos[i].facts.format == image::Format::unknown) continue;
        auto const [before, is_new] = first.emplace(m_photos[i].facts.digest, i);
        if (is_new) continue;
        m_copy_of[i] = before->second;
        m_is_exact[i] = true;
    }
}

void Resemblance::find_neighbours() {
    match::Gallery gallery{m_contract.dimensions, m_options.metric, m_contract.scale};
    std::vector<std::size_t> photo_of;
    for (auto const& [person, members] : m_of_person) {
        for (auto const i : members) {
            gallery.add(std::to_string(i), m_photos[i].facts.vector);
            photo_of.push_back(i);
        }
    }
    // All of the own ones may be nearest.
    std::size_t most_of_person = 0;
    for (auto const& [person, members] : m_of_person)
        most_of_person = std::max(most_of_person, members.size());
    search_each(
        gallery, photo_of.size(), [&](std::size_t index) { return std::span{m_photos[photo_of[index]].facts.vector}; },
        k_nearest + most_of_person, m_options.jobs,
        [&](std::size_t index, std::vector<match::Candidate> const& found) {
            auto const i = photo_of[index];
            auto const wanted = std::min(found.size(), k_nearest + m_of_person.at(m_photos[i].person_id).size());
            for (auto const& candidate : std::span{found}.first(wanted)) {
                if (photo_of[candidate.person] != i) m_neighbours[i].push_back({photo_of[candidate.person], candidate.distance});
            }
        });
}

void Resemblance::find_near_copies() {
    for (std::size_t i = 0; i < m_photos.size(); ++i) {
        if (m_copy_of[i]) continue;
        for (auto const& [other, distance] : m_neighbours[i]) {
            if (distance > k_copy_distance) break;
            if (other > i || m_copy_of[other]) continue;
            auto const& a = m_photos[i].facts;
            auto const& b = m_photos[other].facts;
            auto const bits = std::min(differing_bits(a.hash, b.hash), differing_bits(a.hash, b.mirrored));
            if (bits > k_copy_bits) continue;
            m_copy_of[i] = other;
            m_likeness[i] = fmt::format(" (distance {:.3f}, {} of 256 bits differ)", distance, bits);
            break;
        }
    }
}

std::optional<Neighbour> Resemblance::nearest_other(std::size_t i) const {
    for (auto const& neighbour : m_neighbours[i]) {
        if (m_photos[neighbour.photo].person_id != m_photos[i].person_id) return neighbour;
    }
    return std::nullopt;
}

/// Copies do not count: a wrong photo that is there twice is no better for it.
std::optional<float> Resemblance::nearest_own(std::vector<std::size_t> const& members, std::size_t i) const {
    std::optional<float> nearest;
    for (auto const other : members) {
        if (other == i || is_copy(i, other)) continue;
        auto const d = distance(i, other);
        if (!nearest || d < *nearest) nearest = d;
    }
    return nearest;
}

void Resemblance::mark_outlier(std::size_t i, float own, std::optional<Neighbour> const& other) {
    m_photos[i].is_outlier = true;
    if (has_copy_elsewhere(i)) return;  // tell_copies() says it better
    if (other && other->distance <= identify() && other->distance < own) {
        auto const& resembled = m_photos[other->photo];
        m_findings.add(Rule::outlier, m_photos[i],
                       fmt::format("looks like '{}' (distance {:.3f}), not like the others of its id (nearest {:.3f})",
                                   printable(resembled.person_id), other->distance, own),
                       {resembled.name});
    } else {
        m_findings.add(
            Rule::outlier, m_photos[i],
            fmt::format("does not look like the others of its id: the nearest is at {:.3f}, where {:.3f} is the same person", own,
                        verify()));
    }
}

void Resemblance::judge_member(std::vector<std::size_t> const& members, std::size_t i) {
    auto const own = nearest_own(members, i);
    if (!own) return;
    auto const other = nearest_other(i);
    bool const is_like_other = other && other->distance <= identify() && other->distance < *own;
    if (*own > verify() * k_outlier_slack || (*own > verify() && is_like_other)) mark_outlier(i, *own, other);
}

/// Of two photos that differ nobody can say which is wrong, unless one of them is somebody else.
void Resemblance::judge_pair(std::size_t a, std::size_t b) {
    auto const own = distance(a, b);
    if (own <= verify()) return;
    for (auto const i : {a, b}) {
        auto const other = nearest_other(i);
        if (other && other->distance <= identify()) {
            mark_outlier(i, own, other);
            return;
        }
    }
    if (own <= verify() * k_outlier_slack) return;
    m_findings.add(
        Rule::outlier, m_photos[b],
        fmt::format("the two photos of this id do not look like one person (distance {:.3f}, where {:.3f} is the same)", own,
                    verify()),
        {m_photos[a].name});
}

void Resemblance::find_outliers() {
    for (auto const& one : m_of_person) {
        auto const& person = one.first;  // clang 14 lets no lambda use what a structured binding names
        std::vector<std::size_t> members;
        std::ranges::copy_if(one.second, std::back_inserter(members),
                             [&](std::size_t i) { return !m_copy_of[i] || m_photos[*m_copy_of[i]].person_id != person; });
        if (members.size() == 2) {
            judge_pair(members[0], members[1]);
        } else {
            for (auto const i : members)
                judge_member(members, i);
        }
    }
}

void Resemblance::tell_copies() {
    for (std::size_t i = 0; i < m_photos.size(); ++i) {
        if (!m_copy_of[i]) continue;
        auto copy = i, original = *m_copy_of[i];
        auto const what = m_is_exact[i] ? "the same file as" : "the same picture as";
        if (m_photos[copy].person_id == m_photos[original].person_id) {
            m_findings.add(m_is_exact[i] ? Rule::duplicate_photo : Rule::near_duplicate, m_photos[copy],
                           fmt::format("{} {}{}", what, printable(m_photos[original].name), m_likeness[i]),
                           {m_photos[original].name});
            continue;
        }
        // The one that is among strangers is the one to look at.
        if (m_photos[original].is_outlier && !m_photos[copy].is_outlier) std::swap(copy, original);
        m_findings.add(Rule::photo_of_two, m_photos[copy],
                       fmt::format("{} {} of '{}'{}", what, printable(m_photos[original].name),
                                   printable(m_photos[original].person_id), m_photos[copy].is_outlier ? ", whom it shows" : ""),
                       {m_photos[original].name});
        m_told.insert(std::minmax(m_photos[copy].person_id, m_photos[original].person_id));
    }
}

std::vector<std::size_t> Resemblance::fit_members(std::string const& person) const {
    std::vector<std::size_t> members;
    std::ranges::copy_if(m_of_person.at(person), std::back_inserter(members),
                         [&](std::size_t i) { return !m_photos[i].is_outlier && !m_copy_of[i]; });
    return members;
}

void Resemblance::judge_two_people(std::string const& a, std::string const& b) {
    constexpr std::size_t k_most = 50;
    auto of_a = fit_members(a), of_b = fit_members(b);
    of_a.resize(std::min(of_a.size(), k_most));
    of_b.resize(std::min(of_b.size(), k_most));
    double sum = 0;
    for (auto const i : of_a) {
        for (auto const j : of_b)
            sum += static_cast<double>(distance(i, j));
    }
    auto const pairs = of_a.size() * of_b.size();
    if (pairs == 0) return;
    auto const mean = static_cast<float>(sum / static_cast<double>(pairs));
    // The mean of several comparisons is hit by chance far less often than one of them.
    constexpr std::size_t k_many = 4;
    auto const limit = pairs == 1 ? duplicate() : pairs < k_many ? (duplicate() + identify()) / 2 : identify();
    if (mean > limit) return;
    m_findings.add(Rule::person_of_two, b,
                   fmt::format("looks like '{}': mean distance {:.3f} over {}", printable(a), mean,
                               counted(pairs, "pair of photos", "pairs of photos")),
                   {a});
}

void Resemblance::find_split_people() {
    std::set<std::pair<std::string, std::string>> candidates;
    for (std::size_t i = 0; i < m_photos.size(); ++i) {
        if (m_photos[i].is_outlier || m_copy_of[i]) continue;
        for (auto const& [other, d] : m_neighbours[i]) {
            if (d > verify()) break;
            if (m_photos[other].is_outlier || m_photos[other].person_id == m_photos[i].person_id) continue;
            candidates.insert(std::minmax(m_photos[i].person_id, m_photos[other].person_id));
        }
    }
    for (auto const& [a, b] : candidates) {
        if (!m_told.contains({a, b})) judge_two_people(a, b);
    }
}

void Resemblance::judge_enrolled(match::Gallery const& enrolled) {
    for (auto const& [person, all] : m_of_person) {
        std::map<std::string, std::pair<double, std::size_t>> votes;
        auto const members = fit_members(person);
        for (auto const i : members) {
            auto const nearest = enrolled.search(m_photos[i].facts.vector, 1);
            if (nearest.empty() || enrolled.person_id(nearest.front().person) == person) continue;
            auto& [sum, count] = votes[enrolled.person_id(nearest.front().person)];
            sum += static_cast<double>(nearest.front().distance);
            ++count;
        }
        for (auto const& [other, vote] : votes) {
            auto const mean = static_cast<float>(vote.first / static_cast<double>(vote.second));
            if (2 * vote.second < members.size() + 1 && vote.second < members.size()) continue;
            if (mean > (vote.second == 1 ? duplicate() : identify())) continue;
            m_findings.add(Rule::already_enrolled, person,
                           fmt::format("is enrolled as '{}': mean distance {:.3f} of {}", printable(other), mean,
                                       counted(vote.second, "photo", "photos")),
                           {other});
        }
    }
}

}  // namespace

bool judge_resemblance(std::vector<DatasetPhoto>& photos, face::Contract const& contract, match::Gallery const* enrolled,
                       DatasetOptions const& options, Findings& findings) {
    Resemblance resemblance{photos, contract, options, findings};
    resemblance.judge();
    if (enrolled != nullptr && resemblance.has_thresholds()) resemblance.judge_enrolled(*enrolled);
    return resemblance.has_thresholds();
}

}  // namespace bioctl::app
