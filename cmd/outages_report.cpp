#include <fmt/format.h>
#include <CLI/CLI.hpp>

#include "cmd/outage_verbs.hpp"
#include "lib/app/outage_report.hpp"
#include "lib/base/csv.hpp"
#include "lib/base/duration.hpp"
#include "lib/base/file.hpp"
#include "lib/base/text.hpp"

namespace bioctl::cmd {

namespace {

struct ReportOptions {
    app::OntChoice choice;
    std::string since = "30d", by = "ont";
    std::optional<std::string> until, html;
    bool csv = false;
};

void add_report(CLI::App& verb, ReportOptions& o) {
    verb.add_option("--since", o.since, "Begin of the report: 2026-11-01, 30d")->type_name("TIME")->capture_default_str();
    verb.add_option("--until", o.until, "End of the report; now")->type_name("TIME");
    verb.add_option("--by", o.by, "A row for each ONT, for what they hang on, or for each place")
        ->type_name("ont|parent|location")
        ->check(CLI::IsMember({"ont", "parent", "location"}))
        ->capture_default_str();
    verb.add_option("--ont", o.choice.onts, "Only this ONT, by id, customer id or name; may be given several times")
        ->type_name("ONT");
    verb.add_option("--group", o.choice.groups, "Only those with this tag; may be given several times")->type_name("TAG");
    verb.add_option("--location", o.choice.locations, "Only those at this place; may be given several times")->type_name("TEXT");
    auto* const csv = verb.add_flag("--csv", o.csv, "Comma-separated values with a header line");
    verb.add_option("--html", o.html, "Write a page with charts to this file, over what is there; - is standard output")
        ->type_name("FILE")
        ->excludes(csv);
}

std::int64_t seconds_of(std::chrono::milliseconds time) {
    return std::chrono::duration_cast<std::chrono::seconds>(time).count();
}

ui::Fields fields_of(app::ReportRow const& row) {
    auto const& figures = row.availability;
    constexpr int k_places = 4;
    bool const is_covered = figures.covered.count() > 0;
    return {{"name", text_or_null(row.name)},
            {"ont", row.ont == 0 ? ui::Value{} : ui::Value{row.ont}},
            {"location", text_or_null(row.location)},
            {"parent", text_or_null(row.parent)},
            {"onts", row.onts},
            {"availability_percent", is_covered ? ui::decimal(100 * figures.share(), k_places) : ui::Value{}},
            {"covered_s", seconds_of(figures.covered)},
            {"down_s", seconds_of(figures.down)},
            {"outages", figures.outages},
            {"mttr_s", figures.repairs == 0 ? ui::Value{} : ui::Value{seconds_of(figures.mttr())}},
            {"mtbf_s", figures.outages == 0 ? ui::Value{} : ui::Value{seconds_of(figures.mtbf())}},
            {"longest_s", seconds_of(row.longest)}};
}

void print_csv(app::OutageReport const& report, Context& cx) {
    cx.out.text("name,ont,location,parent,onts,availability_percent,covered_s,down_s,outages,mttr_s,mtbf_s,longest_s\n");
    for (auto const& row : report.rows) {
        auto const& figures = row.availability;
        cx.out.text(fmt::format("{},{},{},{},{},{},{},{},{},{},{},{}\n", to_csv_cell(row.name),
                                row.ont == 0 ? "" : std::to_string(row.ont), to_csv_cell(row.location), to_csv_cell(row.parent),
                                row.onts, figures.covered.count() > 0 ? fmt::format("{:.4f}", 100 * figures.share()) : "",
                                seconds_of(figures.covered), seconds_of(figures.down), figures.outages,
                                figures.repairs == 0 ? "" : std::to_string(seconds_of(figures.mttr())),
                                figures.outages == 0 ? "" : std::to_string(seconds_of(figures.mtbf())), seconds_of(row.longest)));
    }
}

void print_rows(app::OutageReport const& report, Context& cx) {
    cx.out.columns(
        {"name", "ont", "location", "onts", "availability_percent", "covered_s", "down_s", "outages", "mttr_s", "mtbf_s"});
    for (auto const& row : report.rows)
        cx.out.record("availability", fields_of(row));
    cx.out.json_only("total", fields_of(report.total));
    cx.talk.note(fmt::format("together {} available, of {} that were watched", app::percent_of(report.total.availability),
                             human_duration(report.total.availability.covered)));
}

int run_report(ReportOptions const& o, Context& cx) {
    app::Zone const zone{cx.settings.timezone()};
    app::ReportRequest request;
    request.now = cx.clock.now();
    request.since = zone.parse(o.since, request.now).or_throw();
    request.until = o.until ? zone.parse(*o.until, request.now).or_throw() : request.now;
    if (request.until <= request.since) throw Error{Kind::usage, "outages report: --until is not after --since"};
    request.by = o.by == "parent" ? app::ReportBy::parent : o.by == "location" ? app::ReportBy::location : app::ReportBy::ont;
    request.choice = o.choice;
    auto store = open_ont_store(cx, store::Access::read_only);
    app::OutageReport report;
    store.read([&] { report = app::report_outages(store, request, zone); });
    if (report.rows.empty()) cx.talk.note("none of them was watched in this time; `bioctl ping-onts --once` or --follow does");
    if (o.csv) {
        print_csv(report, cx);
    } else if (o.html && *o.html != "-") {
        write_file(*o.html, as_bytes(app::to_html(report, zone)));
        cx.talk.note(fmt::format("{} is written", printable(*o.html)));
    } else if (o.html) {
        cx.out.text(app::to_html(report, zone));
    } else {
        print_rows(report, cx);
    }
    return k_exit_yes;
}

}  // namespace

Verb outages_report_verb() {
    return verb("report", "Tell how available ONTs were", Group::network, add_report, run_report);
}

}  // namespace bioctl::cmd
