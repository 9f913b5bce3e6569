#pragma once
// One try to deliver to one HTTP target, and what its answer means.

#include <chrono>
#include <memory>
#include <string>

#include "lib/base/clock.hpp"
#include "lib/net/exchange.hpp"
#include "lib/notify/channel.hpp"
#include "lib/notify/payload.hpp"

namespace bioctl::notify {

struct WebhookTarget {
    std::string url;
    std::string bearer{};    ///< "" = none; sent as Authorization: Bearer
    std::string hmac_key{};  ///< "" = none; X-Bioctl-Signature: sha256=<hex HMAC-SHA256 of "<timestamp>.<body>">,
                             ///< X-Bioctl-Timestamp: seconds
    std::chrono::seconds timeout{20};
};

/// Headers on every try: Idempotency-Key, X-Bioctl-Event (the id; not of a message of its own, event 0), X-Bioctl-Attempt (from
/// 1), and those of the target.
Reply deliver(net::Session& session, WebhookTarget const& target, Rendered const& rendered, std::string const& idempotency_key,
              std::int64_t event, int attempt, Timestamp now);

/// 2xx is delivered; 408, 425, 429, 5xx and no answer mean later; every other answer is refused.
[[nodiscard]] std::unique_ptr<Channel> make_webhook(ChannelConfig const& config, net::HttpOptions const& http);

}  // namespace bioctl::notify
