#include "lib/face/first_stage.hpp"

#include <algorithm>
#include <cmath>
#include <memory>
#include <random>
#include <span>

#include <catch2/catch.hpp>
#include <opencv2/core.hpp>

#include "lib/base/error.hpp"
#include "lib/base/vector_path.hpp"
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
Layer quantised_layer(int zero) {
    std::mt19937 random{11};
    auto const bytes = std::make_shared<std::vector<std::uint8_t>>(3 * 3 * 3 * 16);
    for (auto& byte : *bytes)
        byte = static_cast<std::uint8_t>(random());
    std::fill_n(bytes->begin(), 16, std::uint8_t{0});
    std::fill_n(bytes->begin() + 16, 16, std::uint8_t{255});
    QuantisedWeights quantised{.owner = bytes, .bytes = *bytes, .zero = zero, .scale = {}};
    for (int channel = 0; channel < 16; ++channel)
        quantised.scale.push_back(0.002F + 0.0003F * static_cast<float>(channel));
    auto const read = [quantised](std::span<float> to) {
        for (std::size_t i = 0; i < to.size(); ++i)
            to[i] = static_cast<float>(quantised.bytes[i] - quantised.zero) * quantised.scale[i % 16];
    };
    return {Weights{bytes->size(), read, quantised}, noise(16, 12)};
}

/// Pixels of channels against planes.
std::size_t differences(std::span<float const> pixels, std::vector<float> const& planes, std::size_t channels) {
    REQUIRE(pixels.size() == planes.size());
    auto const count = pixels.size() / channels;
    std::size_t wrong = 0;
    for (std::size_t pixel = 0; pixel < count; ++pixel) {
        for (std::size_t channel = 0; channel < channels; ++channel)
            wrong += std::abs(pixels[pixel * channels + channel] - planes[channel * count + pixel]) < 2e-5F ? 0 : 1;
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

TEST_CASE("a separable stage is its four layers, on every path, at odd sizes too", "[face]") {
    for (int const in : {16, 32}) {
        auto const channels = static_cast<std::size_t>(in);
        auto const depthwise = noise(9 * channels, 1);
        auto const pointwise = noise(2 * channels * channels, 2);
        auto const bias = noise(2 * channels, 3);
        for (auto const size : {cv::Size{1, 1}, cv::Size{2, 5}, cv::Size{9, 6}, cv::Size{23, 17}}) {
            GraphBuilder net{{in, size.height, size.width}};
            int const spatial = net.depthwise(0, 3, 1, {1, 1, 1, 1}, depthwise);
            int const point = net.convolution(spatial, 2 * in, 1, 1, {}, pointwise, bias, Activation::leaky_relu);
            net.max_pool(point, 2, 2, same_padding(net.shape(point), 2, 2));
            auto const planes = noise(channels * static_cast<std::size_t>(size.area()), 4);
            auto const expected = test::run_plainly(net.take(), planes, 1);
            FeatureMap from;
            from.reshape(size, in, 1);
            for (int y = 0; y < size.height; ++y) {
                for (int x = 0; x < size.width; ++x) {
                    for (int c = 0; c < in; ++c)
                        from.row(y)[x * in + c] = planes[static_cast<std::size_t>((c * size.height + y) * size.width + x)];
                }
            }
            for (auto const path : vector_paths()) {
                INFO(name_of(path) << ' ' << in << ' ' << size.width << 'x' << size.height);
                FeatureMap result;
                SeparableStage stage{in, depthwise, pointwise, bias, path};
                stage.run(from, result, 0);
                CHECK(differences(result.values(), expected, 2 * channels) == 0);
            }
        }
    }
    CHECK_THROWS_AS(SeparableStage(16, noise(5, 1), noise(512, 2), noise(32, 3)), Error);
    CHECK_THROWS_AS(SeparableStage(64, noise(9 * 64, 1), noise(128 * 64, 2), noise(128, 3)), Error);
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
