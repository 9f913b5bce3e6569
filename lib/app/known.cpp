// Who is enrolled: the snapshots of recognize.hpp.

#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

#include "lib/app/enrol.hpp"
#include "lib/app/recognize.hpp"
#include "lib/store/people.hpp"

namespace bioctl::app {

namespace {

template <class Gallery>
Gallery load(Workspace const& workspace) {
    if constexpr (std::is_same_v<Gallery, match::Gallery>) {
        return load_gallery(workspace);
    } else {
        return load_code_gallery(workspace);
    }
}

template <class Gallery>
std::size_t positions(Gallery const& gallery) {
    if constexpr (std::is_same_v<Gallery, match::Gallery>) {
        return gallery.positions();
    } else {
        return gallery.people();
    }
}

}  // namespace

template <class Gallery>
Known<Gallery>::Known(Workspace const& workspace) : m_gallery(load<Gallery>(workspace)) {
    std::vector<std::string> names(positions(m_gallery));
    workspace.store.people().for_each([&](store::PersonKey, std::string_view id, std::string_view name) {
        if (auto const index = m_gallery.find(id)) names[*index] = name;
    });
    for (auto& name : names)
        m_names.push_back(std::move(name));
    if constexpr (std::is_same_v<Gallery, match::Gallery>) m_keys = PersonKeys{m_gallery, workspace.store.people()};
}

template <>
Known<match::Gallery>::Known(Known const& before, Workspace const& workspace, std::vector<store::PersonKey> const& changed)
    : Known(before) {
    check_contracts(workspace, store::Modality::face);
    auto const contract = contract_of(workspace, store::Modality::face);
    auto const people = workspace.store.people();
    auto const ids = m_keys.ids_of(changed, m_gallery, people);
    m_gallery.remove(ids);
    for (auto const& id : ids) {
        auto const rows = workspace.store.templates().of_person(id, store::Modality::face, contract);
        if (rows.empty()) continue;
        for (auto const& row : rows)
            m_gallery.add(id, row.vector);
        auto const person = people.get(id);
        m_names.push_back(person->name);
        m_keys.set(m_gallery.find(id).value(), people.key_of(id).value());
    }
}

template Known<match::Gallery>::Known(Workspace const& workspace);
template Known<match::CodeGallery>::Known(Workspace const& workspace);

template <class People>
Followed<People> follow(Followed<People> const& before, Workspace const& workspace) {
    constexpr bool k_is_face = std::is_same_v<People, Faces>;
    Followed<People> now;
    workspace.store.read([&] {
        auto const templates = workspace.store.templates();
        now.position = templates.position();
        if (before.people) {
            auto const changed =
                templates.changed_people(k_is_face ? store::Modality::face : store::Modality::palm, before.position);
            if (changed && changed->empty()) now.people = before.people;
            if constexpr (k_is_face) {
                bool const is_worth_it = changed && !before.people->gallery().is_wasteful();
                if (is_worth_it && !changed->empty())
                    now.people = std::make_shared<People const>(*before.people, workspace, *changed);
            }
        }
        if (!now.people) now.people = std::make_shared<People const>(workspace);
    });
    return now;
}

template Followed<Faces> follow(Followed<Faces> const&, Workspace const&);
template Followed<Palms> follow(Followed<Palms> const&, Workspace const&);

}  // namespace bioctl::app
