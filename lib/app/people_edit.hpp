#pragma once
// Changes to people: look up, rename, remove, merge. None of them loads a model.

#include <functional>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "lib/app/enrol.hpp"
#include "lib/store/people.hpp"

namespace bioctl::app {

/// The person, or Error{no_input} with the nearest id as a hint.
[[nodiscard]] store::Person require_person(store::Store& store, std::string_view id);

/// At most 512 bytes of valid UTF-8 without control characters. Kind::usage says what is wrong.
Result<void> check_person_name(std::string_view name);

struct Renaming {
    std::optional<std::string> name;
    std::optional<std::string> id;
};

/// Returns the person as it is afterwards (Mode::dry_run: would be). Throws Error{no_input} if there is no such person,
/// {usage} if the new id or name is not allowed or the new id is somebody else's.
store::Person rename_person(store::Store& store, Clock const& clock, std::string_view id, Renaming const& change, Mode mode);

struct Removal {
    std::string person_id;
    std::size_t templates = 0;
    std::size_t crops = 0;  ///< portraits that nobody else's template uses
};

struct RemovalReport {
    std::vector<Removal> removed;
    std::vector<std::string> unknown;  ///< ids that nobody has
    std::size_t strays = 0;            ///< further portraits without a row, left by an interrupted removal
    bool log_cleared = true;           ///< see clear_write_log()
};

/// Deletes people, templates and portraits so that the bytes are gone. The rows of all `ids` go in one transaction; also
/// deletes portraits that earlier, interrupted runs left. An id given twice counts once. `in_transaction` is called with those
/// who are about to go, unless that is nobody.
RemovalReport remove_people(store::Store& store, fs::path const& media_dir, std::span<std::string const> ids, Mode mode,
                            std::function<void(RemovalReport const&)> const& in_transaction = {});

struct Merger {
    int templates = 0;  ///< moved; Mode::dry_run: that `from` has
    /// Between the nearest faces of the two under the active contract; of two that cannot be compared by faces, between
    /// the nearest palms as they lie: without the turns that compare tries, it may be a little more.
    std::optional<float> distance;
    bool alike = true;  ///< false: that distance is beyond the threshold
};

/// Up to which distance two people are alike; none = everybody is.
struct MergeThresholds {
    std::optional<float> face, palm;
};

/// Moves the templates of `from` to `into` and deletes `from`; a name goes along if `into` has none. Throws Error{no_input} for
/// an unknown person, {usage} if both are the same.
Merger merge_people(Workspace const& workspace, std::string_view from, std::string_view into, MergeThresholds const& thresholds,
                    Mode mode);

}  // namespace bioctl::app
