#include "lib/app/ont_plan.hpp"

#include <algorithm>
#include <charconv>

#include <nlohmann/json.hpp>

#include <fmt/format.h>

#include "lib/base/text.hpp"

namespace bioctl::app {

namespace {

using Json = nlohmann::ordered_json;

std::optional<std::int64_t> number_from(std::string_view text) {
    std::int64_t number = 0;
    auto const [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
    if (error != std::errc{} || end != text.data() + text.size() || number <= 0) return std::nullopt;
    return number;
}

OntImportNote note_of(OntRow const& row, std::string text) {
    return {.place = row.place(),
            .line = row.line,
            .number = row.number,
            .customer_id = to_valid_utf8(trim(row.text(OntField::customer_id))),
            .name = to_valid_utf8(trim(row.text(OntField::name))),
            .text = std::move(text)};
}

std::vector<std::string> tags_from(std::string_view text) {
    std::vector<std::string> tags;
    for (auto const& part : split(text, ',')) {
        auto tag = std::string{trim(part)};
        if (!tag.empty() && std::ranges::find(tags, tag) == tags.end()) tags.push_back(std::move(tag));
    }
    return tags;
}

bool flag_from(std::string_view text) {
    auto const word = to_lower_ascii(text);
    for (auto const* const yes : {"true", "1", "yes", "y", "ya", "aktif", "active"}) {
        if (word == yes) return true;
    }
    for (auto const* const no : {"false", "0", "no", "n", "tidak", "nonaktif", "inactive"}) {
        if (word == no) return false;
    }
    throw Error{Kind::usage, fmt::format("enabled '{}' is neither yes nor no", printable(text))};
}

/// What the row sets: of an ONT that is known only what it does say.
OntChange change_of(OntRow const& row, bool is_known) {
    auto const text = [&](OntField field) -> std::optional<std::string> {
        auto value = std::string{trim(row.text(field))};
        if (value.empty()) return std::nullopt;
        return value;
    };
    OntChange change;
    if (auto kind = text(OntField::kind)) change.kind = to_lower_ascii(*kind);
    change.customer_id = text(OntField::customer_id);
    change.name = text(OntField::name);
    change.location = text(OntField::location);
    change.host = text(OntField::host);
    if (auto const tags = text(OntField::tags)) change.tags = tags_from(*tags);
    if (auto const enabled = text(OntField::enabled)) change.enabled = flag_from(*enabled);
    if (!is_known && !change.name) throw Error{Kind::usage, "has no name"};
    return change;
}

/// A later file adds to what earlier ones said.
std::string merged_extra(std::string const& before, std::string const& now) {
    if (before.empty() || now.empty()) return before.empty() ? now : before;
    auto merged = Json::parse(before, nullptr, false);
    if (!merged.is_object()) return now;
    merged.update(Json::parse(now));
    return merged.dump(-1, ' ', false, Json::error_handler_t::replace);
}

}  // namespace

OntPlan::OntPlan(store::Store& store, OntImportReport& report, bool is_merge)
    : m_report(report), m_is_merge(is_merge), m_ids_ever(store.onts().ids_ever()) {
    auto const stored = store.onts().list();
    for (auto const& ont : stored) {
        auto const index = m_onts.size();
        m_by_id.emplace(ont.id, index);
        if (!ont.config.customer_id.empty()) {
            m_by_customer.emplace(ont.config.customer_id, index);
        } else {
            m_by_name[ont.config.name].push_back(index);
        }
        m_onts.push_back({.id = ont.id, .config = ont.config, .before = ont.config});
        m_onts.back().config.parent.reset();
    }
    for (std::size_t i = 0; i < stored.size(); ++i) {
        if (!stored[i].config.parent) continue;
        m_onts[i].parent = m_by_id.at(*stored[i].config.parent);
        m_parents.emplace(i, *m_onts[i].parent);
    }
}

void OntPlan::warn(OntRow const& row, std::string text) {
    m_report.warnings.push_back(note_of(row, std::move(text)));
}

/// The stored ONT that the row is about.
std::optional<std::size_t> OntPlan::match(OntRow const& row) const {
    auto const customer_id = std::string{trim(row.text(OntField::customer_id))};
    if (!customer_id.empty()) {
        auto const found = m_by_customer.find(customer_id);
        if (found == m_by_customer.end()) return std::nullopt;
        return found->second;
    }
    if (!m_is_merge) return std::nullopt;
    auto const found = m_by_name.find(std::string{trim(row.text(OntField::name))});
    if (found == m_by_name.end() || found->second.size() != 1) return std::nullopt;
    bool const is_taken = m_onts[found->second.front()].row != nullptr;  // by an earlier row of this name
    return is_taken ? std::nullopt : std::optional{found->second.front()};
}

std::optional<std::int64_t> OntPlan::id_for(OntRow const& row) {
    auto const text = std::string{trim(row.text(OntField::id))};
    if (text.empty()) return std::nullopt;
    auto const id = number_from(text);
    if (!id) throw Error{Kind::usage, fmt::format("id '{}' is no number from 1 on", printable(text))};
    auto const seen = m_ids_seen.find(*id);
    bool const is_taken = std::ranges::binary_search(m_ids_ever, *id);
    if (seen == m_ids_seen.end() && !is_taken) return id;
    if (m_is_merge) return std::nullopt;
    if (seen != m_ids_seen.end()) throw Error{Kind::usage, fmt::format("the id {} is that of {} already", *id, seen->second)};
    throw Error{Kind::usage, fmt::format("there is, or was, an ONT {} already; --merge gives the row another id", *id)};
}

void OntPlan::judge(OntRow const& row, PlannedOnt& ont, bool is_known) {
    if (!row.fault.empty()) throw Error{Kind::data, row.fault};
    auto const customer_id = std::string{trim(row.text(OntField::customer_id))};
    if (auto const seen = m_customers_seen.find(customer_id); seen != m_customers_seen.end())
        throw Error{Kind::data, fmt::format("the customer id '{}' is that of {} already", printable(customer_id), seen->second)};
    if (is_known && !m_is_merge)
        throw Error{Kind::data, fmt::format("the customer id '{}' is known as ONT {}; --merge takes over what the file says",
                                            printable(customer_id), *ont.id)};
    ont.config = changed_ont(std::move(ont.config), change_of(row, is_known));
    ont.config.extra = merged_extra(ont.config.extra, row.extra);
    if (!is_known) ont.id = id_for(row);
    auto position = read_position(row.text(OntField::latitude), row.text(OntField::longitude));
    if (position.latitude) {
        ont.config.latitude = position.latitude;
        ont.config.longitude = position.longitude;
    } else if (!position.warning.empty()) {
        warn(row, std::move(position.warning));
    }
}

void OntPlan::take_row(OntRow const& row) {
    ++m_report.rows;
    auto const known = match(row);
    auto ont = known ? m_onts[*known] : PlannedOnt{};
    try {
        judge(row, ont, known.has_value());
    } catch (Error const& error) {
        m_report.rejected.push_back(note_of(row, error.message()));
        return;
    }
    ont.row = &row;
    auto const index = known.value_or(m_onts.size());
    if (!ont.config.customer_id.empty()) {
        m_customers_seen.emplace(ont.config.customer_id, row.place());
        m_by_customer.emplace(ont.config.customer_id, index);
    }
    if (!known && ont.id) m_ids_seen.emplace(*ont.id, row.place());
    if (auto const file_id = number_from(trim(row.text(OntField::id)))) m_by_file_id.emplace(*file_id, index);
    if (known) {
        m_onts[*known] = std::move(ont);
    } else {
        m_onts.push_back(std::move(ont));
    }
}

void OntPlan::index_names() {
    m_by_name.clear();
    for (std::size_t i = 0; i < m_onts.size(); ++i)
        m_by_name[m_onts[i].config.name].push_back(i);
}

std::size_t OntPlan::make_parent(std::string const& name) {
    OntChange change;
    change.kind = "olt";
    change.name = name;
    auto const index = m_onts.size();
    m_onts.push_back({.config = changed_ont({}, change)});
    m_by_name[name].push_back(index);
    m_report.made.push_back(name);
    return index;
}

/// Throws Error{usage} with the reason why there is none.
std::optional<std::size_t> OntPlan::parent_of(PlannedOnt const& child, std::string const& wanted) {
    std::string_view word = wanted;
    bool const is_id = word.starts_with("id:");
    if (is_id) word.remove_prefix(3);
    auto const by_id = [&]() -> std::optional<std::size_t> {
        auto const id = number_from(word);
        if (!id) return std::nullopt;
        if (auto const found = m_by_file_id.find(*id); found != m_by_file_id.end()) return found->second;
        if (auto const found = m_by_id.find(*id); found != m_by_id.end()) return found->second;
        return std::nullopt;
    };
    if (!is_id) {
        if (auto const found = m_by_customer.find(wanted); found != m_by_customer.end()) return found->second;
        if (auto const found = m_by_name.find(wanted); found != m_by_name.end()) {
            // A customer may be called like the OLT that stands there.
            std::vector<std::size_t> hubs;
            std::ranges::copy_if(found->second, std::back_inserter(hubs), [&](auto i) { return m_onts[i].config.kind != "ont"; });
            auto const& candidates = hubs.empty() ? found->second : hubs;
            if (candidates.size() == 1) return candidates.front();
            throw Error{Kind::usage, fmt::format("{} are called so; name it by its customer id, or id:N", candidates.size())};
        }
    }
    if (auto const found = by_id()) return found;
    if (is_id || number_from(word)) throw Error{Kind::usage, "there is no such ONT"};
    if (wanted == child.config.name) throw Error{Kind::usage, "it would hang on itself"};
    return make_parent(wanted);
}

void OntPlan::find_parents() {
    index_names();
    auto const count = m_onts.size();  // without those that are made meanwhile
    for (std::size_t i = 0; i < count; ++i) {
        auto const* const row = m_onts[i].row;
        if (row == nullptr) continue;
        auto const wanted = std::string{trim(row->text(OntField::parent))};
        if (wanted.empty()) continue;
        try {
            auto const child = m_onts[i];  // a copy: a parent that is made may move them all
            auto const parent = parent_of(child, wanted);
            auto others = m_parents.extract(static_cast<std::int64_t>(i));
            auto fault = fault_of_parent(m_parents, static_cast<std::int64_t>(i), static_cast<std::int64_t>(*parent));
            if (!fault.empty()) {
                if (others) m_parents.insert(std::move(others));
                throw Error{Kind::usage, fmt::format("it {}", fault)};
            }
            m_parents[static_cast<std::int64_t>(i)] = static_cast<std::int64_t>(*parent);
            m_onts[i].parent = parent;
        } catch (Error const& error) {
            warn(*row, fmt::format("the parent '{}' is left out: {}", printable(wanted), error.message()));
        }
    }
}

bool OntPlan::is_changed(PlannedOnt const& ont) const {
    if (!ont.before) return true;
    auto config = ont.config;
    if (ont.parent) config.parent = m_onts[*ont.parent].id.value_or(0);  // 0: a new one, whose id is not known yet
    return config != *ont.before;
}

}  // namespace bioctl::app
