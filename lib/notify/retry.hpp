#pragma once
// What came of a try, and when there is another: the same rules for every channel.

#include <chrono>
#include <optional>
#include <string>
#include <string_view>

#include "lib/base/clock.hpp"

namespace bioctl::notify {

enum class Verdict {
    delivered,
    refused,   ///< it would be refused again: parked with the reply, until somebody decides
    later,     ///< will pass: no answer, time-out, "too many", "try again"
    doubtful,  ///< may pass or not: as later, but not for ever
};

struct Reply {
    Verdict verdict = Verdict::later;
    bool has_answer = false;                            ///< of whatever kind; targets that give none are left in peace a while
    int status = 0;                                     ///< HTTP or SMTP, 0 = none
    std::string body{};                                 ///< at most 4 kB, valid UTF-8
    std::optional<std::chrono::seconds> retry_after{};  ///< asked for by the receiver; at most a day
    std::string reason{};                               ///< for people, when not delivered
    std::string remote_status{};                        ///< `status` of a presence API's JSON reply, "" if it had none
};

/// At most 4 kB of what a peer said, as valid UTF-8.
[[nodiscard]] std::string start_of_reply(std::string_view body);

/// Of Retry-After, seconds or HTTP date; from 0 to a day. Empty if it is neither.
[[nodiscard]] std::optional<std::chrono::seconds> retry_after_of(std::string_view text, Timestamp now);
[[nodiscard]] std::chrono::seconds within_a_day(std::chrono::seconds wait);

struct RetryRules {
    std::chrono::seconds first{1};
    std::chrono::seconds longest{900};
    double jitter = 0.2;     ///< of the wait, up or down
    int most_doubtful = 12;  ///< tries, until what is doubtful counts as refused: some 35 minutes
};

/// When to try again after `attempts` tries: doubles each time; never before retry_after. `random` in [0, 1).
[[nodiscard]] std::chrono::milliseconds wait_before(int attempts, std::optional<std::chrono::seconds> retry_after,
                                                    RetryRules const& rules, double random);

/// What a verdict comes to after so many tries: never doubtful.
[[nodiscard]] Verdict settled(Verdict verdict, int attempts, RetryRules const& rules);

}  // namespace bioctl::notify
