#include "lib/base/csv.hpp"

#include <catch2/catch.hpp>

#include <fmt/format.h>

#include "lib/base/error.hpp"

using namespace bioctl;
using namespace std::string_literals;

namespace {

using Cells = std::vector<std::string>;

std::vector<CsvRow> rows_of(std::string_view text) {
    CsvReader reader{text};
    std::vector<CsvRow> rows;
    while (auto row = reader.next())
        rows.push_back(*std::move(row));
    return rows;
}

}  // namespace

TEST_CASE("csv: nothing, or only blank lines, has no rows", "[base]") {
    CHECK(rows_of("").empty());
    CHECK(rows_of("\n\r\n  \n,,\n").empty());
}

TEST_CASE("csv: a bad row is told with its line, and the next one is read", "[base]") {
    struct Case {
        std::string row, fault;
    };
    auto const [row, fault] =
        GENERATE(Case{"a", "has 1 fields, the first line 2; put fields that hold a ',' in quotes"}, Case{"a,b,c", "has 3 fields"},
                 Case{"a,\"b", "has a quote that is not closed"}, Case{"a,\"b\"c", "has text after a closing quote"},
                 Case{"a," + std::string(k_max_csv_row_bytes, 'x'), "is longer than 66 kB"},
                 Case{std::string(k_max_csv_cells, ','), "has more than 64 fields"});
    CAPTURE(row.substr(0, 20));
    auto const rows = rows_of("x,y\n\n" + row + "\nc,d\n");
    REQUIRE(rows.size() == 3);
    CHECK(rows[1].line == 3);
    CHECK_THAT(rows[1].fault, Catch::StartsWith(fault));
    CHECK(rows[2].line == 4);
    CHECK(rows[2].fault.empty());
    CHECK(rows[2].cells == Cells{"c", "d"});
}

TEST_CASE("csv: the separator is what the first line has most of", "[base]") {
    struct Case {
        std::string text;
        char separator;
    };
    auto const [text, separator] =
        GENERATE(Case{"a,b\n1,2", ','}, Case{"a;b\n1,5;2", ';'}, Case{"a\tb, c\td\n1\t2\t3", '\t'}, Case{"a\n1", ','},
                 Case{"\"a;b;c\",d\n1,2", ','}, Case{"\n\na;b\n1;2", ';'}, Case{"a;b,c;d\n1;2;3", ';'});
    CAPTURE(text);
    CHECK(CsvReader{text}.separator() == separator);
    CHECK(rows_of(text)[1].fault.empty());
}

TEST_CASE("csv: quotes hold separators, quotes and line ends, and lines are counted on", "[base]") {
    auto const rows = rows_of("a,b\r\n\"x,\"\"y\"\"\",\"1\r\n2\"\r\nlast,\"\"");
    REQUIRE(rows.size() == 3);
    CHECK(rows[1].cells == Cells{"x,\"y\"", "1\r\n2"});
    CHECK(rows[2].line == 4);
    CHECK(rows[2].cells == Cells{"last", ""});
}

TEST_CASE("csv: a NUL is a byte like others, a lone CR too", "[base]") {
    CHECK(rows_of("a,b\nx\0y,p\rq\n"s)[1].cells == Cells{"x\0y"s, "p\rq"});
}

TEST_CASE("csv: many quotes that are never closed cost one row each, not the file", "[base]") {
    std::string text = "a\n";
    for (int i = 0; i < 2000; ++i)
        text += i % 2 == 0 ? "\"open\n" : "fine\n";
    auto const rows = rows_of(text);
    CHECK(rows.back().line == 2001);
    CHECK(rows.back().cells == Cells{"fine"});
}

TEST_CASE("csv: the mark before UTF-8 goes, UTF-16 is named", "[base]") {
    CHECK(without_mark("\xEF\xBB\xBFid", "the list") == "id");
    CHECK(without_mark("id", "the list") == "id");
    CHECK_THROWS_WITH(without_mark("\xFF\xFEi\0"s, "the list"), "the list is in UTF-16; save it as CSV in UTF-8");
}

TEST_CASE("csv: a cell comes back from what is written, and no spreadsheet runs it", "[base]") {
    for (auto const& value : {"plain"s, "a,b"s, "a;b"s, "say \"x\""s, "two\nlines"s, ""s}) {
        CAPTURE(value);
        CHECK(rows_of(fmt::format("x,y\n{},end\n", to_csv_cell(value)))[1].cells == Cells{value, "end"});
    }
    CHECK(to_csv_cell("=SUM(A1)") == "'=SUM(A1)");
    CHECK(to_csv_cell("-7") == "'-7");
}
