// Packets that come back for a ping, or claim to.

#include "lib/ont/icmp_packet.hpp"
#include "tests/fuzz/fuzz.hpp"

using namespace bioctl;
using ont::Family;

int LLVMFuzzerTestOneInput(std::uint8_t const* data, std::size_t size) {
    auto const packet = fuzz::bytes_of(data, size);
    for (auto const& message : {ont::parse_icmp(Family::v4, packet, true), ont::parse_icmp(Family::v4, packet, false),
                                ont::parse_icmp(Family::v6, packet, false)}) {
        if (message)
            fuzz::require(message->payload_bytes >= 0 && static_cast<std::size_t>(message->payload_bytes) <= size,
                          "a payload is within its packet");
    }
    static_cast<void>(ont::internet_checksum(packet));
    return 0;
}
