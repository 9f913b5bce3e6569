#include "lib/app/person_keys.hpp"

#include <algorithm>
#include <cstddef>
#include <set>

namespace bioctl::app {

PersonKeys::PersonKeys(match::Gallery const& gallery, store::People const& people) {
    std::vector<store::PersonKey> keys(gallery.positions(), k_none);
    people.for_each([&](store::PersonKey key, std::string_view id, std::string_view) {
        if (auto const person = gallery.find(id)) keys[*person] = key;
    });
    for (auto const key : keys)
        m_keys.push_back(key);
}

void PersonKeys::set(match::PersonIndex person, store::PersonKey key) {
    while (m_keys.size() <= person)
        m_keys.push_back(k_none);
    if (m_keys[person] != key) m_keys.set(person, key);
}

std::vector<std::string> PersonKeys::ids_of(std::span<store::PersonKey const> changed, match::Gallery const& gallery,
                                            store::People const& people) const {
    std::set<std::string> ids;
    if (changed.empty()) return {};
    for (auto const key : changed) {
        if (auto id = people.id_of(key)) ids.insert(std::move(*id));
    }
    for (std::size_t i = 0; i < m_keys.size(); ++i) {
        auto const key = m_keys[i];
        if (key < changed.front() || key > changed.back() || !std::ranges::binary_search(changed, key)) continue;
        ids.insert(gallery.person_id(static_cast<match::PersonIndex>(i)));
    }
    return {ids.begin(), ids.end()};
}

}  // namespace bioctl::app
