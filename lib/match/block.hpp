#pragma once
// A piece of a Gallery's matrix: some rows in floats, and in bytes whatever fills groups. Private to match/.

#include <cstddef>
#include <cstdint>
#include <limits>
#include <span>
#include <vector>

#include "lib/match/bounds.hpp"

namespace bioctl::match {

/// Of a row that was removed.
inline constexpr std::uint32_t k_nobody = std::numeric_limits<std::uint32_t>::max();

class Block {
public:
    static constexpr std::size_t k_rows = 1024;

    explicit Block(std::size_t dimensions) : m_dimensions(dimensions) {}

    [[nodiscard]] bool is_full() const { return m_people.size() == k_rows; }
    [[nodiscard]] std::size_t rows() const { return m_people.size(); }
    [[nodiscard]] float const* row(std::size_t i) const { return m_rows.data() + i * m_dimensions; }
    /// The person of each row, k_nobody of a removed one.
    [[nodiscard]] std::span<std::uint32_t const> people() const { return m_people; }

    /// Not when it is full. The new row is to be filled in by the caller, who then calls close().
    [[nodiscard]] std::span<float> open(std::uint32_t person);
    void close();
    void remove(std::size_t row);

    /// Whole groups: rows from groups() * k_group_rows on are in floats only.
    [[nodiscard]] std::size_t groups() const { return m_bounds.size(); }
    [[nodiscard]] Line const* lines(std::size_t group) const { return m_lines.data() + group * lines_of(m_dimensions); }
    [[nodiscard]] std::span<GroupBound const> bounds() const { return m_bounds; }
    /// Of each row of a group, see KeepKernel.
    [[nodiscard]] float const* least(std::size_t group) const { return m_least.data() + group * k_group_rows; }

private:
    std::size_t m_dimensions;
    std::vector<float> m_rows;            // row-major; of unit length if the metric is unit
    std::vector<std::uint32_t> m_people;  // by row
    std::vector<Line> m_lines;
    std::vector<float> m_least;
    std::vector<GroupBound> m_bounds;
};

}  // namespace bioctl::match
