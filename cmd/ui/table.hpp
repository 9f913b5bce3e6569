#pragma once
// Rows with aligned columns, for a terminal. Renders strings; writes nowhere.

#include <string>
#include <vector>

namespace bioctl::ui {

struct Cell {
    std::string text;  ///< valid UTF-8, one line
    bool is_number = false;
};

/// The first rows are held back to find the widths; later ones that are wider stand out of line rather than being cut.
class Table {
public:
    /// escape sequences around the header, or ""
    struct Emphasis {
        std::string on, off;
    };

    Table(std::vector<std::string> header, Emphasis emphasis);

    /// Returns what can be printed now: nothing while widths are looked for.
    [[nodiscard]] std::string add(std::vector<Cell> row);
    /// What is still held back. Later rows come at once, with the widths found.
    [[nodiscard]] std::string flush();

private:
    [[nodiscard]] std::string line(std::vector<Cell> const& row) const;

    std::vector<std::string> m_header;
    Emphasis m_emphasis;
    std::vector<std::vector<Cell>> m_held;
    std::vector<std::size_t> m_widths;  ///< empty until found
    std::vector<bool> m_is_number;
};

}  // namespace bioctl::ui
