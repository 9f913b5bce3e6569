#include <catch2/catch.hpp>

#include <string>

#include "lib/base/error.hpp"
#include "lib/face/model_import.hpp"
#include "lib/face/model_onnx.hpp"
#include "tests/support/temp_dir.hpp"
#include "tests/unit/face/models_data.hpp"

using namespace bioctl;
using namespace bioctl::test;
using Catch::Contains;
using face::FileKind;

namespace {

Bytes bytes_of(std::string_view text) {
    auto const view = as_bytes(text);
    return {view.begin(), view.end()};
}

std::string verdict_on(std::string_view text) {
    return message_of([&] { static_cast<void>(face::kind_of_file(as_bytes(text))); });
}

std::string shape_verdict(std::string_view text) {
    return message_of([&] { static_cast<void>(face::prepare_dlib_shape(bytes_of(text))); });
}

std::string resnet_verdict(std::string_view text) {
    return message_of([&] { static_cast<void>(face::prepare_dlib_resnet(bytes_of(text))); });
}

}  // namespace

TEST_CASE("a file that is no model is named for what it is", "[face]") {
    CHECK_THAT(verdict_on(""), Contains("empty"));
    CHECK_THAT(verdict_on("BZh91AY"), Contains("bunzip2"));
    CHECK_THAT(verdict_on("7z\xBC\xAF\x27\x1C..."), Contains("7-Zip"));
    CHECK_THAT(verdict_on("version https://git-lfs.github.com/spec/v1\n"), Contains("Git LFS pointer"));
    CHECK_THAT(verdict_on("<!DOCTYPE html>"), Contains("web page"));
    CHECK_THAT(verdict_on("{\"size\":112}"), Contains("JSON"));
    CHECK_THAT(verdict_on(std::string{"\x01\x01", 2} + dlib_text("something")), Contains("neither a face recogniser"));
    CHECK_THAT(verdict_on("\x01\x01"), Contains("truncated"));
    CHECK_THAT(verdict_on("\x01\x01?"), Contains("truncated"));
}

TEST_CASE("the first bytes tell the formats apart", "[face]") {
    CHECK(face::kind_of_file(as_bytes(dlib_shape_file(5))) == FileKind::dlib_shape);
    CHECK(face::kind_of_file(as_bytes(dlib_integer(1) + dlib_text("loss_metric_2"))) == FileKind::dlib_resnet);
    CHECK(face::kind_of_file(as_bytes(onnx_outline_file({"y"}))) == FileKind::onnx);
}

TEST_CASE("a shape predictor has 5 or 68 points", "[face]") {
    CHECK_THAT(face::prepare_dlib_shape(bytes_of(dlib_shape_file(5))).info.title, Contains("5 points"));
    CHECK_THAT(face::prepare_dlib_shape(bytes_of(dlib_shape_file(68))).info.title, Contains("68 points"));
    CHECK_THAT(shape_verdict(dlib_shape_file(6)), Contains("12 coordinates"));
}

TEST_CASE("a shape predictor that would read outside its pixels is refused", "[face]") {
    CHECK_THAT(shape_verdict(dlib_shape_file(5, 2)), Contains("a pixel that does not exist"));
    CHECK_THAT(shape_verdict(dlib_shape_file(5, -1)), Contains("a pixel that does not exist"));
}

TEST_CASE("a shape predictor cut anywhere is refused", "[face]") {
    auto const whole = dlib_shape_file(5);
    for (std::size_t length = 0; length < whole.size(); ++length) {
        INFO(length);
        CHECK_THAT(shape_verdict(whole.substr(0, length)), Contains("truncated") || Contains("does not fit the file"));
    }
}

TEST_CASE("a shape predictor with any bit flipped is read or refused, never more", "[face]") {
    auto const whole = dlib_shape_file(5);
    std::size_t refused = 0;
    for (std::size_t bit = 0; bit < 8 * whole.size(); ++bit) {
        auto damaged = whole;
        damaged[bit / 8] = static_cast<char>(damaged[bit / 8] ^ (1 << bit % 8));
        try {
            auto const model = face::prepare_dlib_shape(bytes_of(damaged));
            CHECK(model.weights.size() == whole.size());
        } catch (Error const& error) {
            CHECK(error.kind() == Kind::data);
            ++refused;
        }
    }
    CHECK(refused > 2 * whole.size());  // half of the bits are mantissas, where any value will do
}

