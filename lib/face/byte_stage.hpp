#pragma once
// FirstStage on products of bytes, four in a lane, where the processor has them (AVX-512 VNNI): half the time of float32.
// Pixels are bytes and so are the model's weights, so its sums are exact.

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include <opencv2/core/mat.hpp>

#include "lib/face/feature_map.hpp"
#include "lib/face/graph.hpp"
#include "lib/face/pixels.hpp"

namespace bioctl::face {

/// One thread per object.
class ByteStage {
public:
    static constexpr std::size_t k_channels = 16;

    /// Weights, bias and normalisation as FirstStage takes them. Error{bug} for other sizes, for scales that are not positive and
    /// where the processor has no such products.
    ByteStage(QuantisedWeights const& weights, std::span<float const> bias, Normalisation const& normalisation);

    /// As FirstStage::run().
    void run(cv::Mat const& picture, FeatureMap& result, int border);

    /// Private to the implementation. What a row of the kernel covers is nine bytes, read as three groups of four that begin with
    /// its first, its fifth and its sixth byte; what a group repeats has weights of 0.
    struct Taps {
        static constexpr std::array<std::size_t, 3> k_groups{0, 4, 5};
        using Group = std::array<std::array<std::int8_t, 4>, k_channels>;
        alignas(64) std::array<Group, 9> weights{};  ///< less 128, which makes them signed
        int lack = 0;                                ///< what is added to each of them for zero to be zero, -127 to 128
        alignas(64) std::array<float, k_channels> scale{};
        alignas(64) std::array<float, k_channels> bias{};
    };

private:
    /// Of each nine bytes of that row of the picture their sum.
    void add_nines(cv::Mat const& picture, int row);
    [[nodiscard]] std::uint16_t* nines(int row) { return m_nines.data() + static_cast<std::size_t>(row % 4) * m_width; }
    /// The sum of each window that begins in that row.
    void add_windows(int row, std::uint16_t* to);

    Taps m_taps;
    std::size_t m_width = 0;               ///< bytes of a row
    std::vector<std::uint16_t> m_nines;    // four rows in turn
    std::vector<std::uint16_t> m_windows;  // two rows
};

}  // namespace bioctl::face
