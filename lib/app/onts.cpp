#include "lib/app/onts.hpp"

#include <algorithm>
#include <charconv>

#include <fmt/format.h>

#include "lib/app/ont_backup.hpp"
#include "lib/app/ont_rules.hpp"
#include "lib/base/text.hpp"

namespace bioctl::app {

namespace {

void run(OntRegistry const& registry, std::function<void()> const& work) {
    if (registry.mode == Mode::dry_run) {
        registry.store.read(work);
    } else {
        registry.store.write(work);
    }
}

std::optional<std::int64_t> id_from(std::string_view text) {
    std::int64_t id = 0;
    auto const [end, error] = std::from_chars(text.data(), text.data() + text.size(), id);
    if (error != std::errc{} || end != text.data() + text.size() || id <= 0) return std::nullopt;
    return id;
}

enum class By { any, id, customer_id, name };

By by_prefix(std::string_view& reference) {
    static constexpr std::pair<std::string_view, By> k_prefixes[] = {
        {"id:", By::id}, {"customer:", By::customer_id}, {"name:", By::name}};
    for (auto const& [prefix, by] : k_prefixes) {
        if (!reference.starts_with(prefix)) continue;
        reference.remove_prefix(prefix.size());
        return by;
    }
    return By::any;
}

void add_once(std::vector<store::Ont>& found, std::optional<store::Ont>&& ont) {
    if (ont && std::ranges::none_of(found, [&](store::Ont const& other) { return other.id == ont->id; }))
        found.push_back(*std::move(ont));
}

std::vector<store::Ont> meant_by(store::Onts const& onts, std::string_view reference) {
    auto const by = by_prefix(reference);
    std::vector<store::Ont> found;
    if (by == By::any || by == By::id) {
        if (auto const id = id_from(reference)) add_once(found, onts.get(*id));
    }
    if (by == By::any || by == By::customer_id) add_once(found, onts.with_customer_id(reference));
    if ((by == By::any && found.empty()) || by == By::name) {
        for (auto& ont : onts.with_name(reference))
            found.push_back(std::move(ont));
    }
    return found;
}

std::string ids_of(std::vector<store::Ont> const& onts) {
    constexpr std::size_t k_most_named = 5;
    std::string ids;
    for (std::size_t i = 0; i < onts.size() && i < k_most_named; ++i)
        ids += fmt::format("{}id:{}", i == 0 ? "" : ", ", onts[i].id);
    if (onts.size() > k_most_named) ids += ", ...";
    return ids;
}

Parents parents_of(store::Onts const& onts) {
    Parents parents;
    for (auto const& ont : onts.list()) {
        if (ont.config.parent) parents.emplace(ont.id, *ont.config.parent);
    }
    return parents;
}

/// `child`: the ONT that is to hang on it, none if it is new.
std::optional<std::int64_t> parent_from(store::Store& store, std::string const& reference,
                                        std::optional<store::Ont> const& child) {
    if (trim(reference).empty()) return std::nullopt;
    auto const parent = require_ont(store, trim(reference));
    if (!child) return parent.id;
    auto const fault = fault_of_parent(parents_of(store.onts()), child->id, parent.id);
    if (fault.empty()) return parent.id;
    throw Error{Kind::usage,
                fmt::format("{} cannot hang on {}: it {}", printable(child->config.name), printable(parent.config.name), fault)};
}

bool contains_folded(std::string_view text, std::string const& lower) {
    return to_lower_ascii(text).find(lower) != std::string::npos;
}

bool has_state(store::Ont const& ont, std::string const& state) {
    if (state == "disabled") return !ont.config.enabled;
    if (state == "flapping") return ont.config.enabled && ont.is_flapping;
    return ont.config.enabled && ont.state == state;
}

bool has_text(store::OntConfig const& config, std::string const& lower) {
    return contains_folded(config.name, lower) || contains_folded(config.customer_id, lower) ||
           contains_folded(config.location, lower) || contains_folded(config.host, lower) ||
           std::ranges::any_of(config.tags, [&](auto const& tag) { return contains_folded(tag, lower); });
}

bool is_same_text(std::string_view a, std::string_view b) {
    return to_lower_ascii(trim(a)) == to_lower_ascii(trim(b));
}

}  // namespace

store::Ont require_ont(store::Store& store, std::string_view reference) {
    auto const onts = store.onts();
    auto found = meant_by(onts, reference);
    if (found.size() == 1) return std::move(found.front());
    if (found.size() > 1)
        throw Error{Kind::usage,
                    fmt::format("'{}' may mean {} ONTs; say which: {}", printable(reference), found.size(), ids_of(found))};
    auto const all = onts.list();
    std::vector<std::string_view> names;
    for (auto const& ont : all)
        names.push_back(ont.config.name);
    throw Error{Kind::no_input, fmt::format("there is no ONT '{}'{} `bioctl onts list` shows all", printable(reference),
                                            did_you_mean(reference, names))};
}

store::Ont add_ont(OntRegistry const& registry, OntChange const& wanted) {
    auto config = changed_ont({}, wanted);
    store::Ont ont;
    run(registry, [&] {
        auto onts = registry.store.onts();
        if (wanted.parent) config.parent = parent_from(registry.store, *wanted.parent, std::nullopt);
        ont.config = config;
        if (registry.mode == Mode::dry_run) return;
        back_up_onts(registry);
        ont = onts.get(onts.add(config, registry.clock.now())).value();
    });
    return ont;
}

store::Ont edit_ont(OntRegistry const& registry, std::string_view reference, OntChange const& change) {
    store::Ont ont;
    run(registry, [&] {
        auto onts = registry.store.onts();
        ont = require_ont(registry.store, reference);
        auto config = changed_ont(ont.config, change);
        if (change.parent) config.parent = parent_from(registry.store, *change.parent, ont);
        if (auto const other = onts.with_customer_id(config.customer_id); other && other->id != ont.id)
            throw Error{Kind::data,
                        fmt::format("the customer id '{}' is that of ONT {} already", printable(config.customer_id), other->id)};
        bool const is_same = config == ont.config;
        ont.config = config;
        if (registry.mode == Mode::dry_run || is_same) return;
        back_up_onts(registry);
        onts.set(ont.id, config, registry.clock.now());
        ont = onts.get(ont.id).value();
    });
    return ont;
}

std::vector<store::Ont> remove_onts(OntRegistry const& registry, std::vector<std::string> const& references) {
    std::vector<store::Ont> removed;
    run(registry, [&] {
        for (auto const& reference : references)
            add_once(removed, require_ont(registry.store, reference));
        if (registry.mode == Mode::dry_run) return;
        back_up_onts(registry);
        auto onts = registry.store.onts();
        for (auto const& ont : removed)
            onts.remove(ont.id, registry.clock.now());
    });
    return removed;
}

std::vector<store::Ont> find_onts(store::Store& store, OntFilter const& filter) {
    std::optional<std::int64_t> parent;
    if (filter.parent) parent = require_ont(store, *filter.parent).id;
    auto const search = to_lower_ascii(filter.search.value_or(""));
    auto onts = store.onts().list();
    std::erase_if(onts, [&](store::Ont const& ont) {
        auto const& config = ont.config;
        bool const is_in_group =
            !filter.group || std::ranges::any_of(config.tags, [&](auto const& tag) { return is_same_text(tag, *filter.group); });
        bool const fits = is_in_group && (!filter.location || is_same_text(config.location, *filter.location)) &&
                          (!filter.kind || config.kind == *filter.kind) && (!parent || config.parent == parent) &&
                          (!filter.state || has_state(ont, *filter.state)) && has_text(config, search);
        return !fits;
    });
    return onts;
}

}  // namespace bioctl::app
