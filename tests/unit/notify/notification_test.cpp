#include <catch2/catch.hpp>

#include <fmt/format.h>

#include "lib/base/text.hpp"
#include "lib/notify/device_state.hpp"
#include "lib/notify/notification.hpp"

using namespace bioctl;
using namespace bioctl::notify;

namespace {

Notification outage() {
    return {.level = "error",
            .cause = "parent:12",
            .title = "OLT Melati: 3 ONTs are down",
            .lines = {"Warung Ani", "Bengkel Budi", "and 1 more"},
            .started_at = from_ms(1'790'000'000'000),
            .count = 3};
}

Notification of_lines(std::size_t lines, std::string const& line) {
    return {.title = "many", .lines = std::vector<std::string>(lines, line)};
}

}  // namespace

TEST_CASE("a notification comes back from its JSON as it was", "[notify]") {
    CHECK(to_json(outage()) ==
          R"({"type":"notification","level":"error","cause":"parent:12","title":"OLT Melati: 3 ONTs are down",)"
          R"("lines":["Warung Ani","Bengkel Budi","and 1 more"],"started_at":"2026-09-21T14:13:20Z","ended_at":null,"count":3})");
    auto const back = parse_notification(to_json(outage())).or_throw();
    CHECK(to_json(back) == to_json(outage()));
    CHECK(to_text(back) == "OLT Melati: 3 ONTs are down\n\nWarung Ani\nBengkel Budi\nand 1 more");
    CHECK(to_text(Notification{.title = "alone"}) == "alone");
}

TEST_CASE("a device's change of state is told as a notification", "[notify]") {
    auto const told = parse_notification(to_json(DeviceState{.device = "gate-1",
                                                             .location = "Office",
                                                             .from = "ok",
                                                             .to = "offline",
                                                             .reason = "no answer",
                                                             .at = from_ms(1'790'000'000'000)}))
                          .or_throw();
    CHECK(told.level == "error");
    CHECK(told.cause == "device:gate-1");
    CHECK(to_text(told) == "gate-1 is offline (was ok)\n\nLocation: Office\nReason: no answer\nSince: 2026-09-21T14:13:20Z");
}

TEST_CASE("a body that is no notification is refused, one that lies about its fields does no harm", "[notify]") {
    CHECK(parse_notification("").error().kind() == Kind::data);
    CHECK(parse_notification("[1]").error().kind() == Kind::data);
    CHECK(parse_notification(R"({"type":"event"})").error().kind() == Kind::data);
    CHECK(parse_notification(std::string(2'000'000, ' ')).error().kind() == Kind::data);
    CHECK_FALSE(parse_notification(std::string(500'000, '[')));
    auto const odd = parse_notification(
                         R"({"type":"notification","level":"fatal","cause":1,"title":"a\r\nBcc: x\u0007","lines":[1,"b\nc",{}],)"
                         R"("started_at":"soon","count":"x"})")
                         .or_throw();
    CHECK(odd.level == "info");
    CHECK(odd.cause.empty());
    CHECK(odd.title == "a  Bcc: x ");
    CHECK(odd.lines == std::vector<std::string>{"b c"});
    CHECK_FALSE(odd.started_at);
    CHECK(odd.count == 0);
    auto const broken = parse_notification("{\"type\":\"notification\",\"title\":\"" + std::string(5000, 'x') + "\"}").or_throw();
    CHECK(broken.title.size() == 2000);
}

TEST_CASE("UTF-16 units: two for what lies beyond the basic plane", "[notify]") {
    CHECK(utf16_units("") == 0);
    CHECK(utf16_units("abc") == 3);
    CHECK(utf16_units("é€") == 2);
    CHECK(utf16_units("🔥a") == 3);
}

TEST_CASE("a text that is too long says how many lines are missing", "[notify]") {
    auto const most = 4096;
    for (auto const* const line : {"x", "Pelanggan nomor seribu", "🔥🔥🔥🔥🔥🔥🔥🔥🔥🔥"}) {
        INFO(line);
        auto const text = to_text(of_lines(4000, line), most);
        CHECK(utf16_units(text) <= most);
        CHECK(utf16_units(text) > most - 64);
        CHECK(is_utf8(text));
        auto const shown = split(text, '\n').size() - 3;  // title, empty line, what is missing
        CHECK(text.ends_with(fmt::format("\nand {} more", 4000 - shown)));
    }
}

TEST_CASE("what a digest left out already is counted in", "[notify]") {
    auto many = of_lines(500, "Pelanggan nomor seribu");
    many.lines.push_back("and 1000 more");
    auto const text = to_text(many, 4096);
    auto const shown = split(text, '\n').size() - 3;
    CHECK(text.ends_with(fmt::format("\nand {} more", 1500 - shown)));
    auto const fits = to_text(outage(), 4096);
    CHECK(fits.ends_with("\nand 1 more"));
}

TEST_CASE("a title that is too long is cut between characters", "[notify]") {
    std::string title;
    for (int i = 0; i < 3000; ++i)
        title += "🔥";
    auto const text = to_text(Notification{.title = title, .lines = {"a"}}, 4096);
    CHECK(utf16_units(text) <= 4096);
    CHECK(is_utf8(text));
    CHECK(text.ends_with("…"));
}
