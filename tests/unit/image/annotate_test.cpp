#include "lib/image/annotate.hpp"

#include <catch2/catch.hpp>

#include <opencv2/core.hpp>

#include "lib/image/transliterate.hpp"
#include "tests/unit/image/pictures.hpp"

using namespace bioctl;
using namespace bioctl::image;
using namespace bioctl::image::test;

namespace {

constexpr std::uint8_t k_background = 128;

cv::Mat annotated(cv::Size size, std::vector<Mark> const& marks) {
    auto picture = plain(size.width, size.height, {k_background, k_background, k_background});
    annotate(picture, marks);
    return picture;
}

/// The least rectangle around all that was drawn.
cv::Rect drawn(cv::Mat const& picture) {
    cv::Rect around;
    for (int y = 0; y < picture.rows; ++y) {
        for (int x = 0; x < picture.cols; ++x) {
            bool const is_drawn = picture.at<cv::Vec3b>(y, x) != cv::Vec3b::all(k_background);
            if (is_drawn) around |= cv::Rect{x, y, 1, 1};
        }
    }
    return around;
}

}  // namespace

TEST_CASE("marks outside the picture do no harm", "[image]") {
    CHECK(drawn(annotated({100, 80}, {{{-500, -500, 20, 20}, ""}})).empty());
    CHECK_NOTHROW(annotated({100, 80}, {{{-10, -10, 500, 500}, std::string(1000, 'W')}, {{1000, 1000, 5, 5}, "far"}}));
    CHECK_NOTHROW(annotated({1, 1}, {{{0, 0, 1, 1}, "Siti"}}));
}

TEST_CASE("a box is drawn on its edge, green for known and red for unknown", "[image]") {
    auto const picture = annotated({200, 200}, {{{50, 60, 40, 30}, "", true}, {{120, 60, 40, 30}, "", false}});
    auto const known = picture.at<cv::Vec3b>(60, 70);
    CHECK(known[1] > known[2]);
    auto const unknown = picture.at<cv::Vec3b>(60, 140);
    CHECK(unknown[2] > unknown[1]);
    CHECK(picture.at<cv::Vec3b>(75, 70) == cv::Vec3b::all(k_background));
}

TEST_CASE("a name stands above its box, or inside where there is no room", "[image]") {
    CHECK(drawn(annotated({400, 400}, {{{100, 200, 200, 100}, "Siti"}})).y < 195);
    auto const inside = annotated({400, 400}, {{{100, 0, 200, 300}, "Siti"}});
    CHECK(inside.at<cv::Vec3b>(3, 103) != cv::Vec3b::all(k_background));
    auto const right = drawn(annotated({400, 400}, {{{390, 200, 8, 8}, "Siti Nurhaliza"}}));
    CHECK(right.x < 350);
}

TEST_CASE("names are drawn in letters the font has", "[image]") {
    CHECK(transliterate("Siti Nurhaliza") == "Siti Nurhaliza");
    CHECK(transliterate("Jos\u00E9 \u00C5str\u00F6m \u0141ukasz \u0130ffet \u017Dofia") == "Jose Astrom Lukasz Iffet Zofia");
    CHECK(transliterate("Nguy\u1EC5n \u0110\u1EE9c") == "Nguyen Duc");
    CHECK(transliterate("e\u0301") == "e");
    CHECK(transliterate("\u5F20\u4F1F \U0001F600") == "?? ?");
    CHECK(transliterate("a\nb\xFF") == "a?b?");
    CHECK(transliterate("\u00BF\u00DF\u017F\u0180\u1E00\u1EFF\u1F00") == "?ss?A??");
}
