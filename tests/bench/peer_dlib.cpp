// The peer of the face verbs: what the Python package face_recognition does, with dlib's own API and nothing of bioctl's.
//
//   peer_dlib write-dat MANIFEST BLOB DAT       face-api's weights as a file of dlib's; see README.md
//   peer_dlib once DAT PHOTO GALLERY            whose row is nearest to the largest face: row, distance, milliseconds of each
//   part peer_dlib bulk DAT LIST [--shrink SIDE] [--vectors FILE]     the vectors of all faces of the photos that LIST names
//   peer_dlib forward DAT RUNS BATCH            milliseconds of one chip, each run a line
//
// Full decode (libjpeg, through dlib::load_jpeg), HOG on colours after one upsampling, 68 points, a chip of 150 pixels with .25
// around it, dlib's forward. --shrink: as face_recognition's command does before it looks, and its library does not.
// A GALLERY and the FILE of vectors hold rows of 128 float32, nothing else.

#include <algorithm>
#include <chrono>
#include <cmath>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <ctime>
#include <fstream>
#include <iterator>
#include <stdexcept>
#include <string>
#include <vector>

#include <dlib/image_io.h>
#include <dlib/image_processing.h>
#include <dlib/image_processing/frontal_face_detector.h>
#include <dlib/image_transforms.h>

#include "tests/bench/rounds.hpp"
#include "tests/support/dlib_resnet.hpp"

namespace {

using Clock = std::chrono::steady_clock;
using Picture = dlib::array2d<dlib::rgb_pixel>;
using Vector = std::vector<float>;
using bioctl::test::DlibResnet;

constexpr std::size_t k_dimensions = 128;
constexpr unsigned long k_chip_side = 150;
constexpr double k_chip_padding = 0.25;

double ms_since(Clock::time_point start) {
    return std::chrono::duration<double, std::milli>(Clock::now() - start).count();
}

/// Processor time of all threads.
double process_ms() {
    return static_cast<double>(std::clock()) * 1e3 / CLOCKS_PER_SEC;
}

/// Milliseconds.
struct Split {
    double load = 0, decode = 0, detect = 0, points = 0, embed = 0;
};

class Recipe {
public:
    explicit Recipe(std::string const& dat) : m_net(dat) {
        m_detector = dlib::get_frontal_face_detector();
        dlib::deserialize(PEER_DLIB_PREDICTOR) >> m_predictor;
    }

    /// All faces, largest first. shrink_to: the longer side at most, 0 = as it is.
    std::vector<Vector> embed(std::string const& photo, long shrink_to, Split& split) {
        auto start = Clock::now();
        Picture picture;
        dlib::load_jpeg(picture, photo);
        shrink(picture, shrink_to);
        split.decode += ms_since(start);

        start = Clock::now();
        auto boxes = detect(picture);
        std::sort(boxes.begin(), boxes.end(), [](auto const& a, auto const& b) { return a.area() > b.area(); });
        split.detect += ms_since(start);

        std::vector<Vector> vectors;
        for (auto const& box : boxes) {
            start = Clock::now();
            auto const rgb = chip(picture, box);
            split.points += ms_since(start);
            start = Clock::now();
            vectors.push_back(m_net.forward(rgb));
            split.embed += ms_since(start);
        }
        return vectors;
    }

private:
    static void shrink(Picture& picture, long longest) {
        long const side = std::max(picture.nr(), picture.nc());
        if (longest == 0 || side <= longest) return;
        Picture small(picture.nr() * longest / side, picture.nc() * longest / side);
        dlib::resize_image(picture, small);
        picture.swap(small);
    }

    std::vector<dlib::rectangle> detect(Picture const& picture) {
        dlib::pyramid_down<2> const pyramid;
        Picture larger;
        dlib::pyramid_up(picture, larger, pyramid);
        auto boxes = m_detector(larger);
        for (auto& box : boxes)
            box = pyramid.rect_down(box);
        return boxes;
    }

    std::vector<std::uint8_t> chip(Picture const& picture, dlib::rectangle const& box) const {
        auto const shape = m_predictor(picture, box);
        Picture cut;
        dlib::extract_image_chip(picture, dlib::get_face_chip_details(shape, k_chip_side, k_chip_padding), cut);
        std::vector<std::uint8_t> rgb;
        rgb.reserve(cut.size() * 3);
        for (auto const& pixel : cut)
            rgb.insert(rgb.end(), {pixel.red, pixel.green, pixel.blue});
        return rgb;
    }

