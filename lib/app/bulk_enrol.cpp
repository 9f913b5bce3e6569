#include "lib/app/bulk_enrol.hpp"

#include <fmt/format.h>

#include "lib/app/bulk_batch.hpp"
#include "lib/app/bulk_prune.hpp"
#include "lib/app/people_media.hpp"
#include "lib/base/file.hpp"

namespace bioctl::app {

namespace {

FileLock lock_out_others(fs::path const& data_dir) {
    auto const file = data_dir / "bulk-enroll.lock";
    if (auto lock = FileLock::try_acquire(file)) return *std::move(lock);
    auto const holder = FileLock::holder(file);
    auto const who = holder > 0 ? fmt::format("process {}", holder) : std::string{"another process"};
    throw Error{Kind::busy, fmt::format("{} is enrolling in bulk already; wait for it to end, then run this again", who)};
}

std::string why_not_pruned(BulkInput const& input, BulkSummary const& summary) {
    if (summary.stopped_early) return "stopped early, so nothing was removed";
    if (!input.is_complete) return "a part of the source could not be read, so nothing was removed";
    if (input.items.empty()) return "the source is empty (is it mounted?), so nothing was removed; see `bioctl people remove`";
    return {};
}

void prune_source(Workspace const& workspace, BulkInput const& input, Batch const& batch, BulkSummary& summary,
                  BulkOptions const& options, BulkEvents const& events) {
    summary.not_pruned = why_not_pruned(input, summary);
    if (!summary.not_pruned.empty()) return;
    for (auto const& removed : prune(workspace, options.rules.modality, input.origin, batch.seen(), options.mode)) {
        summary.removed += removed.templates;
        if (events.on_removed) events.on_removed(removed);
    }
}

BulkSummary run(Workspace const& workspace, BulkInput const& input, BulkOptions const& options, BulkEvents const& events) {
    if (options.mode == Mode::write) make_private_folders(workspace.media_dir);
    Batch batch{workspace, input, options, events};
    auto summary = batch.run();
    if (options.prune == Prune::yes) prune_source(workspace, input, batch, summary, options, events);
    return summary;
}

}  // namespace

BulkSummary bulk_enrol(Workspace const& workspace, BulkInput const& input, BulkOptions const& options, BulkEvents const& events) {
    if (options.mode == Mode::dry_run) return run(workspace, input, options, events);
    auto const lock = lock_out_others(workspace.media_dir.parent_path());
    // Portraits, or half of one, that a killed run wrote before its transaction ended.
    remove_unused_crops(workspace.store, workspace.media_dir, stray_crops(workspace.store, workspace.media_dir));
    return run(workspace, input, options, events);
}

BulkSummary enrol_photos(Workspace const& workspace, std::vector<BulkItem> photos, EnrolRules const& rules,
                         BulkEvents const& events) {
    BulkInput const input{.items = std::move(photos), .origin = {}, .is_complete = true};
    BulkOptions options;
    options.rules = rules;
    return run(workspace, input, options, events);
}

}  // namespace bioctl::app
