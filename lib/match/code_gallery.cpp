#include "lib/match/code_gallery.hpp"

#include <algorithm>
#include <numeric>

namespace bioctl::match {

namespace {

float nearest_of(std::vector<CodeProbe> const& probes, Code const& code, float nearest) {
    for (auto const& probe : probes)
        nearest = std::min(nearest, distance(probe, code));
    return nearest;
}

}  // namespace

float CodeQuery::distance_to(Code const& code) const {
    return nearest_of(posed, code, nearest_of(centred, code, 1));
}

void CodeGallery::add(std::string_view person_id, Code const& code) {
    auto known = m_by_id.find(person_id);
    if (known == m_by_id.end()) {
        known = m_by_id.emplace(person_id, static_cast<PersonIndex>(m_people.size())).first;
        m_people.emplace_back(person_id);
    }
    m_codes.push_back(code);
    m_code_person.push_back(known->second);
}

std::optional<PersonIndex> CodeGallery::find(std::string_view person_id) const {
    auto const known = m_by_id.find(person_id);
    return known == m_by_id.end() ? std::nullopt : std::optional{known->second};
}

std::vector<float> CodeGallery::distances(CodeQuery const& query) const {
    std::vector<float> all(m_codes.size());
    for (std::size_t i = 0; i < m_codes.size(); ++i)
        all[i] = nearest_of(query.centred, m_codes[i], 1);
    if (query.posed.empty()) return all;

    auto const share = static_cast<std::size_t>(k_posed_share * static_cast<double>(m_codes.size()));
    auto const posed = std::min(m_codes.size(), std::max(k_least_posed, share));
    std::vector<std::size_t> order(m_codes.size());
    std::iota(order.begin(), order.end(), std::size_t{0});
    auto const end = order.begin() + static_cast<std::ptrdiff_t>(posed);
    std::partial_sort(order.begin(), end, order.end(),
                      [&](std::size_t a, std::size_t b) { return all[a] != all[b] ? all[a] < all[b] : a < b; });
    for (auto it = order.begin(); it != end; ++it)
        all[*it] = nearest_of(query.posed, m_codes[*it], all[*it]);
    return all;
}

std::vector<Candidate> CodeGallery::search(CodeQuery const& query, std::size_t top) const {
    auto const all = distances(query);
    std::vector<Candidate> people(m_people.size());
    for (std::size_t i = 0; i < people.size(); ++i)
        people[i] = {static_cast<PersonIndex>(i), 1};
    for (std::size_t i = 0; i < all.size(); ++i) {
        auto& person = people[m_code_person[i]];
        person.distance = std::min(person.distance, all[i]);
    }
    top = std::min(top, people.size());
    std::partial_sort(people.begin(), people.begin() + static_cast<std::ptrdiff_t>(top), people.end(),
                      [](Candidate const& a, Candidate const& b) {
                          return a.distance != b.distance ? a.distance < b.distance : a.person < b.person;
                      });
    people.resize(top);
    return people;
}

}  // namespace bioctl::match
