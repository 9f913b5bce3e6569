#include <sstream>

#include <catch2/catch.hpp>

#include "cmd/ui/terminal.hpp"

namespace bioctl::ui {

namespace {

constexpr Terminal k_terminal{true, false, false};
constexpr Terminal k_pipe{false, true, false};

std::string said(TalkOptions const& options, Terminal const& terminal = k_pipe) {
    std::ostringstream err;
    Talk talk{options, terminal, err};
    talk.detail("detail");
    talk.note("note");
    talk.warn("warn");
    talk.error("error");
    return err.str();
}

}  // namespace

TEST_CASE("levels silence what is less urgent, errors never", "[cmd]") {
    CHECK(said({.level = Level::error}) == "bioctl: error\n");
    CHECK(said({.level = Level::warn}) == "bioctl: warning: warn\nbioctl: error\n");
    CHECK(said({}) == "bioctl: note\nbioctl: warning: warn\nbioctl: error\n");
    CHECK(said({.level = Level::debug}) == "bioctl: detail\nbioctl: note\nbioctl: warning: warn\nbioctl: error\n");
}

TEST_CASE("with --json every line is an object", "[cmd]") {
    CHECK(said({.json = true}) ==
          "{\"type\":\"note\",\"message\":\"note\"}\n{\"type\":\"warning\",\"message\":\"warn\"}\n"
          "{\"type\":\"error\",\"message\":\"error\"}\n");
}

TEST_CASE("text from outside cannot steer the terminal", "[cmd]") {
    std::ostringstream err;
    Talk talk{{}, k_terminal, err};
    talk.note("a\x1b[2J\rb\nc\xff");
    CHECK(err.str() == "bioctl: a\\x1b[2J\\x0db\nc\xEF\xBF\xBD\n");
}

TEST_CASE("a bar is drawn only where a line can be drawn again", "[cmd]") {
    std::ostringstream err;
    auto const can = [&](TalkOptions const& options, Terminal const& terminal) {
        return Talk{options, terminal, err}.can_redraw();
    };
    CHECK(can({}, k_terminal));
    CHECK_FALSE(can({}, k_pipe));
    CHECK_FALSE(can({}, {true, true, false}));
    CHECK_FALSE(can({.level = Level::warn}, k_terminal));
    CHECK_FALSE(can({.no_progress = true}, k_terminal));
    CHECK_FALSE(can({.json = true}, k_terminal));
}

TEST_CASE("colour follows the mode, then the terminal and NO_COLOR", "[cmd]") {
    CHECK(k_terminal.has_colour(ColourMode::automatic));
    CHECK_FALSE(k_terminal.has_colour(ColourMode::never));
    CHECK_FALSE(k_pipe.has_colour(ColourMode::automatic));
    CHECK(k_pipe.has_colour(ColourMode::always));
    CHECK_FALSE((Terminal{true, false, true}.has_colour(ColourMode::automatic)));
}

TEST_CASE("quick work draws no bar", "[cmd]") {
    std::ostringstream err;
    Talk talk{{}, k_terminal, err};
    {
        Progress progress{talk, "working", 10};
        for (std::size_t i = 0; i < 10; ++i)
            progress.advance(i);
    }
    CHECK(err.str().empty());
}

}  // namespace bioctl::ui
