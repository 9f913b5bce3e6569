#include "cmd/command_line.hpp"

#include <algorithm>

#include <fmt/format.h>

#include "cmd/syntax.hpp"
#include "lib/base/text.hpp"

namespace bioctl::cmd {

namespace {

std::vector<std::string_view> names_of(std::vector<Verb> const& table) {
    std::vector<std::string_view> names;
    names.reserve(table.size());
    for (auto const& row : table)
        names.push_back(row.name);
    return names;
}

bool is_option(std::string_view word) {
    return word.size() > 1 && word.front() == '-';
}

/// How many words a global option takes from here: 1, or 2 with its value. 0 if it is none.
std::size_t words_of_global(std::string_view word, std::vector<Argument> const& globals) {
    auto const name = word.substr(0, word.starts_with("--") ? word.find('=') : word.size());
    for (auto const& option : globals) {
        if (std::find(option.names.begin(), option.names.end(), name) == option.names.end()) continue;
        return option.is_flag() || name != word ? 1 : 2;
    }
    return 0;
}

/// Index of the first word that is not a global option.
std::size_t skip_globals(std::span<std::string const> words, std::size_t from, std::vector<Argument> const& globals) {
    while (from < words.size() && is_option(words[from])) {
        auto const taken = words_of_global(words[from], globals);
        if (taken == 0) break;
        from += taken;
    }
    return std::min(from, words.size());
}

[[noreturn]] void throw_unknown_child(Call const& call, std::string_view word) {
    auto const near = nearest(word, names_of(call.noun->children));
    auto const hint = near.empty() ? "" : fmt::format("; did you mean '{} {}'?", call.noun_name, near);
    throw Error{Kind::usage, fmt::format("unknown verb '{} {}'{} `bioctl help {}` lists all", call.noun_name, printable(word),
                                         hint.empty() ? ";" : hint, call.noun_name)};
}

/// Goes down from a noun as far as the words name its children, and returns the words behind.
std::span<std::string const> descend(Call& call, Verb const& row, std::span<std::string const> rest,
                                     std::vector<Argument> const& globals) {
    call.noun = &row;
    call.noun_name += (call.noun_name.empty() ? "" : " ") + std::string{row.name};
    auto const next = skip_globals(rest, 0, globals);
    auto const between = rest.first(next);
    call.arguments.insert(call.arguments.end(), between.begin(), between.end());
    rest = rest.subspan(next);
    if (rest.empty() || is_option(rest.front())) return rest;
    auto const* child = find_verb(row.children, rest.front());
    if (child == nullptr) throw_unknown_child(call, rest.front());
    rest = rest.subspan(1);
    if (!child->children.empty()) return descend(call, *child, rest, globals);
    call.verb = child;
    return rest;
}

/// The first long option that the verb does not have, with the nearest one; "" if all are known. A slip in an option often shows
/// itself as something else that is then missing.
std::string unknown_option(VerbApp const& app, std::vector<std::string> const& words) {
    std::vector<std::string> names;
    for (auto const* option : app.get_options()) {
        for (auto const& name : option->get_lnames())
            names.push_back("--" + name);
    }
    std::vector<std::string_view> const candidates{names.begin(), names.end()};
    for (auto const& word : words) {
        auto const name = std::string_view{word}.substr(0, word.find('='));
        bool const is_known = std::find(candidates.begin(), candidates.end(), name) != candidates.end();
        if (name == "--") break;
        if (name.starts_with("--") && !is_known)
            return fmt::format("there is no option {}{}", printable(name), did_you_mean(name, candidates));
    }
    return "";
}

/// What CLI11 says of a value that is not there ("--top: 1 required K:INT in [1 - 9] missing"), in words for people.
std::string without_value(std::string_view said) {
    auto const at = said.find(": 1 required ");
    if (at == std::string_view::npos || !said.ends_with(" missing")) return "";
    return fmt::format("{} wants a value;", printable(said.substr(0, at)));
}

[[noreturn]] void throw_usage(VerbApp const& app, Call const& call, CLI::ParseError const& error) {
    auto what = unknown_option(app, call.arguments);
    if (what.empty()) what = without_value(error.what());
    if (what.empty()) what = printable(trim(error.what())) + ';';
    auto const name = call.name();
    throw Error{Kind::usage,
                fmt::format("{}{} see `bioctl help{}{}`", name.empty() ? "" : name + ": ", what, name.empty() ? "" : " ", name)};
}

}  // namespace

std::string Call::name() const {
    auto name = noun_name;
    if (verb != nullptr) name += (name.empty() ? "" : " ") + std::string{verb->name};
    return name;
}

Call find_call(std::span<std::string const> arguments, std::vector<Verb> const& table) {
    auto const globals = global_options();
    Call call;
    auto const first = skip_globals(arguments, 0, globals);
    auto const before = arguments.first(first);
    call.arguments.assign(before.begin(), before.end());
    if (first == arguments.size()) return call;
    if (is_option(arguments[first])) {
        throw Error{Kind::usage, fmt::format("unknown option '{}' before the verb; `bioctl help` lists verbs and options",
                                             printable(arguments[first]))};
    }
    auto rest = arguments.subspan(first + 1);
    auto const* row = find_verb(table, arguments[first]);
    if (row == nullptr) {
        call.unknown = arguments[first];
    } else if (row->children.empty()) {
        call.verb = row;
    } else {
        rest = descend(call, *row, rest, globals);
    }
    call.arguments.insert(call.arguments.end(), rest.begin(), rest.end());
    return call;
}

Wish parse(VerbApp& app, Call const& call) {
    try {
        app.parse(std::vector<std::string>{call.arguments.rbegin(), call.arguments.rend()});
    } catch (CLI::CallForHelp const&) {
        return Wish::help;
    } catch (CLI::CallForVersion const&) {
        return Wish::version;
    } catch (CLI::ParseError const& error) {
        throw_usage(app, call, error);
    }
    return Wish::run;
}

ui::TalkOptions early_talk_options(std::span<std::string const> arguments) {
    ui::TalkOptions options;
    for (std::size_t i = 0; i < arguments.size() && arguments[i] != "--"; ++i) {
        auto const& word = arguments[i];
        bool const has_value = word == "--color" && i + 1 < arguments.size();
        if (word == "--json") options.json = true;
        if (word == "--color=never" || (has_value && arguments[i + 1] == "never")) options.colour = ui::ColourMode::never;
        if (word == "--color=always" || (has_value && arguments[i + 1] == "always")) options.colour = ui::ColourMode::always;
    }
    return options;
}

}  // namespace bioctl::cmd
