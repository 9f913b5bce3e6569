#include "lib/face/embedder.hpp"

#include <functional>
#include <string>

#include <fmt/format.h>
#include <opencv2/dnn.hpp>

#include "lib/base/error.hpp"
#include "lib/face/executor.hpp"
#include "lib/face/networks.hpp"
#include "lib/face/pixels.hpp"

namespace bioctl::face {

namespace {

constexpr std::size_t k_batch = 8;  // chips at a time: bounds memory on photos with hundreds of faces

/// Planes in, `rows` vectors out, one behind the other.
using Forward = std::function<std::span<float const>(std::vector<float> const& planes, int rows)>;

class PlaneEmbedder final : public Embedder {
public:
    PlaneEmbedder(EmbedderInput const& input, Normalisation normalisation, int dimensions, Forward forward)
        : m_input(input), m_normalisation(normalisation), m_dimensions(dimensions), m_forward(std::move(forward)) {}

    std::vector<std::vector<float>> embed(std::span<cv::Mat const> chips) override {
        std::vector<std::vector<float>> vectors;
        for (std::size_t begin = 0; begin < chips.size(); begin += k_batch) {
            append(chips.subspan(begin, std::min(k_batch, chips.size() - begin)), vectors);
        }
        return vectors;
    }

private:
    void append(std::span<cv::Mat const> chips, std::vector<std::vector<float>>& vectors) {
        m_planes.clear();
        for (auto const& chip : chips) {
            if (chip.size() != cv::Size(m_input.size, m_input.size) || chip.type() != CV_8UC3) {
                throw Error{Kind::bug, "chip of the wrong size or type"};
            }
            append_planes(chip, m_normalisation, m_planes);
            if (!m_input.mirror) continue;
            cv::Mat mirrored;
            cv::flip(chip, mirrored, 1);
            append_planes(mirrored, m_normalisation, m_planes);
        }
        std::size_t const views = m_input.mirror ? 2 : 1;
        auto const result = m_forward(m_planes, static_cast<int>(chips.size() * views));
        auto const length = static_cast<std::size_t>(m_dimensions);
        if (result.size() != chips.size() * views * length) throw Error{Kind::bug, "the recogniser's vectors have another size"};
        for (std::size_t i = 0; i < chips.size(); ++i)
            vectors.push_back(averaged(result.subspan(i * views * length, views * length)));
    }

    std::vector<float> averaged(std::span<float const> views) const {
        auto const length = static_cast<std::size_t>(m_dimensions);
        std::vector<float> vector(views.begin(), views.begin() + m_dimensions);
        if (views.size() == length) return vector;
        for (std::size_t d = 0; d < length; ++d)
            vector[d] = (vector[d] + views[length + d]) / 2;
        return vector;
    }

    EmbedderInput m_input;
    Normalisation m_normalisation;
    int m_dimensions;
    Forward m_forward;
    std::vector<float> m_planes;
};

}  // namespace

std::unique_ptr<Embedder> make_resnet_embedder(ModelInfo const& model) {
    std::shared_ptr<Executor> const executor = make_opencv_executor(resnet_graph(TensorFile{model.manifest, model.file}));
    Normalisation const normalisation{{122.782F, 117.001F, 104.298F}, 1 / 256.0F, true};
    return std::make_unique<PlaneEmbedder>(
        model.input, normalisation, model.dimensions,
        [executor](std::vector<float> const& planes, int rows) { return executor->run(planes, rows); });
}

std::unique_ptr<Embedder> make_onnx_embedder(ModelInfo const& model) {
    auto net = std::make_shared<cv::dnn::Net>();
    try {
        *net = cv::dnn::readNetFromONNX(model.file.string());
    } catch (cv::Exception const& error) {
        throw Error{Kind::data, fmt::format("{}: cannot be loaded: {}; import it again", model.file.string(), error.msg)};
    }
    auto result = std::make_shared<std::vector<float>>();
    int const side = model.input.size;
    // One picture at a time: many exported networks have a batch size of one built in.
    auto forward = [net, result, side](std::vector<float> const& planes, int rows) -> std::span<float const> {
        result->clear();
        auto const length = planes.size() / static_cast<std::size_t>(rows);
        for (int row = 0; row < rows; ++row) {
            std::vector<int> const sizes{1, 3, side, side};
            auto* const from =
                const_cast<float*>(planes.data()) + static_cast<std::ptrdiff_t>(row) * static_cast<std::ptrdiff_t>(length);
            net->setInput(cv::Mat(sizes, CV_32F, from));
            cv::Mat const vector = net->forward();
            result->insert(result->end(), vector.ptr<float>(), vector.ptr<float>() + vector.total());
        }
        return *result;
    };
    Normalisation const normalisation{model.input.mean, model.input.scale, model.input.rgb};
    return std::make_unique<PlaneEmbedder>(model.input, normalisation, model.dimensions, std::move(forward));
}

std::unique_ptr<Embedder> make_embedder(ModelInfo const& model) {
    return model.format == ModelFormat::recogniser_onnx ? make_onnx_embedder(model) : make_resnet_embedder(model);
}

}  // namespace bioctl::face
