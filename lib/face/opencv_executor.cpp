#include <array>
#include <string>

#include <fmt/format.h>
#include <opencv2/dnn.hpp>

#include "lib/base/error.hpp"
#include "lib/face/opencv_parts.hpp"

namespace bioctl::face::with_opencv {

namespace {

int size_of(Shape const& shape) {
    return shape.channels * shape.height * shape.width;
}

cv::Mat blob(std::vector<float> const& values, std::vector<int> const& sizes) {
    return cv::Mat(sizes, CV_32F, const_cast<float*>(values.data())).clone();  // cv::Mat has no view of constants
}

/// Translates one graph node after another into layers of a cv::dnn::Net.
class NetBuilder {
public:
    explicit NetBuilder(Graph const& graph) : m_graph(graph), m_layers(graph.nodes.size(), 0) {}

    cv::dnn::Net build() {
        for (std::size_t i = 1; i < m_graph.nodes.size(); ++i)
            m_layers[i] = activated(m_graph.nodes[i], layer(m_graph.nodes[i]));
        m_net.setPreferableBackend(cv::dnn::DNN_BACKEND_OPENCV);
        m_net.setPreferableTarget(cv::dnn::DNN_TARGET_CPU);
        return m_net;
    }

private:
    int layer(Node const& node) {
        switch (node.op) {
            case Op::input: break;
            case Op::convolution:
            case Op::depthwise: return convolution(node);
            case Op::max_pool:
            case Op::average_pool: return pool(node);
            case Op::sum: return sum(node);
            case Op::fully_connected: return fully_connected(node);
        }
        throw Error{Kind::bug, "a network has a second input"};
    }

    int add(std::string const& type, cv::dnn::LayerParams& params, std::vector<int> const& from) {
        int const id = m_net.addLayer(fmt::format("{}{}", type, m_count++), type, params);
        for (std::size_t pin = 0; pin < from.size(); ++pin)
            m_net.connect(from[pin], 0, id, static_cast<int>(pin));
        return id;
    }

    int activated(Node const& node, int id) {
        if (node.activation == Activation::none) return id;
        cv::dnn::LayerParams params;
        if (node.activation == Activation::leaky_relu) params.set("negative_slope", 0.1);
        return add("ReLU", params, {id});
    }

    int input_of(Node const& node) const { return m_layers[static_cast<std::size_t>(node.inputs.front())]; }
    Shape const& input_shape(Node const& node) const {
        return m_graph.nodes[static_cast<std::size_t>(node.inputs.front())].shape;
    }

    /// Zeros around the planes and behind the channels.
    int extended(int from, Padding const& pad, int channels) {
        if (pad == Padding{} && channels == 0) return from;
        std::array<int, 8> const paddings{0, 0, 0, channels, pad.top, pad.bottom, pad.left, pad.right};
        cv::dnn::LayerParams params;
        params.set("paddings", cv::dnn::DictValue::arrayInt(paddings.data(), static_cast<int>(paddings.size())));
        params.set("value", 0);
        return add("Padding", params, {from});
    }

    int convolution(Node const& node) {
        bool const depthwise = node.op == Op::depthwise;
        int const in = input_shape(node).channels;
        cv::dnn::LayerParams params;
        params.set("kernel_size", node.kernel);
        params.set("stride", node.stride);
        params.set("num_output", node.shape.channels);
        params.set("group", depthwise ? in : 1);
        params.set("bias_term", !node.bias.empty());
        params.blobs.push_back(
            blob(output_first(m_graph, node), {node.shape.channels, depthwise ? 1 : in, node.kernel, node.kernel}));
        if (!node.bias.empty()) params.blobs.push_back(blob(node.bias, {node.shape.channels}));
        auto const& pad = node.padding;
        bool const even = pad.top == pad.bottom && pad.left == pad.right;  // cv::dnn refuses other paddings in a convolution
        if (even) {
            params.set("pad_h", pad.top);
            params.set("pad_w", pad.left);
        }
        return add("Convolution", params, {even ? input_of(node) : extended(input_of(node), pad, 0)});
    }

    int pool(Node const& node) {
        cv::dnn::LayerParams params;
        params.set("pool", node.op == Op::max_pool ? "max" : "ave");
        params.set("kernel_size", node.kernel);
        params.set("stride", node.stride);
        params.set("pad_t", node.padding.top);
        params.set("pad_l", node.padding.left);
        params.set("pad_b", node.padding.bottom);
        params.set("pad_r", node.padding.right);
        params.set("ceil_mode", false);
        return add("Pooling", params, {input_of(node)});
    }

    int sum(Node const& node) {
        std::vector<int> from;
        for (int const input : node.inputs) {
            auto const& shape = m_graph.nodes[static_cast<std::size_t>(input)].shape;
            Padding const missing{0, 0, node.shape.height - shape.height, node.shape.width - shape.width};
            from.push_back(extended(m_layers[static_cast<std::size_t>(input)], missing, node.shape.channels - shape.channels));
        }
        cv::dnn::LayerParams params;
        params.set("operation", "sum");
        return add("Eltwise", params, from);
    }

    int fully_connected(Node const& node) {
        cv::dnn::LayerParams params;
        params.set("num_output", node.shape.channels);
        params.set("bias_term", !node.bias.empty());
        params.blobs.push_back(blob(output_first(m_graph, node), {node.shape.channels, size_of(input_shape(node))}));
        if (!node.bias.empty()) params.blobs.push_back(blob(node.bias, {1, node.shape.channels}));
        return add("InnerProduct", params, {input_of(node)});
    }

    Graph const& m_graph;
    cv::dnn::Net m_net;
    std::vector<int> m_layers;  // cv::dnn's id of the layer that ends each node
    int m_count = 0;
};

class OpenCvExecutor final : public Executor {
public:
    explicit OpenCvExecutor(Graph const& graph) : m_input(graph.input()), m_output_size(size_of(graph.output())) {
        if (graph.layout != Layout::planes) throw Error{Kind::bug, "cv::dnn wants planes"};
        m_net = NetBuilder{graph}.build();
    }

    std::span<float const> run(std::span<float const> input, int batch) override {
        std::vector<int> const sizes{batch, m_input.channels, m_input.height, m_input.width};
        if (input.size() != static_cast<std::size_t>(batch * size_of(m_input))) throw Error{Kind::bug, "input of the wrong size"};
        m_net.setInput(cv::Mat(sizes, CV_32F, const_cast<float*>(input.data())));
        m_result = m_net.forward();
        if (m_result.total() != static_cast<std::size_t>(batch * m_output_size))
            throw Error{Kind::bug, "result of the wrong size"};
        return {m_result.ptr<float>(), m_result.total()};
    }

private:
    cv::dnn::Net m_net;
    Shape m_input;
    int m_output_size;
    cv::Mat m_result;
};

}  // namespace

std::unique_ptr<Executor> make_executor(Graph const& graph) {
    return std::make_unique<OpenCvExecutor>(graph);
}

}  // namespace bioctl::face::with_opencv
