#include <catch2/catch.hpp>

#include <algorithm>
#include <string>

#include "lib/base/error.hpp"
#include "lib/base/file.hpp"
#include "lib/face/models.hpp"
#include "tests/support/temp_dir.hpp"
#include "tests/unit/face/models_data.hpp"

using namespace bioctl;
using namespace bioctl::test;
using Catch::Contains;
using face::ModelRegistry;

namespace {

/// A registry over the built-in models and a folder of its own, with a shape predictor to import.
struct Fixture {
    TempDir dir;
    fs::path imported = dir / "models";
    fs::path shape = dir / "My Shape.dat";

    Fixture() { write_text(shape, dlib_shape_file(5)); }
    [[nodiscard]] ModelRegistry registry() const { return {builtin_dir(), imported}; }
};

template <class Work>
Kind kind_of(Work const& work) {
    try {
        work();
    } catch (Error const& error) {
        return error.kind();
    }
    FAIL("nothing thrown");
    return Kind::bug;
}

std::vector<std::string> ids_of(ModelRegistry const& registry) {
    std::vector<std::string> ids;
    for (auto const& model : registry.all())
        ids.push_back(model.id);
    return ids;
}

/// Copies the built-in models' files, so that one can be spoilt.
void copy_builtins(fs::path const& to) {
    fs::create_directories(to);
    for (auto const* const stem : {"tiny_face_detector_model", "face_landmark_68_model", "face_recognition_model"}) {
        for (auto const* const suffix : {".bin", "-weights_manifest.json"})
            fs::copy_file(builtin_dir() / (std::string{stem} + suffix), to / (std::string{stem} + suffix));
    }
}

}  // namespace

TEST_CASE_METHOD(Fixture, "a missing built-in file is named with the remedy", "[face]") {
    copy_builtins(dir / "share");
    fs::remove(dir / "share/face_recognition_model.bin");
    auto const open = [&] { ModelRegistry{dir / "share", imported}; };
    CHECK(kind_of(open) == Kind::no_input);
    CHECK_THAT(message_of(open), Contains("face_recognition_model.bin") && Contains("make deps"));
}

TEST_CASE_METHOD(Fixture, "a truncated built-in file is noticed without reading it", "[face]") {
    copy_builtins(dir / "share");
    fs::resize_file(dir / "share/face_landmark_68_model.bin", 1000);
    auto const open = [&] { ModelRegistry{dir / "share", imported}; };
    CHECK(kind_of(open) == Kind::data);
    CHECK_THAT(message_of(open), Contains("face_landmark_68_model.bin") && Contains("1000 bytes instead of 356840"));
}

TEST_CASE_METHOD(Fixture, "the built-in models are whole and in use from the start", "[face]") {
    auto const registry = this->registry();
    CHECK(ids_of(registry) == std::vector<std::string>{"faceapi-tiny", "faceapi-68", "faceapi-resnet"});
    for (auto const& model : registry.all()) {
        INFO(model.id);
        CHECK(model.active);
        CHECK(registry.verify(model).has_value());
    }
    CHECK_FALSE(fs::exists(imported));
}

TEST_CASE_METHOD(Fixture, "a changed byte fails verification with the name of the file", "[face]") {
    copy_builtins(dir / "share");
    auto const file = dir / "share/tiny_face_detector_model-weights_manifest.json";
    auto text = read_text(file);
    text[text.find("0.0")] = '1';
    write_text(file, text);
    ModelRegistry const registry{dir / "share", imported};
    auto const verdict = registry.verify(registry.find("faceapi-tiny"));
    REQUIRE_FALSE(verdict);
    CHECK_THAT(verdict.error().message(), Contains(file.string()));
    CHECK(verdict.error().kind() == Kind::data);
}

