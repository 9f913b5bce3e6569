#pragma once
// What the table groups share. Private to store/.

#include <cstdint>
#include <string_view>

#include "lib/store/connection.hpp"

namespace bioctl::store {

/// The key of a person's row; Error{Kind::no_input} if there is none with this id.
[[nodiscard]] std::int64_t person_key(Connection& connection, std::string_view id);

/// Every method that changed a person or a template ends with it. Error{Kind::bug} outside of Store::write(): the change and the
/// generation must be durable together.
void grow_generation(Connection& connection);

}  // namespace bioctl::store
