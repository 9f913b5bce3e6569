#include <fstream>
#include <iostream>

#include <CLI/CLI.hpp>

#include <fmt/format.h>

#include "cmd/device_verbs.hpp"
#include "lib/app/devices.hpp"
#include "lib/base/text.hpp"

namespace bioctl::cmd {

namespace {

struct ImportOptions {
    std::string file;
    std::optional<std::string> password_file;
    bool dry_run = false;
};

void add_import(CLI::App& verb, ImportOptions& o) {
    verb.add_option("file", o.file, "NDJSON as devices export writes it; - is standard input")->required()->type_name("FILE");
    verb.add_option("--password-file", o.password_file, "Password of the new devices whose line has none")->type_name("FILE");
    verb.add_flag("-n,--dry-run", o.dry_run, "Change nothing, say what would be done");
}

/// Adds the device, or changes the one of this name.
std::string_view take(store::Store& store, Context& cx, SealKey const& key, app::DeviceChange change,
                      std::optional<std::string> const& password, bool dry_run) {
    bool const is_there = store.devices().get(*change.name).has_value();
    if (is_there) {
        app::edit_device(store, cx.clock, key, *change.name, change, dry_run ? app::Mode::dry_run : app::Mode::write);
        return "edited";
    }
    if (!change.password) change.password = password;
    app::add_device(store, cx.clock, key, change, dry_run ? app::Mode::dry_run : app::Mode::write);
    return "added";
}

int run_import(ImportOptions const& o, Context& cx) {
    if (o.file == "-" && o.password_file == "-")
        throw Error{Kind::usage, "devices import: the devices and the password cannot both come from standard input"};
    std::ifstream file;
    if (o.file != "-") {
        file.open(o.file, std::ios::binary);
        if (!file) throw_errno(printable(o.file), errno, Kind::no_input);
    }
    auto const password = o.password_file ? std::optional{read_secret(*o.password_file, "password")} : std::nullopt;
    auto store = cx.open_store(store::Access::read_write);
    auto const key = seal_key(cx);
    auto& input = o.file == "-" ? std::cin : file;
    cx.out.columns({"result", "name", "url", "line", "detail"});
    std::size_t number = 0, rejected = 0;
    for (std::string line; std::getline(input, line);) {
        ++number;
        if (trim(line).empty()) continue;
        auto const change = app::device_from_json(line);
        try {
            if (!change) throw change.error();
            if (change->password && o.file != "-") require_private(o.file, "list of passwords");
            auto const result = take(store, cx, key, *change, password, o.dry_run);
            cx.out.record(result,
                          {{"result", result}, {"name", *change->name}, {"url", *change->url}, {"line", number}, {"detail", {}}});
        } catch (Error const& error) {
            if (error.kind() != Kind::data && error.kind() != Kind::usage) throw;
            ++rejected;
            cx.talk.warn(fmt::format("{}:{}: {}", printable(o.file), number, error.message()));
            cx.out.record("rejected", {{"result", "rejected"},
                                       {"name", change ? ui::Value{*change->name} : ui::Value{}},
                                       {"url", change ? ui::Value{*change->url} : ui::Value{}},
                                       {"line", number},
                                       {"detail", error.message()}});
        }
    }
    return rejected > 0 ? k_exit_partial : k_exit_yes;
}

struct ExportOptions {};

void add_export(CLI::App& /*verb*/, ExportOptions& /*options*/) {}

int run_export(ExportOptions const& /*options*/, Context& cx) {
    auto store = open_device_store(cx, store::Access::read_only);
    for (auto const& device : store.devices().list())
        cx.out.text(app::to_json_line(device) + '\n');
    return k_exit_yes;
}

}  // namespace

Verb devices_import_verb() {
    return verb("import", "Add or change devices from a file", Group::devices, add_import, run_import);
}

Verb devices_export_verb() {
    return verb("export", "Write all devices as NDJSON, without passwords", Group::devices, add_export, run_export);
}

}  // namespace bioctl::cmd
