// What Telegram and a webhook answer.

#include "lib/base/text.hpp"
#include "lib/notify/channel.hpp"
#include "lib/notify/notification.hpp"
#include "tests/fuzz/fuzz.hpp"
#include "tests/fuzz/replay_server.hpp"

using namespace bioctl;
using namespace bioctl::notify;

int LLVMFuzzerTestOneInput(std::uint8_t const* data, std::size_t size) {
    static fuzz::ReplayServer server;
    server.say(fuzz::text_of(data, size));
    Parcel const parcel{.rendered = {.content_type = "application/json", .body = to_json({.title = "down"}), .form = {}},
                        .idempotency_key = "key"};
    for (auto const& config : {ChannelConfig{.format = Format::telegram, .url = server.url("?chat_id=-100"), .secret = "1:token"},
                               ChannelConfig{.format = Format::event, .url = server.url("/hook")}}) {
        auto const reply = make_channel(config, {})->send(parcel);
        fuzz::require(is_utf8(reply.body) && reply.body.size() <= 4096 && is_utf8(reply.reason), "a reply is short and UTF-8");
        if (!config.secret.empty()) fuzz::require(reply.body.find("1:token") == std::string::npos, "a token does not come back");
        if (reply.retry_after)
            fuzz::require(*reply.retry_after <= std::chrono::hours{24}, "nobody makes us wait for more than a day");
    }
    return 0;
}
