#include <CLI/CLI.hpp>

#include <fmt/format.h>

#include "cmd/store_verbs.hpp"
#include "cmd/verbs.hpp"
#include "lib/app/store_stats.hpp"
#include "lib/base/text.hpp"
#include "lib/store/templates.hpp"

namespace bioctl::cmd {

namespace {

constexpr Group k_group = Group::store;

struct StatsOptions {};

void add_stats(CLI::App& /*verb*/, StatsOptions& /*options*/) {}

/// One line of the table: a thing, a part of it, how many, how large, from when to when.
struct Figure {
    std::string_view what;
    std::string of{};
    std::optional<std::int64_t> count{};
    std::optional<std::uint64_t> bytes{};
    std::optional<Timestamp> oldest{}, newest{};
};

void tell(Figure const& figure, Context& cx) {
    auto const time = [](std::optional<Timestamp> const& at) { return at ? ui::Value{to_rfc3339(*at)} : ui::Value{}; };
    cx.out.record("figure", {{"what", figure.what},
                             {"of", figure.of.empty() ? ui::Value{} : ui::Value{figure.of}},
                             {"count", figure.count},
                             {"bytes", figure.bytes},
                             {"oldest", time(figure.oldest)},
                             {"newest", time(figure.newest)}});
}

void tell_sizes(app::StoreStats const& stats, Context& cx) {
    auto const page = static_cast<std::uint64_t>(stats.rows.page_bytes);
    tell({.what = "schema", .count = stats.schema_version}, cx);
    tell({.what = "database", .count = stats.rows.pages, .bytes = stats.database_bytes}, cx);
    tell({.what = "log", .bytes = stats.log_bytes}, cx);
    tell(
        {.what = "free_pages", .count = stats.rows.free_pages, .bytes = page * static_cast<std::uint64_t>(stats.rows.free_pages)},
        cx);
    auto const folder = [&](std::string_view what, std::string of, app::FolderSize const& size) {
        tell({.what = what, .of = std::move(of), .count = size.files, .bytes = size.bytes}, cx);
    };
    folder("files", "faces", stats.portraits);
    folder("files", "palms", stats.palms);
    folder("files", "events", stats.pictures);
    folder("files", "models", stats.models);
    if (stats.is_sealed) tell({.what = "sealed"}, cx);
}

void tell_rows(store::Statistics const& rows, Context& cx) {
    for (auto const& count : rows.templates) {
        tell({.what = "templates", .of = fmt::format("{} {}", name_of(count.modality), count.contract), .count = count.templates},
             cx);
    }
    tell({.what = "events", .count = rows.events, .oldest = rows.oldest_event, .newest = rows.newest_event}, cx);
    for (auto const& row : rows.rows)
        tell({.what = row.what, .of = row.of, .count = row.rows}, cx);
}

int run_stats(StatsOptions const& /*options*/, Context& cx) {
    require_store(cx);
    cx.out.columns({"what", "of", "count", "bytes", "oldest", "newest"});
    auto store = cx.open_store(store::Access::read_only);
    auto const stats = app::store_stats(store, cx.data_dir());
    tell_sizes(stats, cx);
    tell_rows(stats.rows, cx);
    return k_exit_yes;
}

}  // namespace

void require_store(Context const& cx) {
    if (cx.has_store()) return;
    throw Error{Kind::no_input, fmt::format("there is no store yet: {} is not there; `bioctl enroll` makes it, see --data-dir",
                                            printable(cx.store_file().native()))};
}

Verb store_verb() {
    return noun("store", "Look after the store: check it, back it up, bring it back, seal it, delete what is old", k_group,
                {verb("stats", "Show how large the store is, and what is in it", k_group, add_stats, run_stats),
                 store_check_verb(), store_backup_verb(), store_verify_verb(), store_restore_verb(), store_vacuum_verb(),
                 store_migrate_verb(), store_encrypt_verb(), store_rekey_verb(), store_decrypt_verb(), store_export_verb(),
                 store_import_verb(), store_retention_verb(), store_prune_verb()});
}

}  // namespace bioctl::cmd
