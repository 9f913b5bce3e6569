#include "lib/face/detector.hpp"

#include <filesystem>

#include <catch2/catch.hpp>
#include <opencv2/core.hpp>

#include "lib/base/file.hpp"
#include "lib/face/models.hpp"
#include "lib/image/photo.hpp"

using namespace bioctl;
using namespace bioctl::face;

TEST_CASE("of overlapping boxes the best-scored one stays", "[face]") {
    auto const kept = suppressed({{.box = {0, 0, 100, 100}, .score = 0.6F},
                                  {.box = {5, 5, 100, 100}, .score = 0.9F},
                                  {.box = {200, 0, 100, 100}, .score = 0.5F}},
                                 0.4F);
    REQUIRE(kept.size() == 2);
    CHECK(kept[0].score == 0.9F);
    CHECK(kept[1].score == 0.5F);
}

TEST_CASE("a picture in the memory of the one before is seen anew", "[face]") {
    auto const model = ModelRegistry{BIOCTL_MODELS, {}}.active().detector;
    auto const demo = std::filesystem::path{BIOCTL_MODELS}.parent_path() / "demo";
    auto const file = read_file(demo / "sample1.jpg", 50'000'000).or_throw();
    cv::Mat picture = image::decode(file, {})->pixels;
    auto const detector = make_ladder_detector(model);
    auto const faces = detector->detect(picture, Effort::usual);
    REQUIRE_FALSE(faces.empty());
    CHECK(detector->best_score({picture, 0}, faces) > 0.5F);
    picture.setTo(0);
    CHECK(detector->detect(picture, Effort::usual).empty());
    CHECK(detector->best_score({picture, 0}, faces) == 0);
}

TEST_CASE("boxes without an area survive suppression without a division by zero", "[face]") {
    CHECK(suppressed({{.box = {0, 0, 0, 0}, .score = 0.6F}, {.box = {0, 0, 0, 0}, .score = 0.5F}}, 0.4F).size() == 2);
    CHECK(suppressed({}, 0.4F).empty());
}

TEST_CASE("a HOG box keeps its place for dlib's landmarks, others are mapped around the same middle", "[face]") {
    Detection hog{.box = {10, 20, 80, 80}, .score = 1, .convention = BoxConvention::hog};
    CHECK(hog_box(hog) == hog.box);
    Detection yunet{.box = {0, 0, 80, 100}, .score = 1, .convention = BoxConvention::yunet};
    auto const mapped = hog_box(yunet);
    CHECK(mapped.width == Approx(mapped.height));
    CHECK(mapped.x + mapped.width / 2 == Approx(40).margin(0.5));
    // The recipe's measured map: side .976 sqrt(w h), .054 h below the middle.
    CHECK(mapped.width == Approx(0.976 * std::sqrt(80 * 100)).epsilon(0.01));
    CHECK(mapped.y + mapped.height / 2 == Approx(50 + 5.4).margin(0.5));
}