TEST_CASE_METHOD(Fixture, "the contract names every part that moves vectors", "[face]") {
    auto const contract = registry().active().contract();
    CHECK(contract.description ==
          "detector=faceapi-tiny:b7503ce7df31 landmarks=faceapi-68:4611ef65c87d align=dlib68-150 "
          "embedder=faceapi-resnet:b413e420d684 mirror=1 pipeline=" +
              std::to_string(face::k_pipeline_version));
    CHECK(contract.id == to_hex(sha256(as_bytes(contract.description))).substr(0, 16));
    CHECK(contract.space == "dlib-resnet-v1");
    CHECK(contract.dimensions == 128);
}

TEST_CASE_METHOD(Fixture, "an unknown model is answered with the nearest name", "[face]") {
    CHECK_THAT(message_of([&] { static_cast<void>(registry().find("faceapi-tyni")); }), Contains("did you mean 'faceapi-tiny'"));
    CHECK(kind_of([&] { registry().use("nothing-like-it"); }) == Kind::no_input);
}

TEST_CASE_METHOD(Fixture, "an imported model is there for the next registry", "[face]") {
    auto first = registry();
    auto const id = first.import({.file = shape, .licence = "mine"}).id;
    CHECK(id == "my-shape");
    auto const second = registry();
    auto const& model = second.find(id);
    CHECK(model.kind == face::ModelKind::landmarks);
    CHECK(model.format == face::ModelFormat::dlib_shape);
    CHECK(model.licence == "mine");
    CHECK_THAT(model.source, Contains("My Shape.dat"));
    CHECK_FALSE(model.active);
    CHECK(second.verify(model).has_value());
}

TEST_CASE_METHOD(Fixture, "the chosen model stays chosen and changes the contract", "[face]") {
    auto registry = this->registry();
    auto const before = registry.active().contract();
    registry.import({.file = shape, .id = "five"});
    registry.use("five");
    CHECK(registry.find("five").active);
    CHECK_FALSE(registry.find("faceapi-68").active);
    CHECK(this->registry().active().landmarks.id == "five");
    CHECK(this->registry().active().contract().id != before.id);
    registry.use("faceapi-68");
    CHECK(this->registry().active().contract().id == before.id);
}

TEST_CASE_METHOD(Fixture, "the contract does not depend on the name given to a model", "[face]") {
    auto registry = this->registry();
    registry.import({.file = shape, .id = "a"});
    registry.import({.file = shape, .id = "b"});
    registry.use("a");
    auto const as_a = registry.active().contract().id;
    registry.use("b");
    CHECK(registry.active().contract().id == as_a);
}

TEST_CASE_METHOD(Fixture, "the same file may be imported again, another one under its id may not", "[face]") {
    auto registry = this->registry();
    registry.import({.file = shape, .id = "five"});
    CHECK_NOTHROW(registry.import({.file = shape, .id = "five"}));
    write_text(dir / "other.dat", dlib_shape_file(68));
    CHECK(kind_of([&] { registry.import({.file = dir / "other.dat", .id = "five"}); }) == Kind::usage);
    CHECK(kind_of([&] { registry.import({.file = shape, .id = "faceapi-68"}); }) == Kind::usage);
    CHECK(kind_of([&] { registry.import({.file = shape, .id = "../five"}); }) == Kind::usage);
}

TEST_CASE_METHOD(Fixture, "a file that is no model leaves nothing behind", "[face]") {
    auto registry = this->registry();
    write_text(dir / "page.dat", "<html>not found</html>");
    CHECK(kind_of([&] { registry.import({.file = dir / "page.dat"}); }) == Kind::data);
    CHECK(kind_of([&] { registry.import({.file = dir / "absent.dat"}); }) == Kind::no_input);
    CHECK(kind_of([&] { registry.import({.file = dir.path()}); }) == Kind::no_input);
    CHECK_FALSE(fs::exists(imported));
}

