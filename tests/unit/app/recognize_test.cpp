#include "lib/app/recognize.hpp"

#include <fmt/format.h>
#include <catch2/catch.hpp>
#include <opencv2/core.hpp>

#include "demo_support.hpp"
#include "lib/app/compare.hpp"
#include "lib/app/thresholds.hpp"

using namespace bioctl;
using namespace bioctl::app;
using test::demo_photo;
using test::DemoStore;

namespace {

Yardstick const k_yardstick{.metric = match::Metric::unit, .scale = 1.43F, .threshold = 0.5F};
RecognizeOptions const k_options{.rule = {.threshold = 0.5F, .margin = 0}, .top = 2, .annotation = Annotation::none};

/// The people on sample 1, by hand: largest face first.
struct Enrolled1 : DemoStore {
    Enrolled1() {
        face::Engine engine{test::demo_models()};
        auto const analysis = *engine.analyse(test::bytes_of(demo_photo(1)), {});
        for (std::size_t i = 0; i < analysis.faces.size(); ++i) {
            auto row = this->row(fmt::format("p{}", i), analysis.faces[i].vector);
            row.contract = test::demo_models().contract().id;
            add(row);
        }
        store.write([&] { store.people().set_name("p0", "Putri", clock.now()); });
    }
    std::vector<RecognizedPhoto> look(std::vector<PhotoSource> const& photos, RecognizeOptions const& options = k_options) {
        std::vector<RecognizedPhoto> seen;
        Faces const faces{workspace};
        recognize(workspace, {&faces, nullptr}, photos, options, {[&](RecognizedPhoto const& photo) { seen.push_back(photo); }, {}});
        return seen;
    }
};

PhotoSource file(fs::path const& path) {
    return {path, std::nullopt};
}

}  // namespace

TEST_CASE("a photo that cannot be read is an answer among the others, in its place", "[app]") {
    Enrolled1 people;
    auto const seen = people.look({file("/nowhere.jpg"), file(demo_photo(1)), {"-", Bytes{}}});
    REQUIRE(seen.size() == 3);
    CHECK(seen[0].failure->reason == image::Failure::Reason::missing);
    CHECK(seen[1].faces.size() == 3);
    CHECK(seen[2].failure->reason == image::Failure::Reason::unreadable);
}

TEST_CASE("with nobody enrolled every face is unknown and has no distance", "[app]") {
    DemoStore people;
    Faces const faces{people.workspace};
    face::Engine engine{test::demo_models()};
    auto const photo = recognize_photo(engine, {&faces, nullptr}, file(demo_photo(1)), {}, k_options);
    REQUIRE(photo.faces.size() == 3);
    CHECK_FALSE(photo.faces[0].person);
    CHECK_FALSE(photo.faces[0].distance);
    CHECK(photo.faces[0].candidates.empty());
}

TEST_CASE("every face of the enrolled photo is found again at no distance", "[app]") {
    Enrolled1 people;
    auto const photo = people.look({file(demo_photo(1))}).front();
    REQUIRE(photo.faces.size() == 3);
    for (std::size_t i = 0; i < 3; ++i) {
        auto const& face = photo.faces[i];
        REQUIRE(face.person);
        CHECK(face.person->person_id == fmt::format("p{}", i));
        CHECK(*face.distance == Approx(0).margin(1e-5));
        REQUIRE(face.runner_up);
        CHECK(face.runner_up->distance > 0.4F);
        CHECK(face.candidates.size() == 2);
        CHECK(face.box.right <= 1920);
    }
    CHECK(photo.faces[0].person->label() == "Putri");
    CHECK(photo.faces[1].person->label() == "p1");
}

TEST_CASE("the same person on another photo is known, the others are not", "[app]") {
    Enrolled1 people;
    auto const photo = people.look({file(demo_photo(3))}).front();
    REQUIRE(photo.faces.size() == 3);
    REQUIRE(photo.faces[0].person);
    CHECK(photo.faces[0].person->person_id == "p0");
    for (std::size_t i = 1; i < 3; ++i) {
        CHECK_FALSE(photo.faces[i].person);
        CHECK(*photo.faces[i].distance > 0.5F);
        CHECK(photo.faces[i].runner_up);
    }
}

TEST_CASE("answers come in input order and end when the caller wants no more", "[app]") {
    Enrolled1 people;
    people.workspace.jobs = 3;
    std::vector<PhotoSource> photos;
    for (int i = 0; i < 12; ++i)
        photos.push_back(file(i % 4 == 0 ? demo_photo(1) : fs::path{fmt::format("/nowhere/{}.jpg", i)}));
    std::vector<fs::path> seen;
    Faces const faces{people.workspace};
    recognize(people.workspace, {&faces, nullptr}, photos, k_options,
              {[&](RecognizedPhoto const& photo) { seen.push_back(photo.path); }, [&] { return seen.size() == 6; }});
    REQUIRE(seen.size() == 6);
    for (std::size_t i = 0; i < seen.size(); ++i)
        CHECK(seen[i] == photos[i].path);
}

