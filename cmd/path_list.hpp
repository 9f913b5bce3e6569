#pragma once
// Lists of paths made by other programs: find -print0, git ls-files, a file of lines.

#include <filesystem>
#include <istream>
#include <string>
#include <string_view>
#include <vector>

namespace bioctl::cmd {

namespace fs = std::filesystem;

enum class Separator { newline, nul };

/// Reads to the end. Names may hold any bytes but the separator; empty entries are skipped, the last separator may be missing.
/// Throws Error{data} for an entry longer than a path can be (a list read with the wrong separator), Error{io}.
[[nodiscard]] std::vector<fs::path> read_path_list(std::istream& input, std::string_view name, Separator separator);

/// Of a file, or of standard input for "-". Error{no_input} if the file cannot be read.
[[nodiscard]] std::vector<fs::path> read_path_list(std::string const& file, Separator separator);

}  // namespace bioctl::cmd
