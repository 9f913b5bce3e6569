#pragma once
// The first layers of tiny_face_detector in one go: 3x3 convolution of 3 to 16 channels, leaky ReLU, largest of 2x2. Done one
// after the other they write and read 10 MB for a picture of 448 x 352 and take half of a pass's time.

#include <array>
#include <optional>
#include <span>
#include <vector>

#include <opencv2/core/mat.hpp>

#include "lib/base/vector_path.hpp"
#include "lib/face/byte_stage.hpp"
#include "lib/face/feature_map.hpp"
#include "lib/face/graph.hpp"
#include "lib/face/pixels.hpp"

namespace bioctl::face {

/// One thread per object.
class FirstStage {
public:
    static constexpr int k_channels = 16;

    /// weights: 3 x 3 x 3 x 16 (row, column, channel in the order of the normalisation, result); bias: 16. The normalisation is
    /// worked into them. Error{bug} for other sizes or a path that this processor cannot.
    FirstStage(Weights const& weights, std::span<float const> bias, Normalisation const& normalisation,
               VectorPath path = vector_paths().back());

    [[nodiscard]] static cv::Size result_size(cv::Size picture) { return {(picture.width - 2) / 2, (picture.height - 2) / 2}; }

    /// picture  CV_8UC3 BGR, at least 4 x 4, width and height even.
    /// result   result_size(), 16 channels, the border asked for.
    void run(cv::Mat const& picture, FeatureMap& result, int border);

    /// Private to the implementation: what the loops work on.
    struct Taps {
        alignas(64) std::array<std::array<float, k_channels>, 27> weights{};  ///< row, column, B G R
        alignas(64) std::array<float, k_channels> bias{};
    };
    using Rows = std::array<float const*, 4>;
    using Kernel = void (*)(Taps const& taps, Rows const& rows, int columns, float* result);

private:
    Taps m_taps;
    Kernel m_kernel;
    std::optional<ByteStage> m_bytes;  // where weights and processor allow it, in place of the loops here
    std::vector<float> m_rows;         // four rows of the picture as float, in turn
};

}  // namespace bioctl::face
