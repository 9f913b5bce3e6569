#pragma once
// A file of ONTs into the registry, in one transaction.

#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "lib/app/ont_rows.hpp"
#include "lib/app/onts.hpp"

namespace bioctl::app {

struct OntImportOptions {
    /// Rows that are known by their customer id (without one: by their name, among those without one) change that ONT: what the
    /// file says replaces what is stored, an empty cell says nothing. Without it they are bad rows. New rows take the id of the
    /// file if it is to be had, else the next.
    bool is_merge = false;
    OntColumnMap columns{};
    std::function<void(std::size_t done, std::size_t total)> progress{};  ///< of the rows that are written
};

/// Something to tell about one row.
struct OntImportNote {
    std::string place;  ///< "line 7", "row 3"
    std::size_t line = 0, number = 0;
    std::string customer_id{}, name{};
    std::string text{};
};

struct OntImportReport {
    std::size_t rows = 0, added = 0, updated = 0, unchanged = 0;
    std::vector<OntImportNote> rejected{};  ///< in the order of the file
    std::vector<OntImportNote> warnings{};  ///< of rows that were kept
    std::vector<std::string> made{};        ///< names of parents that were not there and are now, as OLTs without an address
};

/// What is wrong with one row keeps only that row out. Coordinates that cannot be read, and parents that cannot be, are left out
/// with a warning. Parents are named by id, "id:7", customer id or name, in any order of rows. Throws what read_ont_rows()
/// throws, and nothing is changed then.
OntImportReport import_onts(OntRegistry const& registry, std::string_view text, OntImportOptions const& options);

}  // namespace bioctl::app
