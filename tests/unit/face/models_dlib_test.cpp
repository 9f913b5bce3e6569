#include <catch2/catch.hpp>

#include <algorithm>
#include <array>
#include <cmath>
#include <numeric>
#include <random>
#include <string>

#include <opencv2/core.hpp>

#include "lib/base/error.hpp"
#include "lib/base/file.hpp"
#include "lib/face/embedder.hpp"
#include "lib/face/model_import.hpp"
#include "lib/face/models.hpp"
#include "lib/face/tensors.hpp"
#include "tests/support/dlib_resnet.hpp"
#include "tests/support/temp_dir.hpp"
#include "tests/unit/face/models_data.hpp"

using namespace bioctl;
using namespace bioctl::test;
using Catch::Contains;
using Layout = DlibResnet::Layout;

namespace {

fs::path recogniser_file(std::string const& suffix) {
    return builtin_dir() / ("face_recognition_model" + suffix);
}

/// dlib's network with the built-in weights, and the two files that dlib made of it in its life.
struct DlibFiles {
    TempDir dir;
    DlibResnet net{recogniser_file("-weights_manifest.json"), recogniser_file(".bin")};
    fs::path current = dir / "current.dat", of_2017 = dir / "of_2017.dat";

    DlibFiles() {
        net.save(current, Layout::current);
        net.save(of_2017, Layout::of_2017);
    }
};

DlibFiles& files() {
    static DlibFiles files;
    return files;
}

/// Something like a photo: smooth waves with noise, different for each seed.
std::vector<std::uint8_t> picture(unsigned seed) {
    std::mt19937 random{seed};
    std::uniform_real_distribution<double> phase{0, 6}, noise{-20, 20};
    std::array<double, 6> const p{phase(random), phase(random), phase(random), phase(random), phase(random), phase(random)};
    std::vector<std::uint8_t> rgb;
    for (int y = 0; y < 150; ++y) {
        for (int x = 0; x < 150; ++x) {
            for (std::size_t c = 0; c < 3; ++c) {
                auto const wave = std::sin(x / 15.0 + p[c]) + std::cos(y / 19.0 + p[c + 3]);
                rgb.push_back(static_cast<std::uint8_t>(std::clamp(127 + 50 * wave + noise(random), 0.0, 255.0)));
            }
        }
    }
    return rgb;
}

cv::Mat as_chip(std::vector<std::uint8_t> const& rgb) {
    cv::Mat chip(150, 150, CV_8UC3);
    for (std::size_t i = 0; i < rgb.size(); i += 3) {
        auto* const bgr = chip.data + i;
        bgr[0] = rgb[i + 2];
        bgr[1] = rgb[i + 1];
        bgr[2] = rgb[i];
    }
    return chip;
}

double difference(std::vector<float> const& a, std::vector<float> const& b) {
    REQUIRE(a.size() == b.size());
    double sum = 0;
    for (std::size_t i = 0; i < a.size(); ++i)
        sum += (a[i] - b[i]) * (a[i] - b[i]);
    return std::sqrt(sum);
}

std::string verdict_on(Bytes const& file) {
    return message_of([&] { static_cast<void>(face::prepare_dlib_resnet(file)); });
}

Bytes read(fs::path const& file) {
    return read_file(file, 100'000'000).or_throw();
}

}  // namespace

TEST_CASE("the weights of a dlib file come out as the manifest orders them", "[face]") {
    auto const model = face::prepare_dlib_resnet(read(files().current));
    write_file(files().dir / "weights.bin", model.weights);
    write_file(files().dir / "manifest.json", as_bytes(model.manifest));
    face::TensorFile const got{files().dir / "manifest.json", files().dir / "weights.bin"};
    face::TensorFile const expected{recogniser_file("-weights_manifest.json"), recogniser_file(".bin")};
    for (auto const* const name : {"conv32_down/conv/filters", "conv32_1/conv2/scale/biases", "conv64_down/conv1/conv/filters",
                                   "conv256_down_out/conv2/conv/bias", "fc"}) {
        INFO(name);
        auto const& shape = expected.entry(name).shape;
        CHECK(got.read(name, shape) == expected.read(name, shape));
    }
}

