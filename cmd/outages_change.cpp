#include <cstdlib>

#include <fmt/format.h>
#include <CLI/CLI.hpp>

#include "cmd/audit_trail.hpp"
#include "cmd/device_verbs.hpp"
#include "cmd/outage_verbs.hpp"
#include "cmd/ui/confirm.hpp"
#include "lib/app/moment.hpp"
#include "lib/app/outages.hpp"
#include "lib/base/text.hpp"
#include "lib/store/outages.hpp"

namespace bioctl::cmd {

namespace {

struct AckOptions {
    std::vector<std::int64_t> ids;
    std::optional<std::string> by, note;
    bool all = false;
};

void add_ack(CLI::App& verb, AckOptions& o) {
    auto* const ids = verb.add_option("id", o.ids, "Numbers of outages")->type_name("OUTAGE");
    verb.add_flag("--all", o.all, "All that go on and are not acknowledged")->excludes(ids);
    verb.add_option("--by", o.by, "Who takes note; the name of the user")->type_name("NAME");
    verb.add_option("--note", o.note, "What is done about it")->type_name("TEXT");
}

std::string user_name() {
    auto const* const name = std::getenv("USER");
    return name != nullptr ? std::string{name} : std::string{};
}

int run_ack(AckOptions const& o, Context& cx) {
    if (o.ids.empty() && !o.all) throw Error{Kind::usage, "outages ack: name outages, or say --all"};
    auto const by = o.by.value_or(user_name()), note = o.note.value_or("");
    auto store = open_ont_store(cx, store::Access::read_write);
    cx.out.columns({"id", "ont", "name", "started_at", "acked_by", "note"});
    std::vector<store::Outage> acked;
    store.write([&] {
        auto ids = o.ids;
        if (o.all) {
            for (auto const& outage : store.outages().ongoing()) {
                if (!outage.acked_at) ids.push_back(outage.id);
            }
        }
        for (auto const id : ids) {
            if (!store.outages().acknowledge(id, by, note, cx.clock.now()))
                throw Error{Kind::no_input, fmt::format("there is no outage {}; `bioctl outages list` shows all", id)};
            acked.push_back(*store.outages().get(id));
            app::record(store, cx.clock, local_actor(), "outages.ack", acked.back().ont_name,
                        {{"outage", fmt::format("{}", id)}});
        }
    });
    for (auto const& outage : acked) {
        cx.out.record("acknowledged", {{"id", outage.id},
                                       {"ont", outage.ont},
                                       {"name", outage.ont_name},
                                       {"started_at", to_rfc3339(outage.started_at)},
                                       {"acked_by", text_or_null(outage.acked_by)},
                                       {"note", text_or_null(outage.note)}});
    }
    if (acked.empty()) cx.talk.note("no outage waits for that");
    return k_exit_yes;
}

struct ClearOptions {
    std::optional<std::string> before;
    bool yes = false;
};

void add_clear(CLI::App& verb, ClearOptions& o) {
    verb.add_option("--before", o.before, "Only those that began before this time: 2026-01-01, 90d")->type_name("TIME");
    verb.add_flag("-y,--yes", o.yes, "Do not ask");
}

int run_clear(ClearOptions const& o, Context& cx) {
    auto store = open_ont_store(cx, store::Access::read_write);
    std::optional<Timestamp> before;
    if (o.before) before = app::Zone{cx.settings.timezone()}.parse(*o.before, cx.clock.now()).or_throw();
    if (!o.yes && !ui::confirm("Forget the outages that have ended? Reports will not know of them.")) {
        cx.talk.note("nothing was cleared");
        return k_exit_no;
    }
    auto const audit = [&](app::ClearedOutages const& cleared) {
        app::record(store, cx.clock, local_actor(), "outages.clear", "", {{"outages", fmt::format("{}", cleared.outages)}});
    };
    auto const cleared = app::clear_outages(store, cx.clock, before, cx.data_dir() / "backups", audit);
    cx.out.columns({"outages", "backup"});
    cx.out.record("cleared", {{"outages", cleared.outages}, {"backup", text_or_null(cleared.backup.string())}});
    return k_exit_yes;
}

}  // namespace

Verb outages_ack_verb() {
    return verb("ack", "Acknowledge outages, so that nobody is told of them again", Group::network, add_ack, run_ack);
}

Verb outages_clear_verb() {
    return verb("clear", "Forget outages that have ended, with a backup", Group::network, add_clear, run_clear);
}

}  // namespace bioctl::cmd
