#include <cmath>
#include <limits>

#include <catch2/catch.hpp>

#include "cmd/ui/output.hpp"

namespace bioctl::ui {

TEST_CASE("text that is not UTF-8 is repaired and its bytes are added", "[cmd]") {
    CHECK(to_json_line("t", {{"image", "a\xff"}, {"n", 1}}) ==
          "{\"type\":\"t\",\"image\":\"a\xEF\xBF\xBD\",\"image_base64\":\"Yf8=\",\"n\":1}");
    CHECK(to_json_line("t", {{"box", Fields{{"name", "\xff"}}}}) ==
          "{\"type\":\"t\",\"box\":{\"name\":\"\xEF\xBF\xBD\",\"name_base64\":\"/w==\"}}");
    CHECK(to_json_line("t", {{"l", Value::Array{"a", "\xff"}}}) ==
          "{\"type\":\"t\",\"l\":[\"a\",\"\xEF\xBF\xBD\"],\"l_base64\":[\"YQ==\",\"/w==\"]}");
}

TEST_CASE("a record is one line whatever it holds", "[cmd]") {
    CHECK(to_json_line("t", {{"a", "x\ny\"\\\t"}}) == R"({"type":"t","a":"x\ny\"\\\t"})");
}

TEST_CASE("numbers that JSON has not are null", "[cmd]") {
    auto const nan = std::numeric_limits<double>::quiet_NaN();
    CHECK(to_json_line("t", {{"a", nan}, {"b", decimal(nan, 2)}, {"c", HUGE_VAL}}) ==
          R"({"type":"t","a":null,"b":null,"c":null})");
}

TEST_CASE("type comes first, the fields in their order, numbers as numbers", "[cmd]") {
    CHECK(to_json_line("t", {{"z", 1}, {"a", true}, {"m", nullptr}, {"d", 0.1}, {"r", decimal(0.123456, 4)}}) ==
          R"({"type":"t","z":1,"a":true,"m":null,"d":0.1,"r":0.1235})");
}

}  // namespace bioctl::ui
