#include <catch2/catch.hpp>

#include "lib/hikvision/codes.hpp"

using namespace bioctl::hikvision;

TEST_CASE("a minor means different things per major, and an unlisted pair is unknown", "[hikvision]") {
    CHECK(name_of_event(5, 0x26) == "fingerprint_passed");
    CHECK(name_of_event(2, 0x26) == "unknown");
    CHECK(name_of_event(5, 1024) == "unknown");
    CHECK(name_of_event(2, 1024) == "power_on");
    CHECK(name_of_event(3, 1024) == "door_opened_remotely");
    CHECK(name_of_event(-5, -75) == "unknown");
    CHECK(name_of_event(0, 0) == "unknown");
}

TEST_CASE("the lock that opens is not the person that was recognised", "[hikvision]") {
    CHECK(name_of_event(5, 75) == "face_passed");
    CHECK(name_of_event(5, 76) == "face_failed");
    CHECK(name_of_event(5, 21) == "lock_opened");
    CHECK(name_of_event(5, 22) == "lock_closed");
}

TEST_CASE("by default every way to pass with a face is a recognition, and no way to fail is one", "[hikvision]") {
    CHECK(default_recognized_minors() == std::set<int>{75, 77, 54, 57, 60, 63, 66});
    for (int const minor : default_recognized_minors()) {
        auto const name = name_of_event(k_major_event, minor);
        CHECK(name.find("face") != name.npos);
        CHECK(name.ends_with("_passed"));
    }
}
