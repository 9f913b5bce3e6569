#pragma once
// The schema, as the steps that lead to it. Private to store/.

#include <cstdint>
#include <span>
#include <string_view>

namespace bioctl::store {

/// "bioc" in the header of the file: how a store is told from another program's database.
inline constexpr std::int32_t k_application_id = 0x62696F63;

/// migrations()[n] brings a store from version n to n + 1; version 0 is an empty file. A published step is never changed: stores
/// out there have been through it.
[[nodiscard]] std::span<char const* const> migrations();

}  // namespace bioctl::store
