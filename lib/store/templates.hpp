#pragma once
// Templates: the vector of a face or the code of a palm, with where it came from.

#include <cstdint>
#include <functional>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "lib/base/bytes.hpp"
#include "lib/base/clock.hpp"
#include "lib/store/modality.hpp"
#include "lib/store/people.hpp"
#include "lib/store/store.hpp"

namespace bioctl::store {

using TemplateId = std::int64_t;

struct Template {
    TemplateId id = 0;  ///< given by add()
    std::string person_id;
    Modality modality = Modality::face;
    std::string contract;           ///< face::Contract::id, palm::k_pipeline
    std::vector<float> vector;      ///< of a face: un-normalised
    Bytes code;                     ///< of a palm: palm::to_bytes()
    std::vector<double> exact;      ///< empty, or the imported float64 values when float32 does not hold them exactly
    bool double_precision = false;  ///< was imported as float64 and is exported so
    float quality = 0;              ///< 0..1
    std::optional<Sha256> photo;    ///< digest of the photo's file; none for imported vectors
    int face_index = 0;             ///< of the photo's faces, largest first
    std::string source;             ///< path of the photo, any bytes; "npy:<file>" or "json:<file>" for imports
    std::string origin;             ///< canonical folder or manifest root of a bulk enrolment, "" otherwise: the scope of --prune
    std::string crop;               ///< path of the portrait below <data-dir>/media, "" if none is kept
    int box_top = 0, box_right = 0, box_bottom = 0, box_left = 0;  ///< pixels of the upright photo
    int rotation = 0;
    Timestamp created_at{};
};

/// Key of "this photo is already enrolled".
struct EnrolledPhoto {
    std::string person_id;
    Sha256 photo;
    std::string source;
    std::string origin;
};

/// A place in the history of templates and of the people who have some.
struct ChangePosition {
    std::int64_t seq = -1;  ///< -1: before everything
    std::int64_t stamp = 0;
    bool operator==(ChangePosition const&) const = default;
};
/// At least so many changes are remembered.
inline constexpr std::int64_t k_changes_kept = 16'384;

/// Statements on the table `template`. Use inside Store::write() or read(); lives no longer than its Store.
class Templates {
public:
    /// Unique by (person, contract, modality, photo, face_index) where there is a photo; std::nullopt if that one is already
    /// there. Error{no_input} if there is no such person.
    std::optional<TemplateId> add(Template const& t);

    [[nodiscard]] std::vector<Template> of_person(std::string_view person_id) const;  ///< by id
    /// The same of one kind, as for_each() has them.
    [[nodiscard]] std::vector<Template> of_person(std::string_view person_id, Modality modality, std::string_view contract) const;
    [[nodiscard]] std::optional<Template> get(TemplateId id) const;
    /// Every template of the contract, by person id then template id, streamed: memory stays flat. The reference lives for the
    /// call.
    void for_each(Modality modality, std::string_view contract, std::function<void(Template const&)> const& visit) const;
    /// The same without paths and boxes: person id and vector only (what a gallery needs).
    void for_each_vector(Modality modality, std::string_view contract,
                         std::function<void(std::string_view person_id, std::span<float const>)> const& visit) const;
    /// The same for the codes of palms.
    void for_each_code(std::string_view contract,
                       std::function<void(TemplateId id, std::string_view person_id, ByteView code)> const& visit) const;
    /// All ids of templates of other contracts than this one, ascending.
    [[nodiscard]] std::vector<TemplateId> of_other_contracts(Modality modality, std::string_view contract) const;

    /// Number of templates per contract id.
    struct ContractCount {
        std::string contract;
        std::size_t templates;
    };
    [[nodiscard]] std::vector<ContractCount> contracts(Modality modality) const;
    /// Whether any template is not of this contract; does not read them all as contracts() does.
    [[nodiscard]] bool has_other_contracts(Modality modality, std::string_view contract) const;

    /// Photos with templates of this contract, each once, by person id then source: for "skip what is enrolled" and for --prune.
    [[nodiscard]] std::vector<EnrolledPhoto> enrolled_photos(Modality modality, std::string_view contract) const;

    /// Replaces vector, contract and quality (re-embedding) and drops the exact values; keeps the id. False if the person has
    /// this photo and face in that contract already: template `id` is then deleted. Error{no_input} if there is no template `id`.
    bool replace_vector(TemplateId id, std::string_view contract, std::span<float const> vector, float quality);
    /// The same with the code of a palm.
    bool replace_code(TemplateId id, std::string_view contract, ByteView code, float quality);
    /// Remembers where the same photo lies now. Templates of the other modality belong to another run and keep what they have.
    void set_source(Modality modality, std::string_view person_id, Sha256 const& photo, std::string_view source,
                    std::string_view origin);

    bool remove(TemplateId id);
    /// Deletes the templates made from this file in this bulk enrolment; returns what was deleted (for the crops).
    std::vector<Template> remove_from_source(std::string_view person_id, std::string_view source, std::string_view origin);

    /// How many templates use this crop file.
    [[nodiscard]] std::size_t uses_of_crop(std::string_view crop) const;

    /// Grows with every change of templates or people.
    [[nodiscard]] std::int64_t generation() const;

    /// Where the history ends: what was read in the same read() is current for as long as this stays the same.
    [[nodiscard]] ChangePosition position() const;
    /// The people whose templates of this modality, id or name changed after `since`, in order of their keys; people who are gone
    /// included. std::nullopt if that is not known any more: too much has happened, or `since` was undone by a rollback.
    [[nodiscard]] std::optional<std::vector<PersonKey>> changed_people(Modality modality, ChangePosition const& since) const;

private:
    friend class Store;
    friend class Upkeep;
    explicit Templates(Connection& connection) : m_connection(&connection) {}
    bool replace(TemplateId id, std::string_view contract, ByteView content, float quality);
    Connection* m_connection;
};

}  // namespace bioctl::store
