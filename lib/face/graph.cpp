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

/// face-api stores the output channel last, executors want it first.
std::vector<float> transposed(std::vector<float> const& from, std::size_t rows, std::size_t columns) {
    if (from.size() != rows * columns) throw Error{Kind::bug, "a network's weights do not fit its shape"};
    std::vector<float> to(from.size());
    for (std::size_t row = 0; row < rows; ++row) {
        for (std::size_t column = 0; column < columns; ++column)
            to[column * rows + row] = from[row * columns + column];
    }
    return to;
}

/// kernel x kernel x in x out -> out x in x kernel x kernel
std::vector<float> output_first(std::vector<float> const& hwio, int kernel, int in, int out) {
    auto const area = static_cast<std::size_t>(kernel) * static_cast<std::size_t>(kernel);
    auto const inputs = static_cast<std::size_t>(in);
    auto const outputs = static_cast<std::size_t>(out);
    if (hwio.size() != area * inputs * outputs) throw Error{Kind::bug, "a network's weights do not fit its shape"};
    std::vector<float> oihw(hwio.size());
    for (std::size_t position = 0; position < area; ++position) {
        for (std::size_t i = 0; i < inputs; ++i) {
            auto const* const row = &hwio[(position * inputs + i) * outputs];
            for (std::size_t o = 0; o < outputs; ++o)
                oihw[(o * inputs + i) * area + position] = row[o];
        }
    }
    return oihw;
}

std::size_t size_of(Shape shape) {
    return static_cast<std::size_t>(shape.channels) * static_cast<std::size_t>(shape.height) *
           static_cast<std::size_t>(shape.width);
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

GraphBuilder::GraphBuilder(Shape input) {
    append({.op = Op::input, .inputs = {}, .shape = input});
}

int GraphBuilder::append(Node node) {
    m_graph.nodes.push_back(std::move(node));
    return static_cast<int>(m_graph.nodes.size()) - 1;
}

int GraphBuilder::convolution(int from, int out_channels, int kernel, int stride, Padding padding, std::vector<float> const& hwio,
                              std::vector<float> bias, Activation activation) {
    auto const in = shape(from);
    return append({.op = Op::convolution,
                   .inputs = {from},
                   .shape = windowed(in, out_channels, kernel, stride, padding),
                   .kernel = kernel,
                   .stride = stride,
                   .padding = padding,
                   .activation = activation,
                   .weights = output_first(hwio, kernel, in.channels, out_channels),
                   .bias = std::move(bias)});
}

int GraphBuilder::depthwise(int from, int kernel, int stride, Padding padding, std::vector<float> const& hwc) {
    auto const in = shape(from);
    auto const area = static_cast<std::size_t>(kernel) * static_cast<std::size_t>(kernel);
    return append({.op = Op::depthwise,
                   .inputs = {from},
                   .shape = windowed(in, in.channels, kernel, stride, padding),
                   .kernel = kernel,
                   .stride = stride,
                   .padding = padding,
                   .weights = transposed(hwc, area, static_cast<std::size_t>(in.channels))});
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

int GraphBuilder::fully_connected(int from, int out, std::vector<float> const& in_out, std::vector<float> bias) {
    return append({.op = Op::fully_connected,
                   .inputs = {from},
                   .shape = {out, 1, 1},
                   .weights = transposed(in_out, size_of(shape(from)), static_cast<std::size_t>(out)),
                   .bias = std::move(bias)});
}

}  // namespace bioctl::face
