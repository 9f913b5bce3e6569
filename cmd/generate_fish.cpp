#include <fmt/format.h>
#include <fmt/ranges.h>

#include "cmd/generate.hpp"
#include "cmd/syntax.hpp"
#include "lib/base/text.hpp"
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

std::string seen(std::string_view words) {
    return fmt::format("__fish_seen_subcommand_from {}", words);
}

/// "people list" -> seen people, and list behind it; and no noun beside list, which may have a list of its own.
std::string condition_of(std::string_view verb, std::vector<Verb> const& table) {
    std::vector<std::string> parts;
    std::vector<std::string_view> nouns_beside;
    auto const* level = &table;
    for (auto const& word : split(verb, ' ')) {
        auto const* row = find_verb(*level, word);
        nouns_beside.clear();
        for (auto const& other : *level) {
            if (!parts.empty() && &other != row && !other.children.empty()) nouns_beside.push_back(other.name);
        }
        parts.push_back(seen(word));
        if (row != nullptr) level = &row->children;
    }
    if (!nouns_beside.empty()) parts.push_back(fmt::format("not {}", seen(fmt::format("{}", fmt::join(nouns_beside, " ")))));
    return fmt::format("{}", fmt::join(parts, "; and "));
}

std::string rows(std::string_view condition, std::vector<Verb> const& table) {
    std::string text;
    for (auto const& row : table)
        text += line(condition, fmt::format("-a {} -d {}", row.name, fish_quoted(row.summary)));
    return text;
}

std::string child_rows(NounSyntax const& noun, std::vector<Verb> const& table) {
    std::vector<std::string_view> names;
    for (auto const& child : noun.row->children)
        names.push_back(child.name);
    auto const condition =
        fmt::format("{}; and not {}", condition_of(noun.name, table), seen(fmt::format("{}", fmt::join(names, " "))));
    return rows(condition, noun.row->children);
}

}  // namespace

std::string fish_completion(std::vector<Verb> const& table) {
    std::string text{k_head};
    for (auto const& option : global_options())
        text += option_line("", option, table);
    text += '\n' + rows("__fish_use_subcommand", table);
    for (auto const& noun : all_nouns(table))
        text += '\n' + child_rows(noun, table);
    for (auto const& syntax : all_syntax(table)) {
        text += '\n';
        for (auto const& option : syntax.options)
            text += option_line(condition_of(syntax.name, table), option, table);
        for (auto const& positional : syntax.positionals) {
            if (sort_of(positional) != ValueSort::text || !positional.choices.empty()) {
                text += line(condition_of(syntax.name, table), action_of(positional, table));
            }
        }
    }
    return text;
}

}  // namespace bioctl::cmd