TEST_CASE("dlib itself reads the older layout that import is tested with", "[face]") {
    auto const rgb = picture(1);
    CHECK(difference(DlibResnet{files().of_2017}.forward(rgb), files().net.forward(rgb)) < 1e-5);
}

TEST_CASE("an imported dlib network gives dlib's vectors", "[face]") {
    TempDir const dir;
    face::ModelRegistry registry{builtin_dir(), dir / "models"};
    auto const layout = GENERATE(Layout::current, Layout::of_2017);
    auto model = registry.import({.file = layout == Layout::current ? files().current : files().of_2017, .id = "dlib"});
    REQUIRE(registry.verify(model).has_value());
    model.input.mirror = false;  // dlib's forward sees one picture
    auto const embedder = face::make_embedder(model);
    for (unsigned seed = 1; seed <= 3; ++seed) {
        auto const rgb = picture(seed);
        std::vector<cv::Mat> const chips{as_chip(rgb)};
        auto const expected = files().net.forward(rgb);
        CHECK(std::sqrt(std::inner_product(expected.begin(), expected.end(), expected.begin(), 0.0)) > 0.1);
        CHECK(difference(embedder->embed(chips).at(0), expected) < 1e-4);
    }
}

TEST_CASE("the space of vectors is dlib's only if the weights are", "[face]") {
    TempDir const dir;
    face::ModelRegistry registry{builtin_dir(), dir / "models"};
    CHECK(registry.import({.file = files().current, .id = "official"}).space == "dlib-resnet-v1");
    auto file = read(files().current);
    auto const last_weight = file.size() - 400;  // inside the fully connected layer
    file[last_weight] ^= std::byte{0x40};
    file[last_weight + 1] ^= std::byte{0x40};
    write_file(dir / "other.dat", file);
    try {
        CHECK(registry.import({.file = dir / "other.dat", .id = "other"}).space.starts_with("dlib-resnet:"));
    } catch (Error const& error) {
        FAIL(error.message());
    }
}

TEST_CASE("a dlib network cut anywhere is refused as truncated", "[face]") {
    auto const whole = read(GENERATE(false, true) ? files().of_2017 : files().current);
    for (std::size_t length = 2; length < whole.size(); length += length < 2000 ? 13 : 611'953) {
        INFO(length);
        Bytes const part{whole.begin(), whole.begin() + static_cast<std::ptrdiff_t>(length)};
        CHECK_THAT(verdict_on(part),
                   Contains("truncated") || Contains("does not fit the file") || Contains("larger than the file"));
    }
}

TEST_CASE("a dlib network with any bit of its headers flipped is refused, never more", "[face]") {
    auto head = read(files().current);
    head.resize(20'000);  // the versions of all layers, the input and the first layer
    std::size_t noticed = 0;
    for (std::size_t bit = 0; bit < 8 * 700; ++bit) {
        auto damaged = head;
        damaged[bit / 8] ^= std::byte{1} << (bit % 8);
        auto const verdict = verdict_on(damaged);
        noticed += verdict.starts_with("damaged dlib file") ? 1 : 0;
        CHECK((verdict.starts_with("damaged dlib file") || verdict.starts_with("truncated")));
    }
    CHECK(noticed > 2000);  // the rest are flips inside the weights
}

TEST_CASE("a weight that is not a number is refused", "[face]") {
    auto file = read(files().current);
    auto const middle = static_cast<std::ptrdiff_t>(file.size() / 2);
    std::fill(file.begin() + middle, file.begin() + middle + 8, std::byte{0xFF});
    CHECK_THAT(verdict_on(file), Contains("not finite"));
}
