// The second half of enrol.hpp: duplicates, templates, portraits.

#include <algorithm>

#include <fmt/format.h>

#include "lib/app/enrol.hpp"
#include "lib/app/media.hpp"
#include "lib/base/causes.hpp"
#include "lib/base/file.hpp"
#include "lib/base/text.hpp"
#include "lib/store/people.hpp"

namespace bioctl::app {

namespace {

/// People at the same distance that are looked at: the same photo may be enrolled under several ids on purpose.
constexpr std::size_t k_equals = 8;

/// The same photo always gets the same names: who enrols again after a kill overwrites what was left.
std::string crop_path(store::Modality modality, Sha256 const& digest, int index, std::string_view contract) {
    auto const hex = to_hex(digest);
    return fmt::format("{}s/{}/{}-{}-{}.jpg", name_of(modality), hex.substr(0, 2), hex, index, contract);
}

Enrolled enrolled_of(PreparedPhoto::Sample const& sample, int rotation) {
    Enrolled enrolled;
    enrolled.quality = sample.quality;
    enrolled.box = sample.box;
    enrolled.rotation = rotation;
    return enrolled;
}

}  // namespace

std::string photo_key(std::string_view person_id, Sha256 const& digest) {
    std::string key{as_text(digest.bytes)};
    return key.append(person_id);
}

std::string contract_of(Workspace const& workspace, store::Modality modality) {
    return modality == store::Modality::palm ? std::string{palm::k_pipeline} : workspace.models.contract().id;
}

void check_contracts(Workspace const& workspace, store::Modality modality) {
    auto const active = contract_of(workspace, modality);
    if (!workspace.store.templates().has_other_contracts(modality, active)) return;
    std::size_t others = 0;
    for (auto const& count : workspace.store.templates().contracts(modality)) {
        if (count.contract != active) others += count.templates;
    }
    auto const store = printable(workspace.store.file().string());
    if (modality == store::Modality::palm) {
        throw OwnFault{Kind::data, fmt::format("{}: {} palm templates were made by another version of bioctl; run `bioctl people "
                                               "reembed`",
                                               store, others)};
    }
    throw OwnFault{Kind::data, fmt::format("{}: {} face templates were made with other models than those in use; run `bioctl "
                                           "people reembed`, or go back with `bioctl models use`",
                                           store, others)};
}

match::Gallery load_gallery(Workspace const& workspace) {
    auto const contract = workspace.models.contract();
    match::Gallery gallery{contract.dimensions, workspace.metric, contract.scale, match::Ties::by_id};
    workspace.store.read([&] {
        check_contracts(workspace, store::Modality::face);
        workspace.store.templates().for_each_vector(
            store::Modality::face, contract.id,
            [&](std::string_view person_id, std::span<float const> vector) { gallery.add(person_id, vector); });
    });
    return gallery;
}

match::CodeGallery load_code_gallery(Workspace const& workspace) {
    match::CodeGallery gallery;
    workspace.store.read([&] {
        check_contracts(workspace, store::Modality::palm);
        workspace.store.templates().for_each_code(palm::k_pipeline,
                                                  [&](store::TemplateId id, std::string_view person_id, ByteView bytes) {
                                                      for (auto const& code : palm_of(id, person_id, bytes).codes)
                                                          gallery.add(person_id, code);
                                                  });
    });
    return gallery;
}

Enroller::Enroller(Workspace const& workspace, EnrolRules const& rules, Mode mode, IsLater is_later)
    : m_workspace(workspace),
      m_rules(rules),
      m_mode(mode),
      m_is_later(std::move(is_later)),
      m_models(workspace.models.contract()),
      m_contract(contract_of(workspace, rules.modality)),
      m_gallery(rules.modality, m_models, workspace.metric) {
    workspace.store.read([&] { load(); });
}

void Enroller::load() {
    check_contracts(m_workspace, m_rules.modality);
    m_gallery = References{m_rules.modality, m_models, m_workspace.metric};
    m_later.clear();
    auto const templates = m_workspace.store.templates();
    m_position = templates.position();
    if (m_is_later) {
        load_but_later();
    } else if (m_rules.modality == store::Modality::palm) {
        templates.for_each_code(m_contract, [&](store::TemplateId id, std::string_view person_id, ByteView code) {
            m_gallery.add(person_id, PalmFeatures{palm_of(id, person_id, code), {}});
        });
    } else {
        templates.for_each_vector(store::Modality::face, m_contract,
                                  [&](std::string_view person_id, std::span<float const> vector) {
                                      m_gallery.add(person_id, std::vector<float>{vector.begin(), vector.end()});
                                  });
    }
    if (auto const* const faces = m_gallery.faces()) m_keys = PersonKeys{*faces, m_workspace.store.people()};
}

void Enroller::load_but_later() {
    m_workspace.store.templates().for_each(m_rules.modality, m_contract,
                                           [&](store::Template const& row) { add_or_hold_back(row); });
}

void Enroller::add_or_hold_back(store::Template const& row) {
    if (m_is_later && row.photo && m_is_later(row)) {
        m_later[photo_key(row.person_id, *row.photo)].push_back(features_of(row));
    } else {
        m_gallery.add(row.person_id, features_of(row));
    }
}

void Enroller::refresh() {
    auto const templates = m_workspace.store.templates();
    auto const now = templates.position();
    if (now == m_position) return;
    // Unknown also after a rollback: then the gallery holds photos that the store does not.
    auto const changed = templates.changed_people(m_rules.modality, m_position);
    if (changed && changed->empty()) {
        m_position = now;
        return;
    }
    auto const* const faces = m_gallery.faces();
    bool const is_small = changed && faces != nullptr && !faces->is_wasteful() && m_later.empty();
    if (!is_small) return load();
    check_contracts(m_workspace, m_rules.modality);
    auto const ids = m_keys.ids_of(*changed, *faces, m_workspace.store.people());
    m_gallery.remove(ids);
    for (auto const& id : ids) {
        for (auto const& row : templates.of_person(id, m_rules.modality, m_contract))
            add_or_hold_back(row);
        note_key(id);
    }
    m_position = now;
}

void Enroller::note_key(std::string_view person_id) {
    auto const* const faces = m_gallery.faces();
    auto const person = faces != nullptr ? faces->find(person_id) : std::nullopt;
    if (!person) return;
    if (auto const key = m_workspace.store.people().key_of(person_id)) m_keys.set(*person, *key);
}

void Enroller::admit(std::string_view person_id, Sha256 const& digest) {
    auto const later = m_later.extract(photo_key(person_id, digest));
    if (!later) return;
    for (auto const& features : later.mapped())
        m_gallery.add(person_id, features);
    note_key(person_id);
}

void Enroller::aside(std::function<void()> const& work) {
    refresh();
    work();
    m_position = m_workspace.store.templates().position();
}

std::optional<Enroller::Resemblance> Enroller::resemblance(std::string_view person_id, Features const& features) const {
    if (m_rules.on_duplicate == OnDuplicate::allow || !m_rules.duplicate_threshold) return std::nullopt;
    auto const nearest = m_gallery.search(features, k_equals);
    if (nearest.empty() || nearest.front().distance > *m_rules.duplicate_threshold) return std::nullopt;
    bool const is_own = std::ranges::any_of(nearest, [&](match::Candidate const& candidate) {
        return candidate.distance == nearest.front().distance && m_gallery.person_id(candidate.person) == person_id;
    });
    if (is_own) return std::nullopt;
    return Resemblance{m_gallery.person_id(nearest.front().person), nearest.front().distance};
}

EnrolOutcome Enroller::commit(std::string_view person_id, std::string_view name, PreparedPhoto const& photo,
                              std::string_view source, std::string_view origin) {
    if (photo.rejected) return *photo.rejected;
    if (m_mode == Mode::write) refresh();
    std::vector<std::optional<Resemblance>> resemblances;
    for (auto const& sample : photo.samples) {
        resemblances.push_back(resemblance(person_id, sample.features));
        auto const& other = resemblances.back();
        if (!other || m_rules.on_duplicate != OnDuplicate::reject) continue;
        return Rejected{RejectReason::duplicate_person,
                        fmt::format("looks like '{}' (distance {:.3f}); enrol under that id, or use --on-duplicate allow",
                                    printable(other->person_id), other->distance),
                        std::nullopt, other->person_id, other->distance};
    }
    store::Template row;
    row.person_id = person_id;
    row.source = source;
    row.origin = origin;
    auto outcome = m_mode == Mode::write ? add(row, name, photo) : rehearse(person_id, photo);
    auto* enrolled = std::get_if<std::vector<Enrolled>>(&outcome);
    if (!enrolled) return outcome;
    for (std::size_t i = 0; i < photo.samples.size(); ++i) {
        m_gallery.add(person_id, photo.samples[i].features);
        if (!resemblances[i]) continue;
        (*enrolled)[i].resembles = resemblances[i]->person_id;
        (*enrolled)[i].resembles_distance = resemblances[i]->distance;
    }
    note_key(person_id);
    return outcome;
}

EnrolOutcome Enroller::add(store::Template& row, std::string_view name, PreparedPhoto const& photo) {
    auto const now = m_workspace.clock.now();
    auto templates = m_workspace.store.templates();
    m_workspace.store.people().upsert(row.person_id, "", now);
    row.contract = m_contract;
    row.photo = photo.digest;
    row.rotation = photo.rotation;
    row.created_at = now;
    std::vector<Enrolled> enrolled;
    for (auto const& sample : photo.samples) {
        set_features(row, sample.features);
        row.quality = sample.quality;
        row.face_index = sample.index;
        row.crop = sample.crop.empty() ? std::string{} : crop_path(row.modality, photo.digest, sample.index, m_contract);
        row.box_top = sample.box.top;
        row.box_right = sample.box.right;
        row.box_bottom = sample.box.bottom;
        row.box_left = sample.box.left;
        auto const id = templates.add(row);
        // Another process, or the same bytes under another name earlier in the input.
        if (!id) return Unchanged{};
        if (!row.crop.empty()) write_media(m_workspace.media_dir, row.crop, sample.crop);
        enrolled.push_back(enrolled_of(sample, photo.rotation));
        enrolled.back().template_id = id;
    }
    // Only with a template that is new: a photo that was there already changes nothing, and so not the name.
    if (!name.empty()) m_workspace.store.people().set_name(row.person_id, name, now);
    m_position = templates.position();
    return enrolled;
}

EnrolOutcome Enroller::rehearse(std::string_view person_id, PreparedPhoto const& photo) {
    if (!m_rehearsed.insert(photo_key(person_id, photo.digest)).second) return Unchanged{};
    std::vector<Enrolled> enrolled;
    for (auto const& sample : photo.samples)
        enrolled.push_back(enrolled_of(sample, photo.rotation));
    return enrolled;
}

}  // namespace bioctl::app
