#include <array>
#include <cmath>
#include <cstring>
#include <string>
#include <utility>
#include <vector>

#include <fmt/format.h>

#include "lib/base/error.hpp"
#include "lib/base/text.hpp"
#include "lib/face/model_builtin.hpp"
#include "lib/face/model_dlib_reader.hpp"
#include "lib/face/model_import.hpp"

// The network of dlib's example dnn_face_recognition_ex.cpp (anet_type). dlib writes nested layers: first one version number for
// each layer from the last to the first, then the input, then the contents from the first layer to the last.

namespace bioctl::face {

namespace {

enum class Type { convolution, affine, relu, max_pool, average_pool, tag, skip, add_previous, fully_connected };

struct Layer {
    Type type;
    std::string name;  ///< convolution, affine: the prefix of face-api's tensor names; of the others for messages
    int in = 0, out = 0, kernel = 0, stride = 0;
};

class Architecture {
public:
    Architecture() {
        convolution("conv32_down", 3, 32, 7, 2);
        add(Type::relu);
        m_layers.push_back({Type::max_pool, "max_pool", 0, 0, 3, 2});
        for (auto const [channels, before, plain] : {std::array{32, 32, 3}, {64, 32, 3}, {128, 64, 2}, {256, 128, 2}}) {
            auto const stem = fmt::format("conv{}", channels);
            if (channels != before) residual_down(stem + "_down", before, channels);
            for (int i = 1; i <= plain; ++i)
                residual(fmt::format("{}_{}", stem, i), channels);
        }
        residual_down("conv256_down_out", 256, 256);
        m_layers.push_back({Type::average_pool, "average_pool", 0, 0, 0, 1});
        m_layers.push_back({Type::fully_connected, "fc", 256, k_dlib_dimensions});
    }

    [[nodiscard]] std::vector<Layer> const& layers() const { return m_layers; }

private:
    void add(Type type) { m_layers.push_back({type, "layers without weights"}); }

    void convolution(std::string const& name, int in, int out, int kernel, int stride) {
        m_layers.push_back({Type::convolution, name + "/conv", in, out, kernel, stride});
        m_layers.push_back({Type::affine, name + "/scale", out, out});
    }
    void block(std::string const& name, int in, int out, int stride) {
        add(Type::tag);
        convolution(name + "/conv1", in, out, 3, stride);
        add(Type::relu);
        convolution(name + "/conv2", out, out, 3, 1);
    }
    void residual(std::string const& name, int channels) {
        block(name, channels, channels, 1);
        add(Type::add_previous);
        add(Type::relu);
    }
    void residual_down(std::string const& name, int in, int out) {
        block(name, in, out, 2);
        add(Type::tag);
        add(Type::skip);
        m_layers.push_back({Type::average_pool, "average_pool", 0, 0, 2, 2});
        add(Type::add_previous);
        add(Type::relu);
    }

    std::vector<Layer> m_layers;  ///< from the input to the output
};

/// Collects tensors as raw float32 with their list.
class Blob {
public:
    void append(std::string name, std::vector<int> shape, std::vector<float> const& values) {
        m_tensors.push_back({std::move(name), std::move(shape)});
        auto const old = m_bytes.size();
        m_bytes.resize(old + values.size() * sizeof(float));
        std::memcpy(m_bytes.data() + old, values.data(), values.size() * sizeof(float));
    }
    [[nodiscard]] std::vector<TensorShape> const& tensors() const { return m_tensors; }
    [[nodiscard]] Bytes take() { return std::move(m_bytes); }

private:
    std::vector<TensorShape> m_tensors;
    Bytes m_bytes;
};

class ResnetReader {
public:
    explicit ResnetReader(ByteView file) : m_in(file) {}

    Blob read() {
        read_loss();
        auto const& layers = m_architecture.layers();
        for (auto layer = layers.rbegin(); layer != layers.rend(); ++layer)
            m_versions.push_back(read_version(*layer, layer + 1 == layers.rend()));
        read_input();
        for (auto const& layer : layers) {
            m_in.enter(layer.name);
            read_contents(layer);
            read_frame(layer, &layer == &layers.front());
        }
        return std::move(m_blob);
    }

private:
    void read_loss() {
        m_in.expect_integer(1, "version of the loss layer");
        auto const name = m_in.text();
        if (name == "loss_metric_2") {
            m_in.real();
            m_in.real();
        } else if (name != "loss_metric_") {
            m_in.fail(fmt::format("'{}' is not the loss of a face recogniser", printable(name)));
        }
    }

