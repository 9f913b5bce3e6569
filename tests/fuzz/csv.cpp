// Tables of spreadsheets, and that a cell of ours is read as it was written.

#include "lib/base/csv.hpp"
#include "lib/base/text.hpp"
#include "tests/fuzz/fuzz.hpp"

using namespace bioctl;

namespace {

/// As the second row, beside a cell that keeps it from being blank.
void check_own_cell(std::string const& cell) {
    auto const table = "a,b\n1," + to_csv_cell(cell) + '\n';
    if (table.size() > k_max_csv_row_bytes / 2) return;
    CsvReader reader{table};
    static_cast<void>(reader.next());
    auto const row = reader.next();
    fuzz::require(row && row->fault.empty() && row->cells.size() == 2, "a cell of ours is one cell");
    auto const& back = row->cells.back();
    fuzz::require(back == cell || back == '\'' + cell || back == trim(cell), "a cell of ours keeps its text");
    fuzz::require(!reader.next(), "a cell of ours ends with its row");
}

}  // namespace

int LLVMFuzzerTestOneInput(std::uint8_t const* data, std::size_t size) {
    auto const whole = fuzz::text_of(data, size);
    fuzz::may_refuse([&] {
        CsvReader reader{without_mark(whole, "the file")};
        std::size_t line = 0;
        while (auto const row = reader.next()) {
            fuzz::require(row->line > line, "rows come in the order of their lines");
            line = row->line;
            fuzz::require(row->cells.size() <= k_max_csv_cells || !row->fault.empty(),
                          "a good row has no more cells than allowed");
            if (!row->fault.empty()) fuzz::require_message(row->fault);
        }
    });
    check_own_cell(std::string{whole.substr(0, 200)});
    return 0;
}
