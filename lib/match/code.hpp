#pragma once
// Binary codes on a grid, such as those of palms, and their masked Hamming distance over small shifts.
//
// source  Daugman, "High confidence visual recognition of persons by a test of statistical independence", 1993 (masked Hamming
//         distance, shifts); Guo, Zhang, Zhang, Zuo, "Palmprint verification using binary orientation co-occurrence vector",
//         2009 (six planes, one per orientation).

#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <string_view>
#include <vector>

namespace bioctl::match {

inline constexpr std::size_t k_code_side = 32;    ///< cells in a row, and rows
inline constexpr std::size_t k_code_planes = 6;   ///< bits of one cell
inline constexpr int k_code_reach = 4;            ///< a shift goes so many cells to each side
inline constexpr std::size_t k_code_shifts = 81;  ///< (2 * reach + 1) squared

/// A plane holds one 32-bit word per row; bit x of word y is the cell (x, y).
struct alignas(64) Code {
    using Plane = std::array<std::uint32_t, k_code_side>;
    std::array<Plane, k_code_planes> planes{};
    Plane mask{};  ///< set: the cell shows what is to be compared
    bool operator==(Code const&) const = default;
};

/// Shows enough of the grid to be compared with another one: at least half.
[[nodiscard]] bool is_comparable(Code const& code);

/// Ways to count, all with the same counts to the last bit. `portable` runs everywhere.
enum class CodePath { portable, popcnt, avx2, avx512 };
[[nodiscard]] std::string_view name_of(CodePath path);
/// What this processor can, slowest first.
[[nodiscard]] std::vector<CodePath> code_paths();

/// A code made ready to be compared with many: its shifts to the sides are laid out once (10 kB). Immutable, any number of
/// threads.
class CodeProbe {
public:
    explicit CodeProbe(Code const& code);

    /// Rows of a plane in the table, the empty ones above and below included.
    static constexpr std::size_t k_padded = k_code_side + 2 * k_code_reach;
    /// One column of the search holds six planes, then the mask, each k_padded words.
    static constexpr std::size_t k_column = (k_code_planes + 1) * k_padded;
    [[nodiscard]] std::uint32_t const* column(std::size_t index) const { return m_table.data() + index * k_column; }

private:
    std::vector<std::uint32_t> m_table;
};

/// 0 (equal) .. 1: the smallest share of differing bits among cells valid in both, over all shifts that leave at least half of
/// the grid to compare. 1 if no shift does. Unrelated palms are near .42, not .5, because the best of 81 shifts counts.
[[nodiscard]] float distance(CodeProbe const& probe, Code const& code);
/// The same with a path of one's choice; Error{bug} if this processor cannot.
[[nodiscard]] float distance(CodeProbe const& probe, Code const& code, CodePath path);

}  // namespace bioctl::match
