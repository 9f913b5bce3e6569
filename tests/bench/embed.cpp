// The recogniser's forward pass against dlib's, in turns on one thread, as lines of print_row(); and how far their vectors
// differ.
//
//   embed MANIFEST BLOB DAT DEMO_PHOTOS [ROUNDS]       DAT: the same weights as a file of dlib's (peer_dlib write-dat)
//
// Times are of the processor, for one chip, the batch of both being the same. Lines that begin with # are for people; one of
// them, "# fma_gflops ...", is for the runner too.

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <memory>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include <fmt/format.h>

#include "lib/base/file.hpp"
#include "lib/face/amx_network.hpp"
#include "lib/face/embedder.hpp"
#include "lib/face/engine.hpp"
#include "lib/face/network.hpp"
#include "lib/face/networks.hpp"
#include "lib/face/pixels.hpp"
#include "tests/bench/fma_peak.hpp"
#include "tests/bench/rounds.hpp"
#include "tests/support/dlib_resnet.hpp"

namespace {

using namespace bioctl;
using namespace bioctl::bench;
namespace fs = std::filesystem;
using Rgb = std::vector<std::uint8_t>;

std::vector<cv::Mat> chips_of(fs::path const& models, fs::path const& photos) {
    face::Engine engine{face::ModelRegistry{models, {}}.active()};
    std::vector<cv::Mat> chips;
    for (auto const& entry : fs::directory_iterator{photos}) {
        if (entry.path().extension() != ".jpg") continue;
        auto const analysis = engine.analyse(read_file(entry.path(), 50'000'000).or_throw(), {});
        if (!analysis) throw analysis.error().as_error(entry.path().string());
        for (auto const& face : analysis->faces)
            chips.push_back(face.chip);
    }
    return chips;
}

Rgb rgb_of(cv::Mat const& chip) {
    Rgb rgb;
    for (auto const& pixel : cv::Mat_<cv::Vec3b>(chip))
        rgb.insert(rgb.end(), {pixel[2], pixel[1], pixel[0]});
    return rgb;
}

std::vector<float> planes_of(std::span<cv::Mat const> chips) {
    face::Normalisation const normalisation{{122.782F, 117.001F, 104.298F}, 1 / 256.0F, true};
    std::vector<float> planes;
    for (auto const& chip : chips)
        face::append_planes(chip, normalisation, planes);
    return planes;
}

/// Multiplications and additions of the layers that multiply, zeros of the padding included.
double operations_of(face::Graph const& graph) {
    double sum = 0;
    for (auto const& node : graph.nodes) {
        bool const multiplies = node.op == face::Op::convolution || node.op == face::Op::fully_connected;
        if (multiplies) sum += 2.0 * static_cast<double>(node.weights.size()) * node.shape.height * node.shape.width;
    }
    return sum;
}

struct Difference {
    double largest_element = 0, largest_distance = 0;
};

Difference compare(face::Executor& ours, test::DlibResnet& peer, std::vector<cv::Mat> const& chips) {
    Difference worst;
    for (auto const& chip : chips) {
        auto const a = ours.run(planes_of({&chip, 1}), 1);
        auto const b = peer.forward(rgb_of(chip));
        double squares = 0;
        for (std::size_t d = 0; d < b.size(); ++d) {
            double const difference = std::abs(static_cast<double>(a[d]) - static_cast<double>(b[d]));
            worst.largest_element = std::max(worst.largest_element, difference);
            squares += difference * difference;
        }
        worst.largest_distance = std::max(worst.largest_distance, std::sqrt(squares));
    }
    return worst;
}

/// A way to run the network.
struct Path {
    std::string name;
    std::unique_ptr<face::Executor> executor;
};

std::vector<Path> paths_of(face::Graph const& graph) {
    std::vector<Path> paths;
    if (auto const network = face::make_amx_network(graph)) paths.push_back({"AMX", network->executor()});
    paths.push_back({"oneDNN", face::make_onednn_network(graph)->executor()});
    return paths;
}

void measure(Path const& path, test::DlibResnet& peer, std::vector<cv::Mat> const& chips, std::size_t batch, int rounds,
             double gflop, FmaPeak const& peak) {
    std::vector<cv::Mat> several;
    std::vector<Rgb> rgb;
    for (std::size_t i = 0; i < batch; ++i) {
        several.push_back(chips[i % chips.size()]);
        rgb.push_back(rgb_of(several.back()));
    }
    auto const planes = planes_of(several);
    auto const count = static_cast<double>(batch);
    std::vector<double> our_ms, peer_ms;
    for (int round = -1; round < rounds; ++round) {  // the first one warms up
        double const start = thread_ms();
        static_cast<void>(path.executor->run(planes, static_cast<int>(batch)));
        double const middle = thread_ms();
        static_cast<void>(peer.forward(rgb));
        double const end = thread_ms();
        if (round < 0) continue;
        our_ms.push_back((middle - start) / count);
        peer_ms.push_back((end - middle) / count);
    }
    auto const our_spread = spread_of(our_ms), peer_spread = spread_of(peer_ms);
    double const speed = gflop * 1e3 / our_spread.median, peer_speed = gflop * 1e3 / peer_spread.median;
    print_row(fmt::format("ResNet forward on {}, batch {}, for each face", path.name, batch), our_spread, peer_spread,
              peak.gflops > 0 ? speed / peak.gflops : -1);
    std::fprintf(stderr, "%s, batch %zu: %.1f GFLOP/s, dlib %.1f GFLOP/s\n", path.name.c_str(), batch, speed, peer_speed);
}

int run(fs::path const& manifest, fs::path const& blob, fs::path const& dat, fs::path const& photos, int rounds) {
    auto const graph = face::resnet_graph(face::TensorFile{manifest, blob});
    test::DlibResnet peer{dat};
    auto const chips = chips_of(manifest.parent_path(), photos);
    if (chips.empty()) {
        std::fprintf(stderr, "embed: %s: no faces on its photos\n", photos.c_str());
        return 1;
    }
    auto const peak = measure_fma_peak(9);
    double const gflop = operations_of(graph) / 1e9;
    std::fprintf(stderr, "FMA peak of one processor: %.1f GFLOP/s, %s\n", peak.gflops, peak.name);
    std::fprintf(stderr, "%.3f GFLOP for each face, as many as a direct convolution takes\n", gflop);
    for (auto const& path : paths_of(graph)) {
        auto const difference = compare(*path.executor, peer, chips);
        std::fprintf(stderr, "%s: over %zu chips of the demo photos the vectors differ by %.2g in one number, %.2g in distance\n",
                     path.name.c_str(), chips.size(), difference.largest_element, difference.largest_distance);
        for (std::size_t const batch : {1U, 2U, 8U, 16U})
            measure(path, peer, chips, batch, rounds, gflop, peak);
    }
    return 0;
}

}  // namespace

int main(int argc, char** argv) {
    if (argc != 5 && argc != 6) {
        std::fputs("usage: embed MANIFEST BLOB DAT DEMO_PHOTOS [ROUNDS]\n", stderr);
        return 64;
    }
    try {
        return run(argv[1], argv[2], argv[3], argv[4], argc == 6 ? std::atoi(argv[5]) : 11);
    } catch (std::exception const& error) {
        std::fprintf(stderr, "embed: %s\n", error.what());
        return 1;
    }
}
