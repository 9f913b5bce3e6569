#pragma once
// Telegram's Bot API: sendMessage to one chat, as plain text.
// source  https://core.telegram.org/bots/api (sendMessage, ResponseParameters), https://core.telegram.org/bots/faq (limits)

#include <string>
#include <string_view>
#include <vector>

#include "lib/net/exchange.hpp"
#include "lib/notify/channel.hpp"

namespace bioctl::notify {

/// What stands in "https://api.telegram.org?chat_id=-100123": the token is no part of it.
struct TelegramAddress {
    std::string base{};     ///< without a slash at the end
    std::string chat_id{};  ///< a number, negative of groups, or "@channel"
    std::string thread{};   ///< message_thread_id, a topic of a group; "" = none
    [[nodiscard]] bool is_group() const { return chat_id.starts_with('-') || chat_id.starts_with('@'); }
};

/// Kind::usage naming what is missing or unknown; http only to this machine, since the token is part of what is sent.
[[nodiscard]] Result<TelegramAddress> parse_telegram_address(std::string const& url);

/// "123456:AAE-..." as BotFather gives it. It becomes part of a path, so nothing else may be in it.
[[nodiscard]] bool is_bot_token(std::string_view text);

/// One message a second to a chat, 20 a minute to a group.
[[nodiscard]] std::vector<Pace> telegram_paces(TelegramAddress const& address);

class TelegramChannel final : public Channel {
public:
    explicit TelegramChannel(ChannelSetup setup);
    [[nodiscard]] Reply send(Parcel const& parcel) override;

private:
    ChannelSetup m_setup;
    net::Session m_session;
};

}  // namespace bioctl::notify
