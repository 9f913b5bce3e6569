#include <catch2/catch.hpp>

#include <string>

#include "lib/base/error.hpp"
#include "lib/face/model_json.hpp"
#include "tests/unit/face/models_data.hpp"

using namespace bioctl;
using namespace bioctl::face;
using bioctl::test::message_of;
using Catch::Contains;

namespace {

/// A valid description with the given text in front of its other keys.
std::string description(std::string const& keys) {
    return "{" + keys + R"("size":112,"colour":"bgr","alignment":"arcface-5","metric":"cosine"})";
}

std::string verdict_on(std::string const& text) {
    return message_of([&] { static_cast<void>(recogniser_from_json(as_bytes(text))); });
}

ModelInfo recogniser() {
    ModelInfo model;
    model.id = "mine";
    model.kind = ModelKind::embedder;
    model.format = ModelFormat::recogniser_onnx;
    model.title = "Mine";
    model.sha256 = std::string(64, '0');
    model.bytes = 12;
    model.file = "/models/mine/model.onnx";
    model.dimensions = 256;
    model.scale = 1;
    model.space = "onnx:0";
    model.input = {.size = 112, .mean = {1, 2, 3}, .scale = 0.5F, .rgb = false, .alignment = "arcface-5", .mirror = false};
    model.threshold_verify = 1.25F;
    return model;
}

/// model.json with one text replaced by another.
std::string model_verdict(std::string_view from, std::string_view to) {
    auto text = to_json(recogniser());
    text.replace(text.find(from), from.size(), to);
    return message_of([&] { static_cast<void>(model_from_json(as_bytes(text), "/models/mine")); });
}

}  // namespace

TEST_CASE("a recogniser's description is refused by the name of the wrong key", "[face]") {
    CHECK_THAT(verdict_on("[]"), Contains("not a JSON object"));
    CHECK_THAT(verdict_on("{\"size\":"), Contains("not valid JSON"));
    CHECK_THAT(verdict_on("{\"\x1B[31m\xAF"), Contains("not valid JSON") && !Contains("\x1B") && !Contains("\xAF"));
    CHECK_THAT(verdict_on("{}"), Contains("'size' is missing"));
    CHECK_THAT(verdict_on(description(R"("color":"rgb",)")), Contains("'color' is unknown") && Contains("'colour'"));
    CHECK_THAT(verdict_on(description(R"("mean":[1,2],)")), Contains("'mean'"));
    CHECK_THAT(verdict_on(description(R"("mean":"x",)")), Contains("'mean'"));
    CHECK_THAT(verdict_on(description(R"("scale":0,)")), Contains("'scale'"));
    CHECK_THAT(verdict_on(description(R"("mirror":1,)")), Contains("'mirror' must be true or false"));
    CHECK_THAT(verdict_on(description(R"("norm":2,)")), Contains("'norm'"));
    CHECK_THAT(verdict_on(description(R"("thresholds":{"verify":2},)")), Contains("'thresholds.verify'"));
    CHECK_THAT(verdict_on(description(R"("thresholds":{"verfy":0},)")), Contains("'thresholds.verfy' is unknown"));
    CHECK_THAT(verdict_on(R"({"size":112,"colour":"grey"})"), Contains("'colour' is \"grey\"") && Contains("rgb, bgr"));
    CHECK_THAT(verdict_on(R"({"size":1e9,"colour":"rgb"})"), Contains("'size' must be a whole number"));
}

TEST_CASE("what a description leaves out has its default", "[face]") {
    auto const told = recogniser_from_json(as_bytes(description("")));
    CHECK(told.input.size == 112);
    CHECK_FALSE(told.input.rgb);
    CHECK(told.input.mean == std::array<float, 3>{});
    CHECK(told.input.scale == 1);
    CHECK(told.input.mirror);
    CHECK(told.norm == 1);
    CHECK_FALSE(told.threshold_verify);
}

TEST_CASE("one mean stands for all three colours", "[face]") {
    CHECK(recogniser_from_json(as_bytes(description(R"("mean":127.5,)"))).input.mean ==
          std::array<float, 3>{127.5F, 127.5F, 127.5F});
}

TEST_CASE("thresholds of metric cosine become distances of unit vectors", "[face]") {
    auto const told = recogniser_from_json(as_bytes(description(R"("thresholds":{"verify":0.5,"identify":1},)")));
    CHECK(*told.threshold_verify == Approx(1));
    CHECK(*told.threshold_identify == Approx(0));
    CHECK_FALSE(told.threshold_duplicate);
}

TEST_CASE("thresholds of metric l2 are distances as they are", "[face]") {
    auto const told = recogniser_from_json(as_bytes(std::string_view{
        R"({"size":112,"colour":"rgb","alignment":"dlib-68","metric":"l2","norm":20,"thresholds":{"verify":18}})"}));
    CHECK(*told.threshold_verify == Approx(18));
    CHECK(told.norm == Approx(20));
}

TEST_CASE("a model comes back from model.json as it was", "[face]") {
    auto const model = recogniser();
    auto const again = model_from_json(as_bytes(to_json(model)), "/models/mine");
    CHECK(to_json(again) == to_json(model));
    CHECK(again.file == model.file);
    CHECK(again.input.mean == model.input.mean);
    CHECK(again.threshold_verify == model.threshold_verify);
    CHECK_FALSE(again.threshold_identify);
}

TEST_CASE("a prepared model.json cannot point outside its folder", "[face]") {
    CHECK_THAT(model_verdict("model.onnx", "../../etc/passwd"), Contains("'file' must be a file name"));
    CHECK_THAT(model_verdict("model.onnx", ".."), Contains("'file' must be a file name"));
}

TEST_CASE("a damaged model.json is refused by the name of the wrong key", "[face]") {
    CHECK_THAT(model_verdict("\"version\": 1", "\"version\": 2"), Contains("newer bioctl"));
    CHECK_THAT(model_verdict("\"onnx\"", "\"caffe\""), Contains("'format' is \"caffe\""));
    CHECK_THAT(model_verdict("\"bytes\": 12", "\"bytes\": -1"), Contains("'bytes'"));
    CHECK_THAT(model_verdict("\"dimensions\": 256", "\"dimensions\": 0"), Contains("'dimensions'"));
    CHECK_THAT(model_verdict(std::string(64, '0'), std::string(64, 'g')), Contains("'sha256'"));
}

TEST_CASE("model.json cut anywhere is refused", "[face]") {
    auto const whole = to_json(recogniser());
    for (std::size_t length = 0; length + 2 < whole.size(); ++length)
        CHECK_THROWS_AS(model_from_json(as_bytes(whole).first(length), "/models/mine"), Error);
}

TEST_CASE("the choice of models comes back from active.json", "[face]") {
    auto const again = active_from_json(as_bytes(to_json(ActiveModels{"a", "", "c"})));
    CHECK(again.detector == "a");
    CHECK(again.landmarks.empty());
    CHECK(again.embedder == "c");
    CHECK_THROWS_AS(active_from_json(as_bytes("")), Error);
}
