#include "lib/face/engine.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <span>

#include <catch2/catch.hpp>
#include <opencv2/imgproc.hpp>

#include "lib/base/file.hpp"
#include "lib/match/distance.hpp"
#include "tests/support/temp_dir.hpp"

using namespace bioctl;
using namespace bioctl::face;

namespace {

namespace stdfs = std::filesystem;

stdfs::path const k_photos = stdfs::path{BIOCTL_MODELS}.parent_path() / "demo";

ModelSet default_models() {
    return ModelRegistry{BIOCTL_MODELS, {}}.active();
}

Bytes photo_file(char const* name) {
    return read_file(k_photos / name, 50'000'000).or_throw();
}

cv::Mat photo(char const* name) {
    return image::decode(photo_file(name), {})->pixels;
}

float apart(Face const& a, Face const& b) {
    return match::distance(a.vector, b.vector, match::Metric::unit, 1.43F);
}

/// The face whose box holds the point.
Face const* face_at(Analysis const& analysis, cv::Point2f point) {
    for (auto const& face : analysis.faces) {
        if (face.box.contains(point)) return &face;
    }
    return nullptr;
}

// One woman is on two of the package's photos (found by comparing all faces of all photos): here are the middles of her face.
constexpr float k_her_x_1 = 1544, k_her_y_1 = 345;
constexpr float k_her_x_3 = 1139, k_her_y_3 = 383;

}  // namespace

TEST_CASE("all faces of a group are found, in full-resolution coordinates, largest first", "[face]") {
    Engine engine{default_models()};
    auto const analysis = engine.analyse(photo_file("sample6.jpg"), {});
    REQUIRE(analysis);
    CHECK(analysis->size == cv::Size(1920, 1537));
    CHECK(analysis->rotation == 0);
    REQUIRE(analysis->faces.size() == 4);
    for (auto const& nose : {cv::Point2f{1276, 497}, {732, 516}, {396, 667}, {1556, 453}})
        CHECK(face_at(*analysis, nose) != nullptr);
    for (std::size_t i = 1; i < 4; ++i)
        CHECK(analysis->faces[i - 1].box.area() >= analysis->faces[i].box.area());
    for (auto const& face : analysis->faces) {
        CHECK(face.vector.size() == 128);
        CHECK(face.chip.size() == cv::Size(150, 150));
        CHECK(face.quality.score > 0);
    }
}

TEST_CASE("the same woman on two photos is nearer than all others", "[face]") {
    Engine engine{default_models()};
    auto const first = engine.analyse(photo_file("sample1.jpg"), {});
    auto const third = engine.analyse(photo_file("sample3.jpg"), {});
    REQUIRE((first && third));
    auto const* const her = face_at(*first, {k_her_x_1, k_her_y_1});
    auto const* const again = face_at(*third, {k_her_x_3, k_her_y_3});
    REQUIRE(her != nullptr);
    REQUIRE(again != nullptr);
    CHECK(apart(*her, *again) < *engine.contract().threshold_identify);
    for (auto const& face : third->faces) {
        if (&face != again) CHECK(apart(*her, face) > *engine.contract().threshold_identify);
    }
}

TEST_CASE("a photo lying on its side or upside down is turned, and the record says so", "[face]") {
    Engine engine{default_models()};
    auto const upright = photo("sample3.jpg");
    auto const reference = engine.analyse(upright, Embedding::all_faces);
    auto const* const her = face_at(reference, {k_her_x_3, k_her_y_3});
    REQUIRE(her != nullptr);
    for (int const degrees : {90, 180, 270}) {
        INFO(degrees);
        auto const lying = image::rotate(upright, 360 - degrees);
        auto const analysis = engine.analyse(lying, Embedding::all_faces);
        CHECK(analysis.rotation == degrees);
        CHECK(analysis.size == lying.size());
        REQUIRE(analysis.faces.size() == reference.faces.size());
        float nearest = 9;
        cv::Rect2f box;
        for (auto const& face : analysis.faces) {
            if (apart(face, *her) < nearest) {
                nearest = apart(face, *her);
                box = face.box;
            }
        }
        CHECK(nearest < 0.1F);
        auto const width = static_cast<float>(upright.cols);
        auto const height = static_cast<float>(upright.rows);
        cv::Point2f const expected = degrees == 90    ? cv::Point2f{k_her_y_3, width - k_her_x_3}
                                     : degrees == 180 ? cv::Point2f{width - k_her_x_3, height - k_her_y_3}
                                                      : cv::Point2f{height - k_her_y_3, k_her_x_3};
        CHECK(box.contains(expected));
    }
}

TEST_CASE("photos of many shapes in between do not change what is found", "[face]") {
    Engine engine{default_models()};
    cv::Mat small;
    cv::resize(photo("sample3.jpg"), small, {}, 0.25, 0.25, cv::INTER_AREA);
    auto const before = engine.analyse(small, Embedding::all_faces);
    REQUIRE(!before.faces.empty());
    // More shapes than networks are kept.
    for (int width = 200; width <= 440; width += 40) {
        (void)engine.analyse(small(cv::Rect{0, 0, width, 300}), Embedding::none);
    }
    auto const after = engine.analyse(small, Embedding::all_faces);
    REQUIRE(after.faces.size() == before.faces.size());
    for (std::size_t i = 0; i < after.faces.size(); ++i)
        CHECK(after.faces[i].vector == before.faces[i].vector);
}

