#include <catch2/catch.hpp>

#include <random>

#include "lib/ont/icmp_packet.hpp"

using namespace bioctl;
using namespace bioctl::ont;

namespace {

ProbeTag const k_tag{.nonce = 0x1122334455667788, .target = 70'000, .attempt = 3, .sent_ns = 123'456'789};

Bytes bytes_of(std::initializer_list<int> values) {
    Bytes bytes;
    for (int const value : values)
        bytes.push_back(static_cast<std::byte>(value));
    return bytes;
}

Bytes joined(Bytes first, ByteView second) {
    first.insert(first.end(), second.begin(), second.end());
    return first;
}

Bytes request(Family family, std::size_t payload = 56) {
    EchoRequest echo{family, 7, payload};
    auto const packet = echo.make(9, k_tag);
    return {packet.begin(), packet.end()};
}

/// The same packet as the other side sends it back.
Bytes reply_of(Family family) {
    auto packet = request(family);
    packet[0] = static_cast<std::byte>(family == Family::v4 ? 0 : 129);
    return packet;
}

Bytes v4_header(int length = 20) {
    auto header = bytes_of({0x40 + length / 4, 0, 0, 84, 0, 0, 0, 0, 64, 1, 0, 0, 192, 0, 2, 1, 192, 0, 2, 2});
    header.resize(static_cast<std::size_t>(length));
    return header;
}

}  // namespace

TEST_CASE("the checksum is that of RFC 1071", "[ont]") {
    // The example of section 3 of the RFC, whose sum is ddf2.
    CHECK(internet_checksum(bytes_of({0x00, 0x01, 0xf2, 0x03, 0xf4, 0xf5, 0xf6, 0xf7})) == static_cast<std::uint16_t>(~0xddf2));
    CHECK(internet_checksum(bytes_of({0xff})) == 0x00ff);
    CHECK(internet_checksum({}) == 0xffff);
    CHECK(internet_checksum(request(Family::v4)) == 0);  // over a packet with its checksum in place
    CHECK(internet_checksum(request(Family::v4, 57)) == 0);
}

TEST_CASE("a request is an echo with id, sequence and tag, and its echo is recognised", "[ont]") {
    auto const packet = request(Family::v4);
    CHECK(packet.size() == 64);
    CHECK(packet[0] == std::byte{8});
    CHECK(packet[5] == std::byte{7});
    CHECK(packet[7] == std::byte{9});
    CHECK(request(Family::v6)[0] == std::byte{128});
    CHECK(request(Family::v4, 0).size() == k_icmp_header_bytes + k_tag_bytes);
    auto const plain = parse_icmp(Family::v4, reply_of(Family::v4), false);
    REQUIRE(plain);
    CHECK(plain->kind == IcmpMessage::Kind::reply);
    CHECK(plain->tag == k_tag);
    CHECK(plain->payload_bytes == 56);
    CHECK(parse_icmp(Family::v6, reply_of(Family::v6), false)->tag == k_tag);
    CHECK(parse_icmp(Family::v4, joined(v4_header(), reply_of(Family::v4)), true)->tag == k_tag);
    CHECK(parse_icmp(Family::v4, joined(v4_header(24), reply_of(Family::v4)), true)->tag == k_tag);
    CHECK(parse_icmp(Family::v4, request(Family::v4), false)->kind == IcmpMessage::Kind::other);
}

TEST_CASE("an error carries the request that it is about, if enough of it was sent back", "[ont]") {
    auto const head = bytes_of({3, 1, 0, 0, 0, 0, 0, 0});
    auto const whole = joined(joined(head, v4_header()), request(Family::v4));
    auto const error = parse_icmp(Family::v4, whole, false);
    REQUIRE(error);
    CHECK(error->kind == IcmpMessage::Kind::unreachable);
    CHECK(error->type == 3);
    CHECK(error->code == 1);
    CHECK(error->tag == k_tag);
    auto const short_one = parse_icmp(Family::v4, ByteView{whole}.first(8 + 20 + 8), false);
    REQUIRE(short_one);
    CHECK_FALSE(short_one->tag);
    Bytes v6_header(40);
    v6_header[0] = std::byte{0x60};
    v6_header[6] = std::byte{58};
    auto const v6 = joined(joined(bytes_of({1, 4, 0, 0, 0, 0, 0, 0}), v6_header), request(Family::v6));
    CHECK(parse_icmp(Family::v6, v6, false)->tag == k_tag);
}

TEST_CASE("hostile bytes are no message of ours and do no harm", "[ont]") {
    CHECK_FALSE(parse_icmp(Family::v4, {}, false));
    CHECK_FALSE(parse_icmp(Family::v4, v4_header(), true));
    auto lying = joined(v4_header(), reply_of(Family::v4));
    lying[0] = std::byte{0x4f};  // a header of 60 bytes
    CHECK(parse_icmp(Family::v4, lying, true)->tag != k_tag);
    lying[0] = std::byte{0x41};  // of 4
    CHECK_FALSE(parse_icmp(Family::v4, lying, true));
    std::mt19937 random{7};
    for (int i = 0; i < 20'000; ++i) {
        Bytes noise(random() % 120);
        for (auto& byte : noise)
            byte = static_cast<std::byte>(random());
        for (bool const has_header : {false, true})
            for (auto const family : {Family::v4, Family::v6}) {
                auto const message = parse_icmp(family, noise, has_header && family == Family::v4);
                if (message && message->tag) CHECK(message->tag->nonce != k_tag.nonce);
            }
    }
}
