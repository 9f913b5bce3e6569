#include "lib/palm/gabor.hpp"

#include <array>
#include <cmath>
#include <cstring>
#include <numbers>

namespace bioctl::palm {

namespace {

constexpr std::size_t k_side = match::k_code_side;
constexpr std::size_t k_planes = match::k_code_planes;
constexpr int k_step = 4;     // pixels from cell to cell
constexpr int k_first = 2;    // middle of the first cell
constexpr int k_radius = 20;  // of the kernel
constexpr int k_kernel = 2 * k_radius + 1;
constexpr int k_taps = k_kernel * k_kernel / 2;  // of one half; the middle comes extra
static_assert(k_radius == k_margin_pixels && k_region_pixels == k_step * static_cast<int>(k_side));

constexpr int k_whole = k_region_pixels + 2 * k_margin_pixels;
constexpr int k_phase_columns = k_whole / k_step;

using Weights = std::array<float, k_planes>;

/// The filters have the same weight at (x, y) and (-x, -y), so one half is enough.
struct Bank {
    std::array<Weights, k_taps> half;
    Weights middle;
};

using Kernel = std::array<float, k_taps * 2 + 1>;

Kernel make_kernel(double angle) {
    constexpr double k_across = 4;
    constexpr double k_along = 8;
    constexpr double k_wavelength = 12.6;
    std::array<double, k_taps * 2 + 1> envelope{};
    std::array<double, k_taps * 2 + 1> wave{};
    double total = 0;
    double mean = 0;
    std::size_t i = 0;
    for (int y = -k_radius; y <= k_radius; ++y) {
        for (int x = -k_radius; x <= k_radius; ++x, ++i) {
            double const u = x * std::cos(angle) + y * std::sin(angle);
            double const v = y * std::cos(angle) - x * std::sin(angle);
            envelope[i] = std::exp(-u * u / (2 * k_across * k_across) - v * v / (2 * k_along * k_along));
            wave[i] = std::cos(2 * std::numbers::pi * u / k_wavelength);
            total += envelope[i];
            mean += envelope[i] * wave[i];
        }
    }
    mean /= total;
    double strength = 0;
    for (i = 0; i < envelope.size(); ++i)
        strength += std::abs(envelope[i] * (wave[i] - mean));
    Kernel kernel;
    for (i = 0; i < kernel.size(); ++i)
        kernel[i] = static_cast<float>(envelope[i] * (wave[i] - mean) / strength);
    return kernel;
}

Bank make_bank() {
    Bank bank{};
    for (std::size_t plane = 0; plane < k_planes; ++plane) {
        auto const kernel = make_kernel(static_cast<double>(plane) * std::numbers::pi / static_cast<double>(k_planes));
        for (std::size_t tap = 0; tap < bank.half.size(); ++tap)
            bank.half[tap][plane] = kernel[tap];
        bank.middle[plane] = kernel[k_taps];
    }
    return bank;
}

/// The picture's columns sorted by x modulo the step, so that what one tap needs for a row of cells lies side by side.
class Phases {
public:
    explicit Phases(cv::Mat const& grey) : m_values(static_cast<std::size_t>(k_whole * k_whole)) {
        for (int y = 0; y < k_whole; ++y) {
            auto const* const row = grey.ptr<float>(y);
            for (int x = 0; x < k_whole; ++x)
                m_values[index(x, y)] = row[x];
        }
    }
    /// Values at (x, y), (x + step, y), ...
    [[nodiscard]] float const* from(int x, int y) const { return m_values.data() + index(x, y); }

private:
    static std::size_t index(int x, int y) {
        return static_cast<std::size_t>((y * k_step + x % k_step) * k_phase_columns + x / k_step);
    }
    std::vector<float> m_values;
};

using RowOfCells = std::array<std::array<float, k_side>, k_planes>;

#if defined(__x86_64__)
[[gnu::target_clones("avx2", "default")]]
#endif
void filter_row(Phases const& phases, Bank const& bank, int cell_row, RowOfCells& out) {
    int const x = k_margin_pixels + k_first;
    int const y = x + cell_row * k_step;
    std::array<float, k_side> values;
    std::memcpy(values.data(), phases.from(x, y), sizeof values);
    for (std::size_t plane = 0; plane < k_planes; ++plane) {
        for (std::size_t i = 0; i < k_side; ++i)
            out[plane][i] = bank.middle[plane] * values[i];
    }
    for (int tap = 0; tap < k_taps; ++tap) {
        int const dx = tap % k_kernel - k_radius;
        int const dy = tap / k_kernel - k_radius;
        auto const* const here = phases.from(x + dx, y + dy);
        auto const* const opposite = phases.from(x - dx, y - dy);
        for (std::size_t i = 0; i < k_side; ++i)
            values[i] = here[i] + opposite[i];
        auto const& weights = bank.half[static_cast<std::size_t>(tap)];
        for (std::size_t plane = 0; plane < k_planes; ++plane) {
            for (std::size_t i = 0; i < k_side; ++i)
                out[plane][i] += weights[plane] * values[i];
        }
    }
}

}  // namespace

Coded encode(Region const& region) {
    static Bank const bank = make_bank();
    Phases const phases{region.grey};
    Coded coded;
    double strength = 0;
    double level = 0;
    int valid = 0;
    for (std::size_t y = 0; y < k_side; ++y) {
        RowOfCells row;
        filter_row(phases, bank, static_cast<int>(y), row);
        int const middle = k_margin_pixels + k_first;
        auto const pixel_y = middle + static_cast<int>(y) * k_step;
        for (std::size_t x = 0; x < k_side; ++x) {
            auto const pixel_x = middle + static_cast<int>(x) * k_step;
            float strongest = 0;
            for (std::size_t plane = 0; plane < k_planes; ++plane) {
                if (row[plane][x] < 0) coded.code.planes[plane][y] |= 1U << x;
                strongest = std::max(strongest, std::abs(row[plane][x]));
            }
            if (region.valid.at<std::uint8_t>(pixel_y, pixel_x) == 0) continue;
            coded.code.mask[y] |= 1U << x;
            strength += static_cast<double>(strongest);
            level += static_cast<double>(region.grey.at<float>(pixel_y, pixel_x));
            ++valid;
        }
    }
    if (valid > 0 && level > 0) coded.contrast = static_cast<float>(strength / level);
    return coded;
}

}  // namespace bioctl::palm
