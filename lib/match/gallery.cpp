#include "lib/match/gallery.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <unordered_set>

#include <fmt/format.h>

#include "lib/base/error.hpp"
#include "lib/base/text.hpp"
#include "lib/match/kernel.hpp"

namespace bioctl::match {

namespace {

constexpr float k_infinity = std::numeric_limits<float>::infinity();

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

Gallery::Gallery(int dimensions, Metric metric, float scale)
    : m_dimensions(static_cast<std::size_t>(dimensions)), m_metric(metric), m_scale(scale) {
    if (dimensions <= 0) throw Error{Kind::bug, fmt::format("a gallery of vectors of {} numbers", dimensions)};
}

void Gallery::add(std::string_view person_id, std::span<float const> vector) {
    check(person_id, vector);
    auto const person = index_of(person_id);
    auto const begin = m_rows.size();
    m_rows.insert(m_rows.end(), vector.begin(), vector.end());
    m_row_person.push_back(person);
    if (m_metric == Metric::unit) to_unit_length(vector, std::span{m_rows}.subspan(begin));
}

std::size_t Gallery::templates() const {
    return m_row_person.size();
}

std::size_t Gallery::people() const {
    return m_people.size();
}

std::string const& Gallery::person_id(PersonIndex person) const {
    return m_people.at(person);
}

std::optional<PersonIndex> Gallery::find(std::string_view person_id) const {
    auto const found = m_by_id.find(person_id);
    if (found == m_by_id.end()) return std::nullopt;
    return found->second;
}

std::vector<Candidate> Gallery::search(std::span<float const> probe, std::size_t top) const {
    check("probe", probe);
    auto const squares = nearest_squares(probe);
    std::vector<Candidate> candidates(squares.size());
    for (std::size_t i = 0; i < squares.size(); ++i) {
        candidates[i] = {static_cast<PersonIndex>(i),
                         m_metric == Metric::unit ? unit_distance(squares[i], m_scale) : std::sqrt(squares[i])};
    }
    auto const kept = static_cast<std::ptrdiff_t>(std::min(top, candidates.size()));
    auto const is_nearer = [](Candidate const& a, Candidate const& b) {
        return a.distance != b.distance ? a.distance < b.distance : a.person < b.person;
    };
    std::partial_sort(candidates.begin(), candidates.begin() + kept, candidates.end(), is_nearer);
    candidates.resize(static_cast<std::size_t>(kept));
    return candidates;
}

// For each person the squared distance of the nearest row.
std::vector<float> Gallery::nearest_squares(std::span<float const> probe) const {
    std::vector<float> point(probe.begin(), probe.end());
    if (m_metric == Metric::unit) to_unit_length(probe, point);
    std::vector<float> nearest(m_people.size(), k_infinity);
    float const* row = m_rows.data();
    for (auto const person : m_row_person) {
        auto square = squared_distance(point.data(), row, m_dimensions);
        if (std::isnan(square)) square = 2;  // no direction: see unit_distance
        nearest[person] = std::min(nearest[person], square);
        row += m_dimensions;
    }
    return nearest;
}

void Gallery::check(std::string_view what, std::span<float const> vector) const {
    if (vector.size() != m_dimensions) {
        throw Error{Kind::bug,
                    fmt::format("{}: a vector of {} numbers in a gallery of {}", printable(what), vector.size(), m_dimensions)};
    }
    if (!std::all_of(vector.begin(), vector.end(), [](float x) { return std::isfinite(x); })) {
        throw Error{Kind::data,
                    fmt::format("{}: the vector holds NaN or infinity; make it anew from the photo", printable(what))};
    }
}

PersonIndex Gallery::index_of(std::string_view person_id) {
    if (auto const known = find(person_id)) return *known;
    auto const person = static_cast<PersonIndex>(m_people.size());
    m_people.emplace_back(person_id);
    m_by_id.emplace(person_id, person);
    return person;
}

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
