#include <catch2/catch.hpp>

#include "lib/ont/coordinates.hpp"

using namespace bioctl;
using namespace bioctl::ont;
using Catch::Contains;

namespace {

double latitude(std::string_view text) {
    return parse_coordinate(text, Axis::latitude).or_throw();
}

std::string complaint(std::string_view text, Axis axis = Axis::latitude) {
    auto const result = parse_coordinate(text, axis);
    return result ? "taken for " + std::to_string(*result) : result.error().message();
}

}  // namespace

TEST_CASE("one place in many writings", "[ont]") {
    for (auto const* text :
         {"-7.795611", "-7,795611", "7.795611 S", "S 7.795611", "s7.795611\u00B0", " - 7.795611 ", "\u22127.795611",
          "7\u00B047'44.2\" S", "7\u00B0 47\u2032 44.2\u2033 S", "7 47 44.2 s", "-7 47 44.2", "7\u00B047.73667' S"}) {
        CAPTURE(text);
        CHECK(latitude(text) == Approx(-7.795611).margin(0.0000015));
    }
    CHECK(parse_coordinate("110.36\u00A094", Axis::longitude).has_value() == false);
    CHECK(parse_coordinate("110\u00B022'9.84\" E", Axis::longitude).or_throw() == Approx(110.3694));
    CHECK(parse_coordinate("69,5 W", Axis::longitude).or_throw() == Approx(-69.5));
    CHECK(latitude("0") == 0);
    CHECK(latitude("90") == 90);
}

TEST_CASE("what is no coordinate is said to be none, with the reason", "[ont]") {
    for (auto const* text :
         {"", " ", "nan", "NaN", "inf", "1e3", "0x7", "Sleman", "7..5", "1.234,5", "--7", "7 S S", "1 2 3 4", "."})
        CHECK_THAT(complaint(text), Contains("is no coordinate"));
    CHECK_THAT(complaint("7 E"), Contains("is a longitude"));
    CHECK_THAT(complaint("7 S", Axis::longitude), Contains("is a latitude"));
    CHECK_THAT(complaint("90.1"), Contains("beyond 90 degrees"));
    CHECK_THAT(complaint("180.5", Axis::longitude), Contains("beyond 180 degrees"));
    CHECK_THAT(complaint("7 60 0"), Contains("60 minutes"));
    CHECK_THAT(complaint("7.5 30 S"), Contains("fraction in the middle"));
    CHECK_THAT(complaint("-7 S"), Contains("sign and a compass letter"));
}
