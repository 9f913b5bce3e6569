#pragma once
// Enrolment of many photos: all cores, input order, resumable after kill -9.

#include <functional>
#include <string>
#include <vector>

#include "lib/app/enrol.hpp"

namespace bioctl::app {

struct BulkItem {
    std::string person_id;
    std::string name;     ///< "" = keep
    PhotoSource photo{};  ///< the path is empty if a row has none
    /// Set when the row itself is wrong (bad id, missing column): reported as rejected, in its place.
    std::optional<Rejected> rejected{};
};

struct BulkInput {
    std::vector<BulkItem> items;
    std::string origin;  ///< canonical folder or manifest root: the scope of --prune
    /// False if a folder could not be read or a row not understood: what is missing may be there after all.
    bool is_complete = true;
};

/// DIR/<id>/**/*.jpg: the first folder level is the id, deeper ones are allowed; see list_photos(). Photos directly in DIR are
/// rejected items, for they belong to nobody. Throws as list_photos().
[[nodiscard]] BulkInput scan_directory(fs::path const& directory);

inline constexpr std::uint64_t k_max_manifest_bytes = 256'000'000;

/// CSV (header id,name,path in any order, `,` or `;`, quotes, BOM) or NDJSON ({"id","name"?,"path"}), told apart by the first
/// character. Relative paths start at `root`. Bad rows become items with `rejected`. Throws Error{data} if there is no usable
/// header.
[[nodiscard]] BulkInput read_manifest(std::string_view text, fs::path const& root);

enum class Prune { no, yes };

struct BulkOptions {
    EnrolRules rules;
    Prune prune = Prune::no;
    Mode mode = Mode::write;
    std::size_t max_errors = 0;  ///< stop after this many rejected photos; 0 = never
};

struct BulkRecord {
    BulkItem const& item;
    EnrolOutcome const& outcome;
};
struct RemovedRecord {
    std::string person_id;
    std::string path;
    std::size_t templates = 0;
};

struct BulkSummary {
    std::size_t people = 0;  ///< ids seen in the input
    std::size_t images = 0;
    std::size_t enrolled = 0;  ///< photos (with Mode::dry_run: that would be)
    std::size_t unchanged = 0;
    std::size_t rejected = 0;
    std::size_t removed = 0;  ///< templates, by prune
    double seconds = 0;
    bool stopped_early = false;  ///< by max_errors or by `should_stop`
    std::string not_pruned;      ///< why Prune::yes removed nothing, for people; "" if it did its work
};

struct BulkEvents {
    std::function<void(BulkRecord const&)> on_photo;  ///< in input order, after the photo is durable
    std::function<void(RemovedRecord const&)> on_removed;
    std::function<void(std::size_t done)> on_progress;
    std::function<bool()> should_stop;  ///< asked between photos
};

/// Enrols a folder or a manifest. One at a time: Error{busy} names the process that is at it. Error also for what concerns the
/// whole batch (store full, locked); a bad photo is a record. Callbacks run on the calling thread.
BulkSummary bulk_enrol(Workspace const& workspace, BulkInput const& input, BulkOptions const& options, BulkEvents const& events);

/// The same for a few photos of one person, which belong to no folder: any number may run side by side, nothing is pruned.
BulkSummary enrol_photos(Workspace const& workspace, std::vector<BulkItem> photos, EnrolRules const& rules,
                         BulkEvents const& events);

}  // namespace bioctl::app
