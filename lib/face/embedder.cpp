#include "lib/face/embedder.hpp"

#include <bit>
#include <functional>
#include <string>

#include <fmt/format.h>
#include <opencv2/core.hpp>

#include "lib/base/error.hpp"
#include "lib/base/file.hpp"
#include "lib/face/networks.hpp"
#include "lib/face/onnx.hpp"
#include "lib/face/pixels.hpp"
#include "lib/face/shared_network.hpp"

namespace bioctl::face {

namespace {

// Chips at a time: bounds memory on photos with hundreds of faces. A rest goes as 4, 2 and 1, for each batch size costs some
// milliseconds when it is first used.
constexpr std::size_t k_batch = 8;

/// Planes in, `rows` vectors out, one behind the other.
using Forward = std::function<std::span<float const>(std::vector<float>& planes, int rows)>;

class PlaneEmbedder final : public Embedder {
public:
    PlaneEmbedder(EmbedderInput const& input, Normalisation normalisation, int dimensions, Forward forward)
        : m_input(input), m_normalisation(normalisation), m_dimensions(dimensions), m_forward(std::move(forward)) {}

    std::vector<std::vector<float>> embed(std::span<cv::Mat const> chips) override {
        std::vector<std::vector<float>> vectors;
        while (!chips.empty()) {
            auto const count = std::min(k_batch, std::bit_floor(chips.size()));
            append(chips.first(count), vectors);
            chips = chips.subspan(count);
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
    auto const network = shared_network(fmt::format("resnet {} {}", model.sha256, model.manifest_sha256), [&] {
        return resnet_graph(TensorFile{model.manifest, model.file});
    });
    network->prepare(model.input.mirror ? 2 : 1);
    std::shared_ptr<Executor> const executor = network->executor();
    Normalisation const normalisation{{122.782F, 117.001F, 104.298F}, 1 / 256.0F, true};
    return std::make_unique<PlaneEmbedder>(
        model.input, normalisation, model.dimensions,
        [executor](std::vector<float>& planes, int rows) { return executor->run(planes, rows); });
}

std::unique_ptr<Embedder> make_onnx_embedder(ModelInfo const& model) {
    std::shared_ptr<OnnxNetwork> net;
    try {
        MappedFile const file{model.file};
        net = open_onnx(file.bytes());
    } catch (cv::Exception const& error) {
        throw Error{Kind::data, fmt::format("{}: cannot be loaded: {}; import it again", model.file.string(), error.msg)};
    }
    auto result = std::make_shared<std::vector<float>>();
    int const side = model.input.size;
    // One picture at a time: many exported networks have a batch size of one built in.
    auto forward = [net, result, side](std::vector<float>& planes, int rows) -> std::span<float const> {
        result->clear();
        auto const length = planes.size() / static_cast<std::size_t>(rows);
        std::vector<float> picture(length);
        for (int row = 0; row < rows; ++row) {
            auto const from = planes.begin() + static_cast<std::ptrdiff_t>(row) * static_cast<std::ptrdiff_t>(length);
            std::copy_n(from, length, picture.begin());
            cv::Mat const vector = net->run(picture, {side, side});
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
