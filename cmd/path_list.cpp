#include "cmd/path_list.hpp"

#include <cerrno>
#include <climits>
#include <fstream>
#include <iostream>

#include <fmt/format.h>

#include "lib/base/error.hpp"
#include "lib/base/text.hpp"

namespace bioctl::cmd {

namespace {

constexpr std::size_t k_piece = 64 * 1024;

class PathCollector {
public:
    PathCollector(std::string_view name, Separator separator)
        : m_name(name), m_separator(separator == Separator::nul ? '\0' : '\n') {}

    void add(std::string_view piece) {
        for (auto end = piece.find(m_separator); end != std::string_view::npos; end = piece.find(m_separator)) {
            append(piece.substr(0, end));
            finish_entry();
            piece.remove_prefix(end + 1);
        }
        append(piece);
    }

    std::vector<fs::path> take() && {
        finish_entry();
        return std::move(m_paths);
    }

private:
    void append(std::string_view part) {
        m_entry += part;
        if (m_entry.size() < PATH_MAX) return;
        throw Error{Kind::data,
                    fmt::format("{}: entry {} is longer than a path can be; names end with {} here", printable(m_name),
                                m_paths.size() + 1, m_separator == '\0' ? "NUL (find -print0)" : "a newline")};
    }

    void finish_entry() {
        if (!m_entry.empty()) m_paths.emplace_back(m_entry);
        m_entry.clear();
    }

    std::string_view m_name;
    char m_separator;
    std::string m_entry;
    std::vector<fs::path> m_paths;
};

}  // namespace

std::vector<fs::path> read_path_list(std::istream& input, std::string_view name, Separator separator) {
    PathCollector paths{name, separator};
    std::string piece(k_piece, '\0');
    do {
        errno = 0;
        input.read(piece.data(), static_cast<std::streamsize>(piece.size()));
        paths.add({piece.data(), static_cast<std::size_t>(input.gcount())});
    } while (input);
    if (input.bad()) throw_errno(printable(name), errno == 0 ? EIO : errno, Kind::io);
    return std::move(paths).take();
}

std::vector<fs::path> read_path_list(std::string const& file, Separator separator) {
    if (file == "-") return read_path_list(std::cin, "standard input", separator);
    std::error_code error;
    if (fs::is_directory(file, error)) {
        throw Error{Kind::no_input, fmt::format("{}: is a folder, not a list of paths", printable(file))};
    }
    std::ifstream input{file, std::ios::binary};
    if (!input) throw_errno(printable(file), errno, Kind::no_input);
    return read_path_list(input, file, separator);
}

}  // namespace bioctl::cmd
