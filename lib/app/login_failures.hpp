#pragma once
// What failed logins leave behind. Private to app/.

#include <string_view>

#include "lib/base/bytes.hpp"
#include "lib/base/clock.hpp"
#include "lib/store/store.hpp"

namespace bioctl::app {

/// Of a name as it was typed, known or not; case does not matter.
[[nodiscard]] Sha256 digest_of_name(std::string_view name);
/// Of an address; of IPv6 the /64, because whoever has one address there has all.
[[nodiscard]] Sha256 digest_of_peer(std::string_view peer);

/// What holds back the name. Within Store::write().
void forget_failures_of(store::Store& store, std::string_view name);

}  // namespace bioctl::app
