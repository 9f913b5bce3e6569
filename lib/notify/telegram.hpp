#pragma once
// Telegram's Bot API, https://core.telegram.org/bots/api#sendmessage: one text to one chat.

#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "lib/notify/channel.hpp"

namespace bioctl::notify {

/// Of an address such as "https://api.telegram.org?chat_id=-100123".
struct TelegramAddress {
    std::string base;     ///< without a slash at the end
    std::string chat_id;  ///< a number (negative: a group), or "@channel"
};

/// Kind::usage if it is none, is not safe for a token (https, or http to this machine), or carries the token itself.
[[nodiscard]] Result<TelegramAddress> parse_telegram(std::string_view url);

[[nodiscard]] Result<void> check_telegram(ChannelConfig const& config);

/// At most one message a second to a chat, and 20 a minute to a group.
[[nodiscard]] std::optional<PaceRules> telegram_pace(std::string_view url);

/// Sends notifications as plain text of at most 4096 UTF-16 units. 429 and 5xx mean later, not before what the answer asks for;
/// every other refusal is final. The token, which Telegram wants in the path, never appears in a Reply.
[[nodiscard]] std::unique_ptr<Channel> make_telegram(ChannelConfig const& config, net::HttpOptions const& http);

}  // namespace bioctl::notify
