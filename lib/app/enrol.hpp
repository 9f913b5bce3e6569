#pragma once
// Enrolment of one photo, in two steps: prepare() is the work and may run on any thread; commit() decides and writes, in input
// order.

#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "lib/app/workspace.hpp"
#include "lib/match/gallery.hpp"

namespace bioctl::app {

enum class FacePolicy { one, largest, all };
enum class OnDuplicate { warn, reject, allow };
enum class CropPolicy { keep, none };

struct EnrolRules {
    FacePolicy faces = FacePolicy::one;
    OnDuplicate on_duplicate = OnDuplicate::reject;
    CropPolicy crops = CropPolicy::keep;
    float min_quality = 0;
    /// A face within this distance of another person's template, and nearer to it than to the own ones, is that person.
    float duplicate_threshold = 0;
};

enum class RejectReason { no_face, many_faces, low_quality, unreadable, too_large, duplicate_person, bad_id };
/// "no_face", "many_faces", ...
[[nodiscard]] std::string_view name_of(RejectReason reason);

struct Enrolled {
    store::TemplateId template_id = 0;
    float quality = 0;
    int box_top = 0, box_right = 0, box_bottom = 0, box_left = 0;
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
};
/// One outcome per photo; with FacePolicy::all one Enrolled per face.
using EnrolOutcome = std::variant<std::vector<Enrolled>, Unchanged, Rejected>;

/// What prepare() found out; moves between threads.
struct PreparedPhoto {
    struct PreparedFace {
        face::Face face;
        Bytes crop;  ///< JPEG, empty with CropPolicy::none
    };
    Sha256 digest{};
    std::vector<PreparedFace> faces;  ///< chosen by the policy, largest first
    int rotation = 0;
    std::optional<Rejected> rejected;
};

/// Decodes, finds the faces, applies FacePolicy and min_quality, embeds and cuts the portraits. `engine` belongs to the calling
/// thread.
PreparedPhoto prepare(face::Engine& engine, ByteView file, EnrolRules const& rules, image::Limits const& limits);

/// The gallery an enrolment is checked against, kept current while photos are added.
class Enroller {
public:
    /// Loads the gallery of the active contract. Throws Error{Kind::data} with the way out (`bioctl people reembed`) if the store
    /// holds face templates of another contract.
    Enroller(Workspace const& workspace, EnrolRules const& rules);

    /// Writes crops and templates of one photo in the surrounding Store::write() transaction. `source` and `origin`: see
    /// store::Template.
    EnrolOutcome commit(std::string_view person_id, std::string_view name, PreparedPhoto const& photo, std::string_view source,
                        std::string_view origin);

private:
    Workspace const& m_workspace;
    EnrolRules m_rules;
    match::Gallery m_gallery;
};

/// Loads every template of the active contract. Throws Error{Kind::data} with the way out (`bioctl people reembed`) when the
/// store holds face templates, but some of another contract.
[[nodiscard]] match::Gallery load_gallery(Workspace const& workspace);

}  // namespace bioctl::app
