#pragma once
// Which ONTs a verb is about.

#include <string>
#include <vector>

#include "lib/store/onts.hpp"

namespace bioctl::app {

/// All of the lists must fit; an empty one fits everybody.
struct OntChoice {
    std::vector<std::string>
        onts{};  ///< id, customer id or name; also "id:7", "customer:7", "name:7", as require_ont() reads them
    std::vector<std::string> groups{}, locations{};

    [[nodiscard]] bool is_everything() const { return onts.empty() && groups.empty() && locations.empty(); }
};

/// Of these, in their order. Throws Error{no_input} for a word that fits none of them.
[[nodiscard]] std::vector<store::Ont> choose_onts(std::vector<store::Ont> const& all, OntChoice const& choice);

}  // namespace bioctl::app
