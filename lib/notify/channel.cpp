#include "lib/notify/channel.hpp"

#include <fmt/format.h>

#include "lib/base/text.hpp"
#include "lib/net/url.hpp"
#include "lib/notify/command.hpp"
#include "lib/notify/mail.hpp"
#include "lib/notify/telegram.hpp"
#include "lib/notify/webhook.hpp"

namespace bioctl::notify {

namespace {

constexpr std::size_t k_longest_reply = 4096;

}  // namespace

bool is_for_people(Format format) {
    return format == Format::telegram || format == Format::mail || format == Format::command;
}

Result<void> check_channel(ChannelConfig const& config) {
    if (is_for_people(config.format) && !config.hmac_key.empty())
        return failure(Kind::usage, "only webhooks are signed; leave --hmac-key-file out");
    switch (config.format) {
        case Format::telegram: return check_telegram(config);
        case Format::mail: return check_mail(config);
        case Format::command: return check_command(config);
        case Format::presence:
        case Format::attendance:
        case Format::event:
        case Format::custom: break;
    }
    if (auto const url = net::parse_url(config.url); !url) return failure(url.error());
    return {};
}

std::unique_ptr<Channel> make_channel(ChannelConfig const& config, net::HttpOptions const& http) {
    check_channel(config).or_throw();
    switch (config.format) {
        case Format::telegram: return make_telegram(config, http);
        case Format::mail: return make_mail(config);
        case Format::command: return make_command(config);
        case Format::presence:
        case Format::attendance:
        case Format::event:
        case Format::custom: break;
    }
    return make_webhook(config, http);
}

std::optional<PaceRules> pace_of(Format format, std::string_view url) {
    if (format == Format::telegram) return telegram_pace(url);
    return std::nullopt;
}

std::string start_of_reply(std::string_view said) {
    auto text = to_valid_utf8(said.substr(0, k_longest_reply));
    while (text.size() > k_longest_reply)  // repaired bytes are longer
        text = to_valid_utf8(std::string_view{text}.substr(0, k_longest_reply - 3));
    return text;
}

}  // namespace bioctl::notify
