#pragma once
// New vectors (of palms: codes) for the templates of other contracts, from the original photo or the kept portrait. Resumable:
// what is done is done.

#include <functional>
#include <optional>
#include <span>
#include <string>
#include <variant>
#include <vector>

#include "lib/app/enrol.hpp"
#include "lib/app/people_decisions.hpp"

namespace bioctl::app {

/// What a new vector was made from.
enum class VectorOrigin {
    photo,     ///< the original: same path, same sha256, the face whose box overlaps the stored one best
    portrait,  ///< the crop below media/
    import,    ///< the imported vector itself, whose space is that of the active recogniser
};
/// "photo", "portrait", "import"
[[nodiscard]] std::string_view name_of(VectorOrigin origin);

enum class ReembedProblem {
    no_picture,  ///< imported as a vector of another space
    photo_gone,  ///< neither photo nor portrait can be read
    no_face,     ///< the active models do not find this face on them
    no_palm,     ///< no palm is found on them
};
/// "no_picture", "photo_gone", "no_face", "no_palm"
[[nodiscard]] std::string_view name_of(ReembedProblem problem);

struct NewVector {
    VectorOrigin origin{};
    std::vector<float> vector;  ///< of a face
    Bytes code;                 ///< of a palm
    float quality = 0;
};
struct NoVector {
    ReembedProblem problem{};
    std::string detail;  ///< one line for people
};
using Renewal = std::variant<NewVector, NoVector>;

/// What becomes of templates that cannot be embedded again. While any is kept, recognize and enroll refuse to work.
enum class Leftovers { keep, remove };

struct ReembedOptions {
    Mode mode = Mode::write;
    Leftovers leftovers = Leftovers::keep;
    std::optional<float> threshold;  ///< overrides that of every contract
};

struct ReembedRecord {
    store::Template const& before;
    Renewal const& renewal;
    bool repeated = false;  ///< the photo was enrolled again meanwhile: the old template was deleted
};

/// A template of a face whose photo recognize would answer differently. Only with Mode::dry_run.
struct DecisionChange {
    store::TemplateId template_id = 0;
    std::string person_id;
    TemplateDecision before, after;
};

struct DecisionCounts {
    std::size_t own = 0, other = 0, unknown = 0;
};

struct ReembedSummary {
    std::size_t templates = 0;  ///< of other contracts, at the start
    std::size_t from_photo = 0, from_portrait = 0, from_import = 0;
    std::size_t repeated = 0;
    std::size_t failed = 0;
    std::size_t removed = 0;      ///< of the failed ones, by Leftovers::remove
    std::size_t people_lost = 0;  ///< people without any template of the active contract because of the failed ones
    std::size_t decisions = 0;    ///< compared, only with Mode::dry_run
    std::size_t changed = 0;      ///< of them
    DecisionCounts before, after;
    bool stopped_early = false;
    bool log_cleared = true;  ///< see clear_write_log()
};

struct ReembedEvents {
    std::function<void(ReembedRecord const&)> on_template;  ///< by template id, after it is durable
    std::function<void(DecisionChange const&)> on_change;
    std::function<void(std::size_t done, std::size_t total)> on_progress;
    std::function<bool()> should_stop;
};

/// Every contract that the models at hand can form. Tells scale, space and thresholds of templates made before `models use`.
[[nodiscard]] std::vector<face::Contract> possible_contracts(face::ModelRegistry const& registry);

/// Workspace::jobs threads; writes in batches. Callbacks run on the calling thread.
/// known  see possible_contracts()
ReembedSummary reembed(Workspace const& workspace, std::span<face::Contract const> known, ReembedOptions const& options,
                       ReembedEvents const& events);

}  // namespace bioctl::app
