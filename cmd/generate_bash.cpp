#include <fmt/format.h>
#include <fmt/ranges.h>

#include "cmd/generate.hpp"
#include "cmd/syntax.hpp"
#include "lib/config/settings.hpp"

namespace bioctl::cmd {

namespace {

// The first word that is no option is the verb, the next ones its child and grandchild if it has any.
constexpr std::string_view k_head = R"bash(# bash completion for bioctl(1), written by `bioctl generate completions`.

# Not compgen -W, which would expand what stands in an id.
_bioctl_people() {
    local id
    while IFS= read -r id; do
        [[ $id == "$cur"* ]] && COMPREPLY+=("$(printf %q "$id")")
    done < <(bioctl people list --quiet 2>/dev/null </dev/null | cut -f 1)
}

_bioctl_files() {
    compopt -o filenames 2>/dev/null
    mapfile -t COMPREPLY < <(compgen "$1" -- "$cur")
}

_bioctl_words() {
    mapfile -t COMPREPLY < <(compgen -W "$1" -- "$cur")
}

_bioctl() {
    local cur=${COMP_WORDS[COMP_CWORD]} previous=${COMP_WORDS[COMP_CWORD - 1]} verb='' i
    COMPREPLY=()
    for ((i = 1; i < COMP_CWORD; i++)); do
)bash";

std::vector<std::string> all_names(std::vector<Argument> const& options) {
    std::vector<std::string> names;
    for (auto const& option : options)
        names.insert(names.end(), option.names.begin(), option.names.end());
    return names;
}

std::vector<std::string_view> key_names() {
    std::vector<std::string_view> names;
    for (auto const& key : config::keys())
        names.push_back(key.name);
    return names;
}

std::vector<std::string_view> verb_names(std::vector<Verb> const& table) {
    std::vector<std::string_view> names;
    for (auto const& row : table)
        names.push_back(row.name);
    return names;
}

/// A pattern of `case`: quoted if there is a blank in it.
std::string case_of(std::string_view name) {
    return name.find(' ') == std::string_view::npos ? std::string{name} : shell_quoted(name);
}

/// The command that fills COMPREPLY for a value, "" if nothing can be offered.
std::string action_of(Argument const& argument, std::vector<Verb> const& table) {
    if (!argument.choices.empty()) return fmt::format("_bioctl_words '{}'", fmt::join(argument.choices, " "));
    switch (sort_of(argument)) {
        case ValueSort::text: return "";
        case ValueSort::file: return "_bioctl_files -f";
        case ValueSort::folder: return "_bioctl_files -d";
        case ValueSort::person: return "_bioctl_people";
        case ValueSort::key: return fmt::format("_bioctl_words '{}'", fmt::join(key_names(), " "));
        case ValueSort::verb: return fmt::format("_bioctl_words '{}'", fmt::join(verb_names(table), " "));
    }
    return "";
}

std::string value_cases(std::string_view verb, std::vector<Argument> const& options, std::vector<Verb> const& table) {
    std::string text;
    for (auto const& option : options) {
        if (option.is_flag()) continue;
        std::vector<std::string> patterns;
        for (auto const& name : option.names)
            patterns.push_back(verb == "*" ? "*:" + name : fmt::format("'{}:{}'", verb, name));
        auto const action = action_of(option, table);
        text += fmt::format("        {}) {}return ;;\n", fmt::join(patterns, " | "), action.empty() ? "" : action + "; ");
    }
    return text;
}

std::string word_loop(std::vector<Verb> const& table) {
    std::vector<std::string> valued;
    for (auto const& option : global_options()) {
        if (!option.is_flag()) valued.insert(valued.end(), option.names.begin(), option.names.end());
    }
    std::vector<std::string> nouns;
    for (auto const& noun : all_nouns(table))
        nouns.push_back(case_of(noun.name));
    return fmt::format(
        "        case ${{verb:-.}}:${{COMP_WORDS[i]}} in\n"
        "        .:{} | {}) ((i++)) ;;\n"
        "        *:-*) ;;\n"
        "        .:*) verb=${{COMP_WORDS[i]}} ;;\n"
        "        {}) verb+=\" ${{COMP_WORDS[i]}}\" ;;\n"
        "        esac\n"
        "    done\n",
        fmt::join(valued, " | .:"), fmt::format("*:{}", fmt::join(valued, " | *:")),
        fmt::format("{}:*", fmt::join(nouns, ":* | ")));
}

std::string positional_case(VerbSyntax const& syntax, std::vector<Verb> const& table) {
    for (auto const& positional : syntax.positionals) {
        auto const action = action_of(positional, table);
        if (!action.empty()) return fmt::format("    '{}') {} ;;\n", syntax.name, action);
    }
    return {};
}

}  // namespace

std::string bash_completion(std::vector<Verb> const& table) {
    auto const globals = global_options();
    auto const all = all_syntax(table);
    std::string values, options, words;
    for (auto const& syntax : all) {
        values += value_cases(syntax.name, syntax.options, table);
        options += fmt::format("        '{}') options='{}' ;;\n", syntax.name, fmt::join(all_names(syntax.options), " "));
        words += positional_case(syntax, table);
    }
    words += fmt::format("    '') _bioctl_words '{}' ;;\n", fmt::join(verb_names(table), " "));
    for (auto const& noun : all_nouns(table)) {
        words +=
            fmt::format("    {}) _bioctl_words '{}' ;;\n", case_of(noun.name), fmt::join(verb_names(noun.row->children), " "));
    }
    return std::string{k_head} + word_loop(table) + "    case $verb:$previous in\n" + values + value_cases("*", globals, table) +
           "    esac\n    if [[ $cur == -* ]]; then\n        local options=''\n        case $verb in\n" + options +
           fmt::format("        esac\n        _bioctl_words \"$options {}\"\n        return\n    fi\n",
                       fmt::join(all_names(globals), " ")) +
           "    case $verb in\n" + words + "    esac\n}\n\ncomplete -F _bioctl bioctl\n";
}

}  // namespace bioctl::cmd
