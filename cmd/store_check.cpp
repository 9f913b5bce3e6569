#include <CLI/CLI.hpp>

#include <fmt/format.h>

#include "cmd/audit_trail.hpp"
#include "cmd/store_verbs.hpp"
#include "cmd/ui/confirm.hpp"
#include "lib/app/store_check.hpp"
#include "lib/base/text.hpp"

namespace bioctl::cmd {

namespace {

struct CheckOptions {
    bool repair = false, deep = false, yes = false, dry_run = false;
};

void add_check(CLI::App& verb, CheckOptions& o) {
    verb.add_flag("--repair", o.repair, "Mend what can be mended without losing anything");
    verb.add_flag("--deep", o.deep, "Also open every portrait and picture");
    verb.add_flag("-y,--yes", o.yes, "Do not ask before mending");
    verb.add_flag("-n,--dry-run", o.dry_run, "Change nothing, also with --repair");
}

void tell(app::StoreFinding const& finding, Context& cx) {
    cx.out.record("finding", {{"kind", finding.kind},
                              {"subject", finding.subject},
                              {"detail", finding.detail},
                              {"remedy", finding.remedy.empty() ? ui::Value{} : ui::Value{finding.remedy}},
                              {"repaired", finding.is_repaired}});
}

/// Opening would migrate it, and a check changes nothing.
bool is_old(Context& cx) {
    auto const version = store::Store::version_of(cx.store_file());
    if (version >= store::newest_schema_version()) return false;
    tell({"schema", "bioctl.db",
          fmt::format("version {} of {}; nothing else was checked", version, store::newest_schema_version()),
          "`bioctl store migrate`", false},
         cx);
    return true;
}

/// A file that cannot even be opened is a finding, too.
bool is_unreadable(Context& cx) {
    try {
        return is_old(cx);
    } catch (Error const& error) {
        if (error.kind() != Kind::data) throw;
        tell({"damage", "bioctl.db", error.message(), "`bioctl store restore` a backup", false}, cx);
        return true;
    }
}

int run_check(CheckOptions const& o, Context& cx) {
    require_store(cx);
    cx.out.columns({"kind", "subject", "detail", "remedy", "repaired"});
    if (is_unreadable(cx)) return k_exit_no;
    bool const mends = o.repair && !o.dry_run;
    if (mends && !o.yes) {
        auto const question = fmt::format(
            "Mend the store in {}: move files that no row names to lost+found, forget files that "
            "are gone, close what others may read?",
            printable(cx.data_dir().string()));
        if (!ui::confirm(question)) {
            cx.talk.note("nothing was changed");
            return k_exit_no;
        }
    }
    auto store = cx.open_store(mends ? store::Access::read_write : store::Access::read_only);
    ui::Progress progress{cx.talk, "checking", 0};
    std::size_t looked_at = 0;
    app::CheckPlan const plan{.data_dir = cx.data_dir(),
                              .repair = mends ? app::Repair::mend : app::Repair::see,
                              .is_deep = o.deep,
                              .actor = local_actor(),
                              .on_finding = [&](app::StoreFinding const& finding) { tell(finding, cx); },
                              .go_on =
                                  [&] {
                                      progress.advance(++looked_at);
                                      return stop_signal.load() == 0;
                                  }};
    auto const report = app::check_store_files(store, cx.clock, plan);
    auto const left = report.findings - report.repaired;
    cx.out.json_only("checked", {{"sound", left == 0 && report.is_complete},
                                 {"findings", report.findings},
                                 {"repaired", report.repaired},
                                 {"portraits", report.portraits},
                                 {"pictures", report.pictures},
                                 {"files", report.files}});
    if (!report.is_complete) return 128 + stop_signal.load();
    cx.talk.note(fmt::format(
        "{}, {}, {}: {}", counted(report.portraits, "portrait", "portraits"), counted(report.pictures, "picture", "pictures"),
        counted(report.files, "file", "files"),
        report.findings == 0 ? std::string{"all is well"}
                             : fmt::format("{}, {} repaired", counted(report.findings, "finding", "findings"), report.repaired)));
    return left == 0 ? k_exit_yes : k_exit_no;
}

}  // namespace

Verb store_check_verb() {
    return verb("check", "Check whether the store is whole, and mend it", Group::store, add_check, run_check);
}

}  // namespace bioctl::cmd
