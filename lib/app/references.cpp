#include "lib/app/references.hpp"

#include <fmt/format.h>

#include "lib/base/causes.hpp"
#include "lib/base/text.hpp"

namespace bioctl::app {

namespace {

template <class... Parts>
struct Overloaded : Parts... {
    using Parts::operator()...;
};
template <class... Parts>
Overloaded(Parts...) -> Overloaded<Parts...>;

[[noreturn]] void mixed_up() {
    throw Error{Kind::bug, "features of one modality among those of another"};
}

}  // namespace

palm::Template palm_of(store::TemplateId id, std::string_view person_id, ByteView code) {
    auto palm = palm::from_bytes(code);
    if (palm) return std::move(*palm);
    throw OwnFault{Kind::data,
                   fmt::format("the palm of '{}' (template {}) is damaged: {}; run `bioctl people reembed`, which makes it again",
                               printable(person_id), id, palm.error().message())};
}

Features features_of(store::Template const& row) {
    if (row.modality == store::Modality::face) return row.vector;
    return PalmFeatures{palm_of(row.id, row.person_id, row.code), {}};
}

void set_features(store::Template& row, Features const& features) {
    std::visit(Overloaded{[&](std::vector<float> const& vector) {
                              row.modality = store::Modality::face;
                              row.vector = vector;
                          },
                          [&](PalmFeatures const& palm) {
                              row.modality = store::Modality::palm;
                              row.code = palm::to_bytes(palm.palm);
                          }},
               features);
}

References::References(store::Modality modality, face::Contract const& contract, match::Metric metric) {
    if (modality == store::Modality::face)
        m_gallery = match::Gallery{contract.dimensions, metric, contract.scale, match::Ties::by_id};
}

void References::add(std::string_view person_id, Features const& features) {
    std::visit(Overloaded{[&](match::Gallery& gallery, std::vector<float> const& vector) { gallery.add(person_id, vector); },
                          [&](match::CodeGallery& gallery, PalmFeatures const& palm) {
                              for (auto const& code : palm.palm.codes)
                                  gallery.add(person_id, code);
                          },
                          [](auto const&, auto const&) { mixed_up(); }},
               m_gallery, features);
}

void References::remove(std::span<std::string const> person_ids) {
    auto* const faces = std::get_if<match::Gallery>(&m_gallery);
    if (faces == nullptr) mixed_up();
    faces->remove(person_ids);
}

match::Gallery const* References::faces() const {
    return std::get_if<match::Gallery>(&m_gallery);
}

std::vector<match::Candidate> References::search(Features const& probe, std::size_t top) const {
    using Candidates = std::vector<match::Candidate>;
    return std::visit(
        Overloaded{[&](match::Gallery const& gallery, std::vector<float> const& vector) { return gallery.search(vector, top); },
                   [&](match::CodeGallery const& gallery, PalmFeatures const& palm) { return gallery.search(palm.query, top); },
                   [](auto const&, auto const&) -> Candidates { mixed_up(); }},
        m_gallery, probe);
}

std::string const& References::person_id(match::PersonIndex person) const {
    return std::visit([&](auto const& gallery) -> std::string const& { return gallery.person_id(person); }, m_gallery);
}

}  // namespace bioctl::app
