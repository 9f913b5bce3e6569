#pragma once
// A notification as a mail (RFC 5322, MIME).

#include <string>
#include <string_view>
#include <vector>

#include "lib/base/clock.hpp"
#include "lib/notify/notification.hpp"

namespace bioctl::notify {

struct MailFrame {
    std::string from{};             ///< net::is_mail_address
    std::vector<std::string> to{};  ///< likewise
    std::string idempotency_key{};  ///< hex; makes the Message-ID, so that a second copy can be told
    Timestamp date{};
};

/// Headers and body, lines ending in CRLF, ASCII only: the subject as RFC 2047 words if need be, the text in base64.
[[nodiscard]] std::string mail_message(MailFrame const& frame, Notification const& notification);

/// The value of a Subject header: as it is if it is short printable ASCII, else encoded words, folded.
[[nodiscard]] std::string encoded_subject(std::string_view subject);

/// "Mon, 21 Sep 2026 14:13:20 +0000"
[[nodiscard]] std::string mail_date(Timestamp time);

}  // namespace bioctl::notify
