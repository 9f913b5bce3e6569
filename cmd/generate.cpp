#include "cmd/generate.hpp"

#include <CLI/CLI.hpp>

#include <fmt/format.h>

#include "cmd/verbs.hpp"
#include "lib/base/file.hpp"
#include "lib/base/text.hpp"

namespace bioctl::cmd {

namespace {

constexpr std::uint64_t k_max_page = 1'000'000;
constexpr unsigned k_everybody_reads = 0644;

struct GenerateOptions {
    fs::path folder;
};

void add_folder(CLI::App& verb, GenerateOptions& o) {
    verb.add_option("dir", o.folder, "Folder of the files to write")->required()->type_name("DIR");
}

void write_if_changed(fs::path const& file, std::string const& content, Context& cx) {
    auto const before = read_file(file, k_max_page);
    bool const is_changed = !before || as_text(*before) != content;
    if (is_changed) write_file(file, as_bytes(content), Durability::fast, k_everybody_reads);
    cx.out.record("generated", {{"file", file.native()}, {"changed", is_changed}});
}

void regenerate(fs::path const& folder, Verb const* row, Context& cx) {
    auto const name = row == nullptr ? std::string{"bioctl"} : fmt::format("bioctl-{}", row->name);
    auto const file = folder / (name + ".1.scd");
    auto const page = read_file(file, k_max_page);
    if (!page) throw page.error().within("every verb has a man page, also its prose");
    write_if_changed(file, regenerated(as_text(*page), printable(file.native()), row, verbs()), cx);
}

int run_man(GenerateOptions const& o, Context& cx) {
    cx.out.columns({"file", "changed"});
    regenerate(o.folder, nullptr, cx);
    for (auto const& row : verbs())
        regenerate(o.folder, &row, cx);
    return k_exit_yes;
}

int run_completions(GenerateOptions const& o, Context& cx) {
    cx.out.columns({"file", "changed"});
    write_if_changed(o.folder / "bioctl.bash", bash_completion(verbs()), cx);
    write_if_changed(o.folder / "_bioctl", zsh_completion(verbs()), cx);
    write_if_changed(o.folder / "bioctl.fish", fish_completion(verbs()), cx);
    return k_exit_yes;
}

}  // namespace

std::string shell_quoted(std::string_view text) {
    std::string out = "'";
    for (char const c : text)
        out += c == '\'' ? std::string{"'\\''"} : std::string{c};
    return out + "'";
}

Verb generate_verb() {
    return noun("generate", "Write the parts of the manual and the completions that follow from the verbs", Group::setup,
                {verb("man", "Write synopsis and options into the man pages of a folder", Group::setup, add_folder, run_man,
                      Needs::nothing),
                 verb("completions", "Write the completions of bash, zsh and fish into a folder", Group::setup, add_folder,
                      run_completions, Needs::nothing)});
}

}  // namespace bioctl::cmd
