#include <fmt/format.h>
#include <CLI/CLI.hpp>

#include "cmd/event_verbs.hpp"
#include "lib/app/moment.hpp"
#include "lib/base/csv.hpp"

namespace bioctl::cmd {

namespace {

struct ExportOptions {
    EventFlags flags;
    std::string format = "csv";
    bool raw = false;
};

void add_export(CLI::App& verb, ExportOptions& o) {
    add_event_flags(verb, o.flags);
    verb.add_option("--format", o.format, "Comma-separated with a header, or one JSON object a line")
        ->type_name("csv|ndjson")
        ->check(CLI::IsMember({"csv", "ndjson"}))
        ->capture_default_str();
    verb.add_flag("--raw", o.raw, "Also what the device sent");
}

std::string to_csv_line(store::Event const& event, app::Zone const& zone, bool with_raw) {
    auto const& row = event.row;
    auto line = fmt::format("{},{},{},{},{},{},{},{},{},{},{},{},{},{}", event.id, to_rfc3339(row.time), zone.show(row.time),
                            to_csv_cell(event.device), to_csv_cell(event.device_serial), to_csv_cell(event.location), row.serial,
                            event.epoch, row.is_recognized ? "recognized" : "other", row.minor, to_csv_cell(row.employee_no),
                            to_csv_cell(row.name), to_csv_cell(event.picture), event.delivery);
    if (with_raw) line += ',' + to_csv_cell(row.raw);
    return line + "\r\n";
}

int run_export(ExportOptions const& o, Context& cx) {
    auto store = open_device_store(cx, store::Access::read_only);
    auto const filter = filter_of(o.flags, cx);
    require_known(store, filter);
    app::Zone const zone{cx.settings.timezone()};
    bool const is_csv = o.format == "csv";
    if (is_csv) {
        cx.out.text(fmt::format(
            "id,time,local_time,device,device_serial,location,serial,epoch,kind,minor,employee_no,name,picture,delivery{}"
            "\r\n",
            o.raw ? ",raw" : ""));
    }
    store.read([&] {
        store.events().each(filter, [&](store::Event const& event) {
            cx.out.text(is_csv ? to_csv_line(event, zone, o.raw) : ui::to_json_line("event", fields_of(event, o.raw)) + '\n');
            return stop_signal.load() == 0;
        });
    });
    return k_exit_yes;
}

}  // namespace

Verb events_export_verb() {
    return verb("export", "Write events as CSV or NDJSON", Group::devices, add_export, run_export);
}

}  // namespace bioctl::cmd
