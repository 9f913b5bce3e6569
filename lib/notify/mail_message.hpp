#pragma once
// A notification as a mail: headers and text, RFC 5322.

#include <string>
#include <string_view>
#include <vector>

#include "lib/base/clock.hpp"
#include "lib/notify/notification.hpp"

namespace bioctl::notify {

/// The whole message, lines ending in CRLF and at most 78 bytes long but for addresses. The addresses are plain ASCII, as
/// parse_mail_address lets them through. The same key gives the same Message-ID, so that a message sent twice is known as one.
[[nodiscard]] std::string mail_message(Notification const& notification, std::string const& from,
                                       std::vector<std::string> const& to, std::string_view idempotency_key, Timestamp now);

/// A text for a header: as it is if it is short printable ASCII, else in encoded words (RFC 2047, UTF-8, base64) on lines of
/// their own. Control characters become blanks, so nothing can begin another header.
[[nodiscard]] std::string header_text(std::string_view text);

}  // namespace bioctl::notify
