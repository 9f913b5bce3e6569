#pragma once
// Event codes: what a (major, minor) pair means. Source: dossier, section 4 (vendor list and field names agree).

#include <set>
#include <string_view>

namespace bioctl::hikvision {

inline constexpr int k_major_event = 5;

/// "face_passed", "lock_opened", ...; "unknown" for pairs that are not in the table.
[[nodiscard]] std::string_view name_of_event(int major, int minor);

/// Minors of major 5 that say: this face was recognised. The default; users may set their own.
[[nodiscard]] std::set<int> const& default_recognized_minors();

}  // namespace bioctl::hikvision
