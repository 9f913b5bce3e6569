#pragma once
// A way to tell somebody: webhook, Telegram, mail, a program. To add one: a file of its own that makes a Channel, a Format, and a
// line in each function of channel.cpp. When a delivery is tried again is not a channel's business: retry.hpp.

#include <chrono>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "lib/base/clock.hpp"
#include "lib/base/result.hpp"
#include "lib/notify/pace.hpp"
#include "lib/notify/payload.hpp"

namespace bioctl::notify {

enum class Verdict {
    delivered,
    refused,   ///< it would be refused again: parked with its reply
    later,     ///< it passes: no answer, time-out, "not now"
    doubtful,  ///< it may pass or not: parked after RetryRules::most_doubtful tries
};

struct Reply {
    Verdict verdict = Verdict::later;
    bool is_answered = false;                           ///< the other side has said something, good or bad
    int http_status = 0;                                ///< of HTTP, or the code of SMTP; 0 = none
    std::string body{};                                 ///< at most 4 kB, valid UTF-8
    std::optional<std::chrono::seconds> retry_after{};  ///< at most a day
    std::string reason{};                               ///< for people, when not delivered; never holds a secret
    std::string remote_status{};                        ///< what a delivered one is to be remembered by, "" = nothing
};

/// One message on its way, the same for each try but for `attempt`.
struct Parcel {
    Rendered rendered;
    std::string idempotency_key;
    std::int64_t event = 0;  ///< 0 = a message of its own
    int attempt = 1;
    Timestamp now{};
};

/// One peer, one message at a time. One thread.
class Channel {
public:
    Channel() = default;
    virtual ~Channel() = default;
    Channel(Channel const&) = delete;
    Channel& operator=(Channel const&) = delete;

    /// One try.
    virtual Reply send(Parcel const& parcel) = 0;
};

struct ChannelConfig {
    Format format = Format::event;
    std::string url{};
    std::string secret{};    ///< bearer token, Telegram's bot token, password of the mail server; "" = none
    std::string hmac_key{};  ///< webhooks only
    std::chrono::seconds timeout{20};
};

/// Kind::usage, naming what is wrong, for an address or a secret that the channel of this format cannot use. Secrets are not
/// shown.
[[nodiscard]] Result<void> check_channel(ChannelConfig const& config);

/// Throws Error as check_channel.
[[nodiscard]] std::unique_ptr<Channel> make_channel(ChannelConfig const& config, net::HttpOptions const& http);

/// How fast messages may follow each other there; none: as fast as they can.
[[nodiscard]] std::optional<PaceRules> pace_of(Format format, std::string_view url);

/// Formats whose receiver is no webhook: they take messages for people, no events.
[[nodiscard]] bool is_for_people(Format format);

/// The start of what the other side said, as Reply::body keeps it.
[[nodiscard]] std::string start_of_reply(std::string_view text);

}  // namespace bioctl::notify
