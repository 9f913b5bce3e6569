#include "lib/app/push_people.hpp"

#include <algorithm>
#include <mutex>

#include <fmt/format.h>

#include "lib/app/push_people_device.hpp"
#include "lib/app/share.hpp"
#include "lib/base/text.hpp"
#include "lib/hikvision/roster.hpp"
#include "lib/store/people.hpp"
#include "lib/store/templates.hpp"

namespace bioctl::app {

namespace {

/// The portrait of the best photo, whatever models its template was made with.
std::string best_portrait(std::vector<store::Template> const& templates) {
    store::Template const* best = nullptr;
    for (auto const& t : templates) {
        bool const is_portrait = t.modality == store::Modality::face && !t.crop.empty();
        if (is_portrait && (best == nullptr || t.quality > best->quality)) best = &t;
    }
    return best == nullptr ? "" : best->crop;
}

/// The longest beginning of whole characters that a terminal keeps.
std::string fitting_name(std::string const& name) {
    if (name.size() <= hikvision::k_longest_person_name) return name;
    auto end = hikvision::k_longest_person_name;
    while (end > 0 && (static_cast<unsigned char>(name[end]) & 0xC0U) == 0x80U)
        --end;
    return name.substr(0, end);
}

PushCandidate candidate_from(store::Store& store, store::Person const& person) {
    PushCandidate candidate{.id = person.id, .name = fitting_name(person.name.empty() ? person.id : person.name)};
    candidate.portrait = best_portrait(store.templates().of_person(person.id));
    if (person.id.size() > hikvision::k_longest_employee_no) {
        candidate.problem = fmt::format("terminals keep employee numbers of at most {} bytes; this id has {}",
                                        hikvision::k_longest_employee_no, person.id.size());
    }
    return candidate;
}

PushWork load_work(store::Store& store, PushRules const& rules) {
    PushWork work;
    auto const everybody = store.people().list();
    for (auto const& person : everybody)
        work.enrolled.insert(person.id);
    for (auto const& id : rules.only) {
        if (!work.enrolled.contains(id))
            throw Error{Kind::no_input, fmt::format("nobody has the id '{}'; `bioctl people list` shows all", printable(id))};
    }
    for (auto const& person : everybody) {
        bool const is_wanted = rules.only.empty() || std::ranges::find(rules.only, person.id) != rules.only.end();
        if (is_wanted) work.candidates.push_back(candidate_from(store, person));
    }
    return work;
}

}  // namespace

std::string_view name_of(Pushed result) {
    switch (result) {
        case Pushed::added: return "added";
        case Pushed::updated: return "updated";
        case Pushed::unchanged: return "unchanged";
        case Pushed::removed: return "removed";
        case Pushed::no_photo: return "no_photo";
        case Pushed::rejected: return "rejected";
        case Pushed::failed: return "failed";
    }
    throw Error{Kind::bug, "a Pushed without a name"};
}

void push_people(SyncSetup const& setup, std::vector<store::Device> const& devices, PushRules const& rules,
                 std::function<void(PushedPerson const&)> const& on_person,
                 std::function<void(DevicePush const&)> const& on_device) {
    PushWork work;
    setup.writer.write([&](store::Store& store) { work = load_work(store, rules); });
    std::mutex mutex;  // of the callbacks
    auto const tell = [&](PushedPerson const& person) {
        std::lock_guard const lock{mutex};
        on_person(person);
    };
    share(devices.size(), rules.jobs, setup.should_stop, [&](NextPiece const& next) {
        while (auto const index = next()) {
            auto const pushed = push_to_device(setup, devices[*index], work, rules, tell);
            std::lock_guard const lock{mutex};
            on_device(pushed);
        }
    });
}

}  // namespace bioctl::app
