#include <CLI/CLI.hpp>

#include <fmt/format.h>

#include "cmd/audit_trail.hpp"
#include "cmd/store_verbs.hpp"
#include "lib/app/store_restore.hpp"
#include "lib/base/text.hpp"

namespace bioctl::cmd {

namespace {

struct RestoreOptions {
    fs::path backup;
    std::optional<fs::path> into;
    bool force = false;
};

void add_restore(CLI::App& verb, RestoreOptions& o) {
    verb.add_option("backup", o.backup, "A folder that `store backup` made")->required()->type_name("BACKUP");
    verb.add_option("--into", o.into, "Restore to this folder instead of the data folder")->type_name("DIR");
    verb.add_flag("--force", o.force, "Also where the folder is not empty: what is there is put aside");
}

int run_restore(RestoreOptions const& o, Context& cx) {
    ui::Progress progress{cx.talk, "restoring kB", 0};
    app::RestorePlan const plan{.backup = fs::absolute(o.backup),
                                .into = o.into ? *o.into : cx.data_dir(),
                                .replace = o.force ? app::Replace::yes : app::Replace::no,
                                .actor = local_actor(),
                                .go_on = [&](std::string_view /*what*/, std::uint64_t done, std::uint64_t /*total*/) {
                                    progress.advance(done / 1000);
                                    return stop_signal.load() == 0;
                                }};
    auto const report = app::restore_store(cx.clock, plan);
    cx.out.columns({"folder", "moment", "files", "previous"});
    cx.out.record("restored", {{"folder", fs::absolute(plan.into).string()},
                               {"moment", to_rfc3339(report.head.moment)},
                               {"files", report.files},
                               {"bytes", report.bytes},
                               {"previous", report.previous.empty() ? ui::Value{} : ui::Value{report.previous.string()}},
                               {"schema_version", report.schema_version}});
    if (!report.previous.empty()) {
        cx.talk.note(fmt::format("what was there is in {}; delete it when it is not needed any more",
                                 printable(report.previous.string())));
    }
    return k_exit_yes;
}

}  // namespace

Verb store_restore_verb() {
    return verb("restore", "Put a backup in the place of the data folder", Group::store, add_restore, run_restore);
}

}  // namespace bioctl::cmd
