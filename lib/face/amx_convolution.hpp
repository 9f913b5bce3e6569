#pragma once
// Convolutions on AMX. Private to amx_*.cpp.

#include <cstddef>
#include <cstdint>
#include <vector>

#include "lib/face/amx_map.hpp"
#include "lib/face/amx_panels.hpp"
#include "lib/face/graph.hpp"

namespace bioctl::face::amx {

/// What layers of one thread work with.
struct Scratch {
    struct TileRows {
        std::size_t from, to, count;  ///< rows of the maps; at most k_tile_rows
    };
    std::vector<TileRows> tiles;
    std::vector<std::uint8_t> where;  ///< of each row of the result: see Where in amx_convolution.cpp
    Halves pixels;                    ///< a picture of three channels, side by side, in two halves
    std::vector<float> sums;          ///< of a whole layer
};

/// Kernel 3 and multiples of 32 channels: with stride 1 zeros around, with stride 2 none. Immutable: any number of threads.
class Convolution {
public:
    enum class ShortCut { none, values };  ///< values: those of the result's map are added before the ReLU

    /// Whether a node is such a convolution.
    [[nodiscard]] static bool takes(Node const& node, Shape const& in);
    explicit Convolution(Node const& node, Shape const& in);

    /// `to` has its shape, and with stride 1 the grid of `from`. ReLU follows. Needs Tiles.
    void run(Map const& from, Map& to, ShortCut short_cut, Scratch& scratch) const;
    [[nodiscard]] std::size_t channels() const { return m_out; }

private:
    std::size_t m_in, m_out, m_stride;
    Panels m_panels;
    std::vector<float> m_bias;
};

/// The first layer and the maximum behind it: 3 channels to 32, any kernel up to 9, stride 2, no padding; maximum of 3 x 3,
/// stride 2.
class Stem {
public:
    [[nodiscard]] static bool takes(Node const& convolution, Shape const& in, Node const& maximum);
    Stem(Node const& convolution, Shape const& in, Node const& maximum);

    /// `planes` of one picture to that picture of `to`, with values. Needs Tiles.
    void run(float const* planes, Map& to, std::size_t picture, Scratch& scratch) const;
    [[nodiscard]] Grid result() const { return m_result; }

private:
    Grid m_in, m_sums, m_result;
    std::size_t m_kernel;
    Halves m_panel;
    std::vector<float> m_bias;
};

}  // namespace bioctl::face::amx
