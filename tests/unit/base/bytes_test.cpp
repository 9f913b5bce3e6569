#include "lib/base/bytes.hpp"

#include <catch2/catch.hpp>

using namespace bioctl;

TEST_CASE("digests are those of FIPS 180-2", "[base]") {
    CHECK(to_hex(sha256({})) == "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
    CHECK(to_hex(sha256(as_bytes("abc"))) == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
}

TEST_CASE("data in pieces has the digest of the whole", "[base]") {
    Sha256Stream stream;
    stream.add(as_bytes("a"));
    stream.add({});
    stream.add(as_bytes("bc"));
    CHECK(stream.finish() == sha256(as_bytes("abc")));
}

TEST_CASE("hex is lower case, two digits a byte", "[base]") {
    CHECK(to_hex(ByteView{}).empty());
    CHECK(to_hex(as_bytes(std::string_view{"\x00\x0F\xFF", 3})) == "000fff");
}

TEST_CASE("base64 is that of RFC 4648, padded", "[base]") {
    CHECK(to_base64({}).empty());
    CHECK(to_base64(as_bytes("f")) == "Zg==");
    CHECK(to_base64(as_bytes("fo")) == "Zm8=");
    CHECK(to_base64(as_bytes("foobar")) == "Zm9vYmFy");
    CHECK(to_base64(as_bytes("\xFB\xFF")) == "+/8=");
}

TEST_CASE("text and bytes are views of the same memory", "[base]") {
    std::string_view const text = "gate";
    CHECK(as_text(as_bytes(text)) == text);
    CHECK(static_cast<void const*>(as_bytes(text).data()) == text.data());
}
