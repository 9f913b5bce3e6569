// Addresses of terminals, targets and channels.

#include <algorithm>

#include "lib/app/devices.hpp"
#include "lib/base/text.hpp"
#include "lib/hikvision/push_host.hpp"
#include "lib/net/url.hpp"
#include "lib/notify/address.hpp"
#include "lib/notify/command.hpp"
#include "lib/notify/mail.hpp"
#include "lib/notify/telegram.hpp"
#include "tests/fuzz/fuzz.hpp"

using namespace bioctl;

namespace {

bool has_control(std::string_view text) {
    return std::ranges::any_of(text, [](char c) { return static_cast<unsigned char>(c) < 0x20 || c == '\x7F'; });
}

}  // namespace

int LLVMFuzzerTestOneInput(std::uint8_t const* data, std::size_t size) {
    auto const text = fuzz::text_of(data, size);
    auto const url = net::parse_url(text);
    if (fuzz::is_taken(url)) fuzz::require(!url->host.empty() && url->port > 0 && url->port <= 65535, "a URL leads somewhere");
    fuzz::is_taken(net::require_secure(text));
    fuzz::is_taken(app::check_device_url(text));
    fuzz::is_taken(hikvision::push_host_from(text));
    fuzz::is_taken(notify::split_address(text, {"to", "from"}));
    auto const decoded = notify::percent_decoded(text);
    if (fuzz::is_taken(decoded) && !has_control(text)) fuzz::require(!has_control(*decoded), "no escape ends a line");
    auto const telegram = notify::parse_telegram(text);
    if (fuzz::is_taken(telegram)) fuzz::require(!telegram->chat_id.empty(), "a chat is named");
    auto const command = notify::parse_command(text);
    if (fuzz::is_taken(command)) fuzz::require(command->program.starts_with('/'), "a program is absolute");
    auto const mail = notify::parse_mail_address(text);
    if (fuzz::is_taken(mail)) {
        fuzz::require(!mail->to.empty() && !has_control(mail->from), "a mail has a sender and a recipient");
        fuzz::require(std::ranges::none_of(mail->to, &has_control), "no address ends a line");
    }
    return 0;
}
