#include "lib/face/amx_map.hpp"

#include <algorithm>

namespace bioctl::face::amx {

void Map::reshape(std::size_t pictures, Grid grid, Grid filled, std::size_t channels, Values values) {
    m_pictures = pictures;
    m_grid = grid;
    m_filled = filled;
    m_channels = channels;
    auto const before = grid.pitch() + 1;
    // The last tile looks beyond the last row, with a stride of two rows it may be twice as far.
    auto const behind = 2 * k_tile_rows + 2 * before;
    auto const all = before + rows() + behind;
    m_begin = before * channels;
    m_halves.resize(std::max(m_halves.size(), 2 * all * channels));
    if (values == Values::kept) m_values.resize(std::max(m_values.size(), rows() * channels));
    std::fill_n(m_halves.begin(), m_begin, std::uint16_t{0});
    std::fill_n(m_halves.begin() + low(), m_begin, std::uint16_t{0});
}

void Map::clear() {
    auto const all = static_cast<std::ptrdiff_t>(m_begin + rows() * m_channels);
    std::fill(m_halves.begin(), m_halves.begin() + all, std::uint16_t{0});
    std::fill(m_halves.begin() + low(), m_halves.begin() + low() + all, std::uint16_t{0});
}

}  // namespace bioctl::face::amx
