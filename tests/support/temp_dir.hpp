#pragma once
// A folder of its own for one test, removed at the end.

#include <filesystem>
#include <string_view>

namespace bioctl::test {

namespace fs = std::filesystem;

class TempDir {
public:
    TempDir();
    ~TempDir();
    TempDir(TempDir const&) = delete;
    TempDir& operator=(TempDir const&) = delete;
    [[nodiscard]] fs::path const& path() const { return m_path; }
    [[nodiscard]] fs::path operator/(std::string_view name) const { return m_path / name; }

private:
    fs::path m_path;
};

/// Writes a file, parent folders included.
void write_text(fs::path const& path, std::string_view text);
[[nodiscard]] std::string read_text(fs::path const& path);

}  // namespace bioctl::test
