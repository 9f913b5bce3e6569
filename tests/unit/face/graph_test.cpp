#include "lib/face/graph.hpp"

#include <algorithm>
#include <cmath>
#include <random>
#include <thread>

#include <catch2/catch.hpp>

#include "lib/base/error.hpp"
#include "lib/face/network.hpp"
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

/// Short cuts as in ResNet: the same shape, twice the channels at half the size, and an odd size where the short cut is larger.
Graph residual_blocks() {
    GraphBuilder net{{16, 19, 17}};
    constexpr Padding one{1, 1, 1, 1};
    int const first = net.convolution(0, 16, 3, 1, one, noise(9 * 16 * 16, 1), noise(16, 2), Activation::relu);
    int const a = net.convolution(first, 16, 3, 1, one, noise(9 * 16 * 16, 3), noise(16, 4), Activation::relu);
    int const b = net.convolution(a, 16, 3, 1, one, noise(9 * 16 * 16, 5), noise(16, 6), Activation::none);
    int const same = net.sum({b, first}, Activation::relu);
    int const c = net.convolution(same, 32, 3, 2, {}, noise(9 * 16 * 32, 7), noise(32, 8), Activation::relu);
    int const d = net.convolution(c, 32, 3, 1, one, noise(9 * 32 * 32, 9), noise(32, 10), Activation::none);
    int const down = net.sum({d, net.average_pool(same, 2, 2)}, Activation::relu);  // 8 x 7 below 9 x 8
    int const direct = net.convolution(down, 32, 1, 1, {}, noise(32 * 32, 11), {}, Activation::none);
    int const from_itself = net.sum({down, direct}, Activation::leaky_relu);
    // The input is nobody's to write to, and what a later step reads is not free either.
    int const kept = net.convolution(from_itself, 32, 3, 1, one, noise(9 * 32 * 32, 12), {}, Activation::none);
    int const sum = net.sum({from_itself, kept}, Activation::none);
    net.sum({sum, from_itself}, Activation::relu);
    return net.take();
}

/// Sums of two to four equal shapes, as in the landmark network.
Graph dense_blocks() {
    GraphBuilder net{{3, 12, 12}};
    int const a =
        net.convolution(0, 32, 3, 2, same_padding(net.shape(0), 3, 2), noise(27 * 32, 1), noise(32, 2), Activation::relu);
    int const b = net.convolution(a, 32, 1, 1, {}, noise(32 * 32, 3), {}, Activation::none);
    int const ab = net.sum({a, b}, Activation::relu);
    int const c = net.depthwise(ab, 3, 1, {1, 1, 1, 1}, noise(9 * 32, 4));
    int const abc = net.sum({a, b, c}, Activation::relu);
    int const d = net.convolution(abc, 32, 1, 1, {}, noise(32 * 32, 5), {}, Activation::none);
    net.sum({a, b, c, d}, Activation::relu);
    return net.take();
}

void check_equal(std::span<float const> fast, std::vector<float> const& plain) {
    REQUIRE(fast.size() == plain.size());
    float largest = 1;
    for (float const value : plain)
        largest = std::max(largest, std::abs(value));
    std::size_t wrong = 0;
    for (std::size_t i = 0; i < plain.size(); ++i)
        wrong += std::abs(fast[i] - plain[i]) <= 2e-6F * largest ? 0 : 1;
    CHECK(wrong == 0);
}

}  // namespace

TEST_CASE("the executor agrees with plain loops on every operation", "[face]") {
    for (auto const& graph : {all_operations(), residual_blocks(), dense_blocks()}) {
        auto const onednn = make_network(graph)->executor();
        for (int const batch : {1, 3, 1}) {
            auto const pixels = static_cast<std::size_t>(graph.input().channels * graph.input().height * graph.input().width);
            auto const input = noise(static_cast<std::size_t>(batch) * pixels, 8);
            auto const plain = test::run_plainly(graph, input, batch);
            check_equal(onednn->run(input, batch), plain);
        }
    }
}

TEST_CASE("executors of one network run in several threads at once", "[face]") {
    auto const network = make_network(residual_blocks());
    auto const input = noise(16 * 19 * 17, 1);
    auto const executor = network->executor();
    auto const first = executor->run(input, 1);
    std::vector<float> const expected{first.begin(), first.end()};
    std::vector<int> wrong(4);
    std::vector<std::thread> threads;
    for (auto& count : wrong) {
        threads.emplace_back([&] {
            auto const own = network->executor();
            for (int round = 0; round < 50; ++round) {
                auto const result = own->run(input, 1);
                count += std::equal(result.begin(), result.end(), expected.begin(), expected.end()) ? 0 : 1;
            }
        });
    }
    for (auto& thread : threads)
        thread.join();
    CHECK(wrong == std::vector<int>(4, 0));
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
    auto const executor = make_network(all_operations())->executor();
    CHECK_THROWS_AS(executor->run(noise(10, 1), 1), Error);
    CHECK_THROWS_AS(executor->run({}, 0), Error);
}
