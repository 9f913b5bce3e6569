#pragma once
// Where events are sent, as users manage it.

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "lib/base/clock.hpp"
#include "lib/base/seal.hpp"
#include "lib/store/outbox.hpp"

namespace bioctl::app {

/// What is to be set; the rest stays, or has its default. An empty bearer or hmac_key takes it away.
struct TargetChange {
    std::optional<std::string> name{}, url{}, format{}, body_template{}, picture{}, bearer{}, hmac_key{};
    std::optional<std::string> quiet{};  ///< "22:00-06:00" in the configured zone; "off"
    std::optional<std::vector<std::string>> devices{}, locations{}, kinds{};
    std::optional<int> cooldown_s{}, timeout_s{}, after_s{};
    std::optional<bool> enabled{};
};

/// Throws Error{usage} naming the field and what it may be, {data} for a template that cannot be filled in or a name that is
/// taken.
store::Target add_target(store::Store& store, Clock const& clock, SealKey const& key, TargetChange const& wanted);

/// Throws as add_target, and Error{no_input} if there is no such target.
store::Target edit_target(store::Store& store, Clock const& clock, SealKey const& key, std::string_view name,
                          TargetChange const& change);

/// The target, or Error{no_input} with the nearest name as a hint.
[[nodiscard]] store::Target require_target(store::Store& store, std::string_view name);

}  // namespace bioctl::app
