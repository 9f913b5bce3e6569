#pragma once
// stderr: the talk. Notes, warnings, progress. Decides about terminals and colour in one place.

#include <chrono>
#include <memory>
#include <ostream>
#include <string>
#include <string_view>

#include "cmd/ui/value.hpp"

namespace bioctl::ui {

enum class ColourMode { automatic, always, never };

/// What a stream is connected to.
struct Terminal {
    bool is_terminal = false;
    bool is_dumb = false;    ///< TERM=dumb or none: cannot redraw a line
    bool no_colour = false;  ///< NO_COLOR is set and not empty

    /// Of a descriptor and the environment.
    static Terminal of(int descriptor);
    [[nodiscard]] bool has_colour(ColourMode mode) const;
};

/// Each shows itself and all that is more urgent.
enum class Level { error, warn, info, debug };

struct TalkOptions {
    Level level = Level::info;
    bool no_progress = false;
    bool json = false;  ///< every line as an object, no progress
    ColourMode colour = ColourMode::automatic;
};

/// Writes to stderr. Thread-safe.
class Talk {
public:
    explicit Talk(TalkOptions const& options);
    /// `err` outlives the object.
    Talk(TalkOptions const& options, Terminal const& terminal, std::ostream& err);
    ~Talk();
    void detail(std::string_view message);  ///< "bioctl: message"; only with --verbose
    void note(std::string_view message);    ///< "bioctl: message"; silenced by --quiet
    void warn(std::string_view message);    ///< "bioctl: warning: message"
    /// "bioctl: message"; with --json {"type":"error","message":...,fields...}.
    void error(std::string_view message, Fields const& fields = {});

    void set_level(Level level);            ///< when the settings are known
    [[nodiscard]] bool can_redraw() const;  ///< stderr is a terminal, not TERM=dumb, no --quiet, --no-progress or --json
    [[nodiscard]] bool is_quiet() const;    ///< notes are silenced
    void wipe();                            ///< takes the progress bar away until it is next drawn

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
