#include <catch2/catch.hpp>

#include "lib/base/deflate.hpp"

using namespace bioctl;

TEST_CASE("bytes come back", "[base]") {
    for (std::string const text : {"", "a", "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"}) {
        auto const packed = deflate(as_bytes(text));
        CHECK(as_text(inflate(packed, text.size()).or_throw()) == text);
    }
}

TEST_CASE("what is longer than expected, cut short or damaged is refused", "[base]") {
    std::string const text(1000, 'x');
    auto packed = deflate(as_bytes(text));
    CHECK(packed.size() < 100);
    CHECK(inflate(packed, 999).error().kind() == Kind::data);
    CHECK_FALSE(inflate(ByteView{packed}.first(packed.size() - 1), 1000));
    packed[packed.size() / 2] ^= std::byte{0x55};
    CHECK_FALSE(inflate(packed, 1000));
    CHECK_FALSE(inflate({}, 10));
}

TEST_CASE("gzip comes back, within a limit", "[base]") {
    std::string const text(1000, 'x');
    auto packed = gzip(as_bytes(text));
    CHECK(as_text(gunzip(packed, 1000).or_throw()) == text);
    CHECK(gunzip(gzip({}), 0).or_throw().empty());
    CHECK(gunzip(packed, 999).error().kind() == Kind::data);
    CHECK_FALSE(gunzip(ByteView{packed}.first(packed.size() - 1), 1000));
    packed.back() ^= std::byte{0x55};
    CHECK_FALSE(gunzip(packed, 1000));
    CHECK_FALSE(gunzip({}, 10));
    CHECK_FALSE(gunzip(as_bytes(text), 1000));
}
