#include "lib/notify/mail.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "lib/base/text.hpp"
#include "lib/net/query.hpp"
#include "lib/net/url.hpp"
#include "lib/notify/mail_message.hpp"

namespace bioctl::notify {

namespace {

constexpr std::size_t k_most_recipients = 100;
constexpr std::size_t k_longest_user = 254;

tl::unexpected<Error> bad_address(std::string_view url, std::string_view cause) {
    return failure(Kind::usage,
                   fmt::format("'{}': {}; write it as smtp://user@mail.example.org?from=bioctl@example.org&to=ops@example.org",
                               printable(url), cause));
}

Result<void> take_parameter(MailAddress& address, std::string_view url, std::string const& name, std::string const& value) {
    if (name == "from" || name == "to") {
        if (!net::is_mail_address(value))
            return bad_address(url, fmt::format("{}={} is no mail address", name, printable(value)));
        if (name == "from") address.envelope.from = value;
        if (name == "to") address.envelope.to.push_back(value);
    } else if (name == "tls") {
        bool const is_known = value == "starttls" || value == "off";
        if (!is_known || address.server.tls == net::MailTls::implicit)
            return bad_address(url, "tls is starttls or off, and for smtp:// only");
        address.server.tls = value == "off" ? net::MailTls::off : net::MailTls::starttls;
    } else if (name == "pin") {
        if (!value.starts_with("sha256//")) return bad_address(url, "a pin is written as sha256//BASE64");
        address.server.trust = {.trust = net::TlsTrust::pin, .pin = value};
    } else {
        return bad_address(url, fmt::format("'{}' is none of from, to, tls, pin", printable(name)));
    }
    return {};
}

/// "user@" in front of the host; a password does not belong there.
Result<std::string> take_user(std::string_view url, std::string_view& authority) {
    auto const at = authority.rfind('@');
    if (at == std::string_view::npos) return std::string{};
    auto const user = authority.substr(0, at);
    authority.remove_prefix(at + 1);
    if (user.find(':') != std::string_view::npos)
        return failure(Kind::usage,
                       fmt::format("smtp://***@{}: the password does not belong into the address, but into --token-file",
                                   printable(authority)));
    auto decoded = net::percent_decoded(user);
    if (!decoded) return failure(decoded.error());
    if (decoded->empty() || decoded->size() > k_longest_user || printable(*decoded) != *decoded)
        return bad_address(url, "the user is empty, too long, or holds control characters");
    return *std::move(decoded);
}

std::string refusals_of(net::MailAnswer const& answer) {
    if (answer.refusals.empty()) return {};
    return fmt::format("not for all recipients: {}", fmt::join(answer.refusals, "; "));
}

}  // namespace

Result<MailAddress> parse_mail_address(std::string const& url) {
    bool const is_implicit = url.starts_with("smtps://");
    if (!is_implicit && !url.starts_with("smtp://")) return bad_address("mail", "the address begins with smtp:// or smtps://");
    std::string_view authority = net::without_query(url);
    authority.remove_prefix(authority.find("://") + 3);
    auto user = take_user(url, authority);
    if (!user) return failure(user.error());
    // The rules for host and port are those of any URL.
    auto const place = net::parse_url(fmt::format("https://{}", authority));
    if (!place) return failure(place.error());
    if (!place->path.empty() && place->path != "/") return bad_address(url, "a mail server has no path");
    auto const colon = authority.rfind(':'), bracket = authority.rfind(']');
    bool const has_port = colon != std::string_view::npos && (bracket == std::string_view::npos || colon > bracket);
    MailAddress address;
    address.server.host = place->host;
    address.server.user = *std::move(user);
    address.server.tls = is_implicit ? net::MailTls::implicit : net::MailTls::starttls;
    address.server.port = has_port ? place->port : is_implicit ? 465 : 587;
    auto const query = net::query_of(url);
    if (!query) return failure(query.error());
    for (auto const& [name, value] : *query) {
        if (auto const taken = take_parameter(address, url, name, value); !taken) return failure(taken.error());
    }
    if (address.envelope.from.empty()) return bad_address(url, "from is missing");
    if (address.envelope.to.empty()) return bad_address(url, "to is missing");
    if (address.envelope.to.size() > k_most_recipients) return bad_address("mail", "there are more than 100 recipients");
    return address;
}

Reply MailChannel::send(Parcel const& parcel) {
    auto address = parse_mail_address(m_setup.url);
    auto const notification = parse_notification(parcel.rendered.body);
    if (!address) return {.verdict = Verdict::refused, .reason = address.error().message()};
    if (!notification) return {.verdict = Verdict::refused, .reason = notification.error().message()};
    address->server.password = m_setup.secret;
    auto const message = mail_message({.from = address->envelope.from,
                                       .to = address->envelope.to,
                                       .idempotency_key = parcel.idempotency_key,
                                       .date = parcel.now},
                                      *notification);
    auto const answer = net::send_mail(address->server, address->envelope, message, m_setup.timeout);
    Reply reply;
    reply.has_answer = answer.has_answer;
    reply.status = answer.status;
    reply.body = start_of_reply(answer.text);
    reply.reason = answer.reason;
    switch (answer.outcome) {
        case net::MailAnswer::Outcome::taken:
            reply.verdict = Verdict::delivered;
            reply.remote_status = refusals_of(answer);
            break;
        case net::MailAnswer::Outcome::refused: reply.verdict = Verdict::refused; break;
        case net::MailAnswer::Outcome::postponed:
        case net::MailAnswer::Outcome::failed: reply.verdict = Verdict::later; break;
    }
    return reply;
}

}  // namespace bioctl::notify
