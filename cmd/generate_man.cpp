#include <functional>
#include <map>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "cmd/generate.hpp"
#include "cmd/syntax.hpp"
#include "cmd/usage.hpp"
#include "lib/base/text.hpp"
#include "lib/config/settings.hpp"

namespace bioctl::cmd {

namespace {

std::string escaped(std::string_view text) {
    std::string out;
    for (char const c : text) {
        if (c == '*' || c == '_' || c == '\\') out += '\\';
        out += c;
    }
    return out;
}

std::string underlined(std::string_view text) {
    return fmt::format("_{}_", escaped(text));
}

std::string term_of(Argument const& argument) {
    auto const dots = argument.is_repeated && !argument.is_option() ? "..." : "";
    if (!argument.is_option()) return underlined(argument.value) + dots;
    std::vector<std::string> names;
    for (auto const& name : argument.names)
        names.push_back(fmt::format("*{}*", escaped(name)));
    auto const value = argument.is_flag() ? "" : ' ' + underlined(argument.value);
    return fmt::format("{}{}", fmt::join(names, ", "), value);
}

std::string definitions(std::vector<Argument> const& arguments) {
    std::string text;
    for (auto const& argument : arguments) {
        auto const value = argument.default_value.empty() ? "" : fmt::format(" Default: {}.", escaped(argument.default_value));
        auto const required = argument.is_option() && argument.is_required ? " Required." : "";
        text += fmt::format("{}\n\t{}.{}{}\n\n", term_of(argument), escaped(argument.summary), required, value);
    }
    return text;
}

std::string synopsis_line(VerbSyntax const& syntax) {
    auto line = fmt::format("*bioctl {}*", syntax.name);
    if (!syntax.options.empty()) line += " [_OPTION_]...";
    for (auto const& positional : syntax.positionals) {
        auto const word = underlined(positional.value) + (positional.is_repeated ? "..." : "");
        line += positional.is_required ? ' ' + word : fmt::format(" [{}]", word);
    }
    return line;
}

std::vector<VerbSyntax> syntax_of_row(Verb const& row) {
    return all_syntax({row});
}

std::string synopsis(Verb const* row) {
    std::string text = "# SYNOPSIS\n\n";
    if (row == nullptr) return text + "*bioctl* _VERB_ [_OPTION_]... [_ARGUMENT_]...\n\n";
    for (auto const& syntax : syntax_of_row(*row))
        text += synopsis_line(syntax) + "\n\n";
    return text;
}

std::string options(Verb const* row) {
    std::string text = "# OPTIONS\n\n";
    if (row == nullptr) return text + "Every verb takes these, before or behind its name.\n\n" + definitions(global_options());
    for (auto const& syntax : syntax_of_row(*row)) {
        if (!row->children.empty()) text += fmt::format("## bioctl {}\n\n{}.\n\n", syntax.name, escaped(syntax.summary));
        text += definitions(syntax.positionals) + definitions(syntax.options);
    }
    if (!row->children.empty()) text += "## Options of every verb\n\n";
    return text +
           "*--json*, *--quiet*, *--config*, *--data-dir* and the others that every verb takes are explained in *bioctl*(1).\n\n";
}

std::string verbs_by_group(std::vector<Verb> const& table) {
    std::string text = "# VERBS\n\n";
    for (auto const group :
         {Group::face, Group::people, Group::devices, Group::network, Group::store, Group::setup, Group::help}) {
        std::string rows;
        for (auto const& row : table) {
            if (row.group == group) rows += fmt::format("*bioctl-{}*(1)\n\t{}.\n\n", row.name, escaped(row.summary));
        }
        if (!rows.empty()) text += fmt::format("## {}\n\n{}", title_of(group), rows);
    }
    return text;
}

std::string settings() {
    std::string text = "# SETTINGS\n\n";
    for (auto const& key : config::keys()) {
        auto const value = key.default_value.empty() ? "" : fmt::format(" Default: {}.", escaped(key.default_value));
        auto const old = key.old_variable.empty() ? "" : fmt::format(", or {} of the older services", escaped(key.old_variable));
        text += fmt::format("*{}* = {}\n\t{}.{} Environment: {}{}.\n\n", escaped(key.name), underlined(key.type),
                            escaped(key.summary), value, escaped(config::variable_of(key)), old);
    }
    return text;
}

std::vector<std::string> required_parts(Verb const* row) {
    if (row == nullptr) return {"synopsis", "verbs", "options"};
    return {"synopsis", "options"};
}

}  // namespace

std::string regenerated(std::string_view page, std::string_view name, Verb const* row, std::vector<Verb> const& table) {
    std::map<std::string, std::function<std::string()>> const writers{{"synopsis", [&] { return synopsis(row); }},
                                                                      {"options", [&] { return options(row); }},
                                                                      {"verbs", [&] { return verbs_by_group(table); }},
                                                                      {"settings", settings}};
    constexpr std::string_view k_begin = "; begin ";
    std::string out, open;
    std::map<std::string, bool> seen;
    std::size_t number = 0;
    auto lines = split(page, '\n');
    if (!lines.empty() && lines.back().empty()) lines.pop_back();
    for (auto const& line : lines) {
        ++number;
        if (!open.empty() && line == "; end " + open) open.clear();
        if (open.empty()) out += line + '\n';
        if (!open.empty() || !line.starts_with(k_begin)) continue;
        open = line.substr(k_begin.size());
        auto const writer = writers.find(open);
        if (writer == writers.end())
            throw Error{Kind::data, fmt::format("{}:{}: nothing is generated for '{}'", name, number, open)};
        out += '\n' + writer->second();
        seen[open] = true;
    }
    if (!open.empty()) throw Error{Kind::data, fmt::format("{}: '; begin {}' has no '; end {}'", name, open, open)};
    for (auto const& part : required_parts(row)) {
        if (!seen[part]) throw Error{Kind::data, fmt::format("{}: add the lines '; begin {}' and '; end {}'", name, part, part)};
    }
    return out;
}

}  // namespace bioctl::cmd