TEST_CASE("an annotated photo has the full resolution and is another picture", "[app]") {
    Enrolled1 people;
    auto options = k_options;
    options.annotation = Annotation::jpeg;
    auto const photo = people.look({file(demo_photo(1))}, options).front();
    auto const picture = image::decode(photo.annotated, {});
    REQUIRE(picture);
    CHECK(picture->pixels.size() == cv::Size{1920, 1280});
    auto const& box = photo.faces[0].box;
    auto const before = image::decode(test::bytes_of(demo_photo(1)), {});
    auto const edge = cv::Rect{box.left, box.top, box.right - box.left, 1};
    CHECK(cv::norm(picture->pixels(edge), before->pixels(edge), cv::NORM_L1) / edge.area() > 50);
}

TEST_CASE("two photos of one person compare as same, of two people as different", "[app]") {
    Enrolled1 people;
    face::Engine engine{test::demo_models()};
    auto const a = probe_of(engine, file(demo_photo(1)), {});
    auto const b = probe_of(engine, file(demo_photo(3)), {});
    auto const c = probe_of(engine, file(demo_photo(6)), {});
    REQUIRE((a && b && c));
    CHECK(a->faces == 3);
    CHECK(compare(a->vector, b->vector, k_yardstick).same);
    CHECK_FALSE(compare(a->vector, c->vector, k_yardstick).same);
    CHECK(compare_with_person(people.workspace, b->vector, "p0", k_yardstick).same);
    CHECK_FALSE(compare_with_person(people.workspace, b->vector, "p1", k_yardstick).same);
}

TEST_CASE("comparing with somebody who is not enrolled says so", "[app]") {
    Enrolled1 people;
    std::vector<float> const probe(128, 0.1F);
    CHECK_THROWS_WITH(compare_with_person(people.workspace, probe, "p9", k_yardstick), Catch::Contains("did you mean"));
    people.store.write([&] { people.store.people().upsert("empty", "", people.clock.now()); });
    CHECK_THROWS_WITH(compare_with_person(people.workspace, probe, "empty", k_yardstick), Catch::Contains("enrol a photo"));
}

TEST_CASE("a photo that cannot be compared is named with its kind", "[app]") {
    face::Engine engine{test::demo_models()};
    CHECK_THROWS_WITH(probe_of(engine, file("/no\nwhere.jpg"), {}), Catch::StartsWith("/no\\nwhere.jpg: "));
}

TEST_CASE("the user's threshold goes before that of the models, but for duplicates", "[app]") {
    face::Contract contract;
    CHECK_THROWS_AS(verify_threshold(contract, std::nullopt), Error);
    CHECK_THROWS_AS(identify_threshold(contract, std::nullopt), Error);
    CHECK_FALSE(duplicate_threshold(contract, std::nullopt));
    contract.threshold_verify = 0.6F;
    contract.threshold_identify = 0.5F;
    CHECK(verify_threshold(contract, std::nullopt) == 0.6F);
    CHECK(identify_threshold(contract, std::nullopt) == 0.5F);
    CHECK(identify_threshold(contract, 0.4F) == 0.4F);
    CHECK(duplicate_threshold(contract, std::nullopt) == 0.5F);
    contract.threshold_duplicate = 0.3F;
    CHECK(duplicate_threshold(contract, 0.4F) == 0.3F);
}

TEST_CASE("the face at a point is enrolled, and where there is none the faces are listed", "[app]") {
    face::Engine engine{test::demo_models()};
    auto const file = test::bytes_of(demo_photo(1));
    EnrolRules rules;
    rules.at = PhotoPoint{.x = 930, .y = 540};
    auto const found = prepare(engine, file, {}, rules, {});
    REQUIRE(found.samples.size() == 1);
    CHECK(found.samples[0].index == 1);
    rules.at = PhotoPoint{.x = 5, .y = 5};
    auto const missed = prepare(engine, file, {}, rules, {});
    REQUIRE(missed.rejected);
    CHECK(missed.rejected->reason == RejectReason::no_face);
    CHECK_THAT(missed.rejected->detail, Catch::StartsWith("no face at 5,5; the faces are at 15"));
    rules.at = PhotoPoint{.x = 930, .y = 540};
    rules.min_quality = 1;
    CHECK(prepare(engine, file, {}, rules, {}).rejected->reason == RejectReason::low_quality);
}
