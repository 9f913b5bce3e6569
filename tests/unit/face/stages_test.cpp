#include <algorithm>
#include <cmath>
#include <memory>
#include <random>
#include <span>

#include <catch2/catch.hpp>
#include <opencv2/core.hpp>

#include "lib/base/error.hpp"
#include "lib/base/vector_path.hpp"
#include "lib/face/amx.hpp"
#include "lib/face/amx_stage.hpp"
#include "lib/face/byte_stage.hpp"
#include "lib/face/first_stage.hpp"
#include "lib/face/graph.hpp"
#include "lib/face/separable_stage.hpp"
#include "tests/unit/face/plain_executor.hpp"

using namespace bioctl;
using namespace bioctl::face;

namespace {

struct Layer {
    Weights weights;
    std::vector<float> bias;
};

std::vector<float> noise(std::size_t count, unsigned seed) {
    std::mt19937 random{seed};
    std::normal_distribution<float> values{0, 0.3F};
    std::vector<float> result(count);
    for (auto& value : result)
        value = values(random);
    return result;
}

Layer random_layer() {
    return {noise(3 * 3 * 3 * 16, 7), noise(16, 8)};
}

/// Of bytes, the least and the greatest too. A scale of its own for each channel.
Weights quantised_weights(std::size_t size, std::size_t channels, int zero) {
    std::mt19937 random{11};
    auto const bytes = std::make_shared<std::vector<std::uint8_t>>(size);
    for (auto& byte : *bytes)
        byte = static_cast<std::uint8_t>(random());
    std::fill_n(bytes->begin(), channels, std::uint8_t{0});
    std::fill_n(bytes->begin() + static_cast<std::ptrdiff_t>(channels), channels, std::uint8_t{255});
    QuantisedWeights quantised{.owner = bytes, .bytes = *bytes, .zero = zero, .scale = {}};
    for (std::size_t channel = 0; channel < channels; ++channel)
        quantised.scale.push_back(0.002F + 0.0003F * static_cast<float>(channel % 16));
    auto const read = [quantised, channels](std::span<float> to) {
        for (std::size_t i = 0; i < to.size(); ++i)
            to[i] = static_cast<float>(quantised.bytes[i] - quantised.zero) * quantised.scale[i % channels];
    };
    return {size, read, quantised};
}

Layer quantised_layer(int zero) {
    return {quantised_weights(3 * 3 * 3 * 16, 16, zero), noise(16, 12)};
}

SeparableLayer separable_layer(int in, bool is_halved, bool is_quantised = false) {
    auto const channels = static_cast<std::size_t>(in);
    auto const size = 2 * channels * channels;
    return {.channels = in,
            .depthwise = noise(9 * channels, 1),
            .pointwise = is_quantised ? quantised_weights(size, 2 * channels, 120) : Weights{noise(size, 2)},
            .bias = noise(2 * channels, 3),
            .is_halved = is_halved};
}

FeatureMap random_map(cv::Size size, int channels) {
    auto const values = noise(static_cast<std::size_t>(channels) * static_cast<std::size_t>(size.area()), 4);
    auto next = values.begin();
    FeatureMap map;
    map.reshape(size, channels, 1);
    for (int y = 0; y < size.height; ++y) {
        auto const end = next + static_cast<std::ptrdiff_t>(size.width) * channels;
        std::copy(next, end, map.row(y));
        next = end;
    }
    return map;
}

/// Planes, of a map with a border.
std::vector<float> plainly(SeparableLayer const& layer, FeatureMap const& from) {
    auto const size = from.size();
    GraphBuilder net{{layer.channels, size.height, size.width}};
    int const spatial = net.depthwise(0, 3, 1, {1, 1, 1, 1}, layer.depthwise);
    int const point = net.convolution(spatial, 2 * layer.channels, 1, 1, {}, layer.pointwise, layer.bias, Activation::leaky_relu);
    if (layer.is_halved) net.max_pool(point, 2, 2, same_padding(net.shape(point), 2, 2));
    std::vector<float> planes;
    for (int channel = 0; channel < layer.channels; ++channel) {
        for (int y = 0; y < size.height; ++y) {
            for (int x = 0; x < size.width; ++x)
                planes.push_back(from.row(y)[x * layer.channels + channel]);
        }
    }
    return test::run_plainly(net.take(), planes, 1);
}

/// Pixels of channels against planes.
std::size_t differences(std::span<float const> pixels, std::vector<float> const& planes, std::size_t channels,
                        float margin = 2e-5F) {
    REQUIRE(pixels.size() == planes.size());
    auto const count = pixels.size() / channels;
    std::size_t wrong = 0;
    for (std::size_t pixel = 0; pixel < count; ++pixel) {
        for (std::size_t channel = 0; channel < channels; ++channel)
            wrong += std::abs(pixels[pixel * channels + channel] - planes[channel * count + pixel]) < margin ? 0 : 1;
    }
    return wrong;
}

Normalisation const k_normalisation{{117, 114, 97}, 1 / 255.0F, true};

}  // namespace

