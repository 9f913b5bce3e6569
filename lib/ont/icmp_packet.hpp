#pragma once
// Echo requests and what comes back for them. Sources: RFC 792 (ICMP), RFC 4443 (ICMPv6), RFC 1071 (checksum).

#include <cstdint>
#include <optional>
#include <vector>

#include "lib/base/bytes.hpp"
#include "lib/ont/address.hpp"

namespace bioctl::ont {

/// What each probe carries, so that its echo cannot be taken for another's: identifiers of ICMP are 16 bits, are rewritten by
/// kernels and shared by all programs of a machine.
struct ProbeTag {
    std::uint64_t nonce = 0;    ///< random, of the run
    std::uint32_t target = 0;   ///< index
    std::uint16_t attempt = 0;  ///< 0 = the first probe
    std::int64_t sent_ns = 0;   ///< steady clock
    friend bool operator==(ProbeTag const&, ProbeTag const&) = default;
};

inline constexpr std::size_t k_tag_bytes = 24;
inline constexpr std::size_t k_icmp_header_bytes = 8;

/// One buffer for all requests of a run: only what differs is written for each.
class EchoRequest {
public:
    /// `payload` bytes behind the header, at least k_tag_bytes. `id`: for raw sockets; others get the kernel's.
    EchoRequest(Family family, std::uint16_t id, std::size_t payload);
    /// The whole packet; valid until the next call. The checksum of v6 is the kernel's work.
    [[nodiscard]] ByteView make(std::uint16_t sequence, ProbeTag const& tag);

private:
    Family m_family;
    Bytes m_bytes;
};

/// What arrived.
struct IcmpMessage {
    enum class Kind { reply, unreachable, time_exceeded, other };
    Kind kind = Kind::other;
    std::uint8_t type = 0, code = 0;
    std::optional<ProbeTag> tag{};  ///< of the reply, or of our request inside an error
    int payload_bytes = 0;          ///< of a reply
};

/// `packet` begins with an IPv4 header on raw v4 sockets, else with ICMP. std::nullopt if it is too short to be anything.
[[nodiscard]] std::optional<IcmpMessage> parse_icmp(Family family, ByteView packet, bool has_ip_header);

/// RFC 1071, over an even or odd number of bytes.
[[nodiscard]] std::uint16_t internet_checksum(ByteView bytes);

}  // namespace bioctl::ont
