#pragma once
// Where annotated pictures go.

#include <filesystem>
#include <set>
#include <span>

#include "lib/app/photos.hpp"

namespace bioctl::app {

class PictureFolder {
public:
    /// Creates the folder. No picture will take the place of one of the `sources`, wherever the folder is.
    /// Throws Error{cannot_create}, {permission}.
    PictureFolder(fs::path folder, std::span<PhotoSource const> sources);

    /// Writes <name of the source>.jpg, with "-2", "-3", ... behind the name when this run has given it away already; pictures of
    /// earlier runs are replaced. Returns the path.
    fs::path write(PhotoSource const& source, ByteView jpeg);

private:
    fs::path m_folder;
    std::set<fs::path> m_taken;
};

}  // namespace bioctl::app
