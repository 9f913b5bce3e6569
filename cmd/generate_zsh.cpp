#include <fmt/format.h>
#include <fmt/ranges.h>

#include "cmd/generate.hpp"
#include "cmd/syntax.hpp"
#include "lib/config/settings.hpp"

namespace bioctl::cmd {

namespace {

constexpr std::string_view k_head = R"zsh(#compdef bioctl
# zsh completion for bioctl(1), written by `bioctl generate completions`.

_bioctl_people() {
    local -a people
    people=(${(f)"$(bioctl people list --quiet 2>/dev/null </dev/null | cut -f 1)"})
    compadd -a people
}

)zsh";

/// Within a spec of _arguments or _describe a colon separates fields, and brackets end a description.
std::string spec_text(std::string_view text) {
    std::string out;
    for (char const c : text) {
        if (c == ':' || c == '[' || c == ']' || c == '\\') out += '\\';
        out += c;
    }
    return out;
}

std::string action_of(Argument const& argument) {
    if (!argument.choices.empty()) return fmt::format("({})", fmt::join(argument.choices, " "));
    switch (sort_of(argument)) {
        case ValueSort::text: return " ";
        case ValueSort::file: return "_files";
        case ValueSort::folder: return "_files -/";
        case ValueSort::person: return "_bioctl_people";
        case ValueSort::key: {
            std::vector<std::string_view> names;
            for (auto const& key : config::keys())
                names.push_back(key.name);
            return fmt::format("({})", fmt::join(names, " "));
        }
        case ValueSort::verb: return "_bioctl_verbs";
    }
    return " ";
}

std::string value_of(Argument const& argument) {
    return fmt::format(":{}:{}", spec_text(argument.choices.empty() ? argument.value : "value"), action_of(argument));
}

/// One line for each argument, continued to the next.
std::string specs(std::vector<Argument> const& arguments, std::string_view indent) {
    std::string text;
    for (auto const& argument : arguments) {
        if (!argument.is_option()) {
            text += fmt::format("{}{} \\\n", indent,
                                shell_quoted(fmt::format("{}{}", argument.is_repeated ? "*" : "", value_of(argument))));
            continue;
        }
        for (auto const& name : argument.names) {
            auto const value = argument.is_flag() ? "" : value_of(argument);
            auto const joint = !argument.is_flag() && name.starts_with("--") ? "=" : "";
            auto const spec =
                fmt::format("{}{}{}[{}]{}", argument.is_repeated ? "*" : "", name, joint, spec_text(argument.summary), value);
            text += fmt::format("{}{} \\\n", indent, shell_quoted(spec));
        }
    }
    return text;
}

std::string descriptions(std::vector<Verb> const& table) {
    std::string text;
    for (auto const& row : table)
        text += "        " + shell_quoted(fmt::format("{}:{}", row.name, spec_text(row.summary))) + '\n';
    return text;
}

std::string function_name(std::string_view verb) {
    std::string name = "_bioctl_verb_";
    for (char const c : verb)
        name += c == ' ' || c == '-' ? '_' : c;
    return name;
}

std::string verb_function(VerbSyntax const& syntax) {
    return fmt::format("{}() {{\n    _arguments -s \\\n{}{}        $_bioctl_globals\n}}\n\n", function_name(syntax.name),
                       specs(syntax.options, "        "), specs(syntax.positionals, "        "));
}

/// A function that completes one word of a table and hands the rest to the function of the row that was named.
std::string table_function(std::string_view function, std::string_view prefix, std::vector<Verb> const& table) {
    std::string cases;
    for (auto const& row : table) {
        auto const name = prefix.empty() ? std::string{row.name} : fmt::format("{} {}", prefix, row.name);
        cases += fmt::format("        {}) {} ;;\n", row.name, function_name(name));
    }
    auto const list = std::string{function} + "s";
    return fmt::format("{}() {{\n    local -a rows\n    rows=(\n{}    )\n    _describe verb rows\n}}\n\n", list,
                       descriptions(table)) +
           fmt::format(
               "{}() {{\n    local curcontext=$curcontext state line\n"
               "    _arguments -C -s $_bioctl_globals '1:verb:{}' '*::argument:->rest'\n"
               "    [[ $state == rest ]] || return\n    case $line[1] in\n{}    esac\n}}\n\n",
               function, list, cases);
}

}  // namespace

std::string zsh_completion(std::vector<Verb> const& table) {
    auto text =
        std::string{k_head} + "typeset -ga _bioctl_globals\n_bioctl_globals=( \\\n" + specs(global_options(), "    ") + ")\n\n";
    for (auto const& syntax : all_syntax(table))
        text += verb_function(syntax);
    for (auto const& noun : all_nouns(table))
        text += table_function(function_name(noun.name), noun.name, noun.row->children);
    return text + table_function("_bioctl_verb", "", table) + "_bioctl() {\n    _bioctl_verb\n}\n\n_bioctl \"$@\"\n";
}

}  // namespace bioctl::cmd
