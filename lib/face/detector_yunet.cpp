#include <algorithm>
#include <cmath>
#include <string>

#include <fmt/format.h>
#include <opencv2/core.hpp>

#include "lib/base/error.hpp"
#include "lib/base/file.hpp"
#include "lib/face/detector.hpp"
#include "lib/face/onnx.hpp"
#include "lib/face/pixels.hpp"

namespace bioctl::face {

namespace {

// Measured on 7,701 LFW photos: no face of theirs scores below .85, so .80 costs nothing; palms and flowers stay below it at 320
// and 640.
constexpr float k_min_score = 0.80F;
constexpr float k_suppression_iou = 0.3F;  // of the model's own post-processing
constexpr std::array<int, 3> k_strides{8, 16, 32};
Normalisation const k_as_it_is{{0, 0, 0}, 1, false};

cv::Mat canvas_for(cv::Mat const& picture, int longer_side, float& scale) {
    scale = static_cast<float>(longer_side) / static_cast<float>(std::max(picture.cols, picture.rows));
    auto const scaled = [&](int side) { return std::max(1, static_cast<int>(std::lround(static_cast<float>(side) * scale))); };
    auto const padded = [](int side) { return (side + 31) / 32 * 32; };
    cv::Size const size{scaled(picture.cols), scaled(picture.rows)};
    cv::Mat canvas = cv::Mat::zeros(padded(size.height), padded(size.width), CV_8UC3);
    resized(picture, size).copyTo(canvas(cv::Rect{{0, 0}, size}));
    return canvas;
}

class YunetDetector final : public Detector {
public:
    explicit YunetDetector(ModelInfo const& model) {
        try {
            MappedFile const file{model.file};
            m_net = open_onnx(file.bytes());
        } catch (cv::Exception const& error) {
            throw Error{Kind::data, fmt::format("{}: cannot be loaded: {}; import it again", model.file.string(), error.msg)};
        }
        for (int const stride : k_strides) {
            for (auto const* const name : {"cls_", "obj_", "bbox_", "kps_"})
                m_outputs.push_back(name + std::to_string(stride));
        }
    }

    // View 1: upright photos score .924 and more, upside down at most .915, and always .02 less than upright.
    [[nodiscard]] Orientation orientation() const override { return {.sure_score = 0.92F, .gain = 0.01F}; }

    std::vector<Detection> detect(cv::Mat const& picture, Effort effort) override {
        if (effort != Effort::usual) return {};
        int const longer = std::max(picture.cols, picture.rows);
        std::vector<Detection> found;
        for (int const side : {320, 640, 1280}) {
            found = scan(picture, side);
            bool const largest_useful = side >= 2 * longer;  // enlarging more than twice shows nothing new
            if (largest_useful || (!found.empty() && !is_crowd(found, static_cast<float>(side) / static_cast<float>(longer))))
                break;
        }
        return found;
    }

    float best_score(Turned const& picture, std::span<Detection const> /*known*/) override {
        return face::best_score(detect(picture.whole(), Effort::usual));
    }

private:
    /// Photos with many or tiny faces hide more of them at this size (measured: up to 25 faces nothing is gained above 320).
    static bool is_crowd(std::vector<Detection> const& found, float scale) {
        if (found.size() >= 20) return true;
        std::vector<float> widths;
        for (auto const& detection : found)
            widths.push_back(detection.box.width * scale);
        auto const middle = widths.begin() + static_cast<std::ptrdiff_t>(widths.size() / 2);
        std::nth_element(widths.begin(), middle, widths.end());
        return *middle < 24;
    }

    std::vector<Detection> scan(cv::Mat const& picture, int longer_side) {
        float scale = 1;
        auto const canvas = canvas_for(picture, longer_side, scale);
        m_planes.clear();
        append_planes(canvas, k_as_it_is, m_planes);
        auto const outputs = m_net->run(m_planes, canvas.size(), m_outputs);
        std::vector<Detection> found;
        for (std::size_t level = 0; level < k_strides.size(); ++level) {
            require_shapes(&outputs[level * 4]);
            collect(&outputs[level * 4], k_strides[level], canvas.cols / k_strides[level], scale, found);
        }
        return suppressed(std::move(found), k_suppression_iou);
    }

    /// Import has seen the shapes at one size of picture only.
    static void require_shapes(cv::Mat const* outputs) {
        auto const cells = outputs[0].total();
        bool const is_sound = outputs[1].total() == cells && outputs[2].total() == 4 * cells && outputs[3].total() == 10 * cells;
        if (!is_sound)
            throw Error{Kind::data, "the detector's outputs do not fit each other; `bioctl models use` chooses another"};
    }

    static void collect(cv::Mat const* outputs, int stride, int columns, float scale, std::vector<Detection>& found) {
        auto const* const cls = outputs[0].ptr<float>();
        auto const* const obj = outputs[1].ptr<float>();
        auto const* const boxes = outputs[2].ptr<float>();
        auto const* const points = outputs[3].ptr<float>();
        auto const step = static_cast<float>(stride) / scale;
        auto const cells = static_cast<int>(outputs[0].total());
        for (int cell = 0; cell < cells; ++cell) {
            float const score = std::sqrt(std::max(0.0F, cls[cell] * obj[cell]));
            if (score < k_min_score) continue;
            auto const column = static_cast<float>(cell % columns);
            auto const row = static_cast<float>(cell / columns);
            auto const* const b = boxes + static_cast<std::ptrdiff_t>(cell) * 4;
            auto const* const p = points + static_cast<std::ptrdiff_t>(cell) * 10;
            cv::Size2f const size{std::exp(b[2]) * step, std::exp(b[3]) * step};
            cv::Point2f const corner{(column + b[0]) * step - size.width / 2, (row + b[1]) * step - size.height / 2};
            FivePoints five;
            for (std::size_t i = 0; i < five.size(); ++i)
                five[i] = {(p[2 * i] + column) * step, (p[2 * i + 1] + row) * step};
            found.push_back({.box = {corner, size}, .score = score, .convention = BoxConvention::yunet, .five_points = five});
        }
    }

    std::unique_ptr<OnnxNetwork> m_net;
    std::vector<float> m_planes;
    std::vector<std::string> m_outputs;
};

}  // namespace

std::unique_ptr<Detector> make_yunet_detector(ModelInfo const& yunet) {
    return std::make_unique<YunetDetector>(yunet);
}

}  // namespace bioctl::face
