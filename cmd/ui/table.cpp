#include "cmd/ui/table.hpp"

#include <algorithm>
#include <cctype>

#include "cmd/ui/render.hpp"

namespace bioctl::ui {

namespace {

constexpr std::size_t k_rows_held = 100;
constexpr std::size_t k_gap = 2;

std::string upper(std::string text) {
    std::transform(text.begin(), text.end(), text.begin(),
                   [](char c) { return c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c; });
    return text;
}

}  // namespace

Table::Table(std::vector<std::string> header, Emphasis emphasis) : m_header(std::move(header)), m_emphasis(std::move(emphasis)) {}

std::string Table::add(std::vector<Cell> row) {
    if (!m_widths.empty()) return line(row);
    m_held.push_back(std::move(row));
    return m_held.size() < k_rows_held ? std::string{} : flush();
}

std::string Table::flush() {
    if (m_held.empty()) return {};
    std::vector<Cell> header;
    m_is_number.assign(m_header.size(), true);
    for (auto const& name : m_header) {
        m_widths.push_back(display_width(name));
        header.push_back({upper(name)});
    }
    for (auto const& row : m_held) {
        for (std::size_t i = 0; i < row.size(); ++i) {
            m_widths[i] = std::max(m_widths[i], display_width(row[i].text));
            m_is_number[i] = m_is_number[i] && row[i].is_number;
        }
    }
    auto heading = line(header);
    heading.pop_back();
    std::string out = m_emphasis.on + heading + m_emphasis.off + '\n';
    for (auto const& row : m_held)
        out += line(row);
    m_held.clear();
    return out;
}

std::string Table::line(std::vector<Cell> const& row) const {
    std::string out;
    for (std::size_t i = 0; i < row.size(); ++i) {
        auto const width = display_width(row[i].text);
        std::string const padding(m_widths[i] > width ? m_widths[i] - width : 0, ' ');
        bool const is_last = i + 1 == row.size();
        if (m_is_number[i]) out += padding;
        out += row[i].text;
        if (!m_is_number[i] && !is_last) out += padding;
        if (!is_last) out += std::string(k_gap, ' ');
    }
    return out + '\n';
}

}  // namespace bioctl::ui
