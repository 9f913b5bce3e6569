#include "lib/match/block.hpp"

namespace bioctl::match {

std::span<float> Block::open(std::uint32_t person) {
    auto const begin = m_rows.size();
    m_rows.resize(begin + m_dimensions);
    m_people.push_back(person);
    return std::span{m_rows}.subspan(begin);
}

void Block::close() {
    if (m_people.size() % k_group_rows != 0 || m_dimensions > k_most_dimensions) return;
    auto const first = m_people.size() - k_group_rows;
    auto const lines = m_lines.size();
    m_lines.resize(lines + lines_of(m_dimensions));
    m_least.resize(m_people.size());
    m_bounds.push_back(pack_group(row(first), m_dimensions, std::span{m_lines}.subspan(lines),
                                  std::span{m_least}.subspan(first).first<k_group_rows>()));
    for (std::size_t i = first; i < m_people.size(); ++i) {
        if (m_people[i] == k_nobody) remove(i);
    }
}

void Block::remove(std::size_t row) {
    m_people[row] = k_nobody;
    // Nothing is that near, unless everything is: then whoever compares looks at people() anyway.
    if (row < m_least.size()) m_least[row] = std::numeric_limits<float>::infinity();
}

}  // namespace bioctl::match
