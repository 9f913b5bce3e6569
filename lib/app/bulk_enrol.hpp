#pragma once
// Enrolment of a folder or a manifest: all cores, input order, resumable after kill -9.

#include <functional>
#include <string>
#include <vector>

#include "lib/app/enrol.hpp"

namespace bioctl::app {

struct BulkItem {
    std::string person_id;
    std::string name;  ///< "" = keep
    fs::path path;
    /// Set when the row itself is wrong (bad id, missing column): reported as rejected, in its place.
    std::optional<Rejected> rejected;
};

struct BulkInput {
    std::vector<BulkItem> items;
    std::string origin;  ///< canonical folder or manifest root: the scope of --prune
};

/// DIR/<id>/**/*.jpg: the first folder level is the id, deeper ones are allowed; files sorted by bytes; hidden files and files
/// without an image extension are left out. Throws Error{no_input} if DIR is not there or not a directory, {permission} if it may
/// not be read.
[[nodiscard]] BulkInput scan_directory(fs::path const& directory);

/// CSV (header id,name,path in any order, `,` or `;`, quotes, BOM) or NDJSON ({"id","name"?,"path"}), told apart by the first
/// character. Relative paths start at `root`. Bad rows become items with `rejected`. Throws Error{data} if there is no usable
/// header.
[[nodiscard]] BulkInput read_manifest(std::string_view text, fs::path const& root);

enum class Prune { no, yes };
enum class Mode { write, dry_run };

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
    std::size_t templates;
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
};

struct BulkEvents {
    std::function<void(BulkRecord const&)> on_photo;  ///< in input order, after the photo is durable
    std::function<void(RemovedRecord const&)> on_removed;
    std::function<void(std::size_t done)> on_progress;
    std::function<bool()> should_stop;  ///< asked between photos
};

/// Throws Error for what concerns the whole batch (store full, locked); a bad photo is a record. Callbacks run on the calling
/// thread.
BulkSummary bulk_enrol(Workspace const& workspace, BulkInput const& input, BulkOptions const& options, BulkEvents const& events);

}  // namespace bioctl::app
