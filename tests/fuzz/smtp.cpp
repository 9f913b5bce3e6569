// What mail servers say.

#include "lib/net/mail.hpp"
#include "tests/fuzz/fuzz.hpp"
#include "tests/fuzz/replay_server.hpp"

using namespace bioctl;

int LLVMFuzzerTestOneInput(std::uint8_t const* data, std::size_t size) {
    static fuzz::ReplayServer server;
    server.say(fuzz::text_of(data, size));
    net::MailSession session{
        {.host = "127.0.0.1", .port = server.port(), .tls = net::MailTls::off, .user = "u", .password = "p"}};
    auto const answer = session.send({.from = "a@example.org", .to = {"b@example.org", "c@example.org"}, .text = "Hello\r\n"},
                                     std::chrono::seconds{2});
    if (fuzz::is_taken(answer)) fuzz::require(answer->said.size() <= 4096, "no answer is longer than allowed");
    return 0;
}
