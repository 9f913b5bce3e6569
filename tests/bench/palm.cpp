// Palms, measured: acquisition, accuracy, robustness, other backgrounds, speed. What the figures say is kept in palm.md.
//
//   palm_bench [DATA_DIR [SECTION...]]      DATA_DIR holds palm-coep/ and lfw-view1/; SECTION: accuracy orb nonhands changes
//                                           scenes thumbless speed; all of them if none is named
//
// Times are processor time of one thread (OpenCV's own threads are off), so that other work on the machine counts less.

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <string>
#include <utility>

#include <opencv2/core/utility.hpp>

#include "tests/bench/palm_bench.hpp"

namespace {

using namespace bioctl;
using namespace bioctl::bench;

int run(fs::path const& data, std::vector<std::string> const& wanted) {
    if (!fs::exists(data / "palm-coep")) {
        std::puts("skipped: no data");
        return 0;
    }
    cv::setNumThreads(1);
    Bench bench{data, read_palms(data / "palm-coep"), {}};
    std::vector<std::pair<char const*, void (*)(Bench&)>> const sections{
        {"accuracy", accuracy},   {"orb", orb},     {"changes", changed},  {"scenes", scenes},
        {"thumbless", thumbless}, {"speed", speed}, {"nonhands", nonhands}};
    for (auto const& [name, section] : sections) {
        if (!wanted.empty() && std::find(wanted.begin(), wanted.end(), name) == wanted.end()) continue;
        std::printf("== %s ==\n", name);
        section(bench);
        std::puts("");
    }
    return 0;
}

}  // namespace

int main(int argc, char** argv) {
    std::setvbuf(stdout, nullptr, _IOLBF, 0);
    try {
        char const* const environment = std::getenv("BIOCTL_TEST_DATA");
        fs::path const data = argc > 1 ? argv[1] : environment != nullptr ? environment : BIOCTL_SOURCE_DIR "/../shared/data";
        return run(data, {argv + std::min(argc, 2), argv + argc});
    } catch (std::exception const& error) {
        std::fprintf(stderr, "palm_bench: %s\n", error.what());
        return 1;
    }
}
