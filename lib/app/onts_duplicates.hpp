#pragma once
// What is there twice in a list of ONTs, and what is missing: the questions of the old check_duplicates.

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "lib/app/ont_rows.hpp"
#include "lib/store/onts.hpp"

namespace bioctl::app {

/// One ONT, of the store or of a file, as far as the check looks at it.
struct OntFacts {
    std::string id{};     ///< "" = none
    std::string place{};  ///< "line 7", "row 3"; "" = of the store
    std::string customer_id{}, name{}, host{};
    std::optional<double> latitude{}, longitude{};
    bool is_unreadable = false;  ///< there are coordinates, but not such that anybody can read
};

[[nodiscard]] std::vector<OntFacts> facts_of(std::span<store::Ont const> onts);
/// Also of rows that an import would refuse.
[[nodiscard]] std::vector<OntFacts> facts_of(std::span<OntRow const> rows);

/// The five keys, in their order. Those that are empty are no duplicates; coordinates are "lat,lon" if neither is 0.
inline constexpr std::string_view k_duplicate_keys[] = {"customer_id", "ip", "name", "coordinates", "id"};

struct OntDuplicate {
    std::string key, value;
    std::vector<std::size_t> members;  ///< indexes of the facts, two or more
};

struct OntKeyTotals {
    std::string key;
    std::size_t filled = 0;      ///< that have a value
    std::size_t unique = 0;      ///< values
    std::size_t duplicated = 0;  ///< values that more than one has
};

struct OntCheck {
    std::vector<OntDuplicate> duplicates{};    ///< by key, then in the order in which they first come
    std::vector<OntKeyTotals> totals{};        ///< one for each key
    std::vector<std::size_t> without_place{};  ///< at 0,0 or without coordinates that can be read
    std::vector<std::size_t> unreadable{};     ///< of these, those that have coordinates nobody can read
    std::vector<std::size_t> without_address{};
};

[[nodiscard]] OntCheck check_duplicates(std::span<OntFacts const> facts);

}  // namespace bioctl::app
