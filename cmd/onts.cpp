#include <algorithm>

#include <CLI/CLI.hpp>

#include <fmt/format.h>

#include "cmd/ont_verbs.hpp"
#include "cmd/verbs.hpp"
#include "lib/app/ont_rows.hpp"
#include "lib/base/text.hpp"
#include "lib/base/vault.hpp"

namespace bioctl::cmd {

store::Store open_ont_store(Context& cx, store::Access access) {
    if (!cx.has_store())
        throw Error{Kind::no_input, "there are no ONTs yet; `bioctl onts add` adds one, `bioctl onts import` many"};
    return cx.open_store(access);
}

app::OntRegistry ont_registry(Context& cx, store::Store& store, app::Mode mode) {
    return {.store = store, .clock = cx.clock, .backups_dir = cx.data_dir() / "backups", .mode = mode};
}

std::string read_ont_file(Context const& cx, std::string const& file) {
    auto const bytes = file == "-" ? read_descriptor(STDIN_FILENO, "standard input", app::k_max_ont_file_bytes)
                                   : read_private(cx.data_dir(), file, app::k_max_ont_file_bytes);
    if (!bytes) throw bytes.error();
    return std::string{as_text(*bytes)};
}

ui::Fields fields_of(store::Ont const& ont) {
    auto const& config = ont.config;
    ui::Value::Array tags;
    for (auto const& tag : config.tags)
        tags.emplace_back(tag);
    return {{"id", ont.id},
            {"customer_id", text_or_null(config.customer_id)},
            {"name", config.name},
            {"location", text_or_null(config.location)},
            {"ip", text_or_null(config.host)},
            {"parent", text_or_null(ont.parent_name)},
            {"state", config.enabled ? ont.state : "disabled"},
            {"kind", config.kind},
            {"latitude", config.latitude},
            {"longitude", config.longitude},
            {"parent_id", config.parent},
            {"tags", tags},
            {"enabled", config.enabled},
            {"is_flapping", ont.is_flapping},
            {"rtt_us", ont.rtt_us},
            {"last_answered", time_value(ont.last_answered)},
            {"asked_at", time_value(ont.asked_at)},
            {"created_at", time_value(ont.created_at)},
            {"updated_at", time_value(ont.updated_at)}};
}

void begin_ont_columns(Context& cx) {
    cx.out.columns({"id", "customer_id", "name", "location", "ip", "parent", "state"});
}

namespace {

struct ListOptions {
    app::OntFilter filter;
};

void add_list(CLI::App& verb, ListOptions& o) {
    verb.add_option("--group", o.filter.group, "With this tag")->type_name("TAG");
    verb.add_option("--location", o.filter.location, "At this location")->type_name("TEXT");
    verb.add_option("--parent", o.filter.parent, "Right below this one")->type_name("ONT");
    verb.add_option("--state", o.filter.state, "As the last round found them")
        ->type_name("up|down|unknown|flapping|disabled")
        ->check(CLI::IsMember({"up", "down", "unknown", "flapping", "disabled"}));
    verb.add_option("--kind", o.filter.kind, "Of this kind")
        ->type_name("ont|olt|switch")
        ->check(CLI::IsMember({"ont", "olt", "switch"}));
    verb.add_option("--search", o.filter.search, "With this in name, customer id, location, address or a tag")->type_name("TEXT");
}

int run_list(ListOptions const& o, Context& cx) {
    begin_ont_columns(cx);
    bool has_any = false;
    if (cx.has_store()) {
        auto store = cx.open_store(store::Access::read_only);
        store.read([&] {
            for (auto const& ont : app::find_onts(store, o.filter))
                cx.out.record("ont", fields_of(ont));
            has_any = cx.out.records() > 0 || !store.onts().list().empty();
        });
    }
    if (!has_any) {
        cx.talk.note("there are no ONTs yet; `bioctl onts add` adds one, `bioctl onts import` many");
    } else if (cx.out.records() == 0) {
        cx.talk.note("no ONT fits");
    }
    return k_exit_yes;
}

struct ShowOptions {
    std::string ont;
};

void add_show(CLI::App& verb, ShowOptions& o) {
    verb.add_option("ont", o.ont, "Its id, customer id or name")->required()->type_name("ONT");
}

int run_show(ShowOptions const& o, Context& cx) {
    auto store = open_ont_store(cx, store::Access::read_only);
    store::Ont ont;
    std::size_t children = 0;
    store.read([&] {
        ont = app::require_ont(store, o.ont);
        app::OntFilter below;
        below.parent = fmt::format("id:{}", ont.id);
        children = app::find_onts(store, below).size();
    });
    auto fields = fields_of(ont);
    fields.emplace_back("children", children);
    if (cx.out.rendering() == ui::Rendering::json) {
        cx.out.record("ont", fields);
        return k_exit_yes;
    }
    // Nineteen columns are no answer that a person can read.
    cx.out.columns({"field", "value"});
    for (auto const& [name, value] : fields)
        cx.out.record("field", {{"field", name}, {"value", value}});
    return k_exit_yes;
}

}  // namespace

Verb onts_verb() {
    return noun("onts", "Manage the ONTs and what they hang on", Group::network,
                {onts_add_verb(), verb("list", "List ONTs with their state", Group::network, add_list, run_list),
                 verb("show", "Show one ONT", Group::network, add_show, run_show), onts_edit_verb(), onts_remove_verb(),
                 onts_import_verb(), onts_export_verb(), onts_check_duplicates_verb(), onts_history_verb()});
}

}  // namespace bioctl::cmd
