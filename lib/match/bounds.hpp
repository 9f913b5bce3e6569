#pragma once
// What bytes can say for certain about a distance between vectors of floats. Private to match/.
//
// Notation. A row x is held as x^ = s q, q whole numbers, and e >= |x - x^|; a probe p as p^ = t r, and f >= |p - p^|. Both
// errors are measured (in doubles, rounded up), not estimated. Then, by Cauchy and Schwarz,
//
//     <x, p> = <x^, p^> + <x - x^, p^> + <x, p - p^>  <=  s t <q, r> + e |p^| + |x| f
//     |x - p|^2 = |x|^2 + |p|^2 - 2 <x, p>            >=  |x|^2 + |p|^2 - 2 (s t <q, r> + e |p^| + |x| f)
//
// so that a row can only be within the square T of the probe if
//
//     s t <q, r> + C >= |x|^2 / 2,   C = (T - |p|^2) / 2 + e |p^| + |x| f.                                              (1)
//
// <q, r> is exact: whole numbers that fit 32 bits. Everything that is rounded is paid for in C:
// - squared_distance() adds n squares in floats. Each square and each sum is off by a factor of at most 1 + 2^-24, so its result
//   is no more than a factor of (1 - 2^-24)^(n + 2) below |x - p|^2. T grows by n 2^-22, four times that, and by k_slack.
// - Candidates are ordered by s |x - p| in floats: different squares may give one distance. Root and product are off by 2^-23
//   together, a factor of less than 1 + 2^-21 of the square; that is in the k_slack of T.
// - (1) itself is evaluated in floats, with or without fused additions: less than ten roundings of 2^-24 of terms that are none
//   larger than (|x| + |p|)^2 + T. C grows by k_slack = 1e-5 > 10 * 2^-24 times both.
// - Underflow and overflow: (1) is used only where the largest numbers of the group and of the probe are in k_least .. k_most or
//   all 0; then k_slack (|x| + |p|)^2 > 1e-29 is more than n 2^-149 (what underflowing squares lose), and no term is above 1e38.
//   Elsewhere every row is compared in floats.

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "lib/match/byte_kernel.hpp"

namespace bioctl::match {

inline constexpr double k_slack = 1e-5;
inline constexpr float k_least = 1e-12F;
inline constexpr float k_most = 1e12F;

/// What (1) wants to know of a group of rows.
struct GroupBound {
    float scale = 0;  ///< s
    float error = 0;  ///< e, the largest of the rows
    float norm = 0;   ///< |x|, the largest of the rows
};

/// Packs 16 rows of n floats to lines_of(n) lines. least[r] becomes |x|^2 / 2; -infinity, which keeps the row under all
/// circumstances, if it holds NaN or if the numbers of the group are too large or too small for (1).
GroupBound pack_group(float const* rows, std::size_t n, std::span<Line> lines, std::span<float, k_group_rows> least);

[[nodiscard]] constexpr std::size_t lines_of(std::size_t n) {
    return (n + k_line_dimensions - 1) / k_line_dimensions;
}

/// A probe in whole numbers.
class ProbeBytes {
public:
    explicit ProbeBytes(std::span<float const> probe);

    /// False: its numbers are too large, too small or NaN for (1), and every row must be compared.
    [[nodiscard]] bool is_usable() const { return m_is_usable; }
    [[nodiscard]] std::span<std::int8_t const> bytes() const { return m_bytes; }  ///< padded to lines
    [[nodiscard]] std::int32_t offset() const { return m_offset; }                ///< see DotKernel

    /// The factors and constants of KeepKernel for rows within the square `limit` (infinity keeps all).
    void bound(std::span<GroupBound const> groups, float limit, float* factors, float* constants) const;

private:
    std::vector<std::int8_t> m_bytes;
    std::size_t m_dimensions;
    std::int32_t m_offset = 0;
    bool m_is_usable = false;
    float m_scale = 0;        // t
    float m_error = 0;        // f
    float m_norm = 0;         // |p|
    float m_packed_norm = 0;  // |p^|
    double m_square = 0;      // |p|^2
};

}  // namespace bioctl::match
