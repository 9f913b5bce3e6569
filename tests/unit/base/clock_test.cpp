#include "lib/base/clock.hpp"

#include <catch2/catch.hpp>

using namespace bioctl;

namespace {

constexpr std::int64_t k_2030_01_02_03_04_05 = 1'893'553'445'000;  // date -u -d 2030-01-02T03:04:05Z +%s

}  // namespace

TEST_CASE("what is not a time is refused", "[base]") {
    for (auto const* text : {"", "2030", "2030-01-02", "2030-01-02T03:04:05", "2030-13-02T03:04:05Z", "2030-02-30T03:04:05Z",
                             "2030-01-02T24:04:05Z", "2030-01-02T03:60:05Z", "2030-01-02T03:04:05+7", "2030-01-02T03:04:05+24:00",
                             "2030-01-02T03:04:05Zx", " 2030-01-02T03:04:05Z", "2030-1-2T03:04:05Z", "-030-01-02T03:04:05Z"}) {
        INFO(text);
        auto const time = from_rfc3339(text);
        REQUIRE_FALSE(time.has_value());
        CHECK(time.error().kind() == Kind::data);
    }
}

TEST_CASE("the refusal of a time shows how to write one", "[base]") {
    CHECK_THAT(from_rfc3339("yesterday").error().message(), Catch::Contains("'yesterday'") && Catch::Contains("T03:04:05Z"));
    CHECK_THAT(from_rfc3339("\x1B[31m\xAF").error().message(), !Catch::Contains("\x1B") && !Catch::Contains("\xAF"));
}

TEST_CASE("times are printed in UTC, milliseconds only when there are some", "[base]") {
    CHECK(to_rfc3339(from_ms(k_2030_01_02_03_04_05)) == "2030-01-02T03:04:05Z");
    CHECK(to_rfc3339(from_ms(k_2030_01_02_03_04_05 + 7)) == "2030-01-02T03:04:05.007Z");
    CHECK(to_rfc3339(from_ms(-1)) == "1969-12-31T23:59:59.999Z");
}

TEST_CASE("times are read with offset, blank, lower case and any fraction", "[base]") {
    auto const read = [](char const* text) { return to_ms(from_rfc3339(text).or_throw()); };
    CHECK(read("2030-01-02T03:04:05Z") == k_2030_01_02_03_04_05);
    CHECK(read("2030-01-02T10:04:05+07:00") == k_2030_01_02_03_04_05);
    CHECK(read("2030-01-02T10:04:05+0700") == k_2030_01_02_03_04_05);
    CHECK(read("2030-01-01T22:34:05-04:30") == k_2030_01_02_03_04_05);
    CHECK(read("2030-01-02 03:04:05z") == k_2030_01_02_03_04_05);
    CHECK(read("2030-01-02t03:04:05.6Z") == k_2030_01_02_03_04_05 + 600);
    CHECK(read("2030-01-02T03:04:05.678999999999Z") == k_2030_01_02_03_04_05 + 678);
}

TEST_CASE("the system clock runs in this century", "[base]") {
    auto const now = SystemClock{}.now();
    CHECK(now > from_rfc3339("2020-01-01T00:00:00Z").or_throw());
    CHECK(now < from_rfc3339("2100-01-01T00:00:00Z").or_throw());
}
