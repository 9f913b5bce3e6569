#include <algorithm>
#include <array>
#include <csignal>

#include <CLI/CLI.hpp>

#include <fmt/format.h>
#include <unistd.h>

#include "cmd/command_line.hpp"
#include "cmd/install_paths.hpp"
#include "cmd/pages.hpp"
#include "cmd/usage.hpp"
#include "cmd/verbs.hpp"
#include "lib/base/text.hpp"

namespace bioctl::cmd {

namespace {

/// Pages of section 7: what goes across verbs.
constexpr std::array<std::string_view, 2> k_topics{"recipes", "security"};

struct HelpOptions {
    std::vector<std::string> words;
};

void add_help(CLI::App& verb, HelpOptions& o) {
    verb.add_option("verb", o.words, "Verb to explain, or recipes or security; without one, all verbs are listed")
        ->type_name("VERB")
        ->expected(0, 3);
}

[[noreturn]] void throw_no_such(std::string_view word) {
    std::vector<std::string_view> names;
    for (auto const& row : verbs())
        names.push_back(row.name);
    names.insert(names.end(), k_topics.begin(), k_topics.end());
    throw Error{Kind::usage,
                fmt::format("help: there is no verb '{}'{} `bioctl help` lists all", printable(word), did_you_mean(word, names))};
}

/// Becomes man(1), if it is there, and comes back otherwise.
void try_man(fs::path const& page) {
    auto file = page.native();
    std::string program = "man";
    char* const arguments[] = {program.data(), file.data(), nullptr};
    std::signal(SIGPIPE, SIG_DFL);
    execvp(program.c_str(), arguments);
    std::signal(SIGPIPE, SIG_IGN);
}

int run_help(HelpOptions const& o, Context& cx) {
    if (o.words.empty()) {
        cx.out.text(verb_list(verbs()));
        return k_exit_yes;
    }
    auto const& word = o.words.front();
    bool const is_program = word == "bioctl";
    bool const is_topic = std::ranges::find(k_topics, word) != k_topics.end();
    if (!is_program && !is_topic && find_verb(verbs(), word) == nullptr) throw_no_such(word);
    auto const name = is_program ? word : "bioctl-" + word;
    auto const page = man_page(name);
    if (isatty(STDOUT_FILENO) != 0 && !page.empty()) try_man(page);
    cx.out.text(plain_text(page_source(name)));
    return k_exit_yes;
}

}  // namespace

Verb help_verb() {
    return verb("help", "Show the manual of a verb", Group::help, add_help, run_help, Needs::nothing);
}

}  // namespace bioctl::cmd
