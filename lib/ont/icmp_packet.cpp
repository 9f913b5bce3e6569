#include "lib/ont/icmp_packet.hpp"

#include <algorithm>
#include <cstring>

namespace bioctl::ont {

namespace {

constexpr std::uint8_t k_v4_reply = 0, k_v4_unreachable = 3, k_v4_request = 8, k_v4_time_exceeded = 11;
constexpr std::uint8_t k_v6_unreachable = 1, k_v6_time_exceeded = 3, k_v6_request = 128, k_v6_reply = 129;
constexpr std::size_t k_least_ip_header = 20, k_v6_header = 40;
constexpr std::uint8_t k_protocol_icmp = 1, k_protocol_icmp_v6 = 58;

template <class Number>
void put(std::byte* at, Number number) {
    std::memcpy(at, &number, sizeof number);  // read back by this program only, so the order of bytes does not matter
}

template <class Number>
Number get(std::byte const* at) {
    Number number;
    std::memcpy(&number, at, sizeof number);
    return number;
}

void put_big(std::byte* at, std::uint16_t number) {
    at[0] = static_cast<std::byte>(number >> 8U);
    at[1] = static_cast<std::byte>(number & 0xFFU);
}

std::uint8_t u8(ByteView bytes, std::size_t at) {
    return std::to_integer<std::uint8_t>(bytes[at]);
}

std::optional<ProbeTag> tag_in(ByteView icmp) {
    if (icmp.size() < k_icmp_header_bytes + k_tag_bytes) return std::nullopt;
    auto const* const at = icmp.data() + k_icmp_header_bytes;
    ProbeTag tag;
    tag.nonce = get<std::uint64_t>(at);
    tag.target = get<std::uint32_t>(at + 8);
    tag.attempt = get<std::uint16_t>(at + 12);
    tag.sent_ns = get<std::int64_t>(at + 16);
    return tag;
}

/// The ICMP part of an IPv4 packet; empty if it holds something else.
ByteView behind_v4_header(ByteView packet) {
    if (packet.size() < k_least_ip_header || u8(packet, 0) >> 4U != 4) return {};
    auto const length = static_cast<std::size_t>(u8(packet, 0) & 0x0FU) * 4;
    if (length < k_least_ip_header || packet.size() < length || u8(packet, 9) != k_protocol_icmp) return {};
    return packet.subspan(length);
}

ByteView behind_v6_header(ByteView packet) {
    if (packet.size() < k_v6_header || u8(packet, 0) >> 4U != 6 || u8(packet, 6) != k_protocol_icmp_v6) return {};
    return packet.subspan(k_v6_header);
}

IcmpMessage::Kind kind_of(Family family, std::uint8_t type) {
    using enum IcmpMessage::Kind;
    if (type == (family == Family::v4 ? k_v4_reply : k_v6_reply)) return reply;
    if (type == (family == Family::v4 ? k_v4_unreachable : k_v6_unreachable)) return unreachable;
    if (type == (family == Family::v4 ? k_v4_time_exceeded : k_v6_time_exceeded)) return time_exceeded;
    return other;
}

}  // namespace

std::uint16_t internet_checksum(ByteView bytes) {
    std::uint32_t sum = 0;
    std::size_t i = 0;
    for (; i + 1 < bytes.size(); i += 2)
        sum += static_cast<std::uint32_t>(u8(bytes, i)) << 8U | u8(bytes, i + 1);
    if (i < bytes.size()) sum += static_cast<std::uint32_t>(u8(bytes, i)) << 8U;
    while (sum >> 16U != 0)
        sum = (sum & 0xFFFFU) + (sum >> 16U);
    return static_cast<std::uint16_t>(~sum);
}

EchoRequest::EchoRequest(Family family, std::uint16_t id, std::size_t payload)
    : m_family(family), m_bytes(k_icmp_header_bytes + std::max(payload, k_tag_bytes)) {
    m_bytes[0] = static_cast<std::byte>(family == Family::v4 ? k_v4_request : k_v6_request);
    put_big(m_bytes.data() + 4, id);
    // A pattern, so that links which mangle long runs of zeros show themselves.
    for (auto i = k_icmp_header_bytes + k_tag_bytes; i < m_bytes.size(); ++i)
        m_bytes[i] = static_cast<std::byte>(i & 0xFFU);
}

ByteView EchoRequest::make(std::uint16_t sequence, ProbeTag const& tag) {
    auto* const data = m_bytes.data();
    put_big(data + 6, sequence);
    auto* const at = data + k_icmp_header_bytes;
    put(at, tag.nonce);
    put(at + 8, tag.target);
    put(at + 12, tag.attempt);
    put(at + 16, tag.sent_ns);
    if (m_family == Family::v4) {
        put_big(data + 2, 0);
        put_big(data + 2, internet_checksum(m_bytes));
    }
    return m_bytes;
}

std::optional<IcmpMessage> parse_icmp(Family family, ByteView packet, bool has_ip_header) {
    auto const icmp = has_ip_header ? behind_v4_header(packet) : packet;
    if (icmp.size() < k_icmp_header_bytes) return std::nullopt;
    IcmpMessage message;
    message.type = u8(icmp, 0);
    message.code = u8(icmp, 1);
    message.kind = kind_of(family, message.type);
    if (message.kind == IcmpMessage::Kind::reply) {
        message.tag = tag_in(icmp);
        message.payload_bytes = static_cast<int>(icmp.size() - k_icmp_header_bytes);
    } else if (message.kind != IcmpMessage::Kind::other) {
        auto const quoted = icmp.subspan(k_icmp_header_bytes);
        message.tag = tag_in(family == Family::v4 ? behind_v4_header(quoted) : behind_v6_header(quoted));
    }
    return message;
}

}  // namespace bioctl::ont