TEST_CASE("a picture without a face gives an empty list", "[face]") {
    Engine engine{default_models()};
    cv::Mat const grey(480, 640, CV_8UC3, cv::Scalar(90, 120, 100));
    CHECK(engine.analyse(grey, Embedding::all_faces).faces.empty());
    cv::Mat const dot(1, 1, CV_8UC3, cv::Scalar(0, 0, 0));
    CHECK(engine.analyse(dot, Embedding::all_faces).faces.empty());
    cv::Mat const line(3000, 1, CV_8UC3, cv::Scalar(0, 0, 0));
    CHECK(engine.analyse(line, Embedding::all_faces).faces.empty());
}

TEST_CASE("a file that is no image is a failure with a reason", "[face]") {
    Engine engine{default_models()};
    auto const analysis = engine.analyse(as_bytes("<html>not a photo</html>"), {});
    REQUIRE(!analysis);
    CHECK(analysis.error().reason == image::Failure::Reason::unreadable);
}

TEST_CASE("the mirror image of a chip has the same vector", "[face]") {
    Engine engine{default_models()};
    auto analysis = engine.analyse(photo("sample3.jpg"), Embedding::none);
    REQUIRE(!analysis.faces.empty());
    CHECK(analysis.faces[0].vector.empty());
    std::vector<Face> pair{analysis.faces[0], analysis.faces[0]};
    cv::flip(pair[0].chip, pair[1].chip, 1);
    engine.embed(pair);
    CHECK(apart(pair[0], pair[1]) < 1e-4F);
}

TEST_CASE("a portrait is enough to find the face again", "[face]") {
    Engine engine{default_models()};
    auto const analysis = engine.analyse(photo_file("sample3.jpg"), {});
    REQUIRE(analysis);
    auto const* const her = face_at(*analysis, {k_her_x_3, k_her_y_3});
    REQUIRE(her != nullptr);
    auto const portrait = engine.portrait(*her);
    CHECK(portrait.rows == portrait.cols);
    CHECK(portrait.rows <= 400);
    auto const again = engine.analyse(portrait, Embedding::all_faces);
    REQUIRE(again.faces.size() == 1);
    CHECK(apart(again.faces[0], *her) < 0.25F);
}

namespace {

/// As a telephone of 12 megapixels takes it: a window of a demo photo.
cv::Mat telephone_photo(char const* name, cv::Rect window) {
    cv::Mat large;
    cv::resize(photo(name)(window), large, {4000, 3000}, 0, 0, cv::INTER_CUBIC);
    return large;
}

cv::Mat decoded(ByteView file, int longer_side) {
    auto photo = image::decode(file, {.limits = {}, .min_longer_side = longer_side});
    REQUIRE(photo);
    REQUIRE(photo->pixels.cols < 2 * longer_side);
    return photo->pixels;
}

// Around one of the four.
cv::Rect const k_window{116, 457, 560, 420};

/// With room around it, so that the face is that much smaller.
cv::Mat from_afar(cv::Mat const& picture, double factor) {
    cv::Mat smaller;
    cv::resize(picture, smaller, {}, 1 / factor, 1 / factor, cv::INTER_AREA);
    cv::Mat canvas(picture.size(), CV_8UC3, cv::mean(picture));
    auto const left = (picture.cols - smaller.cols) / 2;
    auto const top = (picture.rows - smaller.rows) / 2;
    smaller.copyTo(canvas(cv::Rect{{left, top}, smaller.size()}));
    return canvas;
}

/// With an Exif block that says how to turn it.
Bytes with_orientation(Bytes const& jpeg, unsigned char orientation) {
    std::array<unsigned char, 36> block{0xff, 0xe1, 0, 34, 'E', 'x', 'i', 'f', 0, 0};
    constexpr std::array<unsigned char, 20> k_tiff{'I', 'I', 42, 0, 8, 0, 0, 0, 1, 0, 0x12, 1, 3, 0, 1, 0, 0, 0, 0, 0};
    std::copy(k_tiff.begin(), k_tiff.end(), block.begin() + 10);
    block[28] = orientation;
    auto const bytes = std::as_bytes(std::span{block});
    Bytes file{jpeg.begin(), jpeg.begin() + 2};
    file.insert(file.end(), bytes.begin(), bytes.end());
    file.insert(file.end(), jpeg.begin() + 2, jpeg.end());
    return file;
}

}  // namespace