    std::int64_t read_version(Layer const& layer, bool is_first) {
        auto const version = m_in.integer();
        bool const has_no_contents = layer.type == Type::tag || layer.type == Type::skip;
        auto const [least, most] = has_no_contents ? std::pair{1, 1} : is_first ? std::pair{2, 3} : std::pair{1, 2};
        if (version < least || version > most) m_in.fail(fmt::format("another network, or unknown layer version {}", version));
        return version;
    }

    /// The normalisation that the weights were trained with; the engine has these numbers built in.
    void read_input() {
        m_in.enter("input");
        m_in.expect_text("input_rgb_image_sized");
        for (double const mean : {122.782, 117.001, 104.298}) {
            if (std::abs(m_in.real() - mean) > 1e-3) m_in.fail("the input is normalised in another way than dlib's own");
        }
        m_in.expect_integer(150, "height of the input");
        m_in.expect_integer(150, "width of the input");
    }

    void read_contents(Layer const& layer) {
        switch (layer.type) {
            case Type::convolution: return read_convolution(layer);
            case Type::affine: return read_affine(layer);
            case Type::relu: return m_in.expect_text("relu_");
            case Type::max_pool: return read_pool(layer, "max_pool_2");
            case Type::average_pool: return read_pool(layer, "avg_pool_2");
            case Type::add_previous: return m_in.expect_text("add_prev_");
            case Type::fully_connected: return read_fully_connected(layer);
            case Type::tag:
            case Type::skip: return;
        }
    }

    /// What add_layer writes behind its layer: flags and buffers that only training needs.
    void read_frame(Layer const& layer, bool is_first) {
        auto const version = m_versions.back();
        m_versions.pop_back();
        if (layer.type == Type::tag || layer.type == Type::skip) return;
        for (int flag = 0; flag < 3; ++flag)
            m_in.boolean();
        m_in.skip_tensor();
        m_in.skip_tensor();
        if (is_first || version == 2) m_in.skip_tensor();
        if (is_first && version == 3) m_in.integer();
    }

    void read_window(Layer const& layer, int padding) {
        m_in.expect_integer(layer.kernel, "height of the window");
        m_in.expect_integer(layer.kernel, "width of the window");
        m_in.expect_integer(layer.stride, "vertical step");
        m_in.expect_integer(layer.stride, "horizontal step");
        m_in.expect_integer(padding, "vertical padding");
        m_in.expect_integer(padding, "horizontal padding");
    }

    void read_pool(Layer const& layer, std::string_view name) {
        m_in.expect_text(name);
        read_window(layer, 0);
    }

    void skip_training_rates() {
        for (int rate = 0; rate < 4; ++rate)
            m_in.real();
    }

    void read_convolution(Layer const& layer) {
        auto const name = m_in.text();
        if (name != "con_4" && name != "con_5") m_in.fail(fmt::format("unknown layer '{}'", printable(name)));
        auto const parameters = m_in.tensor().values;
        m_in.expect_integer(layer.out, "number of filters");
        read_window(layer, layer.stride == 1 ? layer.kernel / 2 : 0);
        m_in.skip_alias();
        m_in.skip_alias();
        skip_training_rates();
        bool const has_bias = name == "con_4" || m_in.boolean();
        store_convolution(layer, parameters, has_bias);
    }

    void store_convolution(Layer const& layer, std::vector<float> const& parameters, bool has_bias) {
        auto const in = static_cast<std::size_t>(layer.in), out = static_cast<std::size_t>(layer.out);
        auto const window = static_cast<std::size_t>(layer.kernel) * static_cast<std::size_t>(layer.kernel);
        auto const filter_size = out * in * window;
        if (parameters.size() != filter_size + (has_bias ? out : 0)) m_in.fail("another number of weights than the layer has");
        std::vector<float> hwio(filter_size);
        for (std::size_t o = 0; o < out; ++o) {
            for (std::size_t i = 0; i < in; ++i) {
                for (std::size_t w = 0; w < window; ++w)
                    hwio[(w * in + i) * out + o] = parameters[(o * in + i) * window + w];
            }
        }
        m_blob.append(layer.name + "/filters", {layer.kernel, layer.kernel, layer.in, layer.out}, hwio);
        auto bias = std::vector<float>(parameters.begin() + static_cast<std::ptrdiff_t>(filter_size), parameters.end());
        bias.resize(out);
        m_blob.append(layer.name + "/bias", {layer.out}, bias);
    }

