#include <catch2/catch.hpp>

#include "cmd/ui/progress_line.hpp"
#include "cmd/ui/render.hpp"

namespace bioctl::ui {

TEST_CASE("values as text", "[cmd]") {
    CHECK(to_text(nullptr) == "-");
    CHECK(to_text(false) == "false");
    CHECK(to_text(0.1) == "0.1");
    CHECK(to_text(1e300) == "1e+300");
    CHECK(to_text(decimal(1.0, 3)) == "1.000");
    CHECK(to_text(decimal(-0.0001, 2)) == "0.00");
    CHECK(to_text(Value::Array{"a", 1, nullptr}) == "a,1,-");
    CHECK(to_text(Fields{{"top", 1}, {"right", 2}}) == "1,2");
}

TEST_CASE("a terminal needs two columns for wide characters and none for marks", "[cmd]") {
    CHECK(display_width("") == 0);
    CHECK(display_width("Bo\xc3\xa9") == 3);
    CHECK(display_width("\xe7\xac\x91") == 2);
    CHECK(display_width("\xf0\x9f\x98\x80") == 2);
    CHECK(display_width("e\xcc\x81") == 1);
}

TEST_CASE("progress tells count, share, rate and time left", "[cmd]") {
    using namespace std::chrono_literals;
    CHECK(progress_line("enrolling", 120, 480, 10s, 80) == "enrolling 120/480 [#####---------------] 25 %, 12.0/s, 0:30 left");
    CHECK(progress_line("reading", 7, 0, 2s, 80) == "reading 7, 3.5/s");
    CHECK(progress_line("x", 1, 7201, 1s, 80).find("2:00:00 left") != std::string::npos);
}

TEST_CASE("progress never wraps and survives odd numbers", "[cmd]") {
    using namespace std::chrono_literals;
    CHECK(progress_line("enrolling", 120, 500, 10s, 20).size() == 19);
    CHECK(progress_line("x", 5, 3, 1s, 80).find("100 %") != std::string::npos);
    CHECK(progress_line("x", 0, 3, 0s, 80).find("left") == std::string::npos);
    CHECK(progress_line("x", 0, 0, 0s, 0).empty());
}

}  // namespace bioctl::ui
