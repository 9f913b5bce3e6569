#include "tests/bench/lfw_pairs.hpp"

#include <algorithm>
#include <fstream>
#include <stdexcept>

#include <fmt/format.h>

namespace bioctl::bench {

namespace fs = std::filesystem;

namespace {

std::string photo_name(std::string const& person, int number) {
    return fmt::format("{}_{:04}", person, number);
}

}  // namespace

LfwView read_lfw(fs::path const& folder) {
    LfwView view;
    for (auto const& entry : fs::recursive_directory_iterator(folder)) {
        if (entry.path().extension() == ".jpg") view.photos.push_back(entry.path());
    }
    std::sort(view.photos.begin(), view.photos.end());

    auto const list = folder / "pairsDevTest.txt";
    std::ifstream in{list};
    std::size_t count = 0;
    in >> count;
    std::string name, other;
    int first = 0, second = 0;
    for (std::size_t i = 0; i < count && in >> name >> first >> second; ++i) {
        view.pairs.push_back({photo_name(name, first), photo_name(name, second), true});
    }
    for (std::size_t i = 0; i < count && in >> name >> first >> other >> second; ++i) {
        view.pairs.push_back({photo_name(name, first), photo_name(other, second), false});
    }
    if (count == 0 || view.pairs.size() != 2 * count) throw std::runtime_error(list.string() + ": not a list of pairs");
    return view;
}

}  // namespace bioctl::bench
