#pragma once
// Lists of pairs of photos with the truth about them, as LFW has them or as CSV.

#include <cstddef>
#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

namespace bioctl::app {

namespace fs = std::filesystem;

inline constexpr std::uint64_t k_max_pair_list_bytes = 256'000'000;

struct PairList {
    struct Photo {
        fs::path path;
        std::string person;
    };
    struct Pair {
        std::size_t a = 0, b = 0;  ///< indices of photos
        bool is_same = false;
        std::size_t fold = 0;
    };
    std::vector<Photo> photos;  ///< each once, in order of first mention
    std::vector<Pair> pairs;
    std::size_t folds = 0;
};

/// LFW: "N" or "FOLDS N" on the first line, then for each fold N lines "NAME I J" of one person and N lines "NAME I NAME J" of
/// two; photo I of NAME is root/NAME/NAME_000I.jpg. Without folds of its own the list is dealt to `folds` in blocks.
///
/// CSV: the columns a, b (paths, relative to root) and same (1 0, yes no, true false, same different); person_a and person_b
/// where the folder of a photo is not named like its person; fold, a number from 1, if folds matter.
///
/// Error{data} with the line for anything else: a list that is understood in part would measure something else.
[[nodiscard]] PairList read_pairs(std::string_view text, fs::path const& root, std::size_t folds);

}  // namespace bioctl::app
