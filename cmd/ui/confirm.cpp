#include "cmd/ui/confirm.hpp"

#include <unistd.h>

#include <iostream>
#include <string>

#include <fmt/format.h>

#include "lib/base/error.hpp"
#include "lib/base/text.hpp"

namespace bioctl::ui {

bool confirm(std::string_view question) {
    if (isatty(STDIN_FILENO) == 0 || isatty(STDERR_FILENO) == 0) {
        throw Error{Kind::usage, fmt::format("{} Nobody can answer here: say --yes", question)};
    }
    std::cerr << "bioctl: " << question << " [y/N] " << std::flush;
    std::string line;
    if (!std::getline(std::cin, line)) return false;
    auto const answer = to_lower_ascii(trim(line));
    return answer == "y" || answer == "yes";
}

}  // namespace bioctl::ui
