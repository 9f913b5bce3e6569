// The second half of enrol.hpp: duplicates, templates, portraits.

#include <algorithm>

#include <fmt/format.h>

#include "lib/app/enrol.hpp"
#include "lib/base/causes.hpp"
#include "lib/base/file.hpp"
#include "lib/base/text.hpp"
#include "lib/store/people.hpp"

namespace bioctl::app {

namespace {

constexpr auto k_face = store::Modality::face;
/// People at the same distance that are looked at: the same photo may be enrolled under several ids on purpose.
constexpr std::size_t k_equals = 8;
constexpr unsigned k_crop_mode = 0600;

match::Gallery empty_gallery(face::Contract const& contract, match::Metric metric) {
    return {contract.dimensions, metric, contract.scale};
}

/// The same photo always gets the same names: who enrols again after a kill overwrites what was left.
std::string crop_path(Sha256 const& digest, int face_index, std::string_view contract) {
    auto const hex = to_hex(digest);
    return fmt::format("faces/{}/{}-{}-{}.jpg", hex.substr(0, 2), hex, face_index, contract);
}

Enrolled enrolled_of(PreparedPhoto::PreparedFace const& face, int rotation) {
    Enrolled enrolled;
    enrolled.quality = face.quality;
    enrolled.box = face.box;
    enrolled.rotation = rotation;
    return enrolled;
}

}  // namespace

std::string photo_key(std::string_view person_id, Sha256 const& digest) {
    std::string key{as_text(digest.bytes)};
    return key.append(person_id);
}

void check_contracts(Workspace const& workspace) {
    auto const active = workspace.models.contract().id;
    std::size_t others = 0;
    for (auto const& count : workspace.store.templates().contracts(k_face)) {
        if (count.contract != active) others += count.templates;
    }
    if (others == 0) return;
    throw OwnFault{Kind::data,
                   fmt::format("{}: {} face templates were made with other models than those in use; run `bioctl people "
                               "reembed`, or go back with `bioctl models use`",
                               printable(workspace.store.file().string()), others)};
}

match::Gallery load_gallery(Workspace const& workspace) {
    auto const contract = workspace.models.contract();
    auto gallery = empty_gallery(contract, workspace.metric);
    workspace.store.read([&] {
        check_contracts(workspace);
        workspace.store.templates().for_each_vector(
            k_face, contract.id,
            [&](std::string_view person_id, std::span<float const> vector) { gallery.add(person_id, vector); });
    });
    return gallery;
}

Enroller::Enroller(Workspace const& workspace, EnrolRules const& rules, Mode mode, IsLater is_later)
    : m_workspace(workspace),
      m_rules(rules),
      m_mode(mode),
      m_is_later(std::move(is_later)),
      m_contract(workspace.models.contract()),
      m_gallery(empty_gallery(m_contract, workspace.metric)) {
    workspace.store.read([&] { load(); });
}

void Enroller::load() {
    check_contracts(m_workspace);
    m_gallery = empty_gallery(m_contract, m_workspace.metric);
    m_later.clear();
    auto const templates = m_workspace.store.templates();
    m_generation = templates.generation();
    if (!m_is_later) {
        templates.for_each_vector(k_face, m_contract.id, [&](std::string_view person_id, std::span<float const> vector) {
            m_gallery.add(person_id, vector);
        });
        return;
    }
    templates.for_each(k_face, m_contract.id, [&](store::Template const& row) {
        if (row.photo && m_is_later(row)) {
            m_later[photo_key(row.person_id, *row.photo)].push_back(row.vector);
        } else {
            m_gallery.add(row.person_id, row.vector);
        }
    });
}

void Enroller::refresh() {
    // Also after a rollback: then the gallery holds photos that the store does not.
    if (m_workspace.store.templates().generation() != m_generation) load();
}

void Enroller::admit(std::string_view person_id, Sha256 const& digest) {
    auto const later = m_later.extract(photo_key(person_id, digest));
    if (!later) return;
    for (auto const& vector : later.mapped())
        m_gallery.add(person_id, vector);
}

void Enroller::aside(std::function<void()> const& work) {
    refresh();
    work();
    m_generation = m_workspace.store.templates().generation();
}

std::optional<Enroller::Resemblance> Enroller::resemblance(std::string_view person_id, std::span<float const> vector) const {
    if (m_rules.on_duplicate == OnDuplicate::allow || !m_rules.duplicate_threshold) return std::nullopt;
    auto const nearest = m_gallery.search(vector, k_equals);
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
    for (auto const& face : photo.faces) {
        resemblances.push_back(resemblance(person_id, face.vector));
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
    for (std::size_t i = 0; i < photo.faces.size(); ++i) {
        m_gallery.add(person_id, photo.faces[i].vector);
        if (!resemblances[i]) continue;
        (*enrolled)[i].resembles = resemblances[i]->person_id;
        (*enrolled)[i].resembles_distance = resemblances[i]->distance;
    }
    return outcome;
}

EnrolOutcome Enroller::add(store::Template& row, std::string_view name, PreparedPhoto const& photo) {
    auto const now = m_workspace.clock.now();
    auto templates = m_workspace.store.templates();
    m_workspace.store.people().upsert(row.person_id, "", now);
    row.contract = m_contract.id;
    row.photo = photo.digest;
    row.rotation = photo.rotation;
    row.created_at = now;
    std::vector<Enrolled> enrolled;
    for (auto const& face : photo.faces) {
        row.vector = face.vector;
        row.quality = face.quality;
        row.face_index = face.index;
        row.crop = face.crop.empty() ? std::string{} : crop_path(photo.digest, face.index, m_contract.id);
        row.box_top = face.box.top;
        row.box_right = face.box.right;
        row.box_bottom = face.box.bottom;
        row.box_left = face.box.left;
        auto const id = templates.add(row);
        // Another process, or the same bytes under another name earlier in the input.
        if (!id) return Unchanged{};
        if (!row.crop.empty()) write_file(m_workspace.media_dir / row.crop, face.crop, Durability::synced, k_crop_mode);
        enrolled.push_back(enrolled_of(face, photo.rotation));
        enrolled.back().template_id = id;
    }
    // Only with a template that is new: a photo that was there already changes nothing, and so not the name.
    if (!name.empty()) m_workspace.store.people().set_name(row.person_id, name, now);
    m_generation = templates.generation();
    return enrolled;
}

EnrolOutcome Enroller::rehearse(std::string_view person_id, PreparedPhoto const& photo) {
    if (!m_rehearsed.insert(photo_key(person_id, photo.digest)).second) return Unchanged{};
    std::vector<Enrolled> enrolled;
    for (auto const& face : photo.faces)
        enrolled.push_back(enrolled_of(face, photo.rotation));
    return enrolled;
}

}  // namespace bioctl::app
