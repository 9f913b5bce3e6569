#pragma once
// What a row of the registry may be. Private to app/.

#include <map>
#include <optional>
#include <string>
#include <string_view>

#include "lib/app/onts.hpp"

namespace bioctl::app {

/// The configuration with the change in it, but for the parent. Throws Error{usage} naming field and rule.
[[nodiscard]] store::OntConfig changed_ont(store::OntConfig config, OntChange const& change);

/// An address of one host, or a host name; nothing that a shell or a resolver could take for something else. Kind::usage says why
/// not, and what an IP range or a netmask is told.
[[nodiscard]] Result<void> check_host(std::string_view host);

struct Position {
    std::optional<double> latitude{}, longitude{};  ///< both or none
    std::string warning{};                          ///< why there is none, for people; "" = there is one, or none was given
    bool is_null = false;                           ///< it was 0,0
    friend bool operator==(Position const& a, Position const& b) {
        return a.latitude == b.latitude && a.longitude == b.longitude;
    }
};
/// As rows of files have it: what cannot be read is no reason to lose the row. (0,0) lies in the sea and means "not known".
[[nodiscard]] Position read_position(std::string_view latitude, std::string_view longitude);

/// Who hangs on whom: id -> id.
using Parents = std::map<std::int64_t, std::int64_t>;
inline constexpr int k_most_levels = 32;
/// Why `child` cannot hang on `parent`: it would hang on itself, or more than k_most_levels are above it. "" = it can.
[[nodiscard]] std::string fault_of_parent(Parents const& parents, std::int64_t child, std::int64_t parent);

}  // namespace bioctl::app
