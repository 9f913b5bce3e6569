#include "lib/face/amx_convolution.hpp"

#if defined(__x86_64__)

#include <algorithm>
#include <array>

#include "lib/face/amx_halves.hpp"

namespace bioctl::face::amx {

namespace {

constexpr std::size_t k_kernel = 3;
constexpr std::size_t k_taps = k_kernel * k_kernel;

/// A row of the result's map.
enum Where : std::uint8_t {
    outside,    ///< the border: zeros
    only_grid,  ///< beyond what the layer fills: the short cut alone
    filled,
};

/// What one product of tiles becomes: rows of the result's map, k_columns of its channels.
struct Finish {
    float const *scale, *bias;  ///< of these channels
    bool adds_values;
    std::uint8_t const* where;
    std::uint16_t *high, *low;  ///< of row 0, these channels
    float* values;              ///< the same
    std::size_t channels;
};

[[gnu::target("avx512f,avx512bw,avx512vl,avx512bf16")]] void finish(Finish const& to, Scratch::TileRows const& tile,
                                                                    Acc const& acc) {
    auto const zero = _mm512_setzero_ps();
    for (std::size_t i = 0; i < tile.count; ++i) {
        auto const row = tile.to + i;
        auto const at = row * to.channels;
        auto const where = to.where[row];
        for (std::size_t half = 0; half < k_columns; half += k_lanes) {
            auto value = zero;
            if (where == filled) {
                value = _mm512_fmadd_ps(_mm512_loadu_ps(&acc[i * k_columns + half]), _mm512_loadu_ps(to.scale + half),
                                        _mm512_loadu_ps(to.bias + half));
            }
            if (to.adds_values && where != outside) value = _mm512_add_ps(value, _mm512_loadu_ps(to.values + at + half));
            value = _mm512_max_ps(value, zero);
            if (to.adds_values) _mm512_storeu_ps(to.values + at + half, value);
            store_halves(value, to.high + at + half, to.low + at + half);
        }
    }
}

std::vector<std::uint8_t> const& where_of(Map const& to, std::vector<std::uint8_t>& where) {
    where.assign(to.rows(), outside);
    for (std::size_t picture = 0; picture < to.pictures(); ++picture) {
        for (std::size_t y = 0; y < to.grid().height; ++y) {
            auto const first = where.begin() + static_cast<std::ptrdiff_t>(to.row(picture, y, 0));
            auto const columns = static_cast<std::ptrdiff_t>(y < to.filled().height ? to.filled().width : 0);
            std::fill_n(first, columns, filled);
            std::fill(first + columns, first + static_cast<std::ptrdiff_t>(to.grid().width), only_grid);
        }
    }
    return where;
}

/// Stride 1: all rows as they lie. Stride 2: tiles of each line of the result.
void tiles_of(Map const& from, Map const& to, std::size_t stride, std::vector<Scratch::TileRows>& tiles) {
    tiles.clear();
    if (stride == 1) {
        for (std::size_t row = 0; row < to.rows(); row += k_tile_rows)
            tiles.push_back({row, row, std::min(k_tile_rows, to.rows() - row)});
        return;
    }
    for (std::size_t picture = 0; picture < to.pictures(); ++picture) {
        for (std::size_t y = 0; y < to.filled().height; ++y) {
            for (std::size_t x = 0; x < to.filled().width; x += k_tile_rows) {
                auto const count = std::min(k_tile_rows, to.filled().width - x);
                tiles.push_back({from.row(picture, stride * y, stride * x), to.row(picture, y, x), count});
            }
        }
    }
}

}  // namespace

bool Convolution::takes(Node const& node, Shape const& in) {
    auto const border = node.stride == 1 ? 1 : 0;
    bool const has_shape = node.op == Op::convolution && node.kernel == 3 && (node.stride == 1 || node.stride == 2) &&
                           node.padding == Padding{border, border, border, border} && in.channels % 32 == 0 &&
                           node.shape.channels % 32 == 0;
    auto const channels = static_cast<std::size_t>(node.shape.channels);
    return has_shape && Panels::fits(node.weights, channels) && node.bias.size() == channels;
}

Convolution::Convolution(Node const& node, Shape const& in)
    : m_in(static_cast<std::size_t>(in.channels)),
      m_out(static_cast<std::size_t>(node.shape.channels)),
      m_stride(static_cast<std::size_t>(node.stride)),
      m_panels(node.weights, k_taps * m_in, m_out),
      m_bias(node.bias) {}

void Convolution::run(Map const& from, Map& to, ShortCut short_cut, Scratch& scratch) const {
    if (m_stride != 1) to.clear();  // it writes only what it fills
    tiles_of(from, to, m_stride, scratch.tiles);
    auto const pitch = static_cast<std::ptrdiff_t>(from.grid().pitch());
    auto const channels = static_cast<std::ptrdiff_t>(m_in);
    std::array<std::ptrdiff_t, k_taps> taps{};
    std::ptrdiff_t const first_tap = m_stride == 1 ? -pitch - 1 : 0;
    for (std::size_t tap = 0; tap < k_taps; ++tap) {
        auto const y = static_cast<std::ptrdiff_t>(tap / k_kernel);
        taps[tap] = (first_tap + y * pitch + static_cast<std::ptrdiff_t>(tap % k_kernel)) * channels;
    }
    auto const& where = where_of(to, scratch.where);
    Rows const rows{from.high(), from.low(), static_cast<std::ptrdiff_t>(m_stride * m_in * sizeof(std::uint16_t))};
    Walk const walk{taps, m_in / k_depth};
    alignas(64) std::array<Acc, 2> acc;
    for (std::size_t first = 0; first < m_out; first += k_columns) {
        auto const panel = m_panels.of(first);
        Finish const result{.scale = m_panels.scale().data() + first,
                            .bias = m_bias.data() + first,
                            .adds_values = short_cut == ShortCut::values,
                            .where = where.data(),
                            .high = to.high() + first,
                            .low = to.high() + to.low() + first,
                            .values = short_cut == ShortCut::values ? to.values() + first : nullptr,
                            .channels = m_out};
        for (std::size_t t = 0; t < scratch.tiles.size(); t += 2) {
            bool const has_second = t + 1 < scratch.tiles.size();
            auto const begin = [&](std::size_t tile) { return static_cast<std::ptrdiff_t>(scratch.tiles[tile].from * m_in); };
            multiply(rows, begin(t), has_second ? begin(t + 1) : -1, walk, panel, acc[0].data(), acc[1].data(),
                     k_columns * sizeof(float));
            finish(result, scratch.tiles[t], acc[0]);
            if (has_second) finish(result, scratch.tiles[t + 1], acc[1]);
        }
    }
}

}  // namespace bioctl::face::amx

#endif
