#include "lib/face/graph.hpp"

#include <catch2/catch.hpp>
#include <random>

#include "lib/base/error.hpp"
#include "lib/face/executor.hpp"
#include "tests/unit/face/plain_executor.hpp"

using namespace bioctl;
using namespace bioctl::face;

namespace {

std::vector<float> noise(std::size_t count, unsigned seed) {
    std::mt19937 random{seed};
    std::normal_distribution<float> values;
    std::vector<float> result(count);
    for (auto& value : result)
        value = values(random);
    return result;
}

/// Every operation once: odd sizes, padding at one side only, a sum of unequal shapes.
Graph all_operations() {
    GraphBuilder net{{3, 13, 11}};
    int const first =
        net.convolution(0, 4, 3, 2, same_padding(net.shape(0), 3, 2), noise(3 * 3 * 3 * 4, 1), noise(4, 2), Activation::relu);
    int const spatial = net.depthwise(first, 3, 1, {1, 1, 1, 1}, noise(3 * 3 * 4, 3));
    int const point = net.convolution(spatial, 6, 1, 1, {}, noise(4 * 6, 4), noise(6, 5), Activation::leaky_relu);
    int const pooled = net.max_pool(point, 2, 2, same_padding(net.shape(point), 2, 2));
    int const averaged = net.average_pool(first, 2, 2);
    int const sum = net.sum({pooled, averaged}, Activation::relu);
    net.fully_connected(sum, 5, noise(6 * 4 * 3 * 5, 6), noise(5, 7));
    return net.take();
}

}  // namespace

TEST_CASE("the fast executor agrees with plain loops on every operation", "[face]") {
    auto const graph = all_operations();
    auto const executor = make_opencv_executor(graph);
    for (int batch : {1, 3}) {
        auto const input = noise(static_cast<std::size_t>(batch) * 3 * 13 * 11, 8);
        auto const fast = executor->run(input, batch);
        auto const plain = test::run_plainly(graph, input, batch);
        REQUIRE(fast.size() == plain.size());
        for (std::size_t i = 0; i < plain.size(); ++i)
            CHECK(fast[i] == Approx(plain[i]).margin(1e-4).epsilon(1e-4));
    }
}

TEST_CASE("SAME padding puts the odd pixel at bottom and right", "[face]") {
    CHECK(same_padding({1, 112, 112}, 3, 2) == Padding{0, 0, 1, 1});
    CHECK(same_padding({1, 79, 79}, 2, 2) == Padding{0, 0, 1, 1});
    CHECK(same_padding({1, 5, 5}, 2, 1) == Padding{0, 0, 1, 1});
    CHECK(same_padding({1, 56, 56}, 3, 1) == Padding{1, 1, 1, 1});
}

TEST_CASE("weights that do not fit the shape are a bug, not a crash", "[face]") {
    GraphBuilder net{{3, 8, 8}};
    CHECK_THROWS_AS(net.convolution(0, 4, 3, 1, {}, noise(5, 1), {}, Activation::none), Error);
    CHECK_THROWS_AS(net.convolution(0, 4, 9, 1, {}, noise(9 * 9 * 3 * 4, 1), {}, Activation::none), Error);
}

TEST_CASE("an input of the wrong size is refused", "[face]") {
    auto const executor = make_opencv_executor(all_operations());
    CHECK_THROWS_AS(executor->run(noise(10, 1), 1), Error);
}
