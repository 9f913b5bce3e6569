#pragma once
// stderr: the talk. Notes, warnings, progress. Decides about terminals and colour in one place.

#include <chrono>
#include <memory>
#include <string>
#include <string_view>

namespace bioctl::ui {

enum class ColourMode { automatic, always, never };

struct TalkOptions {
    bool quiet = false;  ///< no notes, no progress; warnings and errors stay
    bool no_progress = false;
    bool json = false;  ///< warnings and the last error as objects, no progress
    ColourMode colour = ColourMode::automatic;
};

/// Writes to stderr. Thread-safe.
class Talk {
public:
    explicit Talk(TalkOptions const& options);
    ~Talk();
    void note(std::string_view message);   ///< "bioctl: message"; silenced by --quiet
    void warn(std::string_view message);   ///< "bioctl: warning: message"
    void error(std::string_view message);  ///< "bioctl: message", or {"type":"error",...} with --json: see main.cpp

    [[nodiscard]] bool can_redraw() const;  ///< stderr is a terminal, not TERM=dumb, no --quiet, --no-progress or --json
    [[nodiscard]] bool is_quiet() const;

private:
    friend class Progress;
    struct Impl;
    std::unique_ptr<Impl> m_impl;
};

/// A bar with count, rate and time left, drawn only after one second of work, only where Talk::can_redraw().
class Progress {
public:
    /// total 0: unknown, only count and rate are shown.
    Progress(Talk& talk, std::string_view what, std::size_t total);
    ~Progress();                     ///< wipes the bar
    void advance(std::size_t done);  ///< the number done so far; cheap, redraws at most 10 times a second

private:
    struct Impl;
    std::unique_ptr<Impl> m_impl;
};

}  // namespace bioctl::ui
