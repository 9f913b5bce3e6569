#pragma once
// The webhook of the settings (webhook_url, of old ATTENDANCE_WEBHOOK_URL) as a target like any other, so that the outbox, its
// retries and its cooldown are the same for it.

#include <optional>
#include <string>
#include <string_view>

#include "lib/app/store_writer.hpp"
#include "lib/base/clock.hpp"
#include "lib/base/seal.hpp"
#include "lib/store/outbox.hpp"

namespace bioctl::app {

inline constexpr std::string_view k_webhook_target = "webhook";

struct WebhookSetting {
    std::string url;
    std::string key{};   ///< bearer token, "" = none
    int cooldown_s = 0;  ///< per person
};

/// Makes the target "webhook" (format attendance, what sources recognise, not what terminals do; 10 s to answer), or changes it
/// to what the settings say now; without a setting it is disabled, and keeps what it has not sent. Everything else that a user
/// has set on it stays. Returns it if it is enabled. Throws Error{config} if a target of this name is the user's own, or the
/// address cannot be used.
std::optional<store::Target> apply_webhook_setting(StoreWriter& writer, SealKey const& key, Clock const& clock,
                                                   std::optional<WebhookSetting> const& setting);

}  // namespace bioctl::app
