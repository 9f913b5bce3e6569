#include "lib/notify/channel.hpp"

#include <algorithm>

#include <fmt/format.h>

#include "lib/net/url.hpp"
#include "lib/notify/command.hpp"
#include "lib/notify/mail.hpp"
#include "lib/notify/telegram.hpp"
#include "lib/notify/webhook.hpp"

namespace bioctl::notify {

namespace {

template <class T>
Result<void> outcome_of(Result<T> const& result) {
    if (!result) return failure(result.error());
    return {};
}

}  // namespace

std::unique_ptr<Channel> make_channel(Format format, ChannelSetup const& setup) {
    switch (format) {
        case Format::telegram: return std::make_unique<TelegramChannel>(setup);
        case Format::mail: return std::make_unique<MailChannel>(setup);
        case Format::exec: return std::make_unique<CommandChannel>(setup);
        case Format::presence:
        case Format::attendance:
        case Format::event:
        case Format::custom: break;
    }
    return std::make_unique<WebhookChannel>(setup);
}

bool carries_events(Format format) {
    return format != Format::telegram && format != Format::mail && format != Format::exec;
}

Result<void> check_address(Format format, std::string const& url) {
    switch (format) {
        case Format::telegram: return outcome_of(parse_telegram_address(url));
        case Format::mail: return outcome_of(parse_mail_address(url));
        case Format::exec: return outcome_of(parse_command(url));
        case Format::presence:
        case Format::attendance:
        case Format::event:
        case Format::custom: break;
    }
    return outcome_of(net::parse_url(url));
}

Result<void> check_secret(Format format, std::string const& url, std::string const& secret) {
    if (format == Format::telegram && !is_bot_token(secret))
        return failure(Kind::data,
                       "format telegram needs the token of a bot, as BotFather gives it (123456:ABC...), in --token-file");
    if (format == Format::exec && !secret.empty())
        return failure(Kind::usage, "format exec has no use for --token-file: the program finds its own secrets");
    if (format == Format::mail) {
        auto const address = parse_mail_address(url);
        if (address && address->server.user.empty() && !secret.empty())
            return failure(Kind::usage, "a password (--token-file) needs a user: smtp://user@...");
        if (address && !address->server.user.empty() && secret.empty())
            return failure(Kind::usage, "the user of a mail server needs a password: --token-file");
    }
    return {};
}

std::string receiver_of(Format format, std::string const& url) {
    if (format != Format::telegram) return url;
    auto const address = parse_telegram_address(url);
    return address ? fmt::format("{}\n{}", address->base, address->chat_id) : url;
}

std::vector<Pace> paces_of(Format format, std::string const& url) {
    if (format != Format::telegram) return {};
    auto const address = parse_telegram_address(url);
    return address ? telegram_paces(*address) : std::vector<Pace>{};
}

Timestamp next_slot(std::vector<Timestamp> const& sent, std::vector<Pace> const& paces, Timestamp now) {
    auto slot = now;
    for (auto const& pace : paces) {
        auto const most = static_cast<std::size_t>(pace.most);
        if (most > 0 && sent.size() >= most) slot = std::max(slot, sent[sent.size() - most] + pace.span);
    }
    return slot;
}

}  // namespace bioctl::notify
