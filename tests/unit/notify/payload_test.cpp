#include <catch2/catch.hpp>

#include <nlohmann/json.hpp>

#include "tests/unit/notify/messages.hpp"

using namespace bioctl;
using namespace bioctl::notify;
using bioctl::test::message;
using Json = nlohmann::json;

TEST_CASE("what the format cannot say is told, for good or for now", "[notify]") {
    auto m = message();
    m.employee_no = "A7";
    auto const named = render(m, Format::presence, PictureMode::none, nullptr);
    REQUIRE_FALSE(named);
    CHECK(named.error().is_final);
    CHECK(named.error().reason == "no_numeric_employee_no");
    m = message();
    m.picture.clear();
    auto const blind = render(m, Format::presence, PictureMode::none, nullptr);
    REQUIRE_FALSE(blind);
    CHECK_FALSE(blind.error().is_final);
}

TEST_CASE("presence is byte for byte what Python's requests sent", "[notify]") {
    auto const rendered = render(message(), Format::presence, PictureMode::none, nullptr);
    REQUIRE(rendered);
    CHECK(rendered->content_type == "application/json");
    CHECK(rendered->body ==
          R"({"device": "Gerbang \"Utara\" \u00e9", "authId": 42, "date": "2026-09-21T20:13:20", "picture": "/9j/"})");
}

TEST_CASE("a time without the device's own is told in UTC", "[notify]") {
    auto m = message();
    m.local_time = "no time at all";
    CHECK_THAT(render(m, Format::presence, PictureMode::none, nullptr)->body,
               Catch::Contains(R"("date": "2026-09-21T14:13:20")"));
}

TEST_CASE("attendance has the shape of the old webhook, and null for what a terminal does not know", "[notify]") {
    auto m = message();
    auto json = Json::parse(render(m, Format::attendance, PictureMode::none, nullptr)->body);
    CHECK(json["event"] == "attendance.recognized");
    CHECK(json["student_id"] == "0042");
    CHECK(json["ts"] == 1'790'000'000);
    CHECK(json["distance"].is_null());
    m.person_id = "ana";
    m.distance = 0.25;
    json = Json::parse(render(m, Format::attendance, PictureMode::none, nullptr)->body);
    CHECK(json["student_id"] == "ana");
    CHECK(json["distance"] == 0.25);
}

TEST_CASE("attendance of a camera has the box and the frame, and says Unknown as the old service did", "[notify]") {
    auto m = message();
    m.seen_at = SeenAt{.frame_width = 640, .frame_height = 480, .top = 1, .right = 4, .bottom = 3, .left = 2};
    auto json = Json::parse(render(m, Format::attendance, PictureMode::none, nullptr)->body);
    CHECK(json["frame_info"] == Json::parse(R"({"w":640,"h":480})"));
    CHECK(json["box"] == Json::parse(R"({"top":1,"right":4,"bottom":3,"left":2})"));
    CHECK(json["student_id"] == "0042");
    m.kind = "other";
    m.employee_no.clear();
    CHECK(Json::parse(render(m, Format::attendance, PictureMode::none, nullptr)->body)["student_id"] == "Unknown");
}

TEST_CASE("an event tells what is known, large serials included, and the picture as asked for", "[notify]") {
    auto const plain = Json::parse(render(message(), Format::event, PictureMode::none, nullptr)->body);
    CHECK(plain["type"] == "event");
    CHECK(plain["serial"] == 3'000'000'000);
    CHECK(plain["time"] == "2026-09-21T14:13:20Z");
    CHECK(plain["person_id"].is_null());
    CHECK_FALSE(plain.contains("picture_base64"));
    CHECK(Json::parse(render(message(), Format::event, PictureMode::base64, nullptr)->body)["picture_base64"] == "/9j/");
    auto const form = render(message(), Format::event, PictureMode::multipart, nullptr)->form;
    REQUIRE(form.size() == 2);
    CHECK(form[0].name == "event");
    CHECK(form[1].file_name == "12.jpg");
    CHECK(form[1].content == "\xFF\xD8\xFF");
}

TEST_CASE("bytes that are no UTF-8 become no broken JSON", "[notify]") {
    auto m = message();
    m.name = "J\xF6rg";
    CHECK(Json::accept(render(m, Format::event, PictureMode::none, nullptr)->body));
    m.device.assign(1, '\xFF');
    CHECK(Json::accept(render(m, Format::presence, PictureMode::none, nullptr)->body));
}

TEST_CASE("names of formats and pictures are those of the manual", "[notify]") {
    CHECK(format_from("template").or_throw() == Format::custom);
    CHECK(picture_mode_from("multipart").or_throw() == PictureMode::multipart);
    CHECK(format_from("xml").error().kind() == Kind::usage);
    CHECK(picture_mode_from("yes").error().kind() == Kind::usage);
}
