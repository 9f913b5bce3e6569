#pragma once
// Hands one message to one mail server, over SMTP.

#include <chrono>
#include <memory>
#include <string>
#include <vector>

#include "lib/base/result.hpp"
#include "lib/net/exchange.hpp"

namespace bioctl::net {

enum class MailTls {
    starttls,  ///< the connection begins in the clear and must become TLS before anything is said
    implicit,  ///< TLS from the first byte (smtps)
    off,       ///< never: for a server on this machine or in a net of its own
};

struct MailServer {
    std::string host{};
    int port = 587;
    MailTls tls = MailTls::starttls;
    Tls trust{};
    std::string user{}, password{};  ///< "" = no login
    std::chrono::seconds connect_timeout{15};
};

struct Mail {
    std::string from{};             ///< address without brackets
    std::vector<std::string> to{};  ///< at least one
    std::string text{};             ///< the whole message with its headers, lines ending in CRLF
};

/// What the server had to say in the end.
struct MailAnswer {
    int code = 0;        ///< 2xx: it took the message for at least one recipient; 4xx: not now; 5xx: it will not
    std::string said{};  ///< its words, at most 4 kB; may hold any bytes
    bool is_login_refused = false;
    std::vector<std::string> refused{};  ///< what it said of recipients that it did not take, although it took the message
};

/// Talks to one server over a connection that is kept while it lasts. One thread.
class MailSession {
public:
    explicit MailSession(MailServer server);
    MailSession(MailSession&&) noexcept;
    MailSession& operator=(MailSession&&) noexcept;
    ~MailSession();

    /// Either all recipients get the message or none; only if the server refuses one for good (5xx), the others get it alone.
    /// Failure without an answer that counts: usage (an address or name that cannot be sent), no_host, unavailable, busy
    /// (time-out), protocol. `timeout` is for everything.
    Result<MailAnswer> send(Mail const& mail, std::chrono::milliseconds timeout);

private:
    class Impl;
    std::unique_ptr<Impl> m_impl;
};

}  // namespace bioctl::net
