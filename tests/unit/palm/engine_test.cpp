#include "lib/palm/engine.hpp"

#include <catch2/catch.hpp>

#include <vector>

#include <fmt/format.h>
#include <opencv2/imgproc.hpp>

#include "tests/support/hand/hand.hpp"

using namespace bioctl;
using palm::Search;

namespace {

palm::Capture captured(cv::Mat const& picture, Search search = Search::all_poses) {
    auto capture = palm::capture(picture, search);
    if (!capture) FAIL(palm::name_of(capture.error().reason) << ": " << capture.error().detail);
    return std::move(*capture);
}

}  // namespace

TEST_CASE("the same palm is near and another one far", "[palm]") {
    auto const alice = captured(test::hand_photo(1), Search::one_pose);
    for (unsigned shot = 1; shot < 5; ++shot)
        CHECK(palm::compare(captured(test::hand_photo(1, shot)).query, alice.enrolled) < palm::k_identify_threshold);
    for (unsigned other = 2; other < 12; ++other)
        CHECK(palm::compare(captured(test::hand_photo(other)).query, alice.enrolled) > palm::k_verify_threshold);
}

TEST_CASE("a palm is known at any angle, mirrored, smaller and larger", "[palm]") {
    auto const enrolled = captured(test::hand_photo(3), Search::one_pose).enrolled;
    for (int turn = 30; turn < 360; turn += 30) {
        auto picture = test::dark_cloth(800, 800);
        test::draw_hand(picture,
                        {.person = 3, .shot = 1, .turn_deg = static_cast<float>(turn), .length = 110, .middle = {400, 400}});
        INFO(turn);
        CHECK(palm::compare(captured(picture).query, enrolled) < palm::k_identify_threshold);
    }
    cv::Mat flipped;
    cv::flip(test::hand_photo(3, 2), flipped, 1);
    auto const mirrored = captured(flipped);
    CHECK(mirrored.side == palm::Side::left);
    CHECK(palm::compare(mirrored.query, enrolled) < palm::k_identify_threshold);
    for (float const length : {60.0F, 300.0F}) {
        auto picture = test::dark_cloth(static_cast<int>(7 * length), static_cast<int>(6 * length));
        test::draw_hand(picture, {.person = 3, .shot = 3, .length = length, .middle = {3.5F * length, 2.8F * length}});
        INFO(length);
        CHECK(palm::compare(captured(picture).query, enrolled) < palm::k_verify_threshold);
    }
}

TEST_CASE("a hand without its thumb matches the whole hand, either way round", "[palm]") {
    auto picture = test::dark_cloth(800, 600);
    test::draw_hand(picture, {.person = 7, .shot = 1, .has_thumb = false, .length = 110, .middle = {400, 280}});
    auto const partial = captured(picture);
    auto const whole = captured(test::hand_photo(7));
    CHECK(partial.side == palm::Side::unknown);
    CHECK(partial.enrolled.codes.size() == 2);
    CHECK(partial.query.centred.size() == 2);
    CHECK(partial.query.posed.size() == 16);
    CHECK(palm::compare(partial.query, whole.enrolled) < palm::k_identify_threshold);
    CHECK(palm::compare(whole.query, partial.enrolled) < palm::k_identify_threshold);
    CHECK(palm::compare(partial.query, captured(test::hand_photo(8)).enrolled) > palm::k_verify_threshold);
    auto const back = palm::from_bytes(palm::to_bytes(partial.enrolled));
    REQUIRE(back);
    CHECK(*back == partial.enrolled);
}

TEST_CASE("darker light changes nothing", "[palm]") {
    auto const enrolled = captured(test::hand_photo(4), Search::one_pose).enrolled;
    CHECK(palm::compare(captured(test::hand_photo(4, 1) * .5).query, enrolled) < palm::k_identify_threshold);
}

TEST_CASE("a capture tells all about itself", "[palm]") {
    auto const capture = captured(test::hand_photo(5));
    CHECK(capture.side == palm::Side::right);
    CHECK(capture.enrolled.side == palm::Side::right);
    REQUIRE(capture.enrolled.codes.size() == 1);
    CHECK(capture.query.centred.size() == 1);
    CHECK(capture.query.posed.size() == 8);
    CHECK(captured(test::hand_photo(5), Search::one_pose).query.posed.empty());
    CHECK(capture.region.size() == cv::Size{128, 128});
    CHECK(capture.region.type() == CV_8UC1);
    CHECK(capture.drawing.valleys.size() == 4);
    CHECK(capture.drawing.region.size() == 4);
    CHECK(capture.drawing.contour.size() > 200);
    CHECK(capture.quality.score > .3F);
    CHECK(capture.quality.score <= 1);
    CHECK(palm::compare(capture.query, capture.enrolled) == 0);
    CHECK(palm::compare(palm::query_for(capture.enrolled), capture.enrolled) == 0);
}

TEST_CASE("quality falls with blur and with distance", "[palm]") {
    auto const sharp = captured(test::hand_photo(6)).quality;
    cv::Mat blurred;
    cv::GaussianBlur(test::hand_photo(6), blurred, {0, 0}, 4);
    auto const soft = captured(blurred).quality;
    CHECK(soft.sharpness < sharp.sharpness);
    auto far = test::dark_cloth(500, 420);
    test::draw_hand(far, {.person = 6, .length = 60, .middle = {250, 200}});
    auto const small = captured(far).quality;
    CHECK(small.size < sharp.size);
    CHECK(std::string_view{small.weakest()} == "size");
}

TEST_CASE("one palm is found among many", "[palm]") {
    match::CodeGallery gallery;
    constexpr unsigned k_people = 20;
    for (unsigned person = 1; person <= k_people; ++person) {
        auto const capture = captured(test::hand_photo(person), Search::one_pose);
        for (auto const& code : capture.enrolled.codes)
            gallery.add(fmt::format("p{}", person), code);
    }
    for (unsigned person = 1; person <= k_people; person += 4) {
        auto const found = gallery.search(captured(test::hand_photo(person, 7)).query, 2);
        REQUIRE(found.size() == 2);
        CHECK(gallery.person_id(found[0].person) == fmt::format("p{}", person));
        CHECK(found[0].distance < palm::k_identify_threshold);
        CHECK(found[1].distance > palm::k_verify_threshold);
    }
}
