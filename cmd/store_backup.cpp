#include <unistd.h>

#include <CLI/CLI.hpp>

#include <fmt/format.h>

#include "cmd/audit_trail.hpp"
#include "cmd/store_verbs.hpp"
#include "cmd/version.hpp"
#include "lib/app/store_backup.hpp"
#include "lib/base/text.hpp"

namespace bioctl::cmd {

namespace {

constexpr Group k_group = Group::store;

struct BackupOptions {
    fs::path to;
    std::optional<int> keep;
};

void add_backup(CLI::App& verb, BackupOptions& o) {
    verb.add_option("--to", o.to, "Folder of backups; it is made if it is not there")->required()->type_name("DIR");
    verb.add_option("--keep", o.keep, "Afterwards delete all but so many of the newest")
        ->type_name("N")
        ->check(CLI::Range(1, 1'000'000));
}

/// The digest of the manifest is in two places now. A store that cannot be written to can be backed up nevertheless.
void note_backup(Context& cx, app::BackupReport const& report) {
    try {
        auto store = cx.open_store(store::Access::read_write);
        record_change(cx, store, "store.backup", "",
                      {{"folder", report.folder.string()}, {"manifest_sha256", to_hex(report.manifest)}});
    } catch (Error const& error) {
        auto const message = fmt::format("{} is whole, but the audit log does not know of it: {}",
                                         printable(report.folder.string()), error.message());
        bool const may_only_read = ::access(cx.data_dir().c_str(), W_OK) != 0;
        if (!may_only_read) throw Error{error.kind(), message};
        cx.talk.warn(message);
    }
}

int run_backup(BackupOptions const& o, Context& cx) {
    require_store(cx);
    auto store = cx.open_store(store::Access::read_only);
    std::optional<ui::Progress> progress;
    std::string drawn;
    app::BackupPlan const plan{.data_dir = cx.data_dir(),
                               .to = fs::absolute(o.to),
                               .bioctl_version = std::string{version()},
                               .keep = o.keep,
                               .go_on = [&](std::string_view what, std::uint64_t done, std::uint64_t total) {
                                   if (drawn != what) progress.emplace(cx.talk, what, total);
                                   drawn = what;
                                   progress->advance(done);
                                   return stop_signal.load() == 0;
                               }};
    auto const report = app::back_up_store(store, cx.clock, plan);
    progress.reset();
    note_backup(cx, report);
    cx.out.columns({"folder", "manifest_sha256"});
    ui::Value::Array pruned{report.pruned.begin(), report.pruned.end()};
    cx.out.record("backup", {{"folder", report.folder.string()},
                             {"moment", to_rfc3339(report.moment)},
                             {"manifest_sha256", to_hex(report.manifest)},
                             {"files", report.files},
                             {"bytes", report.bytes},
                             {"linked", report.linked},
                             {"absent", report.absent},
                             {"pruned", std::move(pruned)}});
    if (report.absent > 0) {
        cx.talk.warn(fmt::format("{} that rows name were not there; in the backup no row names them; see `bioctl store check`",
                                 counted(report.absent, "file", "files")));
    }
    cx.talk.note(fmt::format(
        "{}, {}, {} of them as in the backup before{}", counted(report.files, "file", "files"), human_size(report.bytes),
        report.linked,
        report.pruned.empty() ? "" : fmt::format("; deleted {}", counted(report.pruned.size(), "old backup", "old backups"))));
    return k_exit_yes;
}

struct VerifyOptions {
    fs::path backup;
    std::optional<std::string> expected;
};

void add_verify(CLI::App& verb, VerifyOptions& o) {
    verb.add_option("backup", o.backup, "A folder that `store backup` made")->required()->type_name("BACKUP");
    verb.add_option("--expect", o.expected, "What `store backup` printed: the manifest must have this digest")
        ->type_name("SHA256");
}

int run_verify(VerifyOptions const& o, Context& cx) {
    cx.out.columns({"kind", "path"});
    auto const check = app::verify_backup(o.backup, [&](app::BackupFinding const& finding) {
        cx.out.record("finding", {{"kind", finding.kind}, {"path", finding.path}});
    });
    auto const digest = to_hex(check.manifest);
    bool const is_expected = !o.expected || to_lower_ascii(*o.expected) == digest;
    if (!is_expected) cx.out.record("finding", {{"kind", "not_as_expected"}, {"path", app::k_manifest}});
    bool const is_sound = check.findings == 0 && is_expected;
    cx.out.json_only("verified", {{"sound", is_sound},
                                  {"moment", to_rfc3339(check.head.moment)},
                                  {"schema_version", check.head.schema_version},
                                  {"bioctl", check.head.bioctl},
                                  {"files", check.files},
                                  {"bytes", check.bytes},
                                  {"manifest_sha256", digest}});
    if (!is_sound) {
        cx.talk.warn(fmt::format("{} is not what was written; use another backup", printable(o.backup.string())));
        return k_exit_no;
    }
    cx.talk.note(fmt::format("{}, {}, all as they were at {}", counted(check.files, "file", "files"), human_size(check.bytes),
                             to_rfc3339(check.head.moment)));
    return k_exit_yes;
}

}  // namespace

Verb store_backup_verb() {
    return verb("backup", "Copy the store, portraits and pictures while everything runs", k_group, add_backup, run_backup);
}

Verb store_verify_verb() {
    return verb("verify", "Check that a backup is what was written", k_group, add_verify, run_verify);
}

}  // namespace bioctl::cmd
