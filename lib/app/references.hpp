#pragma once
// Everybody's templates of one modality, ready to be searched: the gallery that enrolment compares with.

#include <cstddef>
#include <span>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "lib/face/contract.hpp"
#include "lib/match/code_gallery.hpp"
#include "lib/match/gallery.hpp"
#include "lib/palm/template.hpp"
#include "lib/store/templates.hpp"

namespace bioctl::app {

/// Of a palm: what is kept, and what is looked for. The latter is empty in those of a stored row, for it is ten times as large.
struct PalmFeatures {
    palm::Template palm;
    match::CodeQuery query;
};

/// What one sample (a face, a palm) is compared by; a face's is the un-normalised vector.
using Features = std::variant<std::vector<float>, PalmFeatures>;

/// The features of a row of the store, to be searched. OwnFault{data} if the code of a palm is damaged.
[[nodiscard]] Features features_of(store::Template const& row);
/// Puts them into a row, and the modality with them.
void set_features(store::Template& row, Features const& features);

/// The palm of a stored code. OwnFault{data}, naming the person and the way out, if it is damaged.
[[nodiscard]] palm::Template palm_of(store::TemplateId id, std::string_view person_id, ByteView code);

/// Thread rules: those of match::Gallery. Features of another modality than the constructor's are Error{bug}.
class References {
public:
    References(store::Modality modality, face::Contract const& contract, match::Metric metric);

    void add(std::string_view person_id, Features const& features);
    /// Faces only.
    void remove(std::span<std::string const> person_ids);
    /// Null with palms.
    [[nodiscard]] match::Gallery const* faces() const;

    /// The `top` nearest people, nearest first.
    [[nodiscard]] std::vector<match::Candidate> search(Features const& probe, std::size_t top) const;
    [[nodiscard]] std::string const& person_id(match::PersonIndex person) const;

private:
    std::variant<match::CodeGallery, match::Gallery> m_gallery;
};

}  // namespace bioctl::app
