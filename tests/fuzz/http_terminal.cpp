// HTTP from a terminal: heads, challenges for a login, documents and pictures.

#include "lib/hikvision/roster.hpp"
#include "lib/hikvision/terminal.hpp"
#include "tests/fuzz/fuzz.hpp"
#include "tests/fuzz/replay_server.hpp"

using namespace bioctl;

int LLVMFuzzerTestOneInput(std::uint8_t const* data, std::size_t size) {
    constexpr std::uint64_t k_most = 4096;
    static fuzz::ReplayServer server;
    server.say(fuzz::text_of(data, size));
    auto const terminal_of = [] {
        return hikvision::Terminal{{.base_url = server.url(""),
                                    .login = {"admin", "secret"},
                                    .nonce_use = net::NonceUse::reused,
                                    .timeout = std::chrono::seconds{5}}};
    };
    auto terminal = terminal_of();
    auto const picture = terminal.picture("/picture.jpg", k_most);
    if (picture) fuzz::require(picture->size() <= k_most, "no picture is larger than allowed");
    if (!picture) fuzz::require_message(picture.error().error.message());
    auto other = terminal_of();
    auto const time = other.time();
    if (!time) fuzz::require_message(time.error().error.message());
    return 0;
}
