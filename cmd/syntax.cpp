#include "cmd/syntax.hpp"

#include <algorithm>

#include <fmt/format.h>

#include "cmd/verb_app.hpp"
#include "lib/base/text.hpp"
#include "lib/config/settings.hpp"

namespace bioctl::cmd {

namespace {

constexpr std::string_view k_global_group = "Global options";

/// "TEXT:{a,b}" (a type and what CLI11's checks say of themselves) -> "a|b"; "FLOAT:FLOAT in [0 - 1]" -> "FLOAT".
std::string value_name(CLI::Option const& option) {
    auto const type = option.get_type_name();
    auto const open = type.find('{');
    auto const close = type.find('}', open);
    bool const has_values = open != std::string::npos && close != std::string::npos;
    auto name = type.substr(0, type.find(':'));
    if (!has_values || name.find('|') != std::string::npos) return name;
    auto values = type.substr(open + 1, close - open - 1);
    std::replace(values.begin(), values.end(), ',', '|');
    return values;
}

std::vector<std::string> choices_of(std::string const& value) {
    if (value.find('|') == std::string::npos) return {};
    auto choices = split(value, '|');
    // FILE|- is a path or standard input, not a list of words.
    bool const has_words = std::none_of(choices.begin(), choices.end(), [](auto const& c) { return c.empty() || c == "-"; });
    return has_words ? choices : std::vector<std::string>{};
}

Argument argument_of(CLI::Option const& option) {
    Argument argument;
    for (auto const& name : option.get_snames())
        argument.names.push_back("-" + name);
    for (auto const& name : option.get_lnames())
        argument.names.push_back("--" + name);
    bool const is_flag = option.get_items_expected_max() == 0;
    if (!is_flag) argument.value = value_name(option);
    if (!argument.is_option() && argument.value.find('|') == std::string::npos && argument.value == "TEXT") {
        argument.value = option.get_name(true);
        std::transform(argument.value.begin(), argument.value.end(), argument.value.begin(),
                       [](char c) { return c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c; });
    }
    argument.choices = choices_of(argument.value);
    argument.summary = option.get_description();
    if (!is_flag) argument.default_value = option.get_default_str();
    argument.is_required = option.get_required();
    argument.is_repeated = option.get_items_expected_max() > 1;
    return argument;
}

std::vector<Argument> arguments_of(CLI::App const& app, bool global) {
    std::vector<Argument> arguments;
    for (auto const* option : app.get_options()) {
        if ((option->get_group() == k_global_group) == global) arguments.push_back(argument_of(*option));
    }
    return arguments;
}

std::string below(std::string_view noun, Verb const& row) {
    return noun.empty() ? std::string{row.name} : fmt::format("{} {}", noun, row.name);
}

void add_syntax(std::vector<VerbSyntax>& all, std::string_view noun, std::vector<Verb> const& table) {
    for (auto const& row : table) {
        if (row.children.empty())
            all.push_back(syntax_of(noun, row));
        else
            add_syntax(all, below(noun, row), row.children);
    }
}

void add_nouns(std::vector<NounSyntax>& all, std::string_view noun, std::vector<Verb> const& table) {
    for (auto const& row : table) {
        if (row.children.empty()) continue;
        auto const name = below(noun, row);
        all.push_back({name, &row});
        add_nouns(all, name, row.children);
    }
}

}  // namespace

std::string VerbSyntax::usage() const {
    auto line = "bioctl " + name;
    if (!options.empty()) line += " [OPTION]...";
    for (auto const& positional : positionals) {
        auto const word = positional.value + (positional.is_repeated ? "..." : "");
        line += positional.is_required ? " " + word : " [" + word + "]";
    }
    return line;
}

VerbSyntax syntax_of(std::string_view noun, Verb const& verb) {
    VerbSyntax syntax;
    syntax.name = below(noun, verb);
    syntax.summary = verb.summary;
    syntax.group = verb.group;
    VerbApp app;
    if (verb.wire) static_cast<void>(verb.wire(app));
    for (auto& argument : arguments_of(app, false))
        (argument.is_option() ? syntax.options : syntax.positionals).push_back(std::move(argument));
    return syntax;
}

std::vector<VerbSyntax> all_syntax(std::vector<Verb> const& table) {
    std::vector<VerbSyntax> all;
    add_syntax(all, "", table);
    return all;
}

std::vector<NounSyntax> all_nouns(std::vector<Verb> const& table) {
    std::vector<NounSyntax> all;
    add_nouns(all, "", table);
    return all;
}

std::vector<Argument> global_options() {
    return arguments_of(VerbApp{}, true);
}

ValueSort sort_of(Argument const& argument) {
    auto const& value = argument.value;
    auto const has = [&](std::string_view word) { return value.find(word) != std::string::npos; };
    if (!argument.choices.empty()) return ValueSort::text;
    if (has("FILE") || has("IMAGE") || has("PHOTO") || has("PATH")) return ValueSort::file;
    if (has("DIR")) return ValueSort::folder;
    if (value == "ID" || value == "PERSON") return ValueSort::person;
    if (value == "KEY") return ValueSort::key;
    if (value == "VERB") return ValueSort::verb;
    return ValueSort::text;
}

}  // namespace bioctl::cmd
