#include "lib/base/partial_file.hpp"

#include <cerrno>
#include <charconv>
#include <csignal>
#include <string_view>
#include <system_error>

#include <fmt/format.h>
#include <unistd.h>

#include "lib/base/file_copy.hpp"

namespace bioctl {

namespace {

namespace fs = std::filesystem;

constexpr std::string_view k_end = ".partial";

std::string begin_of(fs::path const& target) {
    return fmt::format(".{}.", target.filename().string());
}

/// The number between the ends of a name, 0 if there is none.
int process_of(std::string_view name, std::string_view begin) {
    if (name.size() <= begin.size() + k_end.size() || !name.starts_with(begin) || !name.ends_with(k_end)) return 0;
    auto const number = name.substr(begin.size(), name.size() - begin.size() - k_end.size());
    int process = 0;
    auto const [end, failed] = std::from_chars(number.data(), number.data() + number.size(), process);
    return failed == std::errc{} && end == number.data() + number.size() ? process : 0;
}

}  // namespace

fs::path partial_of(fs::path const& target) {
    return target.parent_path() / fmt::format("{}{}{}", begin_of(target), ::getpid(), k_end);
}

void remove_partial_rests(fs::path const& target) {
    auto const begin = begin_of(target);
    auto const folder = target.has_parent_path() ? target.parent_path() : fs::path{"."};
    std::error_code error;
    for (fs::directory_iterator entry{folder, error}; !error && entry != fs::directory_iterator{}; entry.increment(error)) {
        auto const process = process_of(entry->path().filename().string(), begin);
        // In a container each run may have the same number: this process has not begun yet.
        bool const is_gone = process == ::getpid() || (process > 0 && ::kill(process, 0) != 0 && errno == ESRCH);
        if (is_gone) wipe(entry->path());
    }
}

}  // namespace bioctl
