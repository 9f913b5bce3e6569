#pragma once
// Enrolment of one photo, in two steps: prepare() is the work and may run on any thread; Enroller decides and writes, in input
// order.

#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <unordered_set>
#include <variant>
#include <vector>

#include "lib/app/person_keys.hpp"
#include "lib/app/photos.hpp"
#include "lib/app/references.hpp"
#include "lib/app/workspace.hpp"
#include "lib/match/gallery.hpp"
#include "lib/store/templates.hpp"

namespace bioctl::app {

enum class FacePolicy { one, largest, all };
enum class OnDuplicate { warn, reject, allow };
enum class CropPolicy { keep, none };

/// A pixel of the upright photo at full resolution.
struct PhotoPoint {
    int x = 0, y = 0;
};

struct EnrolRules {
    store::Modality modality = store::Modality::face;
    /// This and the point concern faces: a photo of palms shows one.
    FacePolicy faces = FacePolicy::one;
    /// Set: the face at this point of a group photo, whatever `faces` says.
    std::optional<PhotoPoint> at{};
    OnDuplicate on_duplicate = OnDuplicate::reject;
    CropPolicy crops = CropPolicy::keep;
    float min_quality = 0;
    /// A sample within this distance of another person's template, and nearer to it than to the own ones, is that person's.
    /// None: not checked.
    std::optional<float> duplicate_threshold;
};

/// The same rules for photos of palms.
[[nodiscard]] EnrolRules for_palms(EnrolRules rules);

enum class RejectReason {
    no_face,
    many_faces,
    no_hand,  ///< this and the next three are palm::Reason
    bad_pose,
    two_hands,
    too_small,
    low_quality,
    unreadable,
    too_large,
    duplicate_person,
    bad_id,
    bad_row
};
/// "no_face", "many_faces", ...
[[nodiscard]] std::string_view name_of(RejectReason reason);

struct Enrolled {
    std::optional<store::TemplateId> template_id;  ///< none in a dry run
    float quality = 0;
    Box box;
    int rotation = 0;
    /// The other person this sample resembles (OnDuplicate::warn).
    std::optional<std::string> resembles;
    std::optional<float> resembles_distance;
};
struct Unchanged {};  ///< this photo is enrolled under this id already
struct Rejected {
    RejectReason reason{};
    std::string detail;  ///< one line for people, without the file's name
    /// Set when the file itself could not be had, so that a verb asked for this one photo can choose its exit code.
    std::optional<image::Failure> failure;
    /// Of a duplicate_person: whom the sample resembles, and how far it is.
    std::optional<std::string> resembles{};
    std::optional<float> resembles_distance{};
};
/// One outcome per photo; with FacePolicy::all one Enrolled per face.
using EnrolOutcome = std::variant<std::vector<Enrolled>, Unchanged, Rejected>;

/// What prepare() found out; moves between threads.
struct PreparedPhoto {
    /// A face, or a palm.
    struct Sample {
        int index = 0;  ///< among all faces of the photo, largest first; 0 of a palm
        Box box;        ///< of a palm: around the whole hand
        float quality = 0;
        Features features;
        Bytes crop;  ///< JPEG of the box, empty with CropPolicy::none
    };
    Sha256 digest{};
    std::vector<Sample> samples;  ///< chosen by the policy, largest first
    int rotation = 0;
    std::optional<Rejected> rejected;
    std::size_t found = 0;  ///< faces or palms on the photo
};

[[nodiscard]] Rejected rejected_by(image::Failure failure);
[[nodiscard]] Rejected rejected_by(palm::Refusal const& refusal);

/// Decodes, finds the faces, applies FacePolicy and min_quality, embeds and cuts the portraits; or finds the palm, as the rules
/// say. `engine` belongs to the calling thread.
[[nodiscard]] PreparedPhoto prepare(face::Engine& engine, ByteView file, Sha256 const& digest, EnrolRules const& rules,
                                    image::Limits const& limits);

/// A key for sets of photos: the same bytes under the same id.
[[nodiscard]] std::string photo_key(std::string_view person_id, Sha256 const& digest);

/// Decides about photos in input order and writes what it accepts. The gallery it compares with is kept current: while photos are
/// added, and when another process wrote to the store.
class Enroller {
public:
    /// Templates whose photo comes later in the input. The outcome for a photo must depend on those before it only, or a run
    /// that resumes after an interruption would judge by photos which an uninterrupted run has not seen at that point.
    using IsLater = std::function<bool(store::Template const&)>;

    /// Loads what is enrolled with the active contract, see check_contracts(). With Mode::dry_run nothing is written.
    Enroller(Workspace const& workspace, EnrolRules const& rules, Mode mode, IsLater is_later = {});

    /// Writes crops and templates of one photo in the surrounding Store::write() transaction (dry run: none is needed).
    /// `source` and `origin`: see store::Template.
    EnrolOutcome commit(std::string_view person_id, std::string_view name, PreparedPhoto const& photo, std::string_view source,
                        std::string_view origin);

    /// The turn of a photo that IsLater held back and that is enrolled already.
    void admit(std::string_view person_id, Sha256 const& digest);

    /// Runs other writes of the surrounding transaction, which concern no vector: they are no reason to load the gallery again.
    void aside(std::function<void()> const& work);

private:
    struct Resemblance {
        std::string person_id;
        float distance;
    };
    void load();
    /// Leaves out, for admit(), what IsLater names.
    void load_but_later();
    void add_or_hold_back(store::Template const& row);
    void refresh();
    /// Of somebody who may be new in the gallery.
    void note_key(std::string_view person_id);
    [[nodiscard]] std::optional<Resemblance> resemblance(std::string_view person_id, Features const& features) const;
    EnrolOutcome add(store::Template& row, std::string_view name, PreparedPhoto const& photo);
    EnrolOutcome rehearse(std::string_view person_id, PreparedPhoto const& photo);

    Workspace const& m_workspace;
    EnrolRules m_rules;
    Mode m_mode;
    IsLater m_is_later;
    face::Contract m_models;
    std::string m_contract;  // of the templates
    References m_gallery;
    PersonKeys m_keys;  // of faces
    store::ChangePosition m_position;
    std::unordered_map<std::string, std::vector<Features>> m_later;  // by photo_key
    std::unordered_set<std::string> m_rehearsed;                     // by photo_key
};

/// Names what makes templates of this modality comparable: face::Contract::id of the models in use, or palm::k_pipeline.
[[nodiscard]] std::string contract_of(Workspace const& workspace, store::Modality modality);

/// Throws Error{Kind::data} with the way out (`bioctl people reembed`) when the store holds templates of another contract: a
/// search would miss those people.
void check_contracts(Workspace const& workspace, store::Modality modality);

/// Every template of the active contract, after check_contracts().
[[nodiscard]] match::Gallery load_gallery(Workspace const& workspace);
[[nodiscard]] match::CodeGallery load_code_gallery(Workspace const& workspace);

}  // namespace bioctl::app
