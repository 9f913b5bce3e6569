#include "lib/app/people_edit.hpp"

#include <algorithm>
#include <set>

#include <fmt/format.h>

#include "lib/app/enrol.hpp"
#include "lib/app/people_media.hpp"
#include "lib/app/person_id.hpp"
#include "lib/base/brief.hpp"
#include "lib/base/causes.hpp"
#include "lib/base/text.hpp"
#include "lib/palm/engine.hpp"
#include "lib/store/templates.hpp"

namespace bioctl::app {

namespace {

constexpr std::size_t k_max_name_bytes = 512;

std::string nearest_id(store::Store& store, std::string_view id) {
    if (!check_person_id(id)) return {};  // what cannot be an id is no slip in one
    auto const people = store.people().list();
    std::vector<std::string_view> ids;
    ids.reserve(people.size());
    for (auto const& person : people)
        ids.push_back(person.id);
    return std::string{nearest(id, ids)};
}

/// Runs `work` as the mode wants it: a dry run sees the same snapshot and cannot write.
void run(store::Store& store, Mode mode, std::function<void()> const& work) {
    if (mode == Mode::dry_run) {
        store.read(work);
    } else {
        store.write(work);
    }
}

std::set<std::string> crops_of(std::span<store::Template const> templates) {
    std::set<std::string> crops;
    for (auto const& t : templates) {
        if (!t.crop.empty()) crops.insert(t.crop);
    }
    return crops;
}

/// Portraits that only these templates use.
std::vector<std::string> own_crops(store::Store& store, std::span<store::Template const> templates) {
    std::vector<std::string> own;
    for (auto const& crop : crops_of(templates)) {
        auto const uses = std::ranges::count(templates, crop, &store::Template::crop);
        if (store.templates().uses_of_crop(crop) == static_cast<std::size_t>(uses)) own.push_back(crop);
    }
    return own;
}

/// What can be compared of a person.
std::vector<store::Template> comparable(Workspace const& workspace, store::Modality modality, std::string_view id) {
    auto const contract = contract_of(workspace, modality);
    auto templates = workspace.store.templates().of_person(id);
    std::erase_if(templates, [&](auto const& t) { return t.contract != contract || t.modality != modality; });
    return templates;
}

std::optional<float> nearest_faces(Workspace const& workspace, std::string_view from, std::string_view into) {
    auto const others = comparable(workspace, store::Modality::face, into);
    auto const scale = workspace.models.contract().scale;
    std::optional<float> least;
    for (auto const& a : comparable(workspace, store::Modality::face, from)) {
        for (auto const& b : others) {
            float const d = match::distance(a.vector, b.vector, workspace.metric, scale);
            if (!least || d < *least) least = d;
        }
    }
    return least;
}

std::optional<float> nearest_palms(Workspace const& workspace, std::string_view from, std::string_view into) {
    std::vector<palm::Template> others;
    for (auto const& b : comparable(workspace, store::Modality::palm, into))
        others.push_back(palm_of(b.id, b.person_id, b.code));
    std::optional<float> least;
    for (auto const& a : comparable(workspace, store::Modality::palm, from)) {
        auto const query = palm::query_for(palm_of(a.id, a.person_id, a.code));
        for (auto const& b : others) {
            float const d = palm::compare(query, b);
            if (!least || d < *least) least = d;
        }
    }
    return least;
}

/// Fills distance and alike.
void compare_people(Workspace const& workspace, std::string_view from, std::string_view into, MergeThresholds const& thresholds,
                    Merger& merger) {
    merger.distance = nearest_faces(workspace, from, into);
    auto threshold = thresholds.face;
    if (!merger.distance) {
        merger.distance = nearest_palms(workspace, from, into);
        threshold = thresholds.palm;
    }
    merger.alike = !merger.distance || !threshold || *merger.distance <= *threshold;
}

}  // namespace

store::Person require_person(store::Store& store, std::string_view id) {
    if (auto person = store.people().get(id)) return *std::move(person);
    auto const hint = nearest_id(store, id);
    auto const next = hint.empty() ? std::string{"`bioctl people list` shows who there is"}
                                   : fmt::format("did you mean '{}'?", printable(hint));
    throw Error{Kind::no_input, fmt::format("nobody has the id '{}'; {}", brief(id), next)};
}

Result<void> check_person_name(std::string_view name) {
    if (name.size() > k_max_name_bytes) {
        return failure(Kind::usage, fmt::format("the name has {} bytes; at most {} are kept", name.size(), k_max_name_bytes));
    }
    if (!is_utf8(name)) return failure(Kind::usage, fmt::format("the name '{}' is not UTF-8", to_valid_utf8(name)));
    if (std::ranges::any_of(name, [](unsigned char c) { return c < 0x20 || c == 0x7f; })) {
        return failure(Kind::usage, fmt::format("the name '{}' holds control characters", printable(name)));
    }
    return {};
}

store::Person rename_person(store::Store& store, Clock const& clock, std::string_view id, Renaming const& change, Mode mode) {
    if (change.id) check_person_id(*change.id).or_throw();
    if (change.name) check_person_name(*change.name).or_throw();
    store::Person person;
    run(store, mode, [&] {
        person = require_person(store, id);
        bool const moves = change.id && *change.id != person.id;
        if (moves && store.people().get(*change.id)) {
            throw NameTaken{Kind::usage,
                            fmt::format("the id '{}' is taken; `bioctl people merge {} {}` makes one person of the two",
                                        *change.id, printable(id), *change.id)};
        }
        auto const now = clock.now();
        if (mode == Mode::write && change.name) store.people().set_name(id, *change.name, now);
        if (mode == Mode::write && moves) store.people().set_id(id, *change.id, now);
        if (change.name) person.name = *change.name;
        if (change.id) person.id = *change.id;
        if (change.name || moves) person.updated_at = now;
    });
    return person;
}

RemovalReport remove_people(store::Store& store, fs::path const& media_dir, std::span<std::string const> ids, Mode mode,
                            std::function<void(RemovalReport const&)> const& in_transaction) {
    RemovalReport report;
    std::vector<std::string> crops;
    std::set<std::string_view> seen;
    run(store, mode, [&] {
        for (auto const& id : ids) {
            if (!seen.insert(id).second) continue;
            if (!store.people().get(id)) {
                report.unknown.push_back(id);
                continue;
            }
            auto const templates = store.templates().of_person(id);
            auto const own = own_crops(store, templates);
            report.removed.push_back({id, templates.size(), own.size()});
            crops.insert(crops.end(), own.begin(), own.end());
            if (mode == Mode::write) store.people().remove(id);
        }
        if (mode == Mode::write && in_transaction && !report.removed.empty()) in_transaction(report);
    });
    if (mode == Mode::dry_run) return report;
    remove_unused_crops(store, media_dir, crops);
    report.strays = remove_unused_crops(store, media_dir, stray_crops(store, media_dir));
    // Last: a log that cannot be written back is no reason to leave portraits.
    if (!report.removed.empty()) report.log_cleared = clear_write_log(store);
    return report;
}

Merger merge_people(Workspace const& workspace, std::string_view from, std::string_view into, MergeThresholds const& thresholds,
                    Mode mode) {
    if (from == into) {
        throw Error{Kind::usage, fmt::format("'{}' cannot be merged into itself; name two people", printable(from))};
    }
    Merger merger;
    auto& store = workspace.store;
    run(store, mode, [&] {
        auto const source = require_person(store, from);
        auto const target = require_person(store, into);
        compare_people(workspace, from, into, thresholds, merger);
        merger.templates = source.templates;
        if (mode == Mode::dry_run) return;
        auto const now = workspace.clock.now();
        merger.templates = store.people().merge(from, into, now);
        if (target.name.empty() && !source.name.empty()) store.people().set_name(into, source.name, now);
    });
    return merger;
}

}  // namespace bioctl::app
