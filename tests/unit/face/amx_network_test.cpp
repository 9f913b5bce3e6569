#include "lib/face/amx_network.hpp"

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <filesystem>
#include <limits>
#include <memory>
#include <random>
#include <thread>

#include <catch2/catch.hpp>

#include "lib/base/error.hpp"
#include "lib/face/amx.hpp"
#include "lib/face/networks.hpp"
#include "lib/face/tensors.hpp"
#include "tests/unit/face/plain_executor.hpp"

using namespace bioctl;
using namespace bioctl::face;

namespace {

constexpr Padding k_one{1, 1, 1, 1};
// Two bfloat16 hold 16 bits of a value; what is lost adds up over the layers.
constexpr float k_exact = 3e-5F;

std::vector<float> noise(std::size_t count, unsigned seed, float deviation = 0.1F) {
    std::mt19937 random{seed};
    std::normal_distribution<float> values{0, deviation};
    std::vector<float> result(count);
    for (auto& value : result)
        value = values(random);
    return result;
}

/// As a file of face-api holds them, each channel scaled in its own way.
Weights of_8_bits(std::size_t count, int channels, unsigned seed, int zero) {
    auto const bytes = std::make_shared<std::vector<std::uint8_t>>(count);
    std::mt19937 random{seed};
    std::uniform_int_distribution<int> values{0, 255};
    for (auto& byte : *bytes)
        byte = static_cast<std::uint8_t>(values(random));
    QuantisedWeights quantised{.owner = bytes, .bytes = *bytes, .zero = zero, .scale = {}};
    for (int o = 0; o < channels; ++o)
        quantised.scale.push_back((o % 2 == 0 ? 1e-3F : -5e-4F) * static_cast<float>(1 + o % 3));
    auto const read = [quantised](std::span<float> to) {
        for (std::size_t i = 0; i < to.size(); ++i)
            to[i] = static_cast<float>(quantised.bytes[i] - quantised.zero) * quantised.scale[i % quantised.scale.size()];
    };
    return {count, read, quantised};
}

class Builder {
public:
    Builder(int height, int width, bool has_bytes) : m_net({3, height, width}), m_has_bytes(has_bytes) {
        m_last = m_net.convolution(0, 32, 7, 2, {}, noise(std::size_t{7 * 7 * 3 * 32}, 1), noise(32, 2), Activation::relu);
        m_last = m_net.max_pool(m_last, 3, 2, {});
    }
    Builder& block(int channels, int stride) {
        auto const first = convolution(m_last, channels, stride, Activation::relu);
        auto const second = convolution(first, channels, 1, Activation::none);
        m_last = m_net.sum({second, stride == 1 ? m_last : m_net.average_pool(m_last, 2, 2)}, Activation::relu);
        return *this;
    }
    Builder& zero(int value) {
        m_zero = value;
        return *this;
    }
    Graph end() {
        auto const shape = m_net.shape(m_last);
        m_last = m_net.average_pool(m_last, shape.height, 1);
        m_net.fully_connected(m_last, 24, noise(static_cast<std::size_t>(shape.channels) * 24, 3), {});
        return m_net.take();
    }

private:
    int convolution(int from, int channels, int stride, Activation activation) {
        auto const count = static_cast<std::size_t>(9 * m_net.shape(from).channels * channels);
        ++m_seed;
        auto weights = m_has_bytes ? of_8_bits(count, channels, m_seed, m_zero) : Weights{noise(count, m_seed)};
        auto bias = noise(static_cast<std::size_t>(channels), m_seed + 100);
        return m_net.convolution(from, channels, 3, stride, stride == 1 ? k_one : Padding{}, std::move(weights), std::move(bias),
                                 activation);
    }

    GraphBuilder m_net;
    bool m_has_bytes;
    int m_last = 0;
    unsigned m_seed = 10;
    int m_zero = 117;
};

/// Down to where the short cut is larger than what is added to it, 4 x 4 and 3 x 3, and from there on.
Graph residual(bool has_bytes, int size = 39) {
    return Builder{size, size, has_bytes}
        .block(32, 1)
        .block(64, 2)
        .zero(255)
        .block(64, 1)
        .block(96, 2)
        .zero(0)
        .block(96, 1)
        .end();
}

std::vector<float> run(Network& network, std::span<float const> input, int batch) {
    auto const executor = network.executor();
    auto const result = executor->run(input, batch);
    return {result.begin(), result.end()};
}

bool has_amx() {
    if (amx::is_ready()) return true;
    WARN("skipped: this processor has no AMX");
    return false;
}

}  // namespace

TEST_CASE("AMX agrees with plain loops", "[face]") {
    if (!has_amx()) return;
    auto const has_bytes = GENERATE(false, true);
    auto const size = GENERATE(39, 75, 78);
    auto const batch = GENERATE(1, 2, 3, 9);
    auto const graph = residual(has_bytes, size);
    auto const network = make_amx_network(graph);
    REQUIRE(network);
    auto const input = noise(static_cast<std::size_t>(batch * 3 * size * size), 4, 1);
    auto const plain = test::run_plainly(graph, input, batch);
    auto const fast = run(*network, input, batch);
    REQUIRE(fast.size() == plain.size());
    float largest = 0;
    for (auto const value : plain)
        largest = std::max(largest, std::abs(value));
    float worst = 0;
    for (std::size_t i = 0; i < plain.size(); ++i)
        worst = std::max(worst, std::abs(fast[i] - plain[i]));
    CHECK(worst <= k_exact * largest);
    CHECK(largest > 0.1F);
}

