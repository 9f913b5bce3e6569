#pragma once
// The fields of a message by name. Private to notify/.

#include <string_view>
#include <vector>

#include <nlohmann/json.hpp>

#include "lib/notify/notification.hpp"
#include "lib/notify/payload.hpp"

namespace bioctl::notify {

using Json = nlohmann::ordered_json;

/// In the order of the payload `event`; all values are scalars. Unknown ones are null.
[[nodiscard]] Json fields_of(EventMessage const& message);

/// Severity, cause, title, text (as to_text makes it), lines, started_at, ended_at, counts.
[[nodiscard]] Json fields_of(Notification const& notification);

/// Invalid UTF-8 is repaired.
[[nodiscard]] std::string dumped(Json const& json);

}  // namespace bioctl::notify
