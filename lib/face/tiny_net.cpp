#include "lib/face/tiny_net.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <utility>

#include <fmt/format.h>

#include "lib/face/networks.hpp"
#include "lib/face/shared_network.hpp"

namespace bioctl::face {

namespace {

struct Anchor {
    float width, height;  // in cells
};
constexpr std::array<Anchor, 5> k_anchors{
    {{1.603231F, 2.094468F}, {6.041143F, 7.080126F}, {2.882459F, 3.518061F}, {4.266906F, 5.178857F}, {9.041765F, 10.66308F}}};
constexpr int k_cell = 32;
// Four usual passes and the second look, for photos of six shapes. Without AMX each holds 0.3 MB of packed weights and code.
constexpr std::size_t k_kept_executors = 30;

float sigmoid(float x) {
    return 1 / (1 + std::exp(-x));
}

/// The network's input: the shrunk picture on a black canvas whose sides are multiples of a cell.
struct Canvas {
    cv::Mat pixels;
    float scale;         // picture -> canvas
    cv::Point2f origin;  // of the picture on the canvas
};

Canvas canvas_for(Turned const& picture, TinyPass const& pass) {
    auto const full = picture.size();
    auto const longer = static_cast<float>(std::max(full.width, full.height));
    float const margin = pass.margin * longer;
    float const scale = static_cast<float>(pass.longer_side) / (longer + 2 * margin);
    auto const cells = [&](int side) {
        auto const needed = (static_cast<float>(side) + 2 * margin) * scale / static_cast<float>(k_cell);
        return std::max(1, static_cast<int>(std::ceil(needed - 1e-3F))) * k_cell;
    };
    auto const scaled = [&](int side) { return std::max(1, static_cast<int>(std::lround(static_cast<float>(side) * scale))); };
    cv::Size const size{scaled(full.width), scaled(full.height)};
    cv::Point const origin{static_cast<int>(margin * scale), static_cast<int>(margin * scale)};
    cv::Mat pixels = cv::Mat::zeros(std::max(cells(full.height), origin.y + size.height),
                                    std::max(cells(full.width), origin.x + size.width), CV_8UC3);
    picture.resized({{0, 0}, full}, size).copyTo(pixels(cv::Rect{origin, size}));
    return {pixels, scale, cv::Point2f(origin)};
}

}  // namespace

TinyNet::TinyNet(ModelInfo const& model)
    : m_weights(model.manifest, model.file),
      m_first_stage(tiny_first_stage(m_weights)),
      m_stages(tiny_stages(m_weights)),
      m_name(fmt::format("tiny {} {}", model.sha256, model.manifest_sha256)) {}

Executor& TinyNet::executor(int width, int height) {
    auto const found = std::find_if(m_executors.begin(), m_executors.end(),
                                    [&](SizedExecutor const& kept) { return kept.width == width && kept.height == height; });
    if (found != m_executors.end()) {
        std::rotate(m_executors.begin(), found, found + 1);
    } else {
        if (m_executors.size() == k_kept_executors) m_executors.pop_back();
        auto const network = shared_network(fmt::format("{} {}x{}", m_name, width, height),
                                            [&] { return tiny_detector_graph(m_weights, m_stages.size(), width, height); });
        m_executors.insert(m_executors.begin(), {width, height, network->executor()});
    }
    return *m_executors.front().executor;
}

std::vector<Detection> TinyNet::scan(Turned const& picture, TinyPass const& pass) {
    auto const canvas = canvas_for(picture, pass);
    m_first_stage.run(canvas.pixels, m_pixels, 1);
    for (auto const& stage : m_stages) {
        stage->run(m_pixels, m_features, stage == m_stages.back() ? 0 : 1);
        std::swap(m_pixels, m_features);
    }
    auto const result = executor(canvas.pixels.cols, canvas.pixels.rows).run(m_pixels.values(), 1);

    int const columns = canvas.pixels.cols / k_cell;
    int const rows = canvas.pixels.rows / k_cell;
    auto const plane = static_cast<std::size_t>(columns * rows);
    std::vector<Detection> found;
    for (std::size_t cell = 0; cell < plane; ++cell) {
        for (std::size_t a = 0; a < k_anchors.size(); ++a) {
            auto const value = [&](std::size_t field) { return result[(a * 5 + field) * plane + cell]; };
            float const score = sigmoid(value(4));
            if (score < pass.min_score) continue;
            auto const column = static_cast<float>(cell % static_cast<std::size_t>(columns));
            auto const row = static_cast<float>(cell / static_cast<std::size_t>(columns));
            cv::Point2f const centre{(column + sigmoid(value(0))) * k_cell, (row + sigmoid(value(1))) * k_cell};
            cv::Size2f const size{std::exp(value(2)) * k_anchors[a].width * k_cell,
                                  std::exp(value(3)) * k_anchors[a].height * k_cell};
            auto const corner = (centre - cv::Point2f{size.width / 2, size.height / 2} - canvas.origin) / canvas.scale;
            found.push_back({.box = {corner, size / canvas.scale}, .score = score, .convention = BoxConvention::tiny});
        }
    }
    return found;
}

}  // namespace bioctl::face