TEST_CASE("with AMX a result does not depend on its batch, nor on what ran before", "[face]") {
    if (!has_amx()) return;
    auto const network = make_amx_network(residual(true));
    constexpr std::size_t k_pixels = 3 * 39 * 39;
    constexpr int k_batch = 19;
    auto const input = noise(k_batch * k_pixels, 5, 1);
    auto const executor = network->executor();
    auto const all = executor->run(input, k_batch);
    std::vector<float> const together{all.begin(), all.end()};
    for (std::size_t i = 0; i < k_batch; ++i) {
        auto const alone = executor->run(std::span{input}.subspan(i * k_pixels, k_pixels), 1);
        CHECK(std::equal(alone.begin(), alone.end(), together.begin() + static_cast<std::ptrdiff_t>(i * alone.size())));
    }
    CHECK_THROWS_AS(executor->run(std::span{input}.first(10), 1), Error);
    CHECK_THROWS_AS(executor->run({}, 0), Error);
}

TEST_CASE("executors on AMX run in several threads at once", "[face]") {
    if (!has_amx()) return;
    auto const network = make_amx_network(residual(false));
    auto const input = noise(std::size_t{2 * 3 * 39 * 39}, 6, 1);
    auto const expected = run(*network, input, 2);
    std::vector<int> wrong(4);
    std::vector<std::thread> threads;
    for (auto& count : wrong) {
        threads.emplace_back([&] {
            for (int round = 0; round < 20; ++round)
                count += run(*network, input, 2) == expected ? 0 : 1;
        });
    }
    for (auto& thread : threads)
        thread.join();
    CHECK(wrong == std::vector<int>(4, 0));
}

TEST_CASE("AMX leaves graphs of another kind to others", "[face]") {
    if (!has_amx()) return;
    GraphBuilder no_stem{{32, 9, 9}};
    no_stem.convolution(0, 32, 3, 1, k_one, noise(std::size_t{9 * 32 * 32}, 1), noise(32, 2), Activation::relu);
    CHECK(make_amx_network(no_stem.take()) == nullptr);
    CHECK(make_amx_network(Builder{39, 39, false}.end()) == nullptr);  // no block
    auto graph = residual(true);
    graph.nodes[5].activation = Activation::leaky_relu;
    CHECK(make_amx_network(graph) == nullptr);
    graph = residual(true);
    graph.nodes[4].bias.clear();
    CHECK(make_amx_network(graph) == nullptr);
    graph = residual(true);
    graph.nodes[5].inputs = {4, 1};
    CHECK(make_amx_network(graph) == nullptr);
    graph = residual(true);
    graph.nodes.pop_back();
    CHECK(make_amx_network(graph) == nullptr);
    // A sum may be of unequal channels.
    CHECK(make_amx_network(Builder{39, 39, true}.block(64, 1).end()) == nullptr);
    CHECK(make_amx_network(Builder{75, 75, true}.block(64, 2).block(32, 2).end()) == nullptr);
}

TEST_CASE("with AMX nothing of a broken picture is left for the next", "[face]") {
    if (!has_amx()) return;
    auto const network = make_amx_network(residual(true));
    auto const input = noise(std::size_t{2 * 3 * 39 * 39}, 7, 1);
    auto const expected = run(*network, input, 2);
    auto const executor = network->executor();
    for (float const value : {std::numeric_limits<float>::infinity(), std::numeric_limits<float>::quiet_NaN(), 3e38F}) {
        std::vector<float> const broken(std::size_t{9 * 3 * 39 * 39}, value);
        static_cast<void>(executor->run(broken, 9));
        auto const result = executor->run(input, 2);
        CHECK(std::equal(result.begin(), result.end(), expected.begin(), expected.end()));
    }
}

TEST_CASE("dlib's network says the same on AMX and on oneDNN", "[face]") {
    if (!has_amx()) return;
    auto const models = std::filesystem::path{BIOCTL_MODELS};
    TensorFile const weights{models / "face_recognition_model-weights_manifest.json", models / "face_recognition_model.bin"};
    auto const input = noise(std::size_t{2 * 3 * 150 * 150}, 8, 0.3F);
    auto const fast = run(*make_amx_network(resnet_graph(weights)), input, 2);
    auto const other = run(*make_onednn_network(resnet_graph(weights)), input, 2);
    REQUIRE(fast.size() == other.size());
    double squares = 0;
    for (std::size_t i = 0; i < fast.size(); ++i)
        squares += std::pow(static_cast<double>(fast[i]) - static_cast<double>(other[i]), 2);
    CHECK(std::sqrt(squares) < 1e-4);
}
