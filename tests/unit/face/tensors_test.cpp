#include "lib/face/tensors.hpp"

#include <catch2/catch.hpp>

#include "lib/base/error.hpp"
#include "tests/support/temp_dir.hpp"

using namespace bioctl;
using bioctl::face::TensorFile;

namespace {

std::string const k_manifest = R"([{"weights":[
    {"name":"q","shape":[2,2],"dtype":"float32","quantization":{"dtype":"uint8","scale":0.5,"min":-1}},
    {"name":"f","shape":[1],"dtype":"float32"}],"paths":["x.bin"]}])";
std::string const k_blob{"\x00\x01\x02\xff\x00\x00\x80\x3f", 8};  // 1.0F behind four quantised bytes

struct Files {
    test::TempDir dir;
    TensorFile open(std::string const& manifest, std::string const& blob) {
        test::write_text(dir / "m.json", manifest);
        test::write_text(dir / "w.bin", blob);
        return TensorFile{dir / "m.json", dir / "w.bin"};
    }
};

}  // namespace

TEST_CASE("quantised and plain tensors are read from one blob", "[face]") {
    Files files;
    auto const tensors = files.open(k_manifest, k_blob);
    CHECK(tensors.read("q", {2, 2}) == std::vector<float>{-1, -0.5F, 0, 126.5F});
    CHECK(tensors.read("f", {1}) == std::vector<float>{1});
}

TEST_CASE("quantised weights are given as they are where zero is one of them", "[face]") {
    Files files;
    auto const manifest = [](std::string const& range) {
        return R"([{"weights":[{"name":"q","shape":[2,4],"dtype":"float32","quantization":{"dtype":"uint8",)" + range + "}}]}]";
    };
    for (auto const& [range, zero] : {std::pair{R"("scale":0.5,"min":-1)", 2}, std::pair{R"("scale":0.5,"min":0)", 0},
                                      std::pair{R"("scale":0.01,"min":-2.55)", 255}}) {
        INFO(range);
        auto const weights = files.open(manifest(range), k_blob).weights("q", {2, 4});
        auto const& quantised = weights.quantised();
        REQUIRE(quantised);
        CHECK(quantised->zero == zero);
        CHECK(quantised->scale.size() == 4);
        auto const values = weights.values();
        REQUIRE(quantised->bytes.size() == values.size());
        for (std::size_t i = 0; i < values.size(); ++i)
            CHECK(static_cast<float>(quantised->bytes[i] - zero) * quantised->scale[0] == Approx(values[i]).margin(1e-5));
    }
    for (auto const* const range : {R"("scale":0.5,"min":0.5)", R"("scale":0.5,"min":-128)", R"("scale":0.5,"min":-1.01)",
                                    R"("scale":0,"min":-1)", R"("scale":0,"min":0)", R"("scale":-0.5,"min":-1)"}) {
        INFO(range);
        auto const weights = files.open(manifest(range), k_blob).weights("q", {2, 4});
        CHECK_FALSE(weights.quantised());
        CHECK(weights.values().size() == 8);
    }
    CHECK_FALSE(files.open(k_manifest, k_blob).weights("f", {1}).quantised());
}

TEST_CASE("a truncated weight file is refused and named", "[face]") {
    Files files;
    CHECK_THROWS_WITH(files.open(k_manifest, k_blob.substr(0, 5)), Catch::Contains("m.json") && Catch::Contains("w.bin has 5"));
}

TEST_CASE("a tensor of another shape, or none of that name, is refused and named", "[face]") {
    Files files;
    auto const tensors = files.open(k_manifest, k_blob);
    CHECK_THROWS_WITH(tensors.read("q", {4}), Catch::Contains("'q' has shape [2,2], expected [4]"));
    CHECK_THROWS_WITH(tensors.read("nothing", {4}), Catch::Contains("no tensor 'nothing'"));
}

TEST_CASE("a list that is no list, or that asks for absurd sizes, is refused", "[face]") {
    Files files;
    for (auto const* text :
         {"", "{", "<html>", "[1]", R"([{"weights":[{"name":"a","shape":[-1],"dtype":"float32"}]}])",
          R"([{"weights":[{"name":"a","shape":[2000000000,2000000000],"dtype":"float32"}]}])",
          R"([{"weights":[{"name":"a","shape":[4294967298],"dtype":"float32"}]}])",
          R"([{"weights":[{"name":"a","shape":[2.5],"dtype":"float32"}]}])",
          R"([{"weights":[{"name":"a","shape":[1e300],"dtype":"float32"}]}])",
          R"([{"weights":[{"name":"a","shape":[true,2],"dtype":"float32"}]}])",
          R"([{"weights":[{"name":"a","shape":[2],"dtype":"int32"}]}])",
          R"([{"weights":[{"name":"a","shape":[8],"dtype":"float32","quantization":{"dtype":"uint16","scale":1,"min":0}}]}])"}) {
        INFO(text);
        CHECK_THROWS_AS(files.open(text, k_blob), Error);
    }
}
