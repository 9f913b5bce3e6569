// Messages of the outbox, and notifications.json of the old monitor.

#include "lib/app/notifications.hpp"
#include "lib/base/text.hpp"
#include "lib/notify/mail_message.hpp"
#include "lib/notify/notification.hpp"
#include "tests/fuzz/fuzz.hpp"

using namespace bioctl;

int LLVMFuzzerTestOneInput(std::uint8_t const* data, std::size_t size) {
    constexpr std::size_t k_room = 100;
    auto const text = fuzz::text_of(data, size);
    auto const one = notify::notification_from_json(text);
    if (fuzz::is_taken(one)) {
        fuzz::require(notify::notification_from_json(notify::to_json(*one)).has_value(), "a notification of ours can be read");
        auto const shown = notify::to_text(*one, k_room);
        fuzz::require(is_utf8(shown) && notify::utf16_length(shown) <= k_room, "a text is as long as it may be");
        auto const mail = notify::mail_message(*one, "a@example.org", {"b@example.org"}, "key", {});
        fuzz::require(mail.find("\r\n\r\n") != std::string::npos, "a mail has a head and a body");
    }
    static app::Zone const zone{"Asia/Jakarta"};
    fuzz::may_refuse([&] {
        std::vector<store::Notification> taken;
        for (auto const& row : app::from_old_json(text, zone)) {
            if (fuzz::is_taken(row)) taken.push_back(*row);
        }
        fuzz::require(app::from_old_json(app::to_old_json(taken), zone).size() == taken.size(), "a list of ours can be read");
    });
    return 0;
}