TEST_CASE_METHOD(Fixture, "a model in use and a built-in one cannot be removed", "[face]") {
    auto registry = this->registry();
    registry.import({.file = shape, .id = "five"});
    registry.use("five");
    CHECK(kind_of([&] { registry.remove("five"); }) == Kind::busy);
    CHECK(kind_of([&] { registry.remove("faceapi-68"); }) == Kind::usage);
    CHECK(kind_of([&] { registry.remove("../models"); }) == Kind::no_input);
    registry.use("faceapi-68");
    registry.remove("five");
    CHECK(kind_of([&] { static_cast<void>(registry.find("five")); }) == Kind::no_input);
    CHECK_FALSE(fs::exists(imported / "five"));
}

TEST_CASE_METHOD(Fixture, "a damaged model that is not in use stops nothing", "[face]") {
    registry().import({.file = shape, .id = "five"});
    write_text(imported / "five/model.json", "{");
    auto registry = this->registry();
    CHECK(registry.all().size() == 3);
    REQUIRE(registry.problems().size() == 1);
    CHECK_THAT(registry.problems()[0], Contains("five/model.json") && Contains("bioctl models remove five"));
    CHECK_NOTHROW(registry.active());
    SECTION("importing it again repairs it") {
        registry.import({.file = shape, .id = "five"});
        CHECK(registry.problems().empty());
    }
    SECTION("it can be removed") {
        registry.remove("five");
        CHECK(registry.problems().empty());
    }
}

TEST_CASE_METHOD(Fixture, "truncated weights are noticed without reading them", "[face]") {
    registry().import({.file = shape, .id = "five"});
    fs::resize_file(imported / "five/shape_predictor.dat", 10);
    CHECK_THAT(registry().problems().at(0), Contains("shape_predictor.dat") && Contains("has 10 bytes"));
}

TEST_CASE_METHOD(Fixture, "a damaged model in use is an error with a way out", "[face]") {
    registry().import({.file = shape, .id = "five"});
    registry().use("five");
    fs::remove(imported / "five/model.json");
    CHECK_THAT(message_of([&] { static_cast<void>(registry().active()); }), Contains("'five'") && Contains("bioctl models use"));
    registry().use("faceapi-68");
    CHECK_NOTHROW(registry().active());
}

TEST_CASE_METHOD(Fixture, "an active.json that cannot be read is an error, not the default", "[face]") {
    fs::create_directories(imported);
    fs::create_symlink("active.json", imported / "active.json");
    CHECK_THAT(message_of([&] { static_cast<void>(registry().active()); }), Contains("active.json"));
}

TEST_CASE_METHOD(Fixture, "a damaged active.json is an error that names it, and use writes it anew", "[face]") {
    write_text(imported / "active.json", "{\"version\":1,");
    CHECK_THAT(message_of([&] { static_cast<void>(registry().active()); }),
               Contains("active.json") && Contains("bioctl models use"));
    CHECK(kind_of([&] { static_cast<void>(registry().active()); }) == Kind::data);
    registry().use("faceapi-tiny");
    CHECK_NOTHROW(registry().active());
}

TEST_CASE_METHOD(Fixture, "while another process changes the models, a change has to wait", "[face]") {
    fs::create_directories(imported);
    auto const other = FileLock::try_acquire(imported / ".lock");
    REQUIRE(other);
    auto registry = this->registry();
    CHECK(kind_of([&] { registry.import({.file = shape}); }) == Kind::busy);
    CHECK(kind_of([&] { registry.use("faceapi-68"); }) == Kind::busy);
    CHECK_NOTHROW(this->registry().active());
}

TEST_CASE_METHOD(Fixture, "what a killed import left is invisible, and swept away by the next change", "[face]") {
    write_text(imported / ".tmp-new-five/shape_predictor.dat", "half");
    auto registry = this->registry();
    CHECK(registry.all().size() == 3);
    CHECK(registry.problems().empty());
    registry.use("faceapi-68");
    CHECK_FALSE(fs::exists(imported / ".tmp-new-five"));
}
