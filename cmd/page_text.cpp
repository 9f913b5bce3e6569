#include "cmd/pages.hpp"

#include <cctype>

namespace bioctl::cmd {

namespace {

constexpr std::string_view k_indent = "    ";

bool is_alnum(char c) {
    return std::isalnum(static_cast<unsigned char>(c)) != 0;
}

/// Without the marks of bold and underlined text, and without the backslashes that protect characters.
std::string without_marks(std::string_view line) {
    std::string out;
    bool is_underlined = false;
    char last = ' ';
    for (std::size_t i = 0; i < line.size(); ++i) {
        char const c = line[i];
        char const next = i + 1 < line.size() ? line[i + 1] : ' ';
        // As scdoc reads it: an underscore within a word is itself.
        bool const is_mark = c == '_' && (!is_alnum(last) || (is_underlined && !is_alnum(next)));
        last = c;
        if (is_mark) is_underlined = !is_underlined;
        if (is_mark || c == '*') continue;
        if (c == '\\' && i + 1 < line.size()) {
            out += line[++i];
            last = line[i];
        } else {
            out += c;
        }
    }
    return out;
}

std::string_view take_line(std::string_view& text) {
    auto const line = text.substr(0, text.find('\n'));
    text.remove_prefix(std::min(line.size() + 1, text.size()));
    return line;
}

std::string indented(std::string_view line, bool is_literal) {
    if (line.empty()) return "\n";
    std::string out{k_indent};
    for (; line.starts_with('\t'); line.remove_prefix(1))
        out += k_indent;
    return out + (is_literal ? std::string{line} : without_marks(line)) + '\n';
}

}  // namespace

std::string plain_text(std::string_view scdoc) {
    std::string out{take_line(scdoc)};
    out += '\n';
    bool is_literal = false;
    bool was_blank = false;
    while (!scdoc.empty()) {
        auto const line = take_line(scdoc);
        if (line.ends_with("```")) {
            is_literal = !is_literal;
            continue;
        }
        if (line.starts_with("; ")) continue;
        // Markers leave blank lines behind; one is enough.
        if (line.empty() && was_blank) continue;
        was_blank = line.empty();
        bool const is_heading = !is_literal && (line.starts_with("# ") || line.starts_with("## "));
        out += is_heading ? without_marks(line.substr(line.find(' ') + 1)) + '\n' : indented(line, is_literal);
    }
    return out;
}

}  // namespace bioctl::cmd
