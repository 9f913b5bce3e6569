#include "tests/unit/image/pictures.hpp"

#include <catch2/catch.hpp>

namespace bioctl::image::test {

Photo decoded(ByteView file, DecodeOptions const& options) {
    auto const photo = decode(file, options);
    if (!photo) FAIL(photo.error().detail);
    REQUIRE(photo->pixels.type() == CV_8UC3);
    return *photo;
}

std::string refusal(ByteView file, DecodeOptions const& options, Failure::Reason reason) {
    auto const photo = decode(file, options);
    REQUIRE_FALSE(photo.has_value());
    CHECK(photo.error().reason == reason);
    return photo.error().detail;
}

}  // namespace bioctl::image::test
