#include "tests/unit/face/plain_executor.hpp"

#include <algorithm>
#include <limits>

namespace bioctl::test {

using namespace bioctl::face;

namespace {

struct Planes {
    Shape shape;
    std::vector<float> values;

    explicit Planes(Shape s) : shape(s), values(static_cast<std::size_t>(s.channels * s.height * s.width)) {}
    [[nodiscard]] bool inside(int c, int y, int x) const {
        return c < shape.channels && y >= 0 && x >= 0 && y < shape.height && x < shape.width;
    }
    [[nodiscard]] std::size_t at(int c, int y, int x) const {
        return static_cast<std::size_t>((c * shape.height + y) * shape.width + x);
    }
};

float activated(float value, Activation activation) {
    if (value >= 0 || activation == Activation::none) return value;
    return activation == Activation::relu ? 0 : 0.1F * value;
}

/// Calls visit(channel, y, x, result) for every element of the result.
template <class Visit>
void for_each(Planes& planes, Visit const& visit) {
    for (int c = 0; c < planes.shape.channels; ++c) {
        for (int y = 0; y < planes.shape.height; ++y) {
            for (int x = 0; x < planes.shape.width; ++x)
                visit(c, y, x, planes.values[planes.at(c, y, x)]);
        }
    }
}

void convolve(Node const& node, Planes const& in, Planes& out) {
    bool const depthwise = node.op == Op::depthwise;
    int const depth = depthwise ? 1 : in.shape.channels;
    auto const weights = node.weights.values();
    for_each(out, [&](int c, int y, int x, float& sum) {
        sum = node.bias.empty() ? 0 : node.bias[static_cast<std::size_t>(c)];
        for (int i = 0; i < depth; ++i) {
            for (int ky = 0; ky < node.kernel; ++ky) {
                for (int kx = 0; kx < node.kernel; ++kx) {
                    int const from = depthwise ? c : i;
                    int const sy = y * node.stride + ky - node.padding.top;
                    int const sx = x * node.stride + kx - node.padding.left;
                    if (!in.inside(from, sy, sx)) continue;
                    auto const weight = static_cast<std::size_t>(((ky * node.kernel + kx) * depth + i) * node.shape.channels + c);
                    sum += in.values[in.at(from, sy, sx)] * weights[weight];
                }
            }
        }
    });
}

void pool(Node const& node, Planes const& in, Planes& out) {
    bool const largest = node.op == Op::max_pool;
    for_each(out, [&](int c, int y, int x, float& result) {
        result = largest ? std::numeric_limits<float>::lowest() : 0;
        for (int ky = 0; ky < node.kernel; ++ky) {
            for (int kx = 0; kx < node.kernel; ++kx) {
                int const sy = y * node.stride + ky - node.padding.top;
                int const sx = x * node.stride + kx - node.padding.left;
                if (!in.inside(c, sy, sx)) continue;
                float const value = in.values[in.at(c, sy, sx)];
                result = largest ? std::max(result, value) : result + value / static_cast<float>(node.kernel * node.kernel);
            }
        }
    });
}

void connect(Node const& node, Planes const& in, Planes& out) {
    auto const weights = node.weights.values();
    for (std::size_t o = 0; o < out.values.size(); ++o) {
        out.values[o] = node.bias.empty() ? 0 : node.bias[o];
        for (std::size_t i = 0; i < in.values.size(); ++i)
            out.values[o] += in.values[i] * weights[i * out.values.size() + o];
    }
}

Planes step(Node const& node, std::vector<Planes> const& done) {
    auto const& in = done[static_cast<std::size_t>(node.inputs.front())];
    Planes out{node.shape};
    switch (node.op) {
        case Op::input: break;
        case Op::convolution:
        case Op::depthwise: convolve(node, in, out); break;
        case Op::max_pool:
        case Op::average_pool: pool(node, in, out); break;
        case Op::fully_connected: connect(node, in, out); break;
        case Op::sum:
            for_each(out, [&](int c, int y, int x, float& sum) {
                for (int const input : node.inputs) {
                    auto const& term = done[static_cast<std::size_t>(input)];
                    if (term.inside(c, y, x)) sum += term.values[term.at(c, y, x)];
                }
            });
            break;
    }
    for (auto& value : out.values)
        value = activated(value, node.activation);
    return out;
}

}  // namespace

std::vector<float> run_plainly(Graph const& graph, std::span<float const> input, int batch) {
    std::vector<float> results;
    auto const length = input.size() / static_cast<std::size_t>(batch);
    for (int item = 0; item < batch; ++item) {
        std::vector<Planes> done;
        done.emplace_back(graph.input());
        auto const part = input.subspan(static_cast<std::size_t>(item) * length, length);
        std::copy(part.begin(), part.end(), done.front().values.begin());
        for (std::size_t i = 1; i < graph.nodes.size(); ++i)
            done.push_back(step(graph.nodes[i], done));
        results.insert(results.end(), done.back().values.begin(), done.back().values.end());
    }
    return results;
}

}  // namespace bioctl::test
