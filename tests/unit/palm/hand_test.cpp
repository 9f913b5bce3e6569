#include "lib/palm/hand.hpp"

#include <catch2/catch.hpp>

#include <array>
#include <cmath>

#include <opencv2/imgproc.hpp>

#include "tests/support/hand/hand.hpp"

using namespace bioctl;
using palm::Side;
using test::DrawnHand;

namespace {

palm::Hand found(cv::Mat const& picture) {
    auto hand = palm::find_hand(picture);
    if (!hand) FAIL(palm::name_of(hand.error().reason) << ": " << hand.error().detail);
    return *hand;
}

float apart(cv::Point2f a, cv::Point2f b) {
    return std::hypot(a.x - b.x, a.y - b.y);
}

void check_place(palm::Hand const& hand, DrawnHand const& drawn) {
    auto const [index, little] = test::drawn_valleys(drawn);
    CHECK(apart(hand.valleys.index, index) < .12F * drawn.length);
    CHECK(apart(hand.valleys.little, little) < .12F * drawn.length);
    CHECK(hand.frame.length == Approx(drawn.length).epsilon(.1));
}

}  // namespace

TEST_CASE("the valleys of a hand are found at any angle, and which hand it is", "[palm]") {
    for (int turn = 0; turn < 360; turn += 15) {
        for (bool const is_left : {false, true}) {
            INFO((is_left ? "left, " : "right, ") << turn << " degrees");
            auto picture = test::dark_cloth(900, 900);
            DrawnHand const drawn{.is_left = is_left, .turn_deg = static_cast<float>(turn), .length = 120, .middle = {450, 450}};
            test::draw_hand(picture, drawn);
            auto const hand = found(picture);
            CHECK(hand.side == (is_left ? Side::left : Side::right));
            REQUIRE(hand.thumb_valley);
            check_place(hand, drawn);
        }
    }
}

TEST_CASE("a mirrored picture shows the other hand, at the mirrored place", "[palm]") {
    auto const picture = test::hand_photo(1);
    cv::Mat flipped;
    cv::flip(picture, flipped, 1);
    auto const right = found(picture);
    auto const left = found(flipped);
    CHECK(right.side == Side::right);
    CHECK(left.side == Side::left);
    auto const width = static_cast<float>(picture.cols - 1);
    CHECK(apart({width - left.valleys.index.x, left.valleys.index.y}, right.valleys.index) < 4);
}

TEST_CASE("hands are found small and large", "[palm]") {
    for (float const length : {45.0F, 70.0F, 130.0F}) {
        INFO(length);
        auto picture = test::dark_cloth(640, 600);
        DrawnHand const drawn{.length = length, .middle = {320, 290}};
        test::draw_hand(picture, drawn);
        check_place(found(picture), drawn);
    }
    auto large = test::dark_cloth(3200, 2400);
    DrawnHand const drawn{.length = 450, .middle = {1600, 1100}};
    test::draw_hand(large, drawn);
    check_place(found(large), drawn);
}

TEST_CASE("the frame points from index to little finger and to the wrist", "[palm]") {
    auto const hand = found(test::hand_photo(1));  // a right hand, fingers up: the index finger is at the right
    CHECK(hand.frame.x.x < -.98F);
    CHECK(hand.frame.y.y > .98F);
    CHECK(apart(hand.frame.at(-.5F, 0), hand.valleys.index) < 1);
    CHECK(apart(hand.frame.at(.5F, 0), hand.valleys.little) < 1);
    CHECK(hand.contour.size() > 200);
}

TEST_CASE("a hand is found before light things as before dark ones", "[palm]") {
    for (auto const& colour : {cv::Scalar{240, 240, 240}, cv::Scalar{150, 90, 40}, cv::Scalar{60, 140, 50}}) {
        cv::Mat picture{600, 800, CV_8UC3, colour};
        DrawnHand const drawn{.length = 110, .middle = {400, 280}};
        test::draw_hand(picture, drawn);
        INFO(colour);
        check_place(found(picture), drawn);
    }
}

TEST_CASE("without a thumb the valleys are found, but nobody knows which hand it is", "[palm]") {
    for (bool const is_left : {false, true}) {
        auto picture = test::dark_cloth(800, 600);
        DrawnHand const drawn{.is_left = is_left, .has_thumb = false, .length = 110, .middle = {400, 280}};
        test::draw_hand(picture, drawn);
        auto const hand = found(picture);
        CHECK(hand.side == Side::unknown);
        CHECK_FALSE(hand.thumb_valley);
        auto const [index, little] = test::drawn_valleys(drawn);
        CHECK(std::min(apart(hand.valleys.index, index), apart(hand.valleys.index, little)) < .12F * drawn.length);
        CHECK(std::min(apart(hand.valleys.little, index), apart(hand.valleys.little, little)) < .12F * drawn.length);
    }
}

TEST_CASE("a hand is found before a wall that is half red and half white", "[palm]") {
    // Redder than skin on one side and lighter on the other: no one threshold parts the hand from both.
    cv::Mat picture(600, 800, CV_8UC3, cv::Scalar{225, 228, 230});
    picture(cv::Rect{0, 0, 430, 600}).setTo(cv::Scalar{40, 40, 205});
    DrawnHand const drawn{.length = 110, .middle = {420, 280}};
    test::draw_hand(picture, drawn);
    check_place(found(picture), drawn);
}

TEST_CASE("a hand is found before wood of nearly its colour", "[palm]") {
    // The grain varies in light as skin does, so that no bound of one channel parts them; along its own line of colour wood is
    // one thing.
    cv::Mat grain(600, 800, CV_32FC1);
    cv::RNG{7}.fill(grain, cv::RNG::NORMAL, 0, 1);
    cv::GaussianBlur(grain, grain, {0, 0}, 20, 2);
    cv::normalize(grain, grain, -1, 1, cv::NORM_MINMAX);
    std::array<cv::Mat, 3> planes;
    for (std::size_t i = 0; i < planes.size(); ++i) {
        double const level = std::array{120.0, 150.0, 200.0}[i];
        cv::Mat(grain * (.4 * level) + level).convertTo(planes[i], CV_8U);
    }
    cv::Mat picture;
    cv::merge(planes, picture);
    DrawnHand const drawn{.length = 110, .middle = {400, 280}};
    CHECK_FALSE(palm::find_hand(picture));
    test::draw_hand(picture, drawn);
    check_place(found(picture), drawn);
}
