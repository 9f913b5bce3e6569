#include "lib/app/onts_duplicates.hpp"

#include <map>

#include <fmt/format.h>

#include "lib/app/ont_rules.hpp"
#include "lib/app/ont_shapes.hpp"
#include "lib/base/text.hpp"

namespace bioctl::app {

namespace {

std::string value_of(OntFacts const& facts, std::string_view key) {
    if (key == "customer_id") return facts.customer_id;
    if (key == "ip") return facts.host;
    if (key == "name") return facts.name;
    if (key == "id") return facts.id;
    if (facts.latitude.value_or(0) == 0 || facts.longitude.value_or(0) == 0) return {};
    return fmt::format("{},{}", to_degrees(*facts.latitude), to_degrees(*facts.longitude));
}

void check_key(std::span<OntFacts const> facts, std::string_view key, OntCheck& check) {
    std::map<std::string, std::size_t> index;
    std::vector<OntDuplicate> values;
    OntKeyTotals totals{.key = std::string{key}};
    for (std::size_t i = 0; i < facts.size(); ++i) {
        auto const value = value_of(facts[i], key);
        if (value.empty()) continue;
        ++totals.filled;
        auto const [entry, is_new] = index.emplace(value, values.size());
        if (is_new) values.push_back({std::string{key}, value, {}});
        values[entry->second].members.push_back(i);
    }
    totals.unique = values.size();
    for (auto& value : values) {
        if (value.members.size() < 2) continue;
        ++totals.duplicated;
        check.duplicates.push_back(std::move(value));
    }
    check.totals.push_back(std::move(totals));
}

}  // namespace

std::vector<OntFacts> facts_of(std::span<store::Ont const> onts) {
    std::vector<OntFacts> facts;
    for (auto const& ont : onts) {
        facts.push_back({.id = fmt::format("{}", ont.id),
                         .customer_id = ont.config.customer_id,
                         .name = ont.config.name,
                         .host = ont.config.host,
                         .latitude = ont.config.latitude,
                         .longitude = ont.config.longitude});
    }
    return facts;
}

std::vector<OntFacts> facts_of(std::span<OntRow const> rows) {
    std::vector<OntFacts> facts;
    for (auto const& row : rows) {
        auto const text = [&](OntField field) { return to_valid_utf8(trim(row.text(field))); };
        auto const position = read_position(row.text(OntField::latitude), row.text(OntField::longitude));
        facts.push_back({.id = text(OntField::id),
                         .place = row.place(),
                         .customer_id = text(OntField::customer_id),
                         .name = text(OntField::name),
                         .host = text(OntField::host),
                         .latitude = position.latitude,
                         .longitude = position.longitude,
                         .is_unreadable = !position.warning.empty() && !position.is_null});
    }
    return facts;
}

OntCheck check_duplicates(std::span<OntFacts const> facts) {
    OntCheck check;
    for (auto const key : k_duplicate_keys)
        check_key(facts, key, check);
    for (std::size_t i = 0; i < facts.size(); ++i) {
        if (!facts[i].latitude) check.without_place.push_back(i);
        if (facts[i].is_unreadable) check.unreadable.push_back(i);
        if (facts[i].host.empty()) check.without_address.push_back(i);
    }
    return check;
}

}  // namespace bioctl::app
