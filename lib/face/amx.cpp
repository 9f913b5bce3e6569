#include "lib/face/amx.hpp"

#include <bit>

#include "lib/base/error.hpp"

#if defined(__x86_64__)
#include <array>

#include <cpuid.h>
#include <immintrin.h>
#include <sys/syscall.h>
#include <unistd.h>
#endif

namespace bioctl::face::amx {

namespace {

std::uint16_t rounded(float value) {
    auto const bits = std::bit_cast<std::uint32_t>(value);
    return static_cast<std::uint16_t>((bits + 0x7fff + ((bits >> 16) & 1)) >> 16);  // to the nearest, ties to even
}

#if defined(__x86_64__)

// Linux, Documentation/arch/x86/xstate.rst
constexpr long k_get_permission = 0x1022;
constexpr long k_request_permission = 0x1023;
constexpr long k_tile_data = 18;

bool may_use_tiles() {
    unsigned a = 0, b = 0, c = 0, d = 0;
    constexpr unsigned k_bf16 = 1U << 22;
    constexpr unsigned k_tile = 1U << 24;
    if (__get_cpuid_count(7, 0, &a, &b, &c, &d) == 0 || (d & (k_bf16 | k_tile)) != (k_bf16 | k_tile)) return false;
    bool const has_vectors = __builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512bw") &&
                             __builtin_cpu_supports("avx512vl") && __builtin_cpu_supports("avx512bf16");
    if (!has_vectors || ::syscall(SYS_arch_prctl, k_request_permission, k_tile_data) != 0) return false;
    // A filter of system calls may say that a call succeeded which never was.
    std::uint64_t permitted = 0;
    return ::syscall(SYS_arch_prctl, k_get_permission, &permitted) == 0 && (permitted >> k_tile_data & 1) != 0;
}

/// The memory that LDTILECFG reads: Intel's manual, volume 1, 18.2.1.
struct alignas(64) Configuration {
    std::uint8_t palette = 1;
    std::uint8_t start_row = 0;
    std::array<std::uint8_t, 14> reserved{};
    std::array<std::uint16_t, 16> row_bytes{64, 64, 64, 64, 64, 64, 64, 64};
    std::array<std::uint8_t, 16> rows{16, 16, 16, 16, 16, 16, 16, 16};
};

/// Adds the products of rows, 16 or twice 16, with the weights in tiles 6 and 7. Tiles 0 to 3 are sums, 4 and 5 values.
template <bool has_second>
[[gnu::target("amx-tile,amx-bf16"), gnu::always_inline]] inline void add_products(std::uint16_t const* first,
                                                                                  std::uint16_t const* second,
                                                                                  std::ptrdiff_t step) {
    _tile_loadd(4, first, step);
    _tile_dpbf16ps(0, 4, 6);
    _tile_dpbf16ps(1, 4, 7);
    if constexpr (has_second) {
        _tile_loadd(5, second, step);
        _tile_dpbf16ps(2, 5, 6);
        _tile_dpbf16ps(3, 5, 7);
    }
}

[[gnu::target("amx-tile"), gnu::always_inline]] inline void load_weights(std::uint16_t const* weights) {
    _tile_loadd(6, weights, 64);
    _tile_loadd(7, weights + k_panel_step / 2, 64);
}

/// Both rows share each pair of tiles of weights.
template <bool has_second, bool in_two>
[[gnu::target("amx-tile,amx-bf16")]] void multiply_tiles(Rows const& rows, std::uint16_t const* first,
                                                         std::uint16_t const* second, Walk const& walk,
                                                         std::uint16_t const* weights, float* to_first, float* to_second,
                                                         std::ptrdiff_t stride) {
    _tile_zero(0);
    _tile_zero(1);
    if constexpr (has_second) {
        _tile_zero(2);
        _tile_zero(3);
    }
    for (auto const tap : walk.taps) {
        auto const* a = first + tap;
        auto const* b = second + tap;
        for (std::size_t block = 0; block < walk.blocks; ++block, a += k_depth, b += k_depth, weights += k_panel_step) {
            load_weights(weights);
            add_products<has_second>(a, b, rows.stride);
            add_products<has_second>(a + rows.low, b + rows.low, rows.stride);
            if constexpr (in_two) {
                weights += k_panel_step;
                load_weights(weights);
                add_products<has_second>(a, b, rows.stride);
            }
        }
    }
    _tile_stored(0, to_first, stride);
    _tile_stored(1, to_first + k_tile_rows, stride);
    if constexpr (has_second) {
        _tile_stored(2, to_second, stride);
        _tile_stored(3, to_second + k_tile_rows, stride);
    }
}

[[gnu::target("amx-tile")]] void configure() {
    // In memory before: g++ 12 thinks that the instruction reads 8 bytes, and leaves out the stores to the others.
    static constexpr Configuration k_all;
    _tile_loadconfig(&k_all);
}

[[gnu::target("amx-tile")]] void release() {
    _tile_release();
}

#endif

}  // namespace

void pack_step(float const* weights, std::size_t row, std::size_t depth, std::uint16_t* to) {
    for (std::size_t i = 0; i < depth; ++i) {
        for (std::size_t column = 0; column < k_columns; ++column) {
            auto const value = weights[i * row + column];
            auto const high = rounded(value);
            // Two tiles of columns; in each, rows of pairs.
            auto const at =
                column / k_tile_rows * (k_panel_step / 2) + i / 2 * 2 * k_tile_rows + column % k_tile_rows * 2 + i % 2;
            to[at] = high;
            to[k_panel_step + at] = rounded(value - std::bit_cast<float>(std::uint32_t{high} << 16));
        }
    }
}

#if defined(__x86_64__)

bool is_ready() {
    static bool const may = may_use_tiles();
    return may;
}

Tiles::Tiles() {
    configure();
}

Tiles::~Tiles() {
    release();
}

void multiply(Rows const& rows, std::ptrdiff_t first, std::ptrdiff_t second, Walk const& walk, Panel const& panel,
              float* to_first, float* to_second, std::ptrdiff_t stride) {
    auto const kernel = second < 0     ? panel.in_two ? multiply_tiles<false, true> : multiply_tiles<false, false>
                            : panel.in_two ? multiply_tiles<true, true>
                                       : multiply_tiles<true, false>;
    kernel(rows, rows.high + first, rows.high + (second < 0 ? first : second), walk, panel.weights, to_first, to_second, stride);
}

#else

bool is_ready() {
    return false;
}

Tiles::Tiles() {
    throw Error{Kind::bug, "this processor has no tiles"};
}

Tiles::~Tiles() = default;

void multiply(Rows const&, std::ptrdiff_t, std::ptrdiff_t, Walk const&, Panel const&, float*, float*, std::ptrdiff_t) {
    throw Error{Kind::bug, "this processor has no tiles"};
}

#endif

}  // namespace bioctl::face::amx
