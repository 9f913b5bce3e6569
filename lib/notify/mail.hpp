#pragma once
// Notifications by mail.

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "lib/net/mail.hpp"
#include "lib/notify/channel.hpp"

namespace bioctl::notify {

/// Of an address such as "smtp://user@mail.example.org:587?from=bioctl@example.org&to=a@example.org&to=b@example.org".
struct MailAddress {
    net::MailServer server;  ///< without its password
    std::string from;
    std::vector<std::string> to;
};

/// smtp:// (STARTTLS, port 587, unless tls=off) or smtps:// (port 465); from once, to once or more, pin=sha256//BASE64.
/// Kind::usage, also for a password in the address (it is not shown), and for one that would go over the network in the clear.
[[nodiscard]] Result<MailAddress> parse_mail_address(std::string_view url);

[[nodiscard]] Result<void> check_mail(ChannelConfig const& config);

/// 4xx and no answer mean later, 5xx is final. A message some of whose recipients were refused for good counts as delivered.
[[nodiscard]] std::unique_ptr<Channel> make_mail(ChannelConfig const& config);

}  // namespace bioctl::notify
