#include <cerrno>
#include <csignal>
#include <cstring>
#include <iostream>
#include <new>

#include <fmt/format.h>
#include <unistd.h>

#include "cmd/command_line.hpp"
#include "cmd/exit_codes.hpp"
#include "cmd/install_paths.hpp"
#include "cmd/usage.hpp"
#include "cmd/version.hpp"
#include "lib/base/file.hpp"
#include "lib/base/text.hpp"
#include "lib/base/vault.hpp"
#include "lib/face/modules.hpp"
#include "lib/image/plugin.hpp"

namespace bioctl::cmd {

namespace {

extern "C" void on_stop_signal(int number) {
    stop_signal = number;
    constexpr std::string_view k_text = "bioctl: stopping after the work in hand; once more stops at once\n";
    int const saved = errno;
    // Only people press twice; a supervisor's log needs no advice. Nothing can be done if the write fails.
    if (isatty(STDERR_FILENO) != 0 && ::write(STDERR_FILENO, k_text.data(), k_text.size()) < 0) errno = 0;
    errno = saved;
}

void set_up_signals() {
    struct sigaction action {};
    action.sa_handler = on_stop_signal;
    action.sa_flags = static_cast<int>(SA_RESETHAND);  // the second one ends the process the usual way
    sigaction(SIGINT, &action, nullptr);
    sigaction(SIGTERM, &action, nullptr);
    std::signal(SIGPIPE, SIG_IGN);  // a reader that goes away is seen as EPIPE, so that transactions end in order
}

std::map<std::string, std::string> environment() {
    std::map<std::string, std::string> variables;
    for (auto** entry = environ; *entry != nullptr; ++entry) {
        std::string_view const text{*entry};
        auto const equals = text.find('=');
        if (equals != std::string_view::npos) variables.emplace(text.substr(0, equals), text.substr(equals + 1));
    }
    return variables;
}

/// Becomes bioctl-<word> from PATH, if there is one.
void try_extension(Call const& call) {
    auto const program = "bioctl-" + call.unknown;
    if (program.find('/') != std::string::npos) return;
    std::vector<char*> arguments{const_cast<char*>(program.c_str())};
    for (auto const& argument : call.arguments)
        arguments.push_back(const_cast<char*>(argument.c_str()));
    arguments.push_back(nullptr);
    std::signal(SIGPIPE, SIG_DFL);
    execvp(program.c_str(), arguments.data());
    int const cause = errno;
    std::signal(SIGPIPE, SIG_IGN);
    if (cause != ENOENT) throw_errno(printable(program), cause, Kind::cannot_create);
}

[[noreturn]] void throw_unknown(Call const& call) {
    std::vector<std::string_view> names;
    for (auto const& row : verbs())
        names.push_back(row.name);
    throw Error{Kind::usage, fmt::format("unknown verb '{}'{} `bioctl help` lists all", printable(call.unknown),
                                         did_you_mean(call.unknown, names))};
}

[[noreturn]] void throw_no_child(Call const& call) {
    std::vector<std::string_view> names;
    for (auto const& child : call.noun->children)
        names.push_back(child.name);
    throw Error{Kind::usage, fmt::format("{0} wants a verb: {1}; `bioctl {0} --help` says what they do", call.noun_name,
                                         fmt::join(names, ", "))};
}

ui::TalkOptions talk_options(Globals const& globals) {
    ui::TalkOptions options;
    if (globals.quiet) options.level = ui::Level::warn;
    if (globals.verbose) options.level = ui::Level::debug;
    options.no_progress = globals.no_progress;
    options.json = globals.json;
    if (globals.colour == "always") options.colour = ui::ColourMode::always;
    if (globals.colour == "never") options.colour = ui::ColourMode::never;
    return options;
}

ui::Level level_of(std::string_view name) {
    if (name == "error") return ui::Level::error;
    if (name == "warn") return ui::Level::warn;
    return name == "debug" ? ui::Level::debug : ui::Level::info;
}

ui::Output make_output(ui::TalkOptions const& options) {
    auto const terminal = ui::Terminal::of(STDOUT_FILENO);
    auto const text = terminal.is_terminal ? ui::Rendering::table : ui::Rendering::tabs;
    auto const header = terminal.has_colour(options.colour) ? ui::HeaderStyle::bold : ui::HeaderStyle::plain;
    return {std::cout, options.json ? ui::Rendering::json : text, header};
}

std::string help_text(Call const& call) {
    if (call.verb != nullptr) return verb_usage(call.noun_name, *call.verb);
    return call.noun != nullptr ? noun_usage(call.noun_name, *call.noun) : verb_list(verbs());
}

int print(ui::Output& out, std::string_view text) {
    out.text(text);
    out.flush();
    return k_exit_yes;
}

/// systemd's LoadCredential= and LoadCredentialEncrypted=, https://systemd.io/CREDENTIALS: a file in a folder that nobody else
/// can enter.
VaultKey vault_key(config::Settings const& settings, std::map<std::string, std::string> const& environment) {
    if (auto const file = settings.store_key_file()) return {.file = *file};
    auto const folder = environment.find("CREDENTIALS_DIRECTORY");
    if (folder == environment.end() || folder->second.empty()) return {};
    auto const file = fs::path{folder->second} / "bioctl-store-key";
    return is_absent(file) ? VaultKey{} : VaultKey{.file = file, .is_readable_by_group = true};
}

int run_verb(Call const& call, VerbApp const& app, std::function<int(Context&)> const& body, ui::Output& out, ui::Talk& talk) {
    auto layers = config::layers_from(environment());
    layers.flags = app.settings;
    if (!app.globals.config.empty()) layers.config_flag = app.globals.config;
    bool const needs_settings = call.verb->needs == Needs::settings;
    auto const settings = needs_settings ? config::resolve(layers) : config::Settings{};
    if (needs_settings) {
        if (!app.globals.quiet && !app.globals.verbose) talk.set_level(level_of(settings.log_level()));
        for (auto const& file : config::files_read(layers))
            talk.detail(fmt::format("settings {}", printable(file.native())));
        image::set_plugin_dir(modules());
        face::set_module_dir(modules());
        set_vault_key(vault_key(settings, layers.environment));
    }
    SystemClock const clock;
    Context context{settings, layers, out, talk, clock};
    int const status = body(context);
    out.flush();
    return status;
}

int run(std::span<std::string const> arguments) {
    auto const call = find_call(arguments, verbs());
    if (!call.unknown.empty()) {
        try_extension(call);
        throw_unknown(call);
    }
    VerbApp app;
    std::function<int(Context&)> body;
    if (call.verb != nullptr) body = call.verb->wire(app);
    take_one_value_each(app);
    auto const wish = parse(app, call);
    auto const options = talk_options(app.globals);
    ui::Talk talk{options};
    auto out = make_output(options);
    out.before_write([&talk] { talk.wipe(); });
    if (wish == Wish::version) return print(out, fmt::format("bioctl {}\n", version()));
    if (wish == Wish::help || (call.verb == nullptr && call.noun == nullptr)) return print(out, help_text(call));
    if (call.verb == nullptr) {
        throw_no_child(call);
    }
    return run_verb(call, app, body, out, talk);
}

int report(std::span<std::string const> arguments, Kind kind, std::string const& message) {
    int const status = exit_code(kind);
    ui::Talk{early_talk_options(arguments)}.error(message, {{"kind", name_of(kind)}, {"exit", status}});
    return status;
}

int report_bug(std::span<std::string const> arguments, std::string_view what) {
    return report(arguments, Kind::bug, fmt::format("{}; this is a bug in bioctl {}, please report it", what, version()));
}

/// Ends as a program that never heard of SIGPIPE does, so that `set -o pipefail` sees what it knows.
int end_by_sigpipe() {
    std::signal(SIGPIPE, SIG_DFL);
    std::raise(SIGPIPE);
    return 128 + SIGPIPE;
}

int guarded_run(std::span<char*> words) {
    std::vector<std::string> arguments;
    try {
        arguments.assign(words.begin(), words.end());
        return run(arguments);
    } catch (ui::BrokenPipe const&) {
        return end_by_sigpipe();
    } catch (Error const& error) {
        if (error.kind() == Kind::bug) return report_bug(arguments, error.message());
        return report(arguments, error.kind(), error.message());
    } catch (std::bad_alloc const&) {
        return report(arguments, Kind::io, "out of memory; end other programs, or allow this one more, then try again");
    } catch (std::exception const& error) {
        return report_bug(arguments, error.what());
    }
}

}  // namespace

}  // namespace bioctl::cmd

int main(int argc, char** argv) {
    std::ios::sync_with_stdio(false);
    bioctl::cmd::set_up_signals();
    std::span<char*> const words{argv, static_cast<std::size_t>(argc)};
    return bioctl::cmd::guarded_run(words.subspan(argc > 0 ? 1 : 0));
}
