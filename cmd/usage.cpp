#include "cmd/usage.hpp"

#include <algorithm>
#include <span>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "cmd/syntax.hpp"

namespace bioctl::cmd {

namespace {

constexpr std::size_t k_widest_name = 30;

std::string label_of(Argument const& argument) {
    if (!argument.is_option()) return argument.value + (argument.is_repeated ? "..." : "");
    auto label = fmt::format("{}", fmt::join(argument.names, ", "));
    // Long names line up whether or not there is a short one.
    if (argument.names.front().starts_with("--")) label.insert(0, "    ");
    return argument.is_flag() ? label : label + ' ' + argument.value;
}

std::string section(std::string_view title, std::span<Argument const> arguments) {
    if (arguments.empty()) return {};
    std::size_t width = 0;
    for (auto const& argument : arguments)
        width = std::max(width, std::min(label_of(argument).size(), k_widest_name));
    auto text = fmt::format("\n{}:\n", title);
    for (auto const& argument : arguments) {
        auto const label = label_of(argument);
        // A label too long for the column gets a line of its own.
        auto const gap =
            label.size() > width ? fmt::format("\n{:{}}", "", width + 4) : std::string(width - label.size() + 2, ' ');
        auto const value = argument.default_value.empty() ? "" : fmt::format(" ({})", argument.default_value);
        text += fmt::format("  {}{}{}{}\n", label, gap, argument.summary, value);
    }
    return text;
}

std::string rows(std::vector<Verb> const& table, Group const* only) {
    std::size_t width = 0;
    for (auto const& row : table)
        width = std::max(width, row.name.size());
    std::string text;
    for (auto const& row : table) {
        if (only == nullptr || row.group == *only) text += fmt::format("  {:<{}} {}\n", row.name, width + 1, row.summary);
    }
    return text;
}

}  // namespace

std::string_view title_of(Group group) {
    switch (group) {
        case Group::face: return "Faces";
        case Group::people: return "People";
        case Group::devices: return "Face terminals";
        case Group::network: return "Network";
        case Group::store: return "Store";
        case Group::setup: return "Setup";
        case Group::help: return "Help";
    }
    return "";
}

std::string verb_list(std::vector<Verb> const& table) {
    std::string text = "Usage: bioctl VERB [OPTION]... [ARGUMENT]...\n";
    for (auto const group :
         {Group::face, Group::people, Group::devices, Group::network, Group::store, Group::setup, Group::help}) {
        auto const listed = rows(table, &group);
        if (!listed.empty()) text += fmt::format("\n{}:\n{}", title_of(group), listed);
    }
    return text + section("Options of every verb", global_options()) +
           "\n`bioctl VERB --help` lists the options of a verb, `bioctl help VERB` shows its manual.\n";
}

std::string verb_usage(std::string_view noun, Verb const& verb) {
    auto const syntax = syntax_of(noun, verb);
    return fmt::format("Usage: {}\n{}.\n", syntax.usage(), syntax.summary) + section("Arguments", syntax.positionals) +
           section("Options", syntax.options) + section("Options of every verb", global_options()) +
           fmt::format("\n`bioctl help {}` shows the manual with exit codes and examples.\n", noun.empty() ? verb.name : noun);
}

std::string noun_usage(std::string_view name, Verb const& noun) {
    return fmt::format("Usage: bioctl {} VERB [OPTION]... [ARGUMENT]...\n{}.\n\nVerbs:\n{}", name, noun.summary,
                       rows(noun.children, nullptr)) +
           fmt::format("\n`bioctl {0} VERB --help` lists the options of a verb, `bioctl help {0}` shows the manual.\n", name);
}

}  // namespace bioctl::cmd
