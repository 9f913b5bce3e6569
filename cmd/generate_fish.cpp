#include <fmt/format.h>
#include <fmt/ranges.h>

#include "cmd/generate.hpp"
#include "cmd/syntax.hpp"
#include "lib/config/settings.hpp"

namespace bioctl::cmd {

namespace {

constexpr std::string_view k_head = R"fish(# fish completion for bioctl(1), written by `bioctl generate completions`.

function __bioctl_people
    bioctl people list --quiet 2>/dev/null </dev/null | cut -f 1
end

complete -c bioctl -f
)fish";

std::string fish_quoted(std::string_view text) {
    std::string out = "'";
    for (char const c : text) {
        if (c == '\'' || c == '\\') out += '\\';
        out += c;
    }
    return out + "'";
}

std::string words(std::vector<std::string_view> const& list) {
    return fmt::format("-x -a '{}'", fmt::join(list, " "));
}

std::string action_of(Argument const& argument, std::vector<Verb> const& table) {
    if (!argument.choices.empty()) return words({argument.choices.begin(), argument.choices.end()});
    std::vector<std::string_view> names;
    switch (sort_of(argument)) {
        case ValueSort::text: return "-x";
        case ValueSort::file: return "-r -F";
        case ValueSort::folder: return "-x -a '(__fish_complete_directories)'";
        case ValueSort::person: return "-x -a '(__bioctl_people)'";
        case ValueSort::key:
            for (auto const& key : config::keys())
                names.push_back(key.name);
            return words(names);
        case ValueSort::verb:
            for (auto const& row : table)
                names.push_back(row.name);
            return words(names);
    }
    return "-x";
}

std::string line(std::string_view condition, std::string_view rest) {
    auto const guard = condition.empty() ? "" : " -n " + fish_quoted(condition);
    return fmt::format("complete -c bioctl{} {}\n", guard, rest);
}

std::string option_line(std::string_view condition, Argument const& option, std::vector<Verb> const& table) {
    std::string spec;
    for (auto const& name : option.names)
        spec += name.starts_with("--") ? fmt::format("-l {} ", name.substr(2)) : fmt::format("-s {} ", name.substr(1));
    if (!option.is_flag()) spec += action_of(option, table) + ' ';
    return line(condition, spec + "-d " + fish_quoted(option.summary));
}

/// "people list" -> seen people, and list behind it.
std::string condition_of(std::string_view verb) {
    auto const space = verb.find(' ');
    auto condition = fmt::format("__fish_seen_subcommand_from {}", verb.substr(0, space));
    if (space != std::string_view::npos) condition += fmt::format("; and __fish_seen_subcommand_from {}", verb.substr(space + 1));
    return condition;
}

std::string rows(std::string_view condition, std::vector<Verb> const& table) {
    std::string text;
    for (auto const& row : table)
        text += line(condition, fmt::format("-a {} -d {}", row.name, fish_quoted(row.summary)));
    return text;
}

std::string child_rows(Verb const& row) {
    std::vector<std::string_view> names;
    for (auto const& child : row.children)
        names.push_back(child.name);
    auto const condition =
        fmt::format("{}; and not __fish_seen_subcommand_from {}", condition_of(row.name), fmt::join(names, " "));
    return rows(condition, row.children);
}

}  // namespace

std::string fish_completion(std::vector<Verb> const& table) {
    std::string text{k_head};
    for (auto const& option : global_options())
        text += option_line("", option, table);
    text += '\n' + rows("__fish_use_subcommand", table);
    for (auto const& row : table) {
        if (!row.children.empty()) text += '\n' + child_rows(row);
    }
    for (auto const& syntax : all_syntax(table)) {
        text += '\n';
        for (auto const& option : syntax.options)
            text += option_line(condition_of(syntax.name), option, table);
        for (auto const& positional : syntax.positionals) {
            if (sort_of(positional) != ValueSort::text || !positional.choices.empty()) {
                text += line(condition_of(syntax.name), action_of(positional, table));
            }
        }
    }
    return text;
}

}  // namespace bioctl::cmd
