#include "cmd/ui/password.hpp"

#include <termios.h>
#include <unistd.h>

#include <iostream>

#include <fmt/format.h>

#include "lib/base/error.hpp"
#include "lib/base/secret.hpp"
#include "lib/base/text.hpp"

namespace bioctl::ui {

namespace {

constexpr std::size_t k_longest_line = 4096;

/// The terminal as it was, however the question ends.
class Silence {
public:
    Silence() {
        m_is_on = tcgetattr(STDIN_FILENO, &m_before) == 0;
        auto quiet = m_before;
        quiet.c_lflag &= static_cast<tcflag_t>(~static_cast<tcflag_t>(ECHO));
        m_is_on = m_is_on && tcsetattr(STDIN_FILENO, TCSAFLUSH, &quiet) == 0;
        if (!m_is_on) throw Error{Kind::io, "the terminal cannot be kept from showing the password; use --password-file"};
    }
    ~Silence() { tcsetattr(STDIN_FILENO, TCSAFLUSH, &m_before); }
    Silence(Silence const&) = delete;
    Silence& operator=(Silence const&) = delete;

private:
    termios m_before{};
    bool m_is_on = false;
};

/// Byte by byte: a buffer would keep what was typed, and what is meant for the next question. A signal ends it.
std::string read_silently(std::string_view question) {
    std::string line;
    {
        // Before the question: whoever is quick must not see what they type, nor lose it.
        Silence const silence;
        std::cerr << "bioctl: " << question << ": " << std::flush;
        char c = 0;
        while (line.size() < k_longest_line && ::read(STDIN_FILENO, &c, 1) == 1 && c != '\n')
            line += c;
    }
    std::cerr << '\n' << std::flush;
    return line;
}

}  // namespace

std::string ask_new_password(std::string_view whose) {
    if (isatty(STDIN_FILENO) == 0 || isatty(STDERR_FILENO) == 0) {
        throw Error{Kind::usage,
                    "nobody can type a password here: give it with --password-file FILE (mode 0600), or --password-file - for "
                    "standard input"};
    }
    auto password = read_silently(fmt::format("New password of {}", printable(whose)));
    if (password.empty()) throw Error{Kind::data, "no password was typed; nothing was changed"};
    auto again = read_silently("Once more");
    bool const is_same = constant_time_equal(password, again);
    wipe(again);
    if (is_same) return password;
    wipe(password);
    throw Error{Kind::data, "the two passwords differ; nothing was changed"};
}

}  // namespace bioctl::ui
