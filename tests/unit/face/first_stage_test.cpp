#include "lib/face/first_stage.hpp"

#include <random>

#include <catch2/catch.hpp>
#include <opencv2/core.hpp>

#include "lib/base/error.hpp"
#include "lib/face/graph.hpp"
#include "tests/unit/face/plain_executor.hpp"

using namespace bioctl;
using namespace bioctl::face;

namespace {

struct Layer {
    std::vector<float> weights, bias;
};

Layer random_layer() {
    std::mt19937 random{7};
    std::normal_distribution<float> values{0, 0.3F};
    Layer layer{std::vector<float>(3 * 3 * 3 * 16), std::vector<float>(16)};
    for (auto* const part : {&layer.weights, &layer.bias}) {
        for (auto& value : *part)
            value = values(random);
    }
    return layer;
}

Normalisation const k_normalisation{{117, 114, 97}, 1 / 255.0F, true};

}  // namespace

TEST_CASE("the first stage is convolution, leaky ReLU and maximum, on every path", "[face]") {
    auto const layer = random_layer();
    for (auto const size : {cv::Size{4, 4}, cv::Size{32, 64}, cv::Size{70, 38}}) {
        cv::Mat picture(size, CV_8UC3);
        cv::RNG random{3};
        random.fill(picture, cv::RNG::UNIFORM, 0, 256);

        GraphBuilder net{{3, size.height, size.width}};
        int const convolved = net.convolution(0, 16, 3, 1, {}, layer.weights, layer.bias, Activation::leaky_relu);
        net.max_pool(convolved, 2, 2, {});
        std::vector<float> planes;
        append_planes(picture, k_normalisation, planes);
        auto const expected = test::run_plainly(net.take(), planes, 1);

        for (auto const path : vector_paths()) {
            INFO(name_of(path) << ' ' << size.width << 'x' << size.height);
            std::vector<float> result;
            FirstStage stage{layer.weights, layer.bias, k_normalisation, path};
            stage.run(picture, result);
            auto const pixels = static_cast<std::size_t>(FirstStage::result_size(size).area());
            REQUIRE(result.size() == pixels * 16);
            std::size_t wrong = 0;
            for (std::size_t pixel = 0; pixel < pixels; ++pixel) {
                for (std::size_t channel = 0; channel < 16; ++channel)
                    wrong += std::abs(result[pixel * 16 + channel] - expected[channel * pixels + pixel]) < 2e-5F ? 0 : 1;
            }
            CHECK(wrong == 0);
        }
    }
}

TEST_CASE("a first stage of other weights is a bug", "[face]") {
    auto const layer = random_layer();
    CHECK_THROWS_AS(FirstStage(layer.bias, layer.bias, k_normalisation), Error);
    CHECK_THROWS_AS(FirstStage(layer.weights, layer.weights, k_normalisation), Error);
}
