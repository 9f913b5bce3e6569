#include "lib/face/networks.hpp"

#include <string>
#include <utility>

#include "lib/face/amx_stage.hpp"
#include "lib/face/separable_stage.hpp"

namespace bioctl::face {

namespace {

constexpr Padding k_one{1, 1, 1, 1};

/// Depthwise 3x3, then 1x1 with bias.
int separable(GraphBuilder& net, TensorFile const& weights, int from, std::string const& name, int out, int stride,
              Padding padding, Activation activation) {
    int const in = net.shape(from).channels;
    int const spatial = net.depthwise(from, 3, stride, padding, weights.weights(name + "/depthwise_filter", {3, 3, in, 1}));
    return net.convolution(spatial, out, 1, 1, {}, weights.weights(name + "/pointwise_filter", {1, 1, in, out}),
                           weights.read(name + "/bias", {out}), activation);
}

/// One dense block of the landmark network: a stride-2 layer, then three more that each see the sum of all before.
int dense_block(GraphBuilder& net, TensorFile const& weights, int from, std::string const& name, int out) {
    auto const halve = same_padding(net.shape(from), 3, 2);
    int const a = from == 0 ? net.convolution(from, out, 3, 2, halve, weights.weights(name + "/conv0/filters", {3, 3, 3, out}),
                                              weights.read(name + "/conv0/bias", {out}), Activation::relu)
                            : separable(net, weights, from, name + "/conv0", out, 2, halve, Activation::relu);
    int const b = separable(net, weights, a, name + "/conv1", out, 1, k_one, Activation::none);
    int const ab = net.sum({a, b}, Activation::relu);
    int const c = separable(net, weights, ab, name + "/conv2", out, 1, k_one, Activation::none);
    int const abc = net.sum({a, b, c}, Activation::relu);
    int const d = separable(net, weights, abc, name + "/conv3", out, 1, k_one, Activation::none);
    return net.sum({a, b, c, d}, Activation::relu);
}

/// Convolution with its affine layer folded in: y = g * (conv + bias) + beta.
int folded(GraphBuilder& net, TensorFile const& weights, int from, std::string const& name, int out, int kernel, int stride,
           Padding padding, Activation activation) {
    int const in = net.shape(from).channels;
    auto const filters = weights.weights(name + "/conv/filters", {kernel, kernel, in, out});
    auto bias = weights.read(name + "/conv/bias", {out});
    auto const gain = weights.read(name + "/scale/weights", {out});
    auto const beta = weights.read(name + "/scale/biases", {out});
    for (std::size_t o = 0; o < bias.size(); ++o)
        bias[o] = gain[o] * bias[o] + beta[o];
    auto quantised = filters.quantised();
    for (std::size_t o = 0; quantised && o < gain.size(); ++o)
        quantised->scale[o] *= gain[o];
    auto const read = [filters, gain](std::span<float> to) {
        filters.read(to);
        for (std::size_t row = 0; row < to.size(); row += gain.size()) {
            for (std::size_t o = 0; o < gain.size(); ++o)
                to[row + o] *= gain[o];
        }
    };
    Weights const scaled{filters.size(), read, std::move(quantised)};
    return net.convolution(from, out, kernel, stride, padding, scaled, std::move(bias), activation);
}

int residual(GraphBuilder& net, TensorFile const& weights, int from, std::string const& name, int channels) {
    int const first = folded(net, weights, from, name + "/conv1", channels, 3, 1, k_one, Activation::relu);
    int const second = folded(net, weights, first, name + "/conv2", channels, 3, 1, k_one, Activation::none);
    return net.sum({second, from}, Activation::relu);
}

/// Halves the size. dlib does not pad strided convolutions, so at odd sizes the convolved path is smaller than the pooled one;
/// the sum extends it with zeros.
int residual_down(GraphBuilder& net, TensorFile const& weights, int from, std::string const& name, int channels) {
    int const first = folded(net, weights, from, name + "/conv1", channels, 3, 2, {}, Activation::relu);
    int const second = folded(net, weights, first, name + "/conv2", channels, 3, 1, k_one, Activation::none);
    return net.sum({second, net.average_pool(from, 2, 2)}, Activation::relu);
}

/// Separable levels of tiny_face_detector; its first stage is level 0.
constexpr int k_tiny_levels = 5;

std::string tiny_name(int level) {
    return "conv" + std::to_string(level);
}

/// Of a level's input.
constexpr int tiny_channels(int level) {
    return 8 << level;
}

SeparableLayer tiny_layer(TensorFile const& weights, int level) {
    int const in = tiny_channels(level);
    auto const name = tiny_name(level);
    return {.channels = in,
            .depthwise = weights.read(name + "/depthwise_filter", {3, 3, in, 1}),
            .pointwise = weights.weights(name + "/pointwise_filter", {1, 1, in, 2 * in}),
            .bias = weights.read(name + "/bias", {2 * in}),
            .is_halved = level < k_tiny_levels};
}

}  // namespace

FirstStage tiny_first_stage(TensorFile const& weights) {
    Normalisation const normalisation{{117.001F, 114.697F, 97.404F}, 1 / 255.0F, true};
    return {weights.weights("conv0/filters", {3, 3, 3, 16}), weights.read("conv0/bias", {16}), normalisation};
}

std::vector<std::unique_ptr<FeatureStage>> tiny_stages(TensorFile const& weights) {
    std::vector<std::unique_ptr<FeatureStage>> stages;
    for (int level = 1; level <= k_tiny_levels; ++level) {
        auto const layer = tiny_layer(weights, level);
        auto stage = make_amx_stage(layer);
        if (!stage && level > 2) break;
        if (!stage) stage = std::make_unique<SeparableStage>(layer);
        stages.push_back(std::move(stage));
    }
    return stages;
}

Graph tiny_detector_graph(TensorFile const& weights, std::size_t stages, int width, int height) {
    int const done = static_cast<int>(stages);
    auto size = FirstStage::result_size({width, height});
    for (int level = 1; level <= done && level < k_tiny_levels; ++level)
        size = FeatureStage::result_size(size);
    GraphBuilder net{{tiny_channels(done + 1), size.height, size.width}, Layout::pixels};
    int node = 0;
    for (int level = done + 1; level <= k_tiny_levels; ++level) {
        if (level > done + 1) node = net.max_pool(node, 2, 2, same_padding(net.shape(node), 2, 2));
        node = separable(net, weights, node, tiny_name(level), tiny_channels(level + 1), 1, k_one, Activation::leaky_relu);
    }
    node = net.max_pool(node, 2, 1, same_padding(net.shape(node), 2, 1));
    net.convolution(node, 25, 1, 1, {}, weights.weights("conv8/filters", {1, 1, tiny_channels(k_tiny_levels + 1), 25}),
                    weights.read("conv8/bias", {25}), Activation::none);
    return net.take();
}

Graph landmarks_graph(TensorFile const& weights) {
    GraphBuilder net{{3, 112, 112}};
    int node = 0;
    int channels = 32;
    for (int block = 0; block < 4; ++block, channels *= 2) {
        node = dense_block(net, weights, node, "dense" + std::to_string(block), channels);
    }
    node = net.average_pool(node, 7, 2);
    net.fully_connected(node, 136, weights.weights("fc/weights", {256, 136}), weights.read("fc/bias", {136}));
    return net.take();
}

Graph resnet_graph(TensorFile const& weights) {
    GraphBuilder net{{3, 150, 150}};
    int node = folded(net, weights, 0, "conv32_down", 32, 7, 2, {}, Activation::relu);
    node = net.max_pool(node, 3, 2, {});
    struct Level {
        int channels, plain;
    };
    for (auto const [channels, plain] : {Level{32, 3}, Level{64, 3}, Level{128, 2}, Level{256, 2}}) {
        auto const name = "conv" + std::to_string(channels);
        if (channels != 32) node = residual_down(net, weights, node, name + "_down", channels);
        for (int i = 1; i <= plain; ++i)
            node = residual(net, weights, node, name + '_' + std::to_string(i), channels);
    }
    node = residual_down(net, weights, node, "conv256_down_out", 256);
    node = net.average_pool(node, net.shape(node).height, 1);
    net.fully_connected(node, 128, weights.weights("fc", {256, 128}), {});
    return net.take();
}

}  // namespace bioctl::face
