#pragma once
// Tables as spreadsheets write them: RFC 4180, and what people make of it.

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace bioctl {

/// A longer row is no row: somebody's unclosed quote, or another kind of file.
inline constexpr std::size_t k_max_csv_row_bytes = 64 * 1024;
inline constexpr std::size_t k_max_csv_cells = 64;

struct CsvRow {
    std::size_t line = 0;  ///< where it begins, from 1
    std::vector<std::string> cells{};
    std::string fault{};  ///< what is wrong with the row as such, for people; "" = nothing
};

/// Reads row by row. The text outlives the reader. Never throws; a damaged row does not hide those on the lines after it.
class CsvReader {
public:
    /// The separator is the one of `,` `;` and tab that the first line has most of, the comma if it has none. LF or CRLF.
    explicit CsvReader(std::string_view text);

    /// The next row that is not blank. The first one is the header: a later one with another number of cells has that as its
    /// fault.
    [[nodiscard]] std::optional<CsvRow> next();
    [[nodiscard]] char separator() const { return m_separator; }

private:
    CsvRow read_row();
    std::string read_cell(std::string& cell);  ///< returns what is wrong with it
    std::string read_quoted(std::string& cell);
    bool accept_second_quote(std::string& cell);
    bool accept(char c);
    bool accept_line_end();
    void skip_line(std::size_t begin, std::size_t line);
    void check_count(CsvRow& row);

    std::string_view m_text;
    char m_separator;
    std::size_t m_at = 0;
    std::size_t m_line = 1;
    std::size_t m_columns = 0;  // of the header; 0: not read yet
};

/// The text without the byte order mark that spreadsheets put before UTF-8. Error{data} naming `what` for UTF-16.
[[nodiscard]] std::string_view without_mark(std::string_view text, std::string_view what);

/// The value as a cell. One that a spreadsheet would run as a formula gets an apostrophe in front.
[[nodiscard]] std::string to_csv_cell(std::string_view value);

}  // namespace bioctl
