#include <algorithm>
#include <map>

#include <fmt/format.h>
#include <CLI/CLI.hpp>

#include "cmd/device_verbs.hpp"
#include "cmd/outage_verbs.hpp"
#include "cmd/verbs.hpp"
#include "lib/app/moment.hpp"
#include "lib/app/ont_choice.hpp"
#include "lib/store/outages.hpp"

namespace bioctl::cmd {

namespace {

struct Choice {
    app::OntChoice onts;
    std::optional<std::string> since, until;
};

void add_choice(CLI::App& verb, Choice& o) {
    verb.add_option("--ont", o.onts.onts, "Only of this ONT, by id, customer id or name; may be given several times")
        ->type_name("ONT");
    verb.add_option("--group", o.onts.groups, "Only of those with this tag; may be given several times")->type_name("TAG");
    verb.add_option("--location", o.onts.locations, "Only of those at this place; may be given several times")->type_name("TEXT");
    verb.add_option("--since", o.since, "Only what was after this time: 2026-11-21, 2h, 3d")->type_name("TIME");
    verb.add_option("--until", o.until, "Only what was before this time")->type_name("TIME");
}

store::OutageFilter filter_of(Choice const& o, store::Store& store, Context const& cx) {
    store::OutageFilter filter;
    if (!o.onts.is_everything()) {
        filter.onts.emplace();
        for (auto const& ont : app::choose_onts(store.onts().list(), o.onts))
            filter.onts->push_back(ont.id);
    }
    app::Zone const zone{cx.settings.timezone()};
    if (o.since) filter.since = zone.parse(*o.since, cx.clock.now()).or_throw();
    if (o.until) filter.until = zone.parse(*o.until, cx.clock.now()).or_throw();
    return filter;
}

ui::Fields fields_of(store::Outage const& outage, Timestamp now) {
    auto const duration = outage.ended_at.value_or(now) - outage.started_at;
    return {{"id", outage.id},
            {"ont", outage.ont},
            {"name", outage.ont_name},
            {"location", text_or_null(outage.location)},
            {"parent", text_or_null(outage.parent_name)},
            {"started_at", to_rfc3339(outage.started_at)},
            {"ended_at", outage.ended_at ? ui::Value{to_rfc3339(*outage.ended_at)} : ui::Value{}},
            {"duration_s", std::chrono::duration_cast<std::chrono::seconds>(duration).count()},
            {"start_error_ms", outage.start_error_ms},
            {"end_error_ms", outage.ended_at ? ui::Value{outage.end_error_ms} : ui::Value{}},
            {"is_inferred", outage.is_inferred},
            {"parent_outage", outage.parent_outage},
            {"in_maintenance", outage.in_maintenance},
            {"acked_at", outage.acked_at ? ui::Value{to_rfc3339(*outage.acked_at)} : ui::Value{}},
            {"acked_by", text_or_null(outage.acked_by)},
            {"note", text_or_null(outage.note)}};
}

struct ListOptions {
    Choice choice;
    bool open = false, unacked = false, own = false;
    std::int64_t limit = 0;
};

void add_list(CLI::App& verb, ListOptions& o) {
    add_choice(verb, o.choice);
    verb.add_flag("--open", o.open, "Only those that go on");
    verb.add_flag("--unacked", o.unacked, "Only those that nobody has acknowledged");
    verb.add_flag("--own", o.own, "Leave out those below a parent's outage");
    verb.add_option("--limit", o.limit, "At most so many, the newest; 0 is all")
        ->type_name("N")
        ->check(CLI::Range(std::int64_t{0}, k_most_records));
}

int run_list(ListOptions const& o, Context& cx) {
    cx.out.columns(
        {"id", "ont", "name", "location", "started_at", "ended_at", "duration_s", "parent_outage", "acked_by", "note"});
    auto store = open_ont_store(cx, store::Access::read_only);
    std::int64_t shown = 0;
    store.read([&] {
        auto filter = filter_of(o.choice, store, cx);
        filter.is_open_only = o.open;
        filter.is_unacked_only = o.unacked;
        filter.is_own_only = o.own;
        filter.limit = o.limit;
        store.outages().each(filter, [&](store::Outage const& outage) {
            cx.out.record("outage", fields_of(outage, cx.clock.now()));
            ++shown;
            return stop_signal.load() == 0;
        });
    });
    if (shown == 0) cx.talk.note("no outage fits");
    return k_exit_yes;
}

struct Summary {
    std::int64_t ont = 0, outages = 0;
    std::string name, location;
    Timestamp last_start{};
    std::optional<Timestamp> last_end{};
    std::chrono::milliseconds down{};
};

/// Of each ONT that had one; most outages first, then the latest.
std::vector<Summary> summarize(store::Store& store, store::OutageFilter const& filter, Timestamp now) {
    std::map<std::int64_t, Summary> by_ont;
    store.outages().each(filter, [&](store::Outage const& outage) {
        auto& summary = by_ont[outage.ont];
        if (summary.outages++ == 0) {  // the newest comes first
            summary.ont = outage.ont;
            summary.name = outage.ont_name;
            summary.location = outage.location;
            summary.last_start = outage.started_at;
            summary.last_end = outage.ended_at;
        }
        summary.down += outage.ended_at.value_or(now) - outage.started_at;
        return true;
    });
    std::vector<Summary> result;
    for (auto& [ont, summary] : by_ont)
        result.push_back(std::move(summary));
    std::ranges::sort(result, std::greater{}, [](Summary const& s) { return std::pair{s.outages, s.last_start}; });
    return result;
}

int run_summary(Choice const& o, Context& cx) {
    cx.out.columns({"ont", "name", "location", "outages", "ongoing", "last_start", "last_end", "down_s"});
    auto store = open_ont_store(cx, store::Access::read_only);
    store.read([&] {
        for (auto const& summary : summarize(store, filter_of(o, store, cx), cx.clock.now())) {
            cx.out.record("outage_summary",
                          {{"ont", summary.ont},
                           {"name", summary.name},
                           {"location", text_or_null(summary.location)},
                           {"outages", summary.outages},
                           {"ongoing", !summary.last_end.has_value()},
                           {"last_start", to_rfc3339(summary.last_start)},
                           {"last_end", summary.last_end ? ui::Value{to_rfc3339(*summary.last_end)} : ui::Value{}},
                           {"down_s", std::chrono::duration_cast<std::chrono::seconds>(summary.down).count()}});
        }
    });
    return k_exit_yes;
}

}  // namespace

Verb outages_verb() {
    return noun("outages", "Look at outages, report and acknowledge them", Group::network,
                {verb("list", "List outages, the newest first", Group::network, add_list, run_list),
                 verb("summary", "Count outages by ONT", Group::network, add_choice, run_summary), outages_report_verb(),
                 outages_ack_verb(), outages_clear_verb()});
}

}  // namespace bioctl::cmd
