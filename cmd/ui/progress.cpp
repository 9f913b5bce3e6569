#include <algorithm>
#include <cmath>

#include <fmt/format.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "cmd/ui/progress_line.hpp"
#include "cmd/ui/talk_line.hpp"
#include "cmd/ui/terminal.hpp"

namespace bioctl::ui {

namespace {

using Seconds = std::chrono::duration<double>;

constexpr std::chrono::seconds k_before_first{1};
constexpr std::chrono::milliseconds k_between{100};
constexpr std::size_t k_usual_width = 80;
constexpr std::size_t k_bar = 20;

std::size_t terminal_width() {
    winsize size{};
    if (ioctl(STDERR_FILENO, TIOCGWINSZ, &size) != 0 || size.ws_col == 0) return k_usual_width;
    return size.ws_col;
}

std::string clock_text(double seconds) {
    auto const whole = static_cast<long long>(std::ceil(seconds));
    if (whole < 3600) return fmt::format("{}:{:02}", whole / 60, whole % 60);
    return fmt::format("{}:{:02}:{:02}", whole / 3600, whole / 60 % 60, whole % 60);
}

}  // namespace

std::string progress_line(std::string_view what, std::size_t done, std::size_t total, Seconds elapsed, std::size_t width) {
    double const rate = elapsed.count() > 0 ? static_cast<double>(done) / elapsed.count() : 0;
    std::string line;
    if (total == 0) {
        line = fmt::format("{} {}, {:.1f}/s", what, done, rate);
    } else {
        auto const shown = std::min(done, total);
        auto const left = rate > 0 ? ", " + clock_text(static_cast<double>(total - shown) / rate) + " left" : std::string{};
        line = fmt::format("{} {}/{} [{:-<{}}] {} %, {:.1f}/s{}", what, done, total, std::string(shown * k_bar / total, '#'),
                           k_bar, shown * 100 / total, rate, left);
    }
    // A line that wraps cannot be wiped.
    return line.substr(0, width > 0 ? width - 1 : 0);
}

struct Progress::Impl {
    Talk& talk;
    std::string what;
    std::size_t total;
    std::chrono::steady_clock::time_point start = std::chrono::steady_clock::now();
    std::chrono::steady_clock::time_point next = start + k_before_first;
};

Progress::Progress(Talk& talk, std::string_view what, std::size_t total)
    : m_impl(new Impl{.talk = talk, .what = std::string{what}, .total = total}) {}

Progress::~Progress() {
    m_impl->talk.wipe();
}

void Progress::advance(std::size_t done) {
    auto& talk = m_impl->talk;
    auto const now = std::chrono::steady_clock::now();
    if (now < m_impl->next || !talk.can_redraw()) return;
    m_impl->next = now + k_between;
    talk.m_impl->draw(progress_line(m_impl->what, done, m_impl->total, now - m_impl->start, terminal_width()));
}

}  // namespace bioctl::ui
