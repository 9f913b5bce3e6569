#pragma once
// The channel to mailboxes: a mail server, who writes and who reads.

#include <string>

#include "lib/net/mail.hpp"
#include "lib/notify/channel.hpp"

namespace bioctl::notify {

/// What stands in "smtp://user@mail.example.org:587?from=bioctl@example.org&to=a@example.org&to=b@example.org".
struct MailAddress {
    net::MailServer server{};  ///< without the password
    net::Envelope envelope{};
};

/// smtp:// (port 587, STARTTLS unless tls=off) or smtps:// (port 465); from and to are required, pin=sha256//... is for servers
/// that sign their own certificate. Kind::usage naming what is wrong.
[[nodiscard]] Result<MailAddress> parse_mail_address(std::string const& url);

class MailChannel final : public Channel {
public:
    explicit MailChannel(ChannelSetup setup) : m_setup(std::move(setup)) {}
    [[nodiscard]] Reply send(Parcel const& parcel) override;

private:
    ChannelSetup m_setup;
};

}  // namespace bioctl::notify