TEST_CASE("counts and sizes beyond the file are refused before anything is allocated", "[face]") {
    auto const huge = dlib_integer(std::int64_t{1} << 62);
    CHECK_THAT(shape_verdict(dlib_integer(1) + dlib_integer(-(std::int64_t{1} << 62)) + dlib_integer(-1)),
               Contains("an impossible size"));
    CHECK_THAT(resnet_verdict(dlib_integer(1) + huge), Contains("does not fit the file"));
    CHECK_THAT(resnet_verdict(dlib_integer(1) + std::string{"\x09\xFF\xFF\xFF\xFF\xFF\xFF\xFF\xFF\xFF", 10}),
               Contains("a number is malformed"));
}

TEST_CASE("a dlib network of another kind is told from the face network", "[face]") {
    CHECK_THAT(resnet_verdict(dlib_integer(1) + dlib_text("loss_multiclass_log_")), Contains("'loss_multiclass_log_'"));
    CHECK_THAT(resnet_verdict(dlib_integer(1) + dlib_text("loss_metric_") + dlib_integer(7)), Contains("another network"));
    CHECK_THAT(resnet_verdict(dlib_integer(1) + dlib_text("loss_metric_")), Contains("truncated"));
}

TEST_CASE("the outline of an ONNX file has its outputs and its true inputs", "[face]") {
    auto const outline = face::read_onnx_outline(as_bytes(onnx_outline_file({"a", "b"})));
    CHECK(outline.inputs == std::vector<std::string>{"input"});
    CHECK(outline.outputs == std::vector<std::string>{"a", "b"});
    CHECK(outline.nodes == 1);
}

TEST_CASE("an ONNX file cut anywhere is refused", "[face]") {
    auto const whole = onnx_outline_file({"a", "b"});
    for (std::size_t length = 0; length < whole.size(); ++length) {
        INFO(length);
        CHECK_THROWS_AS(face::read_onnx_outline(as_bytes(whole).first(length)), Error);
    }
}

TEST_CASE("an ONNX file with any bit flipped is outlined or refused, never more", "[face]") {
    auto const whole = onnx_outline_file({"a", "b"});
    std::size_t refused = 0;
    for (std::size_t bit = 0; bit < 8 * whole.size(); ++bit) {
        auto damaged = whole;
        damaged[bit / 8] = static_cast<char>(damaged[bit / 8] ^ (1 << bit % 8));
        try {
            auto const outline = face::read_onnx_outline(as_bytes(damaged));
            CHECK(outline.nodes > 0);
        } catch (Error const& error) {
            CHECK(error.kind() == Kind::data);
            ++refused;
        }
    }
    CHECK(refused > 0);
}

TEST_CASE("an ONNX network without a description asks for it", "[face]") {
    TempDir const dir;
    CHECK_THAT(message_of([&] { static_cast<void>(face::prepare_onnx(bytes_of(onnx_outline_file({"y"})), dir / "m.json")); }),
               Contains("m.json") && Contains("is not there"));
}

TEST_CASE("an ONNX file that only looks like a network is refused by the run on zeros", "[face]") {
    TempDir const dir;
    write_text(dir / "m.json", R"({"size":112,"colour":"rgb","alignment":"arcface-5","metric":"cosine"})");
    try {
        static_cast<void>(face::prepare_onnx(bytes_of(onnx_outline_file({"y"})), dir / "m.json"));
        FAIL("was taken");
    } catch (Error const& error) {
        CHECK(error.kind() == Kind::data);
    }
}

TEST_CASE("a wrong digest is refused with both digests", "[face]") {
    TempDir const dir;
    write_text(dir / "shape.dat", dlib_shape_file(5));
    auto const expected = std::string(64, 'a');
    auto const found = to_hex(sha256(as_bytes(dlib_shape_file(5))));
    CHECK_THAT(
        message_of([&] { static_cast<void>(face::prepare_model({.file = dir / "shape.dat", .expected_sha256 = expected})); }),
        Contains("shape.dat") && Contains(expected) && Contains(found));
    CHECK_NOTHROW(face::prepare_model({.file = dir / "shape.dat", .expected_sha256 = found}));
}

TEST_CASE("ids come from file names and hold nothing a path could misread", "[face]") {
    CHECK(face::id_from_file_name("/x/YuNet N (320).onnx") == "yunet-n-320");
    CHECK(face::id_from_file_name("yunet_n_320_320.onnx") == "yunet_n_320_320");
    CHECK(face::id_from_file_name("...") == "model");
    CHECK(face::id_from_file_name(std::string(300, 'x') + ".dat").size() == 64);
    CHECK_NOTHROW(face::require_model_id("dlib-v1.2_x"));
    for (std::string_view const bad : {"", "..", ".hidden", "-x", "A", "a/b", "a b", "\xC3\xA9", "active.json"})
        CHECK_THROWS_AS(face::require_model_id(bad), Error);
}
