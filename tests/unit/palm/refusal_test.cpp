// What is not an open hand, and what no template should be made of.
#include "lib/palm/engine.hpp"

#include <catch2/catch.hpp>

#include <opencv2/imgproc.hpp>

#include "tests/support/hand/hand.hpp"

using namespace bioctl;
using palm::Reason;
using test::DrawnHand;

namespace {

std::string outcome(cv::Mat const& picture) {
    auto const capture = palm::capture(picture, palm::Search::one_pose);
    if (capture) return "accepted";
    CHECK_FALSE(capture.error().detail.empty());
    return std::string{name_of(capture.error().reason)};
}

cv::Mat with(DrawnHand hand) {
    auto picture = test::dark_cloth(800, 600);
    if (hand.middle == cv::Point2f{}) hand.middle = {400, 280};
    test::draw_hand(picture, hand);
    return picture;
}

cv::Mat noise(int width, int height, unsigned seed) {
    cv::Mat picture(height, width, CV_8UC3);
    cv::RNG{seed}.fill(picture, cv::RNG::UNIFORM, 0, 256);
    return picture;
}

/// Large soft spots, as clothes and leaves have them.
cv::Mat texture(unsigned seed, double spot) {
    auto picture = noise(640, 480, seed);
    cv::GaussianBlur(picture, picture, {0, 0}, spot);
    cv::normalize(picture, picture, 0, 255, cv::NORM_MINMAX);
    return picture;
}

cv::Mat text_page() {
    cv::Mat page{800, 600, CV_8UC3, cv::Scalar::all(245)};
    for (int y = 40; y < 780; y += 24)
        cv::putText(page, "the quick brown fox jumps over the lazy dog", {20, y}, cv::FONT_HERSHEY_SIMPLEX, .7,
                    cv::Scalar::all(20), 2);
    return page;
}

}  // namespace

TEST_CASE("the drawn hand is accepted, so the refusals below mean something", "[palm]") {
    CHECK(outcome(test::hand_photo(1)) == "accepted");
}

TEST_CASE("pictures without a hand are told so", "[palm]") {
    CHECK(outcome(test::dark_cloth(640, 480)) == "no_hand");
    CHECK(outcome(cv::Mat{480, 640, CV_8UC3, cv::Scalar::all(255)}) == "no_hand");
    CHECK(outcome(text_page()) == "no_hand");
    for (unsigned seed = 1; seed < 6; ++seed) {
        CHECK(outcome(noise(640, 480, seed)) == "no_hand");
        CHECK(outcome(texture(seed, 4)) == "no_hand");
        CHECK(outcome(texture(seed, 25)) == "no_hand");
    }
    auto face = test::dark_cloth(600, 600);
    cv::ellipse(face, {300, 300}, {150, 200}, 0, 0, 360, {118, 138, 196}, cv::FILLED);
    CHECK(outcome(face) == "no_hand");
    auto star = test::dark_cloth(600, 600);
    for (int i = 0; i < 8; ++i)
        cv::ellipse(star, {300, 300}, {250, 30}, i * 22.5, 0, 360, {118, 138, 196}, cv::FILLED);
    CHECK(outcome(star) != "accepted");
}

TEST_CASE("a fist is no open hand", "[palm]") {
    CHECK(outcome(with({.has_thumb = false, .has_fingers = false, .length = 110})) == "no_hand");
    CHECK(outcome(with({.has_fingers = false, .length = 110})) == "no_hand");
}

TEST_CASE("a hand that is partly out of the picture is refused", "[palm]") {
    CHECK(outcome(with({.length = 110, .middle = {400, 60}})) != "accepted");   // fingertips
    CHECK(outcome(with({.length = 110, .middle = {760, 280}})) != "accepted");  // the thumb's half
    CHECK(outcome(with({.length = 110, .middle = {400, 540}})) != "accepted");  // the palm
}

TEST_CASE("two hands are one too many", "[palm]") {
    auto picture = test::dark_cloth(1000, 600);
    test::draw_hand(picture, {.length = 100, .middle = {250, 280}});
    test::draw_hand(picture, {.is_left = true, .length = 95, .middle = {760, 280}});
    CHECK(outcome(picture) == "two_hands");
}

TEST_CASE("a hand too far away is told to come closer", "[palm]") {
    auto picture = test::dark_cloth(420, 360);
    test::draw_hand(picture, {.length = 46, .middle = {210, 175}});
    CHECK(outcome(picture) == "too_small");
}

TEST_CASE("a palm without lines is no palm: a glove, a drawing, a cut-out", "[palm]") {
    CHECK(outcome(with({.has_lines = false, .length = 110})) == "low_quality");
    auto white = test::dark_cloth(800, 600);
    test::draw_hand(white, {.has_lines = false, .length = 110, .middle = {400, 280}});
    white.setTo(cv::Scalar::all(255), white > 80);
    CHECK(outcome(white) != "accepted");
}

TEST_CASE("a palm too blurred, too dark or overexposed to read is refused", "[palm]") {
    cv::Mat blurred;
    cv::GaussianBlur(test::hand_photo(1), blurred, {0, 0}, 12);
    CHECK(outcome(blurred) != "accepted");
    CHECK(outcome(test::hand_photo(1) * .08) != "accepted");
    cv::Mat bright = test::hand_photo(1) * 2.2 + cv::Scalar::all(10);
    CHECK(outcome(bright) == "low_quality");
}

TEST_CASE("no size or shape of picture is too odd", "[palm]") {
    for (auto const& size : {cv::Size{1, 1}, cv::Size{1, 4000}, cv::Size{4000, 1}, cv::Size{31, 31}, cv::Size{33, 33},
                             cv::Size{40, 6000}, cv::Size{6000, 40}})
        CHECK(outcome(noise(size.width, size.height, 1)) != "accepted");
    CHECK(outcome(noise(1, 1, 1)) == "too_small");
    // A comb: as many fingers as fit.
    auto comb = test::dark_cloth(640, 480);
    cv::rectangle(comb, {20, 300}, {620, 470}, {118, 138, 196}, cv::FILLED);
    for (int x = 22; x < 615; x += 12)
        cv::rectangle(comb, {x, 40}, {x + 6, 310}, {118, 138, 196}, cv::FILLED);
    CHECK(outcome(comb) != "accepted");
}
