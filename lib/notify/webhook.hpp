#pragma once
// One try to deliver to one HTTP target, and what its answer means.

#include <chrono>
#include <optional>
#include <string>

#include "lib/base/clock.hpp"
#include "lib/net/exchange.hpp"
#include "lib/notify/payload.hpp"

namespace bioctl::notify {

struct WebhookTarget {
    std::string url;
    std::string bearer{};    ///< "" = none; sent as Authorization: Bearer
    std::string hmac_key{};  ///< "" = none; X-Bioctl-Signature: sha256=<hex HMAC-SHA256 of "<timestamp>.<body>">,
                             ///< X-Bioctl-Timestamp: seconds
    std::chrono::seconds timeout{20};
};

enum class Verdict {
    delivered,  ///< 2xx
    refused,    ///< 4xx other than 408, 425 and 429, or 3xx: it would be refused again; parked with its reply
    later,      ///< no answer, time-out, 408, 425, 429, 5xx
};

struct Reply {
    Verdict verdict = Verdict::later;
    int http_status = 0;                                ///< 0 = no answer
    std::string body{};                                 ///< at most 4 kB, valid UTF-8
    std::optional<std::chrono::seconds> retry_after{};  ///< of Retry-After, seconds or HTTP date; at most a day
    std::string reason{};                               ///< for people, when not delivered
    std::string remote_status{};                        ///< `status` of a presence API's JSON reply, "" if it had none
};

/// Headers on every try: Idempotency-Key, X-Bioctl-Event (the id; not of a message of its own, event 0), X-Bioctl-Attempt (from
/// 1), and those of the target.
Reply deliver(net::Session& session, WebhookTarget const& target, Rendered const& rendered, std::string const& idempotency_key,
              std::int64_t event, int attempt, Timestamp now);

struct RetryRules {
    std::chrono::seconds first{1};
    std::chrono::seconds longest{900};
    double jitter = 0.2;  ///< of the wait, up or down
};

/// When to try again after `attempts` tries: doubles each time; never before retry_after. `random` in [0, 1).
[[nodiscard]] std::chrono::milliseconds wait_before(int attempts, std::optional<std::chrono::seconds> retry_after,
                                                    RetryRules const& rules, double random);

}  // namespace bioctl::notify
