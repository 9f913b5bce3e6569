// Verbs that change the whole list of notifications, or carry it from and to the old service's file.

#include <algorithm>

#include <fmt/format.h>
#include <CLI/CLI.hpp>

#include "cmd/audit_trail.hpp"
#include "cmd/notification_verbs.hpp"
#include "cmd/ui/confirm.hpp"
#include "lib/app/notifications.hpp"
#include "lib/base/file.hpp"
#include "lib/base/text.hpp"
#include "lib/base/vault.hpp"

namespace bioctl::cmd {

namespace {

constexpr std::uint64_t k_largest_file = 64 * 1024 * 1024;

std::string notifications(std::int64_t number) {
    return counted(static_cast<std::uint64_t>(number), "notification", "notifications");
}

struct ClearOptions {
    bool yes = false;
};

void add_clear(CLI::App& verb, ClearOptions& o) {
    verb.add_flag("-y,--yes", o.yes, "Do not ask");
}

int run_clear(ClearOptions const& o, Context& cx) {
    cx.out.columns({"notifications", "backup"});
    app::Cleared cleared;
    if (cx.has_store()) {
        auto store = cx.open_store(store::Access::read_write);
        bool const is_empty = store.notifications().list({.limit = 1}).empty();
        if (!is_empty && !o.yes && !ui::confirm("Clear the list of notifications?")) {
            cx.talk.note("nothing was cleared");
            return k_exit_no;
        }
        auto const audit = [&](app::Cleared const& done) {
            app::record(store, cx.clock, local_actor(), "notifications.clear", "",
                        {{"notifications", fmt::format("{}", done.notifications)}});
        };
        cleared =
            app::clear_notifications(store, cx.clock, app::Zone{cx.settings.timezone()}, cx.data_dir() / "backups", audit);
    }
    cx.out.record("cleared", {{"notifications", cleared.notifications}, {"backup", text_or_null(cleared.backup.string())}});
    if (cleared.notifications > 0) cx.talk.note("`bioctl notifications restore` brings them back");
    return k_exit_yes;
}

struct RestoreOptions {};

void add_restore(CLI::App& /*verb*/, RestoreOptions& /*options*/) {}

int run_restore(RestoreOptions const& /*options*/, Context& cx) {
    std::optional<std::int64_t> restored;
    if (cx.has_store()) {
        auto store = cx.open_store(store::Access::read_write);
        store.write([&] {
            restored = store.notifications().restore();
            if (restored)
                app::record(store, cx.clock, local_actor(), "notifications.restore", "",
                            {{"notifications", fmt::format("{}", *restored)}});
        });
    }
    if (!restored) {
        cx.talk.note("there is nothing to restore: the list was not cleared, or each clear was undone already");
        return k_exit_no;
    }
    cx.out.columns({"notifications"});
    cx.out.record("restored", {{"notifications", *restored}});
    return k_exit_yes;
}

struct ImportOptions {
    std::string file;
    bool dry_run = false;
};

void add_import(CLI::App& verb, ImportOptions& o) {
    verb.add_option("file", o.file, "notifications.json of the old monitor; - is standard input")->required()->type_name("FILE");
    verb.add_flag("-n,--dry-run", o.dry_run, "Change nothing, say what would be done");
}

std::vector<Result<store::Notification>> rows_of(ImportOptions const& o, Context const& cx) {
    bool const is_stdin = o.file == "-";
    auto const name = is_stdin ? std::string{"standard input"} : printable(o.file);
    auto const bytes =
        is_stdin ? read_descriptor(STDIN_FILENO, name, k_largest_file) : read_private(cx.data_dir(), o.file, k_largest_file);
    if (!bytes) throw bytes.error();
    try {
        return app::from_old_json(as_text(*bytes), app::Zone{cx.settings.timezone()});
    } catch (Error const& error) {
        throw error.kind() == Kind::data ? error.within(name) : error;
    }
}

std::string_view name_of(app::Taken taken) {
    switch (taken) {
        case app::Taken::added: return "added";
        case app::Taken::renumbered: return "renumbered";
        case app::Taken::unchanged: break;
    }
    return "unchanged";
}

/// Thrown to leave a transaction that was only rehearsed.
struct Rehearsed {};

int run_import(ImportOptions const& o, Context& cx) {
    auto const rows = rows_of(o, cx);
    auto store = cx.open_store(store::Access::read_write);
    std::vector<std::string_view> results(rows.size(), "rejected");
    try {
        store.write([&] {
            for (std::size_t i = 0; i < rows.size(); ++i) {
                if (rows[i]) results[i] = name_of(app::take_notification(store, *rows[i]));
            }
            if (o.dry_run) throw Rehearsed{};
        });
    } catch (Rehearsed const&) {
        cx.talk.note("nothing was changed");
    }
    cx.out.columns({"result", "row", "id", "detail"});
    for (std::size_t i = 0; i < rows.size(); ++i) {
        auto const& row = rows[i];
        if (!row) cx.talk.warn(fmt::format("{}: row {}: {}", printable(o.file), i + 1, row.error().message()));
        cx.out.record(results[i], {{"result", results[i]},
                                   {"row", i + 1},
                                   {"id", row ? ui::Value{row->id} : ui::Value{}},
                                   {"detail", row ? ui::Value{} : ui::Value{row.error().message()}}});
    }
    bool const is_bad = std::ranges::any_of(rows, [](auto const& row) { return !row; });
    return is_bad ? k_exit_partial : k_exit_yes;
}

struct ExportOptions {
    std::string file = "-";
};

void add_export(CLI::App& verb, ExportOptions& o) {
    verb.add_option("file", o.file, "Where to write; - is standard output")->type_name("FILE")->capture_default_str();
}

int run_export(ExportOptions const& o, Context& cx) {
    std::vector<store::Notification> shown;
    if (cx.has_store()) shown = cx.open_store(store::Access::read_only).notifications().list({});
    std::ranges::reverse(shown);
    auto const json = app::to_old_json(shown);
    if (o.file == "-") {
        cx.out.text(json);
        return k_exit_yes;
    }
    write_file(o.file, as_bytes(json));
    cx.talk.note(fmt::format("wrote {} to {}", notifications(static_cast<std::int64_t>(shown.size())), printable(o.file)));
    return k_exit_yes;
}

}  // namespace

Verb notifications_clear_verb() {
    return verb("clear", "Clear the list, with a backup", Group::network, add_clear, run_clear);
}

Verb notifications_restore_verb() {
    return verb("restore", "Bring back what the last clear took", Group::network, add_restore, run_restore);
}

Verb notifications_import_verb() {
    return verb("import", "Take over notifications of the old monitor", Group::network, add_import, run_import);
}

Verb notifications_export_verb() {
    return verb("export", "Write the list as the old monitor kept it", Group::network, add_export, run_export);
}

}  // namespace bioctl::cmd
