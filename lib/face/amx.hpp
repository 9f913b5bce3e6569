#pragma once
// AMX, the matrix unit of newer Xeons: products of tiles of 16 x 32 and 32 x 16 bfloat16, summed as float32, at some ten times
// the rate of AVX-512. A bfloat16 is the upper half of a float32. Private to amx_*.cpp.
//
// What is multiplied here is not rounded to 8 bits: a value is the sum of two bfloat16, which lose at most 2^-17 of it. The bytes
// of a quantised weight are bfloat16 as they are. Other weights are two bfloat16, too, and the product of the two lower ones is
// left out, so that a product may lose 2^-15. Tiles belong to a thread.

#include <array>
#include <cstddef>
#include <cstdint>
#include <new>
#include <span>
#include <vector>

namespace bioctl::face::amx {

inline constexpr std::size_t k_tile_rows = 16;
inline constexpr std::size_t k_depth = 32;    ///< bfloat16 in a row of a tile
inline constexpr std::size_t k_columns = 32;  ///< results of one product: two tiles side by side
inline constexpr std::size_t k_panel_step = k_depth * k_columns;
using Acc = std::array<float, k_tile_rows * k_columns>;  ///< sums of one product

/// Rows of tiles that are no line of the cache cost twice as much to load.
template <class T>
struct OnLines {
    using value_type = T;
    static constexpr std::align_val_t k_line{64};

    OnLines() = default;
    template <class U>
    explicit OnLines(OnLines<U> const& /*other*/) {}
    T* allocate(std::size_t count) { return static_cast<T*>(::operator new(count * sizeof(T), k_line)); }
    void deallocate(T* begin, std::size_t /*count*/) { ::operator delete(begin, k_line); }
    bool operator==(OnLines const& /*other*/) const { return true; }
};
using Halves = std::vector<std::uint16_t, OnLines<std::uint16_t>>;  ///< begin at a line

/// Whether the processor has tiles of bfloat16 and the kernel lets this process use them, which the first call asks it for.
/// Thread-safe.
[[nodiscard]] bool is_ready();

/// This thread's tiles, while it lives: a switch of threads has to save 8 KB more meanwhile.
class Tiles {
public:
    Tiles();
    ~Tiles();
    Tiles(Tiles const&) = delete;
    Tiles& operator=(Tiles const&) = delete;
};

/// Rows of values, `high` plus `low` elements behind it. Row i of a product begins at from + i * stride.
struct Rows {
    std::uint16_t const* high;
    std::ptrdiff_t low;     ///< elements from a value's upper bits to its lower ones
    std::ptrdiff_t stride;  ///< bytes
};

/// What is walked for a sum: at each tap, `blocks` times 32 elements.
struct Walk {
    std::span<std::ptrdiff_t const> taps;  ///< elements, from the beginning of a row
    std::size_t blocks;
};

/// Weights for 32 results in the order of the walk, k_panel_step bfloat16 a step: tile of results 0 to 15, then of 16 to 31, each
/// with two weights that follow each other in depth side by side. `in_two`: lower bits in a second step behind each.
struct Panel {
    std::uint16_t const* weights;
    bool in_two;
};

/// Sums of 16 rows from `first` and, unless it is negative, 16 from `second` (elements into Rows), to 32 columns each, `stride`
/// bytes apart. Needs Tiles.
void multiply(Rows const& rows, std::ptrdiff_t first, std::ptrdiff_t second, Walk const& walk, Panel const& panel,
              float* to_first, float* to_second, std::ptrdiff_t stride);

/// Packs a step of a panel and the step of lower bits behind it: k_columns weights each of `depth` rows, at most k_depth, `row`
/// floats apart. What is missing must be zeros.
void pack_step(float const* weights, std::size_t row, std::size_t depth, std::uint16_t* to);

}  // namespace bioctl::face::amx
