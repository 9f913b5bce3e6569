#include "lib/notify/mail.hpp"

#include <algorithm>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "lib/base/text.hpp"
#include "lib/net/url.hpp"
#include "lib/notify/address.hpp"
#include "lib/notify/mail_message.hpp"
#include "lib/notify/notification.hpp"

namespace bioctl::notify {

namespace {

constexpr std::size_t k_longest_address = 254;  // RFC 5321
constexpr std::size_t k_most_recipients = 50;

tl::unexpected<Error> wrong(std::string const& what) {
    return failure(Kind::usage,
                   fmt::format("{}; a mail address is smtp://user@mail.example.org?from=NAME@HOST&to=NAME@HOST", what));
}

/// What everybody's addresses look like; what else RFC 5322 allows could break a header.
bool is_address(std::string_view text) {
    auto const at = text.find('@');
    auto const is_plain = [](char c) {
        return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') ||
               std::string_view{"!#$%&'*+-/=?^_`{|}~."}.find(c) != std::string_view::npos;
    };
    if (at == std::string_view::npos || text.size() > k_longest_address) return false;
    auto const local = text.substr(0, at), domain = text.substr(at + 1);
    return !local.empty() && !domain.empty() && domain.find('@') == std::string_view::npos &&
           std::ranges::all_of(local, is_plain) && std::ranges::all_of(domain, is_plain);
}

/// "user@host:port", each part of which may be missing but the host.
Result<void> take_server(std::string_view authority, net::MailServer& server) {
    auto const at = authority.rfind('@');
    if (at != std::string_view::npos) {
        auto const user = authority.substr(0, at);
        if (user.find(':') != std::string_view::npos)
            return wrong("the password does not go into the address but into --token-file");
        auto decoded = percent_decoded(user);
        if (!decoded) return failure(decoded.error());
        server.user = *std::move(decoded);
        authority.remove_prefix(at + 1);
    }
    // Host and port are written as in any URL.
    auto const url = net::parse_url(fmt::format("http://{}", authority));
    if (!url || authority.find('/') != std::string_view::npos)
        return wrong(fmt::format("'{}' is no mail server", printable(authority)));
    server.host = url->host;
    if (authority.ends_with(fmt::format(":{}", url->port))) server.port = url->port;
    return {};
}

Result<void> take_parameter(Parameter const& parameter, MailAddress& address) {
    auto const& [name, value] = parameter;
    if (name == "from" || name == "to") {
        if (!is_address(value)) return wrong(fmt::format("{}='{}' is no address", name, printable(value)));
        if (name == "to") {
            address.to.push_back(value);
        } else if (address.from.empty()) {
            address.from = value;
        } else {
            return wrong("a mail comes from one address");
        }
    } else if (name == "tls") {
        if (value != "off") return wrong("tls may only be off");
        if (address.server.tls == net::MailTls::implicit) return wrong("smtps:// is TLS, so tls=off makes no sense");
        address.server.tls = net::MailTls::off;
    } else {
        if (!value.starts_with("sha256//")) return wrong("a pin is written pin=sha256//BASE64");
        address.server.trust = {.trust = net::TlsTrust::pin, .pin = value};
    }
    return {};
}

class MailChannel final : public Channel {
public:
    explicit MailChannel(ChannelConfig const& config)
        : m_address(parse_mail_address(config.url).or_throw()),
          m_timeout(config.timeout),
          m_session(with_password(config.secret)) {}

    Reply send(Parcel const& parcel) override {
        auto const notification = notification_from_json(parcel.rendered.body);
        if (!notification) return {.verdict = Verdict::refused, .reason = notification.error().message()};
        net::Mail const mail{
            .from = m_address.from,
            .to = m_address.to,
            .text = mail_message(*notification, m_address.from, m_address.to, parcel.idempotency_key, parcel.now)};
        auto const answer = m_session.send(mail, m_timeout);
        if (!answer) {
            auto const& error = answer.error();
            return {.verdict = error.kind() == Kind::usage ? Verdict::refused : Verdict::later, .reason = error.message()};
        }
        return judged(*answer);
    }

private:
    [[nodiscard]] net::MailServer with_password(std::string const& password) const {
        auto server = m_address.server;
        server.password = password;
        return server;
    }

    [[nodiscard]] static Reply judged(net::MailAnswer const& answer) {
        Reply reply{.is_answered = true, .http_status = answer.code, .body = start_of_reply(answer.said)};
        if (answer.code < 400) {
            reply.verdict = Verdict::delivered;
            if (!answer.refused.empty())
                reply.remote_status = start_of_reply(fmt::format("not for all: {}", fmt::join(answer.refused, "; ")));
            return reply;
        }
        reply.verdict = answer.code < 500 ? Verdict::later : Verdict::refused;
        reply.reason = answer.is_login_refused ? fmt::format("the mail server refused the login: {}", printable(reply.body))
                                               : fmt::format("the mail server said {}", printable(reply.body));
        return reply;
    }

    MailAddress m_address;
    std::chrono::seconds m_timeout;
    net::MailSession m_session;
};

}  // namespace

Result<MailAddress> parse_mail_address(std::string_view url) {
    MailAddress address;
    auto const colon = url.find("://");
    auto const scheme = to_lower_ascii(url.substr(0, colon));
    if (colon == std::string_view::npos || (scheme != "smtp" && scheme != "smtps"))
        return wrong("the address begins with smtp:// or smtps://");
    if (scheme == "smtps") address.server = {.port = 465, .tls = net::MailTls::implicit};
    auto const split = split_address(url.substr(colon + 3), {"from", "to", "tls", "pin"});
    if (!split) return failure(split.error());
    auto authority = split->base;
    if (authority.ends_with('/')) authority.remove_suffix(1);
    if (auto const taken = take_server(authority, address.server); !taken) return failure(taken.error());
    for (auto const& parameter : split->parameters) {
        if (auto const taken = take_parameter(parameter, address); !taken) return failure(taken.error());
    }
    if (address.from.empty()) return wrong("the address names no sender: from=");
    if (address.to.empty()) return wrong("the address names no recipient: to=");
    if (address.to.size() > k_most_recipients) return wrong(fmt::format("at most {} recipients", k_most_recipients));
    bool const is_readable = address.server.tls == net::MailTls::off && !net::is_loopback(address.server.host);
    if (is_readable && !address.server.user.empty())
        return wrong("with tls=off the password could be read on the way; leave the user out");
    return address;
}

Result<void> check_mail(ChannelConfig const& config) {
    auto const address = parse_mail_address(config.url);
    if (!address) return failure(address.error());
    if (address->server.user.empty() && !config.secret.empty()) return wrong("there is a password but no user: smtp://USER@HOST");
    if (!address->server.user.empty() && config.secret.empty())
        return wrong("there is a user but no password; put it into a file: --token-file");
    return {};
}

std::unique_ptr<Channel> make_mail(ChannelConfig const& config) {
    return std::make_unique<MailChannel>(config);
}

}  // namespace bioctl::notify
