#include "cmd/ui/terminal.hpp"

#include <cstdlib>
#include <iostream>

#include <fmt/format.h>
#include <unistd.h>

#include "cmd/ui/output.hpp"
#include "cmd/ui/talk_line.hpp"
#include "lib/base/text.hpp"

namespace bioctl::ui {

namespace {

std::string_view variable(char const* name) {
    auto const* value = std::getenv(name);
    return value == nullptr ? std::string_view{} : value;
}

/// Text from outside must not steer the terminal; messages may have several lines.
std::string harmless(std::string_view message) {
    std::string out;
    for (char const c : to_valid_utf8(message)) {
        auto const code = static_cast<unsigned char>(c);
        bool const is_control = (code < 0x20 && c != '\n') || code == 0x7F;
        out += is_control ? fmt::format("\\x{:02x}", code) : std::string{c};
    }
    return out;
}

std::string coloured(std::string_view text, std::string_view code, bool has_colour) {
    return has_colour ? fmt::format("\033[{}m{}\033[0m", code, text) : std::string{text};
}

}  // namespace

Terminal Terminal::of(int descriptor) {
    auto const term = variable("TERM");
    return {isatty(descriptor) != 0, term.empty() || term == "dumb", !variable("NO_COLOR").empty()};
}

bool Terminal::has_colour(ColourMode mode) const {
    switch (mode) {
        case ColourMode::always: return true;
        case ColourMode::never: return false;
        case ColourMode::automatic: break;
    }
    return is_terminal && !is_dumb && !no_colour;
}

void Talk::Impl::line(std::string_view text) {
    std::lock_guard const lock{mutex};
    // One insertion, so that lines of several processes do not mix.
    err << (has_bar ? "\r\033[K" : "") + std::string{text} + '\n' << std::flush;
    has_bar = false;
}

void Talk::Impl::draw(std::string_view bar) {
    std::lock_guard const lock{mutex};
    err << "\r\033[K" + std::string{bar} << std::flush;
    has_bar = true;
}

void Talk::Impl::wipe() {
    std::lock_guard const lock{mutex};
    if (has_bar) err << "\r\033[K" << std::flush;
    has_bar = false;
}

void Talk::Impl::say(std::string_view type, std::string_view prefix, std::string_view message, Fields const& fields) {
    if (!options.json) return line(std::string{prefix} + harmless(message));
    Fields all{{"message", message}};
    all.insert(all.end(), fields.begin(), fields.end());
    line(to_json_line(type, all));
}

Talk::Talk(TalkOptions const& options) : Talk(options, Terminal::of(STDERR_FILENO), std::cerr) {}

Talk::Talk(TalkOptions const& options, Terminal const& terminal, std::ostream& err)
    : m_impl(new Impl{.options = options, .terminal = terminal, .err = err, .has_colour = terminal.has_colour(options.colour)}) {}

Talk::~Talk() {
    m_impl->wipe();
}

void Talk::detail(std::string_view message) {
    if (m_impl->options.level >= Level::debug) m_impl->say("note", "bioctl: ", message);
}

void Talk::note(std::string_view message) {
    if (m_impl->options.level >= Level::info) m_impl->say("note", "bioctl: ", message);
}

void Talk::warn(std::string_view message) {
    if (m_impl->options.level < Level::warn) return;
    m_impl->say("warning", "bioctl: " + coloured("warning:", "33", m_impl->has_colour) + ' ', message);
}

void Talk::error(std::string_view message, Fields const& fields) {
    m_impl->say("error", coloured("bioctl:", "31", m_impl->has_colour) + ' ', message, fields);
}

void Talk::set_level(Level level) {
    m_impl->options.level = level;
}

bool Talk::can_redraw() const {
    auto const& options = m_impl->options;
    return m_impl->terminal.is_terminal && !m_impl->terminal.is_dumb && !is_quiet() && !options.no_progress && !options.json;
}

bool Talk::is_quiet() const {
    return m_impl->options.level < Level::info;
}

void Talk::wipe() {
    m_impl->wipe();
}

}  // namespace bioctl::ui
