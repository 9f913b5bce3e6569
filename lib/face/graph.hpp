#pragma once
// A network as a flat list of steps. Builders (networks.cpp) make it from a weight file, executors (network.hpp) run it.

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <utility>
#include <vector>

namespace bioctl::face {

struct Shape {
    int channels = 0, height = 0, width = 0;
    bool operator==(Shape const&) const = default;
};

struct Padding {
    int top = 0, left = 0, bottom = 0, right = 0;
    bool operator==(Padding const&) const = default;
};

enum class Activation { none, relu, leaky_relu };  ///< leaky: slope 0.1 below zero

enum class Op {
    input,
    convolution,   ///< weights: kernel x kernel x in x out
    depthwise,     ///< weights: kernel x kernel x channels
    max_pool,      ///< padding counts as minus infinity
    average_pool,  ///< padding is not allowed
    sum,  ///< of all inputs; smaller ones are extended with zeros at bottom, right and the last channels (dlib's add_prev)
    fully_connected,  ///< weights: (in * height * width) x out
};

/// Weights of 8 bits as a file holds them: (byte - zero) * scale. The result's channel is the last dimension.
struct QuantisedWeights {
    std::shared_ptr<void const> owner;  ///< of the bytes
    std::span<std::uint8_t const> bytes;
    int zero = 0;              ///< 0 to 255
    std::vector<float> scale;  ///< one for each channel of the result, in a weight file positive
};

/// The weights of a step, read when an executor packs them: those of a network need not lie in memory twice, and the first touch
/// of 22 MB costs more than the arithmetic on them.
class Weights {
public:
    using Read = std::function<void(std::span<float> to)>;

    Weights() = default;
    Weights(std::vector<float> values)  // NOLINT(google-explicit-constructor): both are the weights
        : m_size(values.size()),
          m_read([kept = std::move(values)](std::span<float> to) { std::ranges::copy(kept, to.begin()); }) {}
    Weights(std::size_t size, Read read, std::optional<QuantisedWeights> quantised = {})
        : m_size(size), m_read(std::move(read)), m_quantised(std::move(quantised)) {}

    [[nodiscard]] std::size_t size() const { return m_size; }
    /// `to` has size() elements.
    void read(std::span<float> to) const { m_read(to); }
    [[nodiscard]] std::vector<float> values() const {
        std::vector<float> result(m_size);
        if (m_size > 0) m_read(result);
        return result;
    }

    /// The same weights before they were made float32, where they were of 8 bits.
    [[nodiscard]] std::optional<QuantisedWeights> const& quantised() const { return m_quantised; }

private:
    std::size_t m_size = 0;
    Read m_read;
    std::optional<QuantisedWeights> m_quantised;
};

/// One step. Its inputs are steps before it.
struct Node {
    Op op = Op::input;
    std::vector<int> inputs{};  ///< positions in Graph::nodes
    Shape shape{};              ///< of the result
    int kernel = 1;
    int stride = 1;
    Padding padding{};
    Activation activation = Activation::none;
    Weights weights{};          ///< as face-api's files hold them, the result's channel last
    std::vector<float> bias{};  ///< one for each channel of the result, or empty
};

/// How an input lies in memory.
enum class Layout {
    planes,  ///< channels x height x width
    pixels,  ///< height x width x channels
};

/// nodes[0] is the input, the last node is the result. The batch size is chosen by whoever runs it.
struct Graph {
    std::vector<Node> nodes;
    Layout layout = Layout::planes;  ///< of the input
    [[nodiscard]] Shape input() const { return nodes.front().shape; }
    [[nodiscard]] Shape output() const { return nodes.back().shape; }
};

/// Appends nodes and works out their shapes. Every function returns the position of the new node.
class GraphBuilder {
public:
    explicit GraphBuilder(Shape input, Layout layout = Layout::planes);

    int convolution(int from, int out_channels, int kernel, int stride, Padding padding, Weights weights, std::vector<float> bias,
                    Activation activation);
    int depthwise(int from, int kernel, int stride, Padding padding, Weights weights);
    int max_pool(int from, int kernel, int stride, Padding padding);
    int average_pool(int from, int kernel, int stride);
    int sum(std::vector<int> from, Activation activation);
    int fully_connected(int from, int out, Weights weights, std::vector<float> bias);

    [[nodiscard]] Shape shape(int node) const { return m_graph.nodes[static_cast<std::size_t>(node)].shape; }
    [[nodiscard]] Graph take() { return std::move(m_graph); }

private:
    int append(Node node);
    Graph m_graph;
};

/// The padding that TensorFlow calls SAME: the result is ceil(size / stride), the odd pixel goes to bottom and right.
[[nodiscard]] Padding same_padding(Shape input, int kernel, int stride);

}  // namespace bioctl::face