    dlib::frontal_face_detector m_detector;
    dlib::shape_predictor m_predictor;
    DlibResnet m_net;
};

std::vector<float> read_rows(std::string const& path) {
    std::ifstream in{path, std::ios::binary | std::ios::ate};
    if (!in) throw std::runtime_error(path + ": cannot be opened");
    std::vector<float> rows(static_cast<std::size_t>(in.tellg()) / sizeof(float));
    in.seekg(0).read(reinterpret_cast<char*>(rows.data()), static_cast<std::streamsize>(rows.size() * sizeof(float)));
    if (!in || rows.empty() || rows.size() % k_dimensions != 0) throw std::runtime_error(path + ": not rows of 128 float32");
    return rows;
}

int once(std::string const& dat, std::string const& photo, std::string const& gallery) {
    Split split;
    auto const start = Clock::now();
    Recipe recipe{dat};
    auto const rows = read_rows(gallery);
    split.load = ms_since(start);
    auto const vectors = recipe.embed(photo, 0, split);
    if (vectors.empty()) throw std::runtime_error(photo + ": no face found");
    auto best = 0UL;
    double least = 1e300;
    for (std::size_t row = 0; row < rows.size() / k_dimensions; ++row) {
        double sum = 0;
        for (std::size_t d = 0; d < k_dimensions; ++d) {
            double const difference = static_cast<double>(rows[row * k_dimensions + d]) - static_cast<double>(vectors.front()[d]);
            sum += difference * difference;
        }
        if (sum < least) {
            least = sum;
            best = row;
        }
    }
    std::printf("%lu\t%.4f\tload %.1f, decode %.1f, detect %.1f, points and chip %.1f, embed %.1f\n", best, std::sqrt(least),
                split.load, split.decode, split.detect, split.points, split.embed);
    return 0;
}

/// Prints one JSON object; photos a second and cpu_ms are without loading the models.
int bulk(std::string const& dat, std::string const& list, long shrink_to, std::string const& vectors_path) {
    std::ifstream in{list};
    if (!in) throw std::runtime_error(list + ": cannot be opened");
    auto const start = Clock::now();
    Recipe recipe{dat};
    Split split;
    split.load = ms_since(start);
    double const cpu_start = process_ms();
    std::vector<float> rows;
    std::size_t photos = 0;
    for (std::string photo; std::getline(in, photo); ++photos) {
        for (auto const& vector : recipe.embed(photo, shrink_to, split))
            rows.insert(rows.end(), vector.begin(), vector.end());
    }
    double const total = ms_since(start), cpu = process_ms() - cpu_start;
    if (!vectors_path.empty()) {
        std::ofstream out{vectors_path, std::ios::binary};
        out.write(reinterpret_cast<char const*>(rows.data()), static_cast<std::streamsize>(rows.size() * sizeof(float)));
        if (!out) throw std::runtime_error(vectors_path + ": cannot be written");
    }
    std::printf(
        "{\"photos\":%zu,\"faces\":%zu,\"load_ms\":%.1f,\"work_ms\":%.1f,\"cpu_ms\":%.1f,\"photos_per_second\":%.3f,"
        "\"decode_ms\":%.1f,\"detect_ms\":%.1f,\"points_ms\":%.1f,\"embed_ms\":%.1f}\n",
        photos, rows.size() / k_dimensions, split.load, total - split.load, cpu,
        static_cast<double>(photos) * 1e3 / (total - split.load), split.decode, split.detect, split.points, split.embed);
    return 0;
}

int forward(std::string const& dat, int runs, std::size_t batch) {
    DlibResnet net{dat};
    std::vector<std::vector<std::uint8_t>> chips(batch, std::vector<std::uint8_t>(k_chip_side * k_chip_side * 3, 128));
    static_cast<void>(net.forward(chips));
    for (int run = 0; run < runs; ++run) {
        double const start = bioctl::bench::thread_ms();
        static_cast<void>(net.forward(chips));
        std::printf("%.3f\n", (bioctl::bench::thread_ms() - start) / static_cast<double>(batch));
    }
    return 0;
}

int usage() {
    std::fputs(
        "usage: peer_dlib write-dat MANIFEST BLOB DAT | once DAT PHOTO GALLERY | bulk DAT LIST [--shrink SIDE] [--vectors FILE] "
        "|\n"
        "       forward DAT RUNS BATCH\n",
        stderr);
    return 64;
}

int run(std::vector<std::string> const& words) {
    auto const is = [&](char const* verb, std::size_t count) { return words.size() == count && words[0] == verb; };
    if (is("write-dat", 4)) return DlibResnet(words[1], words[2]).save(words[3]), 0;
    if (is("once", 4)) return once(words[1], words[2], words[3]);
    if (is("forward", 4)) return forward(words[1], std::stoi(words[2]), std::stoul(words[3]));
    if (words.size() < 3 || words[0] != "bulk") return usage();
    long shrink_to = 0;
    std::string vectors;
    for (std::size_t i = 3; i + 1 < words.size(); i += 2) {
        if (words[i] == "--shrink")
            shrink_to = std::stol(words[i + 1]);
        else if (words[i] == "--vectors")
            vectors = words[i + 1];
        else
            return usage();
    }
    return bulk(words[1], words[2], shrink_to, vectors);
}

}  // namespace

int main(int argc, char** argv) {
    try {
        return run({argv + 1, argv + argc});
    } catch (std::exception const& error) {
        std::fprintf(stderr, "peer_dlib: %s\n", error.what());
        return 1;
    }
}
