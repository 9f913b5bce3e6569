#pragma once
// What passes between layers on AMX: pixels of some pictures, one row of channels each, in one long list. Behind each line of
// pixels is one pixel of zeros, behind each picture a line of them, and before the first as many: so what lies at (dx, dy) of a
// pixel is a fixed number of rows away, whatever the pixel, and 16 rows of a tile are 16 rows of the list. Private to amx_*.cpp.

#include <cstddef>
#include <cstdint>
#include <vector>

#include "lib/face/amx.hpp"

namespace bioctl::face::amx {

/// Lines and columns of pixels.
struct Grid {
    std::size_t height = 0, width = 0;
    bool operator==(Grid const&) const = default;
    [[nodiscard]] std::size_t pitch() const { return width + 1; }
    [[nodiscard]] std::size_t rows() const { return (height + 1) * pitch(); }  ///< of one picture
};

/// One thread at a time. Memory is kept when it shrinks.
class Map {
public:
    enum class Values { none, kept };  ///< whether there is room for values()

    /// `filled`: the part that layers have results for; the rest is zeros, but for what a short cut adds. Contents are undefined
    /// but for the border before the first picture.
    void reshape(std::size_t pictures, Grid grid, Grid filled, std::size_t channels, Values values);
    void set_filled(Grid filled) { m_filled = filled; }
    /// Zeros everywhere but in the values of short cuts.
    void clear();

    [[nodiscard]] std::size_t pictures() const { return m_pictures; }
    [[nodiscard]] Grid grid() const { return m_grid; }
    [[nodiscard]] Grid filled() const { return m_filled; }
    [[nodiscard]] std::size_t channels() const { return m_channels; }
    [[nodiscard]] std::size_t rows() const { return m_pictures * m_grid.rows(); }
    [[nodiscard]] std::size_t row(std::size_t picture, std::size_t y, std::size_t x) const {
        return picture * m_grid.rows() + y * m_grid.pitch() + x;
    }

    /// To be multiplied; rows from -pitch() - 1 on, and some behind the last.
    [[nodiscard]] std::uint16_t* high() { return m_halves.data() + m_begin; }
    [[nodiscard]] std::uint16_t const* high() const { return m_halves.data() + m_begin; }
    [[nodiscard]] std::ptrdiff_t low() const { return static_cast<std::ptrdiff_t>(m_halves.size() / 2); }  ///< see Rows
    /// As float32, for short cuts.
    [[nodiscard]] float* values() { return m_values.data(); }
    [[nodiscard]] float const* values() const { return m_values.data(); }

private:
    std::size_t m_pictures = 0, m_channels = 0, m_begin = 0;
    Grid m_grid, m_filled;
    Halves m_halves;  // all upper ones, all lower ones
    std::vector<float> m_values;
};

}  // namespace bioctl::face::amx
