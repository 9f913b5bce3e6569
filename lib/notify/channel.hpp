#pragma once
// A way to reach people or programs, one try at a time. The outbox decides when to try, and the verdict whether there is another
// try; a new channel is one more file with a Channel in it, a Format, and a line in each function of channel.cpp.

#include <chrono>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "lib/base/clock.hpp"
#include "lib/base/result.hpp"
#include "lib/net/http.hpp"
#include "lib/notify/payload.hpp"
#include "lib/notify/retry.hpp"

namespace bioctl::notify {

/// What one try is made of.
struct Parcel {
    Rendered rendered{};
    std::string idempotency_key{};  ///< the same for every try of one delivery
    std::int64_t event = 0;         ///< 0 = a message of its own
    int attempt = 1;
    Timestamp now{};
};

/// Talks to one target, one parcel at a time. One thread.
class Channel {
public:
    virtual ~Channel() = default;
    /// Whatever goes wrong is a verdict with its reason, in which no secret is.
    [[nodiscard]] virtual Reply send(Parcel const& parcel) = 0;
};

struct ChannelSetup {
    std::string url{};
    std::string secret{};    ///< bearer token, bot token or password; "" = none
    std::string hmac_key{};  ///< webhooks only; "" = none
    std::chrono::seconds timeout{20};
    net::HttpOptions http{};
};

[[nodiscard]] std::unique_ptr<Channel> make_channel(Format format, ChannelSetup const& setup);

/// Whether events, too, can be sent in this format, or messages only.
[[nodiscard]] bool carries_events(Format format);

/// Kind::usage with what is wrong, if a channel of this format cannot use the address.
[[nodiscard]] Result<void> check_address(Format format, std::string const& url);
/// Kind::data if the secret is not what the channel needs; never with the secret in the message.
[[nodiscard]] Result<void> check_secret(Format format, std::string const& url, std::string const& secret);

/// No more than `most` in any stretch of `span`.
struct Pace {
    int most = 0;
    std::chrono::milliseconds span{};
};

/// Who reads what is sent to this address: equal for two addresses of one chat.
[[nodiscard]] std::string receiver_of(Format format, std::string const& url);

/// What the receiver asks of all that is sent to it; empty: anything goes.
[[nodiscard]] std::vector<Pace> paces_of(Format format, std::string const& url);

/// When the next may be sent, given when the last ones were (ascending); not before now.
[[nodiscard]] Timestamp next_slot(std::vector<Timestamp> const& sent, std::vector<Pace> const& paces, Timestamp now);

}  // namespace bioctl::notify
