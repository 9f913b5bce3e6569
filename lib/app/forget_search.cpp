// search_files(): is it really gone?

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstdio>
#include <cstring>
#include <memory>
#include <optional>

#include <fmt/format.h>

#include "lib/app/forget.hpp"
#include "lib/base/text.hpp"
#include "lib/base/vault.hpp"

namespace bioctl::app {

namespace {

constexpr std::size_t k_piece = std::size_t{1} << 20;
constexpr std::size_t k_prefix = 2;

/// Of files of ours, which are no larger.
constexpr std::uint64_t k_largest_sealed = 4'000'000'000;

class Search {
public:
    Search(fs::path const& data_dir, std::span<Needle const> needles) : m_data_dir(data_dir), m_needles(needles) {
        for (auto const& needle : needles) {
            m_may_begin[prefix_of(needle.bytes.data())] = true;
            m_longest = std::max(m_longest, needle.bytes.size());
        }
    }

    /// Which needles the file has; std::nullopt if it cannot be opened: damaged, or of a backup with another key.
    std::optional<std::vector<bool>> look_into(fs::path const& file) {
        std::vector<bool> found(m_needles.size());
        if (Vault::is_sealed(m_data_dir) && Vault::is_sealed_file(file)) {
            auto const content = read_private(m_data_dir, file, k_largest_sealed);
            if (!content && content.error().kind() != Kind::no_input) return std::nullopt;
            if (content) mark(std::string{as_text(*content)}, found);
            return found;
        }
        std::unique_ptr<std::FILE, int (*)(std::FILE*)> const input{std::fopen(file.c_str(), "rb"), std::fclose};
        if (!input) {
            if (errno == ENOENT) return found;  // it has gone meanwhile
            throw_errno(fmt::format("cannot look into {}", printable(file.string())), errno, Kind::io);
        }
        // What may be the beginning of a needle at the end of a piece goes before the next one.
        std::string piece;
        for (;;) {
            auto const kept = piece.size();
            piece.resize(kept + k_piece);
            auto const got = std::fread(piece.data() + kept, 1, k_piece, input.get());
            piece.resize(kept + got);
            if (std::ferror(input.get()) != 0)
                throw_errno(fmt::format("cannot read {}", printable(file.string())), errno, Kind::io);
            mark(piece, found);
            if (got == 0) return found;
            piece.erase(0, piece.size() - std::min(piece.size(), m_longest - 1));
        }
    }

private:
    static std::size_t prefix_of(char const* bytes) {
        std::array<unsigned char, k_prefix> two{};
        std::memcpy(two.data(), bytes, k_prefix);
        return std::size_t{two[0]} << 8U | two[1];
    }

    void mark(std::string const& piece, std::vector<bool>& found) const {
        for (std::size_t i = 0; i + k_prefix <= piece.size(); ++i) {
            if (!m_may_begin[prefix_of(piece.data() + i)]) continue;
            for (std::size_t n = 0; n < m_needles.size(); ++n) {
                if (!found[n] && piece.compare(i, m_needles[n].bytes.size(), m_needles[n].bytes) == 0) found[n] = true;
            }
        }
    }

    fs::path const& m_data_dir;
    std::span<Needle const> m_needles;
    std::array<bool, 65536> m_may_begin{};
    std::size_t m_longest = 1;
};

/// Files in a fixed order, without the folders that cannot hold rows.
std::vector<fs::path> files_below(fs::path const& data_dir) {
    std::vector<fs::path> files;
    std::error_code error;
    fs::recursive_directory_iterator walk{data_dir, fs::directory_options::skip_permission_denied, error};
    for (; !error && walk != fs::recursive_directory_iterator{}; walk.increment(error)) {
        auto const name = walk->path().filename();
        bool const is_skipped = walk.depth() == 0 && (name == "media" || name == "models");
        if (is_skipped) walk.disable_recursion_pending();
        std::error_code ignored;
        if (!is_skipped && walk->is_regular_file(ignored) && !walk->is_symlink(ignored)) files.push_back(walk->path());
    }
    std::ranges::sort(files);
    return files;
}

}  // namespace

std::vector<std::string> search_files(fs::path const& data_dir, std::span<Needle const> needles) {
    std::vector<std::string> places;
    if (needles.empty()) return places;
    auto const search = std::make_unique<Search>(data_dir, needles);
    for (auto const& file : files_below(data_dir)) {
        auto const found = search->look_into(file);
        if (!found) places.push_back(fmt::format("not looked into: {}", file.lexically_relative(data_dir).string()));
        for (std::size_t n = 0; found && n < needles.size(); ++n) {
            if ((*found)[n]) places.push_back(fmt::format("{}: {}", needles[n].what, file.lexically_relative(data_dir).string()));
        }
    }
    return places;
}

}  // namespace bioctl::app
