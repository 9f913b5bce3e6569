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

#include "lib/app/photos.hpp"
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
    FacePolicy faces = FacePolicy::one;
    /// Set: the face at this point of a group photo, whatever `faces` says.
    std::optional<PhotoPoint> at{};
    OnDuplicate on_duplicate = OnDuplicate::reject;
    CropPolicy crops = CropPolicy::keep;
    float min_quality = 0;
    /// A face within this distance of another person's template, and nearer to it than to the own ones, is that person.
    /// None: not checked.
    std::optional<float> duplicate_threshold;
};

enum class RejectReason { no_face, many_faces, low_quality, unreadable, too_large, duplicate_person, bad_id, bad_row };
/// "no_face", "many_faces", ...
[[nodiscard]] std::string_view name_of(RejectReason reason);

struct Enrolled {
    std::optional<store::TemplateId> template_id;  ///< none in a dry run
    float quality = 0;
    Box box;
    int rotation = 0;
    /// The other person this face resembles (OnDuplicate::warn).
    std::optional<std::string> resembles;
    std::optional<float> resembles_distance;
};
struct Unchanged {};  ///< this photo is enrolled under this id already
struct Rejected {
    RejectReason reason{};
    std::string detail;  ///< one line for people, without the file's name
    /// Set when the file itself could not be had, so that a verb asked for this one photo can choose its exit code.
    std::optional<image::Failure> failure;
    /// Of a duplicate_person: whom the face resembles, and how far it is.
    std::optional<std::string> resembles{};
    std::optional<float> resembles_distance{};
};
/// One outcome per photo; with FacePolicy::all one Enrolled per face.
using EnrolOutcome = std::variant<std::vector<Enrolled>, Unchanged, Rejected>;

/// What prepare() found out; moves between threads.
struct PreparedPhoto {
    struct PreparedFace {
        int index = 0;  ///< among all faces of the photo, largest first
        Box box;
        float quality = 0;
        std::vector<float> vector;
        Bytes crop;  ///< JPEG, empty with CropPolicy::none
    };
    Sha256 digest{};
    std::vector<PreparedFace> faces;  ///< chosen by the policy, largest first
    int rotation = 0;
    std::optional<Rejected> rejected;
    std::size_t faces_found = 0;  ///< on the photo
};

[[nodiscard]] Rejected rejected_by(image::Failure failure);

/// Decodes, finds the faces, applies FacePolicy and min_quality, embeds and cuts the portraits. `engine` belongs to the calling
/// thread.
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

    /// Loads the gallery of the active contract, see check_contracts(). With Mode::dry_run nothing is written.
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
    void refresh();
    [[nodiscard]] std::optional<Resemblance> resemblance(std::string_view person_id, std::span<float const> vector) const;
    EnrolOutcome add(store::Template& row, std::string_view name, PreparedPhoto const& photo);
    EnrolOutcome rehearse(std::string_view person_id, PreparedPhoto const& photo);

    Workspace const& m_workspace;
    EnrolRules m_rules;
    Mode m_mode;
    IsLater m_is_later;
    face::Contract m_contract;
    match::Gallery m_gallery;
    std::int64_t m_generation = 0;
    std::unordered_map<std::string, std::vector<std::vector<float>>> m_later;  // by photo_key
    std::unordered_set<std::string> m_rehearsed;                               // by photo_key
};

/// Throws Error{Kind::data} with the way out (`bioctl people reembed`) when the store holds face templates of another contract:
/// a search would miss those people.
void check_contracts(Workspace const& workspace);

/// Every template of the active contract, after check_contracts().
[[nodiscard]] match::Gallery load_gallery(Workspace const& workspace);

}  // namespace bioctl::app
