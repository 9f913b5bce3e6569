#include "lib/match/gallery.hpp"

#include <algorithm>
#include <cmath>
#include <functional>

#include <fmt/format.h>

#include "lib/base/error.hpp"
#include "lib/base/text.hpp"
#include "lib/match/block.hpp"
#include "lib/match/kernel.hpp"

namespace bioctl::match {

namespace {

std::size_t hash_of(std::string_view person_id) {
    return std::hash<std::string_view>{}(person_id);
}

}  // namespace

Gallery::Gallery(int dimensions, Metric metric, float scale, Ties ties)
    : m_dimensions(static_cast<std::size_t>(dimensions)), m_metric(metric), m_scale(scale), m_ties(ties), m_by_id(k_shards) {
    if (dimensions <= 0) throw Error{Kind::bug, fmt::format("a gallery of vectors of {} numbers", dimensions)};
}

void Gallery::add(std::string_view person_id, std::span<float const> vector) {
    check(person_id, vector);
    auto const person = index_of(person_id);
    if (m_blocks.empty() || m_blocks.back()->is_full()) m_blocks.push_back(std::make_shared<Block>(m_dimensions));
    auto& block = writable(m_blocks.back());
    auto const row = block.open(person);
    std::copy(vector.begin(), vector.end(), row.begin());
    if (m_metric == Metric::unit) to_unit_length(vector, row);
    block.close();
    ++m_rows;
}

void Gallery::remove(std::span<std::string const> person_ids) {
    std::vector<PersonIndex> removed;
    for (auto const& id : person_ids) {
        auto const person = find(id);
        if (!person) continue;
        removed.push_back(*person);
        forget(id);
    }
    if (removed.empty()) return;
    std::sort(removed.begin(), removed.end());
    m_removed_people += removed.size();
    std::vector<bool> is_removed(removed.back() + std::size_t{1});
    for (auto const person : removed)
        is_removed[person] = true;
    auto const is_gone = [&, least = removed.front(), most = removed.back()](PersonIndex person) {
        return person >= least && person <= most && is_removed[person];
    };
    for (auto& block : m_blocks) {
        auto const people = block->people();
        auto const first = static_cast<std::size_t>(std::ranges::find_if(people, is_gone) - people.begin());
        if (first == people.size()) continue;
        auto& own = writable(block);
        for (auto row = first; row < own.rows(); ++row) {
            if (!is_gone(own.people()[row])) continue;
            own.remove(row);
            ++m_removed_rows;
        }
    }
}

std::string const& Gallery::person_id(PersonIndex person) const {
    if (person >= m_people.size()) throw Error{Kind::bug, fmt::format("person {} of {} in a gallery", person, m_people.size())};
    return m_people[person];
}

std::optional<PersonIndex> Gallery::find(std::string_view person_id) const {
    auto const hash = hash_of(person_id);
    auto const& shard = m_by_id[hash % k_shards];
    if (!shard) return std::nullopt;
    auto place = std::ranges::lower_bound(*shard, hash, {}, &Place::hash);
    for (; place != shard->end() && place->hash == hash; ++place) {
        if (m_people[place->person] == person_id) return place->person;
    }
    return std::nullopt;
}

PersonIndex Gallery::index_of(std::string_view person_id) {
    if (auto const known = find(person_id)) return *known;
    auto const person = static_cast<PersonIndex>(m_people.size());
    m_people.push_back(std::string{person_id});
    auto const hash = hash_of(person_id);
    auto& shared = m_by_id[hash % k_shards];
    if (!shared) shared = std::make_shared<Shard>();
    auto& shard = writable(shared);
    shard.insert(std::ranges::upper_bound(shard, hash, {}, &Place::hash), {hash, person});
    return person;
}

void Gallery::forget(std::string_view person_id) {
    auto const person = find(person_id);
    std::erase_if(writable(m_by_id[hash_of(person_id) % k_shards]), [&](Place const& place) { return place.person == person; });
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

}  // namespace bioctl::match