TEST_CASE("the first stage is convolution, leaky ReLU and maximum, on every path", "[face]") {
    auto const [weights, bias] = GENERATE(random_layer(), quantised_layer(0), quantised_layer(117), quantised_layer(255));
    for (auto const size : {cv::Size{4, 4}, cv::Size{32, 64}, cv::Size{70, 38}}) {
        cv::Mat picture(size, CV_8UC3);
        cv::RNG random{3};
        random.fill(picture, cv::RNG::UNIFORM, 0, 256);
        picture(cv::Rect{0, 0, 4, 4}).setTo(255);

        GraphBuilder net{{3, size.height, size.width}};
        int const convolved = net.convolution(0, 16, 3, 1, {}, weights, bias, Activation::leaky_relu);
        net.max_pool(convolved, 2, 2, {});
        std::vector<float> planes;
        append_planes(picture, k_normalisation, planes);
        auto const expected = test::run_plainly(net.take(), planes, 1);

        for (auto const path : vector_paths()) {
            INFO(name_of(path) << ' ' << size.width << 'x' << size.height);
            FeatureMap result;
            FirstStage stage{weights, bias, k_normalisation, path};
            stage.run(picture, result, 0);
            CHECK(differences(result.values(), expected, 16) == 0);
            stage.run(picture, result, 1);
            CHECK(result.row(-1)[0] == 0);
            CHECK(result.row(0)[-1] == 0);
            CHECK(result.row(0)[0] == Approx(expected[0]).margin(2e-5));
        }
    }
}

TEST_CASE("a first stage of bytes sums bytes where the processor can", "[face]") {
    if (vector_paths().back() != VectorPath::avx512_vnni) {
        WARN("skipped: this processor has no AVX-512 VNNI");
        return;
    }
    auto const [weights, bias] = quantised_layer(117);
    cv::Mat picture(64, 96, CV_8UC3);
    cv::RNG random{5};
    random.fill(picture, cv::RNG::UNIFORM, 0, 256);
    FeatureMap bytes;
    FeatureMap floats;
    FeatureMap chosen;
    ByteStage{*weights.quantised(), bias, k_normalisation}.run(picture, bytes, 0);
    FirstStage{weights, bias, k_normalisation, VectorPath::avx512}.run(picture, floats, 0);
    FirstStage{weights, bias, k_normalisation}.run(picture, chosen, 0);
    CHECK(std::ranges::equal(chosen.values(), bytes.values()));
    CHECK_FALSE(std::ranges::equal(floats.values(), bytes.values()));  // rounded, so the line above tells which it was
}

TEST_CASE("a separable stage is its layers, on every path, at odd sizes too", "[face]") {
    for (int const in : {16, 32}) {
        auto const layer = separable_layer(in, true);
        for (auto const size : {cv::Size{1, 1}, cv::Size{2, 5}, cv::Size{9, 6}, cv::Size{23, 17}}) {
            auto const from = random_map(size, in);
            auto const expected = plainly(layer, from);
            for (auto const path : vector_paths()) {
                INFO(name_of(path) << ' ' << in << ' ' << size.width << 'x' << size.height);
                FeatureMap result;
                SeparableStage stage{layer, path};
                stage.run(from, result, 0);
                CHECK(differences(result.values(), expected, static_cast<std::size_t>(2 * in)) == 0);
            }
        }
    }
    auto layer = separable_layer(16, true);
    layer.depthwise.pop_back();
    CHECK_THROWS_AS(SeparableStage(layer), Error);
    CHECK_THROWS_AS(SeparableStage(separable_layer(16, false)), Error);
    CHECK_THROWS_AS(SeparableStage(separable_layer(64, true)), Error);
}

TEST_CASE("a separable stage on AMX is its layers, halved or not, of bytes or not", "[face]") {
    auto const in = GENERATE(16, 32, 96);
    bool const is_halved = GENERATE(true, false);
    bool const is_quantised = GENERATE(true, false);
    auto const layer = separable_layer(in, is_halved, is_quantised);
    auto const stage = make_amx_stage(layer);
    if (!amx::is_ready()) {
        WARN("skipped: this processor has no AMX");
        CHECK(stage == nullptr);
        return;
    }
    REQUIRE(stage);
    FeatureMap result;  // one for all: what is left of a larger one must not show
    for (auto const size : {cv::Size{47, 5}, cv::Size{1, 1}, cv::Size{2, 5}, cv::Size{9, 6}, cv::Size{23, 17}, cv::Size{16, 2},
                            cv::Size{33, 3}, cv::Size{64, 4}}) {
        INFO(in << ' ' << is_halved << ' ' << is_quantised << ' ' << size.width << 'x' << size.height);
        auto const from = random_map(size, in);
        auto const expected = plainly(layer, from);
        stage->run(from, result, 0);
        // Of products one may lose 2^-15, and some hundred are added.
        CHECK(differences(result.values(), expected, static_cast<std::size_t>(2 * in), 2e-4F) == 0);
        stage->run(from, result, 1);
        CHECK(result.row(-1)[0] == 0);
        CHECK(result.row(0)[-1] == 0);
        CHECK(result.row(0)[0] == Approx(expected[0]).margin(2e-4));
    }
    auto wrong = layer;
    wrong.bias.pop_back();
    CHECK_THROWS_AS(make_amx_stage(wrong), Error);
    if (!is_quantised) return;
    auto scaled = layer;
    auto negative = *layer.pointwise.quantised();
    negative.scale[1] *= -1;
    scaled.pointwise = Weights{layer.pointwise.size(), [](std::span<float>) {}, negative};
    CHECK_THROWS_AS(make_amx_stage(scaled), Error);
}

TEST_CASE("a first stage of other weights is a bug", "[face]") {
    auto const layer = random_layer();
    CHECK_THROWS_AS(FirstStage(layer.bias, layer.bias, k_normalisation), Error);
    CHECK_THROWS_AS(FirstStage(layer.weights, noise(15, 1), k_normalisation), Error);
    auto wrong = *quantised_layer(0).weights.quantised();
    wrong.scale[3] = 0;
    Weights const of_zero{layer.weights.size(), [](std::span<float>) {}, wrong};
    if (vector_paths().back() == VectorPath::avx512_vnni)
        CHECK_THROWS_AS(FirstStage(of_zero, layer.bias, k_normalisation), Error);
}
