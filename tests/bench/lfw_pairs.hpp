#pragma once
// The development view of LFW (View 1): photos and pairs.

#include <filesystem>
#include <string>
#include <vector>

namespace bioctl::bench {

struct LfwPair {
    std::string a, b;  ///< "NAME_0001"
    bool same = false;
};

struct LfwView {
    std::vector<std::filesystem::path> photos;  ///< sorted
    std::vector<LfwPair> pairs;                 ///< all same pairs first
};

/// Reads <folder>/pairsDevTest.txt and lists <folder>/NAME/NAME_NNNN.jpg. Throws std::runtime_error if the file is malformed.
[[nodiscard]] LfwView read_lfw(std::filesystem::path const& folder);

}  // namespace bioctl::bench
