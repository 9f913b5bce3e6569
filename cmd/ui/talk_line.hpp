#pragma once
// The inside of Talk, shared with the progress bar that draws between its lines.

#include <mutex>
#include <ostream>
#include <string>
#include <string_view>

#include "cmd/ui/terminal.hpp"

namespace bioctl::ui {

struct Talk::Impl {
    TalkOptions options;
    Terminal terminal;
    std::ostream& err;
    bool has_colour = false;
    std::mutex mutex{};
    bool has_bar = false;

    /// One whole line; the bar makes room for it.
    void line(std::string_view text);
    void draw(std::string_view bar);
    void wipe();
    /// type "note", "warning", "error"; `prefix` stands before the message in the text form.
    void say(std::string_view type, std::string_view prefix, std::string_view message, Fields const& fields = {});
};

}  // namespace bioctl::ui
