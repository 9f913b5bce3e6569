#include "cmd/verb_app.hpp"

#include <fmt/format.h>

#include "cmd/setting_flag.hpp"
#include "lib/base/error.hpp"
#include "lib/config/settings.hpp"

namespace bioctl::cmd {

VerbApp::VerbApp() {
    constexpr char const* k_group = "Global options";
    set_help_flag("-h,--help", "Print a short help and exit")->group(k_group);
    set_version_flag("--version", "", "Print the version and exit")->group(k_group);
    add_flag("--json", globals.json, "Print one JSON object a line, also for errors")->group(k_group);
    add_flag("-q,--quiet", globals.quiet, "No notes and no progress on stderr, only warnings and errors")->group(k_group);
    add_flag("-v,--verbose", globals.verbose, "Tell more on stderr: which files are used")->group(k_group);
    add_flag("--no-progress", globals.no_progress, "No progress bar")->group(k_group);
    add_option("--color", globals.colour, "Colour on terminals")
        ->type_name("auto|always|never")
        ->check(CLI::IsMember({"auto", "always", "never"}))
        ->capture_default_str()
        ->group(k_group);
    add_option("--config", globals.config, "Read this configuration file too; it beats the user's and the system's")
        ->type_name("FILE")
        ->group(k_group);
    add_setting(*this, "--data-dir", "data_dir")->group(k_group);
}

CLI::Option* add_setting(CLI::App& app, std::string const& names, std::string_view key, std::string_view summary) {
    auto* frame = dynamic_cast<VerbApp*>(&app);
    if (frame == nullptr) throw Error{Kind::bug, fmt::format("{} is wired to an App without settings", names)};
    auto const& row = config::find_key(key);
    auto const store = [frame, name = std::string{key}](std::string const& value) { frame->settings[name] = value; };
    auto* option = app.add_option_function<std::string>(names, store, std::string{summary.empty() ? row.summary : summary});
    return option->type_name(std::string{row.type});
}

void take_one_value_each(CLI::App& app) {
    for (auto* const option : app.get_options([](CLI::Option const* each) { return !each->get_positional(); }))
        option->allow_extra_args(false);
}

}  // namespace bioctl::cmd
