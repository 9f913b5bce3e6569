#pragma once
// One message handed to a mail server (SMTP, RFC 5321), with what the server said.

#include <chrono>
#include <string>
#include <vector>

#include "lib/base/result.hpp"
#include "lib/net/exchange.hpp"

namespace bioctl::net {

enum class MailTls {
    starttls,  ///< a plain connection that must become an encrypted one before anything is said
    implicit,  ///< smtps: encrypted from the first byte
    off,       ///< never; a password goes over the line for everybody to read
};

struct MailServer {
    std::string host{};  ///< IPv6 without brackets
    int port = 587;
    MailTls tls = MailTls::starttls;
    Tls trust{};
    std::string user{}, password{};  ///< "" = no login
};

struct Envelope {
    std::string from{};
    std::vector<std::string> to{};
};

/// Fit for an envelope and a header: one '@', printable ASCII without blanks, brackets, quotes, commas; at most 254 bytes.
[[nodiscard]] bool is_mail_address(std::string_view text);

struct MailAnswer {
    enum class Outcome {
        taken,      ///< for at least one of the recipients
        refused,    ///< 5xx
        postponed,  ///< 4xx
        failed,     ///< no connection, no encryption, no login, time-out; nothing was taken as far as is known
    } outcome = Outcome::failed;
    bool has_answer = false;              ///< the server said something
    int status = 0;                       ///< the reply that decided, 0 = none
    std::string text{};                   ///< that reply
    std::vector<std::string> refusals{};  ///< replies for recipients that were not taken though others were
    std::string reason{};                 ///< for people, unless taken
};

/// `message` has headers and lines that end in CRLF. Each call has a connection of its own and takes at most `timeout`. Throws
/// Error{bug} for an envelope that is_mail_address denies.
[[nodiscard]] MailAnswer send_mail(MailServer const& server, Envelope const& envelope, std::string const& message,
                                   std::chrono::milliseconds timeout);

}  // namespace bioctl::net