TEST_CASE("a large face of a large photo is found at a quarter of the width, and nothing is lost", "[face]") {
    Engine engine{default_models()};
    auto const file = image::encode_jpeg(telephone_photo("sample6.jpg", k_window), 90);
    auto const analysis = engine.analyse(file, {});
    REQUIRE(analysis);
    CHECK(analysis->size == cv::Size(4000, 3000));
    REQUIRE(analysis->faces.size() == 1);
    auto const& face = analysis->faces[0];
    CHECK(face.box.contains({2000, 1500}));
    CHECK(engine.portrait(face).size() == cv::Size(400, 400));
    auto const at_a_quarter = engine.analyse(decoded(file, 1000), Embedding::all_faces);
    REQUIRE(at_a_quarter.faces.size() == 1);
    CHECK(face.vector == at_a_quarter.faces[0].vector);
    auto const at_half = engine.analyse(decoded(file, 2000), Embedding::all_faces);
    REQUIRE(at_half.faces.size() == 1);
    CHECK(apart(face, at_half.faces[0]) < 0.1F);
}

TEST_CASE("a face of a large photo whose portrait a quarter would shrink is cut out of half of it", "[face]") {
    Engine engine{default_models()};
    auto const file = image::encode_jpeg(from_afar(telephone_photo("sample6.jpg", k_window), 2.7), 90);
    auto const at_a_quarter = engine.analyse(decoded(file, 1000), Embedding::all_faces);
    REQUIRE(at_a_quarter.faces.size() == 1);
    CHECK(engine.portrait(at_a_quarter.faces[0]).cols < 390);
    auto const analysis = engine.analyse(file, {});
    REQUIRE(analysis);
    REQUIRE(analysis->faces.size() == 1);
    CHECK(engine.portrait(analysis->faces[0]).size() == cv::Size(400, 400));
    CHECK(apart(analysis->faces[0], at_a_quarter.faces[0]) < 0.1F);
}

TEST_CASE("a large photo that lies on its side by its Exif is found at a quarter, too, of odd sizes", "[face]") {
    Engine engine{default_models()};
    cv::Mat odd;
    cv::resize(photo("sample6.jpg")(k_window), odd, {4001, 3001}, 0, 0, cv::INTER_CUBIC);
    auto const file = with_orientation(image::encode_jpeg(image::rotate(odd, 270), 90), 6);
    auto const analysis = engine.analyse(file, {});
    REQUIRE(analysis);
    CHECK(analysis->size == cv::Size(4001, 3001));
    CHECK(analysis->rotation == 0);
    REQUIRE(analysis->faces.size() == 1);
    CHECK(analysis->faces[0].box.contains({2000, 1500}));
    auto const at_a_quarter = engine.analyse(decoded(file, 1000), Embedding::all_faces);
    REQUIRE(at_a_quarter.faces.size() == 1);
    CHECK(analysis->faces[0].vector == at_a_quarter.faces[0].vector);
}

TEST_CASE("small faces of a large photo are cut out of more of its pixels", "[face]") {
    Engine engine{default_models()};
    auto const demo = photo("sample6.jpg");
    cv::Mat group;
    cv::resize(demo, group, {4000, 4000 * demo.rows / demo.cols}, 0, 0, cv::INTER_CUBIC);
    for (double const factor : {1.0, 1.8}) {
        INFO(factor);
        auto const file = image::encode_jpeg(from_afar(group, factor), 90);
        auto const analysis = engine.analyse(file, {});
        REQUIRE(analysis);
        auto const& faces = analysis->faces;
        std::vector<int> portraits;
        for (auto const& face : faces)
            portraits.push_back(engine.portrait(face).cols);
        auto const at_half = engine.analyse(decoded(file, 1280), Embedding::all_faces);
        REQUIRE(faces.size() == 4);
        REQUIRE(at_half.faces.size() == 4);
        for (auto const& same : at_half.faces) {
            auto const middle = (same.box.tl() + same.box.br());  // twice as far in the whole photo
            auto const* const face = face_at(*analysis, middle);
            REQUIRE(face != nullptr);
            CHECK(apart(*face, same) < 0.1F);
            auto const portrait = portraits[static_cast<std::size_t>(face - faces.data())];
            CHECK(portrait >= engine.portrait(same).cols - 12);
        }
    }
}

TEST_CASE("a large photo that leaves a doubt is looked at as if there had been no first look", "[face]") {
    Engine engine{default_models()};
    auto const upside_down = image::rotate(telephone_photo("sample6.jpg", k_window), 180);
    auto const file = image::encode_jpeg(upside_down, 90);
    auto const analysis = engine.analyse(file, {});
    REQUIRE(analysis);
    CHECK(analysis->rotation == 180);
    REQUIRE(analysis->faces.size() == 1);
    auto const at_half = engine.analyse(decoded(file, 1280), Embedding::all_faces);
    REQUIRE(at_half.faces.size() == 1);
    CHECK(analysis->faces[0].vector == at_half.faces[0].vector);

    auto const nobody = image::encode_jpeg(cv::Mat(3000, 4000, CV_8UC3, cv::Scalar(90, 120, 100)), 90);
    auto const empty = engine.analyse(nobody, {});
    REQUIRE(empty);
    CHECK(empty->faces.empty());
    CHECK(empty->size == cv::Size(4000, 3000));
}
