#include "lib/config/toml_file.hpp"

#include <algorithm>

#include <fmt/format.h>
#include <toml++/toml.h>

#include "lib/base/error.hpp"
#include "lib/base/text.hpp"
#include "lib/config/numbers.hpp"

namespace bioctl::config {

namespace {

toml::table parse(std::string_view text, std::string_view name) {
    try {
        return toml::parse(text, name);
    } catch (toml::parse_error const& error) {
        throw Error{Kind::config, fmt::format("{}:{}: not TOML: {}", printable(name), error.source().begin.line,
                                              printable(error.description()))};
    }
}

Entry entry_of(toml::key const& key, toml::node const& node, std::string_view name) {
    Entry entry{std::string{key.str()}, "", key.source().begin.line};
    if (auto const text = node.value_exact<std::string>()) {
        entry.value = *text;
    } else if (auto const whole = node.value_exact<std::int64_t>()) {
        entry.value = fmt::format("{}", *whole);
    } else if (auto const real = node.value_exact<double>()) {
        entry.value = fmt::format("{}", *real);
    } else if (auto const truth = node.value_exact<bool>()) {
        entry.value = *truth ? "true" : "false";
    } else {
        throw Error{Kind::config, fmt::format("{}:{}: {} must be one plain value: text, a number, true or false", printable(name),
                                              entry.line, printable(entry.key))};
    }
    return entry;
}

/// Offset of a position in the text. Lines and columns count from 1; columns count characters, not bytes.
std::size_t offset_of(std::string_view text, toml::source_position position) {
    std::size_t at = 0;
    for (auto line = position.line; line > 1 && at < text.size(); --line)
        at = std::min(text.find('\n', at), text.size() - 1) + 1;
    auto const is_continuation = [&](std::size_t i) { return (static_cast<unsigned char>(text[i]) & 0xC0) == 0x80; };
    for (auto column = position.column; column > 1 && at < text.size(); --column) {
        do {
            ++at;
        } while (at < text.size() && is_continuation(at));
    }
    return at;
}

std::string quoted(std::string_view value) {
    std::string out = "\"";
    for (char const c : value) {
        auto const code = static_cast<unsigned char>(c);
        if (c == '"' || c == '\\') {
            out += '\\';
            out += c;
        } else if (code < 0x20 || code == 0x7F) {
            out += fmt::format("\\u{:04X}", code);
        } else {
            out += c;
        }
    }
    return out + '"';
}

/// Numbers that TOML would give back unchanged stay bare; the rest becomes text.
std::string literal(std::string_view value) {
    if (auto const whole = parse_number<std::int64_t>(value); whole && fmt::format("{}", *whole) == value)
        return std::string{value};
    auto const real = parse_number<double>(value);
    bool const is_plain_decimal = value.find_first_not_of("0123456789.") == std::string_view::npos;
    if (real && is_plain_decimal && fmt::format("{}", *real) == value) return std::string{value};
    return quoted(value);
}

/// Where a new line goes: behind the last key of the top level, which is before the first table.
std::size_t end_of_top_level(std::string_view text, toml::table const& table) {
    auto end = text.size();
    for (auto const& [key, node] : table) {
        bool const has_header = node.is_table() && !node.as_table()->is_inline();
        if (!has_header && !node.is_array_of_tables()) continue;
        auto const line_start = toml::source_position{key.source().begin.line, 1};
        end = std::min(end, offset_of(text, line_start));
    }
    return end;
}

std::string with_line_added(std::string_view text, std::size_t at, std::string_view line) {
    std::string out{text.substr(0, at)};
    if (!out.empty() && out.back() != '\n') out += '\n';
    out += line;
    out += '\n';
    out += text.substr(at);
    return out;
}

std::string with_lines_removed(std::string_view text, toml::source_position first, toml::source_position last) {
    auto const from = offset_of(text, {first.line, 1});
    auto const newline = text.find('\n', offset_of(text, last));
    auto const to = newline == std::string_view::npos ? text.size() : newline + 1;
    return std::string{text.substr(0, from)} + std::string{text.substr(to)};
}

std::string with_value_replaced(std::string_view text, toml::source_region const& old_value, std::string_view value) {
    auto const from = offset_of(text, old_value.begin);
    auto const to = offset_of(text, old_value.end);
    return std::string{text.substr(0, from)} + std::string{value} + std::string{text.substr(to)};
}

std::string changed(std::string_view text, toml::table const& table, std::string_view key,
                    std::optional<std::string_view> value) {
    auto const found = table.find(key);
    if (found == table.end()) {
        return value ? with_line_added(text, end_of_top_level(text, table), fmt::format("{} = {}", key, literal(*value)))
                     : std::string{text};
    }
    auto const& region = found->second.source();
    if (!value) return with_lines_removed(text, found->first.source().begin, region.end);
    return with_value_replaced(text, region, literal(*value));
}

/// The edit is made on the text, so that comments survive; this tells whether it changed what was asked and nothing else.
bool is_as_asked(toml::table before, std::string_view text, std::string_view key, std::optional<std::string_view> value) {
    try {
        auto after = toml::parse(text);
        auto const* node = after.get(key);
        if ((node != nullptr) != value.has_value()) return false;
        if (value && entry_of(toml::key{key}, *node, "").value != *value) return false;
        before.erase(key);
        after.erase(key);
        return before == after;
    } catch (toml::parse_error const&) {
        return false;
    }
}

}  // namespace

std::vector<Entry> parse_entries(std::string_view text, std::string_view name) {
    std::vector<Entry> entries;
    for (auto const& [key, node] : parse(text, name))
        entries.push_back(entry_of(key, node, name));
    std::sort(entries.begin(), entries.end(), [](Entry const& a, Entry const& b) { return a.line < b.line; });
    return entries;
}

std::string edited(std::string_view text, std::string_view name, std::string_view key, std::optional<std::string_view> value) {
    auto const table = parse(text, name);
    auto result = changed(text, table, key, value);
    if (!is_as_asked(table, result, key, value)) {
        throw Error{Kind::config, fmt::format("{}: '{}' stands in a form that cannot be changed safely; edit the file by hand",
                                              printable(name), key)};
    }
    return result;
}

}  // namespace bioctl::config