    void read_affine(Layer const& layer) {
        auto const name = m_in.text();
        if (name == "bn_con2") return read_batch_norm(layer);
        if (name != "affine_" && name != "affine_2") m_in.fail(fmt::format("unknown layer '{}'", printable(name)));
        auto const parameters = scale_and_offset(layer);
        m_in.expect_integer(0, "mode of the affine layer (0 = one factor for each channel)");
        if (name == "affine_2" && m_in.boolean()) m_in.fail("the affine layer is disabled");
        store_affine(layer, parameters);
    }

    std::vector<float> scale_and_offset(Layer const& layer) {
        auto parameters = m_in.tensor().values;
        if (parameters.size() != 2 * static_cast<std::size_t>(layer.out)) m_in.fail("another number of factors than channels");
        m_in.skip_alias();
        m_in.skip_alias();
        return parameters;
    }

    /// y = gamma (x - mean) / sqrt(variance + eps) + beta, as one factor and one offset.
    void read_batch_norm(Layer const& layer) {
        auto parameters = scale_and_offset(layer);
        m_in.skip_tensor();
        m_in.skip_tensor();
        auto const means = m_in.tensor().values, variances = m_in.tensor().values;
        m_in.integer();
        m_in.integer();
        skip_training_rates();
        auto const epsilon = m_in.real();
        auto const channels = static_cast<std::size_t>(layer.out);
        if (means.size() != channels || variances.size() != channels) m_in.fail("another number of statistics than channels");
        for (std::size_t c = 0; c < channels; ++c) {
            auto const spread = static_cast<double>(variances[c]) + epsilon;
            if (!(spread > 0)) m_in.fail("a variance is not positive");
            parameters[c] = static_cast<float>(parameters[c] / std::sqrt(spread));
            parameters[channels + c] -= parameters[c] * means[c];
        }
        store_affine(layer, parameters);
    }

    void store_affine(Layer const& layer, std::vector<float> const& parameters) {
        auto const middle = parameters.begin() + layer.out;
        m_blob.append(layer.name + "/weights", {layer.out}, {parameters.begin(), middle});
        m_blob.append(layer.name + "/biases", {layer.out}, {middle, parameters.end()});
    }

    void read_fully_connected(Layer const& layer) {
        auto const name = m_in.text();
        if (name != "fc_2" && name != "fc_3") m_in.fail(fmt::format("unknown layer '{}'", printable(name)));
        m_in.expect_integer(layer.out, "number of outputs");
        m_in.expect_integer(layer.in, "number of inputs");
        auto const parameters = m_in.tensor().values;
        if (parameters.size() != static_cast<std::size_t>(layer.in) * static_cast<std::size_t>(layer.out))
            m_in.fail("another number of weights than the layer has");
        m_in.skip_alias();
        m_in.skip_alias();
        m_in.expect_integer(1, "bias mode (1 = none)");
        skip_training_rates();
        if (name == "fc_3") m_in.boolean();
        m_blob.append(layer.name, {layer.in, layer.out}, parameters);
    }

    DlibReader m_in;
    Architecture m_architecture;
    std::vector<std::int64_t> m_versions;  ///< from the last layer to the first: the next one is at the back
    Blob m_blob;
};

}  // namespace

PreparedModel prepare_dlib_resnet(Bytes file) {
    auto blob = ResnetReader{file}.read();
    PreparedModel model;
    model.info.format = ModelFormat::dlib_resnet;
    model.info.title = "dlib ResNet, 128 numbers";
    describe_dlib_resnet(model.info);
    model.weights_name = "weights.bin";
    model.manifest = manifest_json(blob.tensors(), model.weights_name);
    model.weights = blob.take();
    return model;
}

}  // namespace bioctl::face
