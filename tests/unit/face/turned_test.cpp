#include <catch2/catch.hpp>

#include <opencv2/core.hpp>

#include "lib/base/error.hpp"
#include "lib/face/pixels.hpp"
#include "lib/face/turned.hpp"
#include "lib/image/photo.hpp"

using namespace bioctl;
using namespace bioctl::face;

namespace {

cv::Mat noise(cv::Size size) {
    cv::Mat picture{size, CV_8UC3};
    cv::RNG random{3};
    random.fill(picture, cv::RNG::UNIFORM, 0, 256);
    return picture;
}

double greatest_difference(cv::Mat const& a, cv::Mat const& b) {
    REQUIRE(a.size() == b.size());
    return cv::norm(a, b, cv::NORM_INF);
}

}  // namespace

TEST_CASE("what is taken from a picture and turned is what is taken from the turned picture", "[face]") {
    auto const picture = noise({60, 41});
    for (int const degrees : {0, 90, 180, 270}) {
        CAPTURE(degrees);
        Turned const turned{picture, degrees};
        auto const whole = image::rotate(picture, degrees);
        REQUIRE(turned.size() == whole.size());
        CHECK(greatest_difference(turned.whole(), whole) == 0);
        cv::Rect const part{3, 7, 30, 19};
        CHECK(greatest_difference(turned.resized(part, part.size()), whole(part)) == 0);
        // Sums in another order: halves may be rounded otherwise.
        CHECK(greatest_difference(turned.resized(part, {17, 11}), resized(whole(part), {17, 11})) <= 1);
        CHECK(greatest_difference(turned.resized(part, {45, 38}), resized(whole(part), {45, 38})) <= 1);
    }
}

TEST_CASE("a picture is shrunk once for all of its turns, and never taken for another", "[face]") {
    auto const picture = noise({60, 41});
    Shrunk shrunk{picture};
    for (int const degrees : {0, 90, 180, 270}) {
        Turned const turned{picture, degrees};
        auto const size = degrees % 180 == 0 ? cv::Size{30, 20} : cv::Size{20, 30};
        cv::Rect const whole{{0, 0}, turned.size()};
        CHECK(greatest_difference(turned.with(shrunk).resized(whole, size), turned.resized(whole, size)) == 0);
        cv::Rect const part{1, 2, 30, 30};
        CHECK(greatest_difference(turned.with(shrunk).resized(part, {20, 20}), turned.resized(part, {20, 20})) == 0);
    }
    // It is not looked at again.
    auto const before = picture.clone();
    cv::Rect const all{{0, 0}, picture.size()};
    auto const expected = Turned{before, 0}.resized(all, {30, 20});
    cv::Mat changed = picture;
    changed.setTo(0);
    CHECK(greatest_difference((Turned{picture, 0}.with(shrunk).resized(all, {30, 20})), expected) == 0);
    CHECK_FALSE(shrunk.is_of(picture(cv::Rect{0, 0, 20, 20})));
    cv::Mat const other = 255 - before;
    CHECK_FALSE(shrunk.is_of(other));
    cv::Rect const whole{{0, 0}, other.size()};
    Turned const turned{other, 0};
    CHECK(greatest_difference(turned.with(shrunk).resized(whole, {30, 20}), turned.resized(whole, {30, 20})) == 0);
}

TEST_CASE("pictures are turned by right angles only", "[face]") {
    CHECK_THROWS_AS((Turned{noise({4, 4}), 45}), Error);
}
