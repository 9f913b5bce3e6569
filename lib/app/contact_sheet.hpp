#pragma once
// Groups of faces on one page, to be looked at by people.

#include <filesystem>
#include <string>
#include <vector>

#include "lib/image/photo.hpp"

namespace bioctl::app {

struct SheetFace {
    std::string picture;  ///< below media_dir; "" or a file that is gone: an empty frame
    std::string caption;  ///< under it, one line
    std::string detail;   ///< a second line
};

struct SheetGroup {
    std::string title;
    std::vector<SheetFace> faces;
};

/// One file, thumbnails inside. Of each group at most `most` faces are shown, with the number of the others.
[[nodiscard]] std::string contact_sheet(std::string_view title, std::string_view introduction,
                                        std::vector<SheetGroup> const& groups, std::filesystem::path const& media_dir,
                                        image::Limits const& limits, std::size_t most = 60);

}  // namespace bioctl::app
