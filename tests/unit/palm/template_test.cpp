#include "lib/palm/template.hpp"

#include <catch2/catch.hpp>

#include <random>

#include "lib/base/error.hpp"
#include "tests/unit/match/codes.hpp"

using namespace bioctl;
using palm::Template;

namespace {

Template sample(std::size_t codes) {
    std::mt19937 random{9};
    Template t{.side = codes == 1 ? palm::Side::right : palm::Side::unknown, .codes = {}};
    for (std::size_t i = 0; i < codes; ++i)
        t.codes.push_back(test::random_code(random));
    t.codes[0].mask[3] = 0x0FF0;
    return t;
}

std::string refusal(ByteView bytes) {
    auto const t = palm::from_bytes(bytes);
    if (t) return "accepted";
    CHECK(t.error().kind() == Kind::data);
    return t.error().message();
}

}  // namespace

TEST_CASE("a template comes back from its bytes", "[palm]") {
    for (std::size_t const codes : {1U, 2U}) {
        auto const t = sample(codes);
        auto const bytes = palm::to_bytes(t);
        CHECK(bytes.size() == 32 + 896 * codes);
        auto const back = palm::from_bytes(bytes);
        REQUIRE(back);
        CHECK(*back == t);
    }
    CHECK_THROWS_AS(palm::to_bytes(Template{}), Error);
    CHECK_THROWS_AS(palm::to_bytes({.side = palm::Side::left, .codes = std::vector<match::Code>(3)}), Error);
}

TEST_CASE("the bytes of a template are the same on every machine", "[palm]") {
    Template t{.side = palm::Side::left, .codes = std::vector<match::Code>(1)};
    t.codes[0].planes[0][0] = 0x01020304;
    t.codes[0].mask[31] = 0xA0B0C0D0;
    auto const bytes = palm::to_bytes(t);
    CHECK(as_text(ByteView{bytes}.first(4)) == "BPLM");
    CHECK(to_hex(ByteView{bytes}.subspan(4, 4)) == "01010100");
    CHECK(as_text(ByteView{bytes}.subspan(8, 11)) == "palm-bocv-1");
    CHECK(to_hex(ByteView{bytes}.subspan(32, 4)) == "04030201");
    CHECK(to_hex(ByteView{bytes}.last(4)) == "d0c0b0a0");
}

TEST_CASE("damaged bytes are no template, whichever byte it is", "[palm]") {
    auto const bytes = palm::to_bytes(sample(2));
    for (std::size_t i = 0; i < bytes.size(); ++i) {
        auto damaged = bytes;
        damaged[i] ^= std::byte{0x10};
        if (palm::from_bytes(damaged)) FAIL("byte " << i << " does not matter");
    }
    for (std::size_t size = 0; size < bytes.size(); size += 37)
        CHECK(refusal(ByteView{bytes}.first(size)) != "accepted");
    auto longer = bytes;
    longer.push_back(std::byte{0});
    CHECK(refusal(longer) == "palm template: it is truncated or damaged");
}

TEST_CASE("a template of another version or pipeline says which", "[palm]") {
    auto bytes = palm::to_bytes(sample(1));
    CHECK(refusal(as_bytes("hello")) == "palm template: it is no palm template");
    auto newer = bytes;
    newer[4] = std::byte{2};
    CHECK(refusal(newer) == "palm template: its format is version 2, this program reads 1");
    bytes[18] = std::byte{'9'};
    CHECK(refusal(bytes) ==
          "palm template: it was made by palm-bocv-9, which palm-bocv-1 cannot be compared with; enrol the photo again");
}
