#include "lib/face/graph.hpp"

#include <algorithm>
#include <utility>

#include "lib/base/error.hpp"

namespace bioctl::face {

namespace {

int reduced(int size, int pad, int kernel, int stride) {
    int const span = size + pad - kernel;
    if (span < 0) throw Error{Kind::bug, "a network's kernel is larger than its input"};
    return span / stride + 1;
}

Shape windowed(Shape in, int channels, int kernel, int stride, Padding const& pad) {
    return {channels, reduced(in.height, pad.top + pad.bottom, kernel, stride),
            reduced(in.width, pad.left + pad.right, kernel, stride)};
}

std::size_t size_of(Shape shape) {
    return static_cast<std::size_t>(shape.channels) * static_cast<std::size_t>(shape.height) *
           static_cast<std::size_t>(shape.width);
}

void require_size(Weights const& weights, std::size_t expected) {
    if (weights.size() != expected) throw Error{Kind::bug, "a network's weights do not fit its shape"};
}

std::size_t area_of(int kernel) {
    return static_cast<std::size_t>(kernel) * static_cast<std::size_t>(kernel);
}

}  // namespace

Padding same_padding(Shape input, int kernel, int stride) {
    auto const total = [&](int size) {
        int const out = (size + stride - 1) / stride;
        return std::max(0, (out - 1) * stride + kernel - size);
    };
    int const vertical = total(input.height);
    int const horizontal = total(input.width);
    return {vertical / 2, horizontal / 2, vertical - vertical / 2, horizontal - horizontal / 2};
}

GraphBuilder::GraphBuilder(Shape input, Layout layout) {
    m_graph.layout = layout;
    append({.op = Op::input, .inputs = {}, .shape = input});
}

int GraphBuilder::append(Node node) {
    m_graph.nodes.push_back(std::move(node));
    return static_cast<int>(m_graph.nodes.size()) - 1;
}

int GraphBuilder::convolution(int from, int out_channels, int kernel, int stride, Padding padding, Weights weights,
                              std::vector<float> bias, Activation activation) {
    auto const in = shape(from);
    auto const result = windowed(in, out_channels, kernel, stride, padding);
    require_size(weights, area_of(kernel) * static_cast<std::size_t>(in.channels) * static_cast<std::size_t>(out_channels));
    return append({.op = Op::convolution,
                   .inputs = {from},
                   .shape = result,
                   .kernel = kernel,
                   .stride = stride,
                   .padding = padding,
                   .activation = activation,
                   .weights = std::move(weights),
                   .bias = std::move(bias)});
}

int GraphBuilder::depthwise(int from, int kernel, int stride, Padding padding, Weights weights) {
    auto const in = shape(from);
    require_size(weights, area_of(kernel) * static_cast<std::size_t>(in.channels));
    return append({.op = Op::depthwise,
                   .inputs = {from},
                   .shape = windowed(in, in.channels, kernel, stride, padding),
                   .kernel = kernel,
                   .stride = stride,
                   .padding = padding,
                   .weights = std::move(weights)});
}

int GraphBuilder::max_pool(int from, int kernel, int stride, Padding padding) {
    auto const in = shape(from);
    return append({.op = Op::max_pool,
                   .inputs = {from},
                   .shape = windowed(in, in.channels, kernel, stride, padding),
                   .kernel = kernel,
                   .stride = stride,
                   .padding = padding});
}

int GraphBuilder::average_pool(int from, int kernel, int stride) {
    auto const in = shape(from);
    return append({.op = Op::average_pool,
                   .inputs = {from},
                   .shape = windowed(in, in.channels, kernel, stride, {}),
                   .kernel = kernel,
                   .stride = stride});
}

int GraphBuilder::sum(std::vector<int> from, Activation activation) {
    Shape widest;
    for (int const input : from) {
        auto const in = shape(input);
        widest = {std::max(widest.channels, in.channels), std::max(widest.height, in.height), std::max(widest.width, in.width)};
    }
    return append({.op = Op::sum, .inputs = std::move(from), .shape = widest, .activation = activation});
}

int GraphBuilder::fully_connected(int from, int out, Weights weights, std::vector<float> bias) {
    require_size(weights, size_of(shape(from)) * static_cast<std::size_t>(out));
    return append({.op = Op::fully_connected,
                   .inputs = {from},
                   .shape = {out, 1, 1},
                   .weights = std::move(weights),
                   .bias = std::move(bias)});
}

}  // namespace bioctl::face
