#include <algorithm>

#include <CLI/CLI.hpp>

#include <fmt/format.h>

#include "cmd/face_options.hpp"
#include "cmd/ont_verbs.hpp"
#include "lib/app/onts_duplicates.hpp"
#include "lib/base/text.hpp"

namespace bioctl::cmd {

namespace {

constexpr std::size_t k_most_listed = 10;

struct CheckOptions {
    std::string file;
    std::vector<std::string> keys, columns;
};

void add_check(CLI::App& verb, CheckOptions& o) {
    verb.add_option("file", o.file, "Look at this file, as onts import reads it, not at the store; - is standard input")
        ->type_name("FILE");
    verb.add_option("--key", o.keys, "Look for duplicates of this only; may be given several times")
        ->type_name("customer_id|ip|name|coordinates|id")
        ->allow_extra_args(false)
        ->check(CLI::IsMember({"customer_id", "ip", "name", "coordinates", "id"}));
    verb.add_option("--map", o.columns, "What a column of the file is, as for onts import")
        ->type_name("COLUMN=FIELD")
        ->allow_extra_args(false);
}

std::vector<app::OntFacts> facts_to_check(CheckOptions const& o, Context& cx) {
    if (!o.file.empty()) {
        auto const text = read_ont_file(cx, o.file);
        return app::facts_of(app::read_ont_rows(text, app::OntColumnMap{o.columns}));
    }
    if (!o.columns.empty()) throw Error{Kind::usage, "onts check-duplicates: --map is for a file"};
    auto store = open_ont_store(cx, store::Access::read_only);
    return app::facts_of(store.onts().list());
}

/// How people find it again: by its place in the file, or its id.
std::string where_of(app::OntFacts const& facts) {
    return facts.place.empty() ? facts.id : facts.place;
}

void show_missing(Context& cx, std::string_view what, std::vector<std::size_t> const& members,
                  std::vector<app::OntFacts> const& all) {
    for (std::size_t i = 0; i < members.size() && i < k_most_listed; ++i) {
        auto const& facts = all[members[i]];
        tell(cx, "missing",
             {{"missing", what},
              {"where", where_of(facts)},
              {"customer_id", text_or_null(facts.customer_id)},
              {"name", facts.name},
              {"is_unreadable", facts.is_unreadable}});
    }
}

int run_check(CheckOptions const& o, Context& cx) {
    auto const facts = facts_to_check(o, cx);
    auto const check = app::check_duplicates(facts);
    auto const is_asked = [&](std::string const& key) {
        return o.keys.empty() || std::ranges::find(o.keys, key) != o.keys.end();
    };
    std::size_t findings = 0;
    cx.out.columns({"result", "key", "value", "count", "where"});
    for (auto const& duplicate : check.duplicates) {
        if (!is_asked(duplicate.key)) continue;
        ++findings;
        ui::Value::Array where, names;
        for (auto const member : duplicate.members) {
            where.emplace_back(where_of(facts[member]));
            names.emplace_back(facts[member].name);
        }
        tell(cx, "duplicate",
             {{"key", duplicate.key},
              {"value", duplicate.value},
              {"count", duplicate.members.size()},
              {"where", where},
              {"names", names}});
    }
    cx.out.columns({"result", "missing", "where", "customer_id", "name"});
    show_missing(cx, "coordinates", check.without_place, facts);
    show_missing(cx, "ip", check.without_address, facts);
    cx.out.columns({"result", "key", "filled", "unique", "duplicated"});
    for (auto const& totals : check.totals) {
        if (is_asked(totals.key))
            tell(cx, "key",
                 {{"key", totals.key}, {"filled", totals.filled}, {"unique", totals.unique}, {"duplicated", totals.duplicated}});
    }
    cx.out.json_only("summary", {{"rows", facts.size()},
                                 {"findings", findings},
                                 {"without_coordinates", check.without_place.size()},
                                 {"unreadable_coordinates", check.unreadable.size()},
                                 {"without_ip", check.without_address.size()}});
    cx.talk.note(fmt::format("{}, {}; {} without coordinates ({} of them unreadable), {} without an address",
                             counted(facts.size(), "row", "rows"), counted(findings, "duplicated value", "duplicated values"),
                             check.without_place.size(), check.unreadable.size(), check.without_address.size()));
    return findings == 0 ? k_exit_yes : k_exit_no;
}

}  // namespace

Verb onts_check_duplicates_verb() {
    return verb("check-duplicates", "Find what is there twice, and what is missing", Group::network, add_check, run_check);
}

}  // namespace bioctl::cmd
