// A whole conversation over the RouterOS API: login and three lists, with a router that says what it likes.

#include "lib/app/hotspot.hpp"
#include "tests/fuzz/fuzz.hpp"
#include "tests/fuzz/replay_server.hpp"

using namespace bioctl;

int LLVMFuzzerTestOneInput(std::uint8_t const* data, std::size_t size) {
    static fuzz::ReplayServer router;
    router.say(fuzz::text_of(data, size));
    auto const deadline = std::chrono::steady_clock::now() + std::chrono::seconds{5};
    fuzz::may_refuse([&] {
        ont::RouterAccess const access{
            .host = "127.0.0.1", .port = router.port(), .tls = ont::RouterTls::off, .user = "monitor", .password = "secret"};
        auto const link = ont::open_router(access, {}, deadline);
        static_cast<void>(app::read_hotspot(*link, deadline));
    });
    return 0;
}
