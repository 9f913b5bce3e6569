#pragma once
// What the verbs of faces and palms share: options, the workspace, the rendering of outcomes.

#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "cmd/context.hpp"
#include "lib/app/bulk_enrol.hpp"
#include "lib/app/workspace.hpp"

namespace CLI {
class App;
}

namespace bioctl::cmd {

/// --modality face|palm, and auto where a verb can tell by itself.
enum class AutoModality { no, yes };
void add_modality(CLI::App& verb, std::string& modality, AutoModality automatic = AutoModality::no);
[[nodiscard]] store::Modality modality_from(std::string const& word);
/// Error{usage} for distances of the one modality where the other is asked for.
void check_distance_flags(std::string_view verb, std::string const& modality, Context const& cx);

struct EnrolFlags {
    std::string modality = "face";
    std::string faces = "one";
    bool no_crop = false;
};

/// --modality, --faces, --no-crop, --min-quality, --on-duplicate.
void add_enrol_flags(CLI::App& verb, EnrolFlags& flags);
/// Error{usage} for flags that do not go together: before a store is made.
void check_enrol_flags(std::string_view verb, EnrolFlags const& flags);
[[nodiscard]] app::EnrolRules rules_of(EnrolFlags const& flags, Context const& cx, face::Contract const& contract);

/// --max-bytes, --max-pixels.
void add_limits(CLI::App& verb);
[[nodiscard]] image::Limits limits_of(Context const& cx);

/// The models in use. Palms need none: with them a missing one is no Error, and what concerns faces cannot be asked for.
[[nodiscard]] face::ModelSet models_for(store::Modality modality, Context& cx);

/// Store, models and settings, opened together with the Workspace that refers to them.
class FaceWorkspace {
public:
    enum class Opening {
        existing,   ///< read-only; Error{no_input} if nobody is enrolled yet
        create,     ///< to write
        rehearsal,  ///< read-only; without a store an empty one, kept elsewhere and forgotten
    };
    /// With the models_for() this modality.
    FaceWorkspace(Context& cx, Opening opening, store::Modality modality = store::Modality::face);
    ~FaceWorkspace();
    FaceWorkspace(FaceWorkspace const&) = delete;
    FaceWorkspace& operator=(FaceWorkspace const&) = delete;

    [[nodiscard]] app::Workspace const& get() const { return m_workspace; }
    /// With the thresholds that were chosen for this store, if they were; see app::calibrated().
    [[nodiscard]] face::Contract const& contract() const { return m_contract; }

private:
    class Scratch;
    std::unique_ptr<Scratch> m_scratch;
    store::Store m_store;
    face::ModelSet m_models;
    face::Contract m_contract;
    app::Workspace m_workspace;
};

/// What the user set, else what was chosen for this store by `calibrate --apply`; none where neither is, or there is no store.
struct PalmThresholds {
    std::optional<float> identify, verify;
};
[[nodiscard]] PalmThresholds palm_thresholds(Context const& cx);
[[nodiscard]] PalmThresholds palm_thresholds(config::Settings const& settings, store::Store& store);

/// The setting `jobs`, or the number of cores.
[[nodiscard]] int jobs_of(Context const& cx);

/// A path, or the bytes of standard input for "-".
[[nodiscard]] app::PhotoSource photo_source(std::string const& argument, Context const& cx);

/// What messages call it: "standard input" for "-".
[[nodiscard]] std::string name_of(app::PhotoSource const& photo);

/// Paths may hold any bytes; null if there is none.
[[nodiscard]] ui::Value image_value(fs::path const& path);
[[nodiscard]] ui::Value box_value(app::Box const& box);
[[nodiscard]] ui::Value distance_value(std::optional<float> distance);
[[nodiscard]] ui::Value quality_value(float quality);

/// A record whose type the text renderings show in their column "result".
void tell(Context& cx, std::string_view type, ui::Fields fields);

/// The columns of what tell_outcome() prints.
void begin_outcomes(Context& cx);
/// Who tells people that a file could not be had: a warning beside the record, or main, for the verb fails with it.
enum class FailureTold { here, by_main };
/// The records of one photo: enrolled (one for each face), unchanged or rejected; with a warning if something is to be done.
void tell_outcome(Context& cx, app::BulkRecord const& record, FailureTold told = FailureTold::here);

/// The verb's exit code after a signal.
[[nodiscard]] int exit_after_signal();

}  // namespace bioctl::cmd
