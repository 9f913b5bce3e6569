#include <catch2/catch.hpp>

#include "lib/notify/device_state.hpp"
#include "lib/notify/notification.hpp"
#include "lib/notify/payload.hpp"

using namespace bioctl;
using namespace bioctl::notify;

namespace {

Notification outage() {
    return {.type = "error",
            .cause = "parent:7",
            .title = "OLT Sleman-1 is down",
            .lines = {"ONT 1", "ONT 2"},
            .started_at = from_ms(1'790'000'000'000),
            .counts = {{"down", 2}, {"told", 0}}};
}

std::string lines_of(int number, std::string const& line) {
    Notification notification{.title = "T"};
    for (int i = 0; i < number; ++i)
        notification.lines.push_back(line);
    return to_text(notification, 4096);
}

}  // namespace

TEST_CASE("a notification is written as JSON with its times in UTC, and read back", "[notify]") {
    auto const json = to_json(outage());
    CHECK(json ==
          R"({"type":"notification","severity":"error","cause":"parent:7","title":"OLT Sleman-1 is down",)"
          R"("lines":["ONT 1","ONT 2"],"started_at":"2026-09-21T14:13:20Z","ended_at":null,"counts":{"down":2,"told":0}})");
    auto const read = notification_from_json(json);
    REQUIRE(read);
    CHECK(to_json(*read) == json);
}

TEST_CASE("what is no notification is refused, whatever it is", "[notify]") {
    auto const deep = std::string(300'000, '[') + std::string(300'000, ']');
    std::string many = R"({"type":"notification","severity":"info","lines":["")";
    for (int i = 0; i < 10'001; ++i)
        many += R"(,"")";
    for (std::string const& text :
         {std::string{}, std::string{"[]"}, std::string{"null"}, std::string{"{"}, std::string{R"({"type":"event"})"}, deep,
          std::string{R"({"type":"notification"})"}, std::string{R"({"type":"notification","severity":"fatal"})"},
          std::string{R"({"type":5,"severity":"info"})"}, many + "]}", std::string(1'000'001, ' ')}) {
        INFO(text.substr(0, 60));
        auto const read = notification_from_json(text);
        REQUIRE_FALSE(read);
        CHECK(read.error().kind() == Kind::data);
    }
    auto const odd = notification_from_json(
        R"({"type":"notification","severity":"info","title":7,"lines":[1,"a",null],"started_at":"soon","counts":{"a":"b","c":3}})");
    REQUIRE(odd);
    CHECK(odd->title.empty());
    CHECK(odd->lines == std::vector<std::string>{"a"});
    CHECK_FALSE(odd->started_at);
    CHECK(odd->counts == std::vector<std::pair<std::string, std::int64_t>>{{"c", 3}});
}

TEST_CASE("the state of a device is told to people too", "[notify]") {
    DeviceState const state{.device = "gate-1",
                            .location = "North",
                            .from = "ok",
                            .to = "offline",
                            .reason = "no answer",
                            .at = from_ms(1'790'000'000'000)};
    auto const read = notification_from_json(to_json(state));
    REQUIRE(read);
    CHECK(read->type == "error");
    CHECK(read->cause == "device:gate-1");
    CHECK(to_text(*read) == "gate-1: offline (was ok)\n\nno answer\nlocation: North\nsince 2026-09-21T14:13:20Z");
}

TEST_CASE("the text has no control characters, and no empty line without lines", "[notify]") {
    CHECK(to_text({.title = "a\nb\x1B[31m"}) == "a b [31m");
    CHECK(to_text({.title = "T", .lines = {"one", "two\r\nthree"}}) == "T\n\none\ntwo  three");
}

TEST_CASE("characters count as Telegram counts them", "[notify]") {
    CHECK(utf16_length("abc") == 3);
    CHECK(utf16_length("\xC3\xA9") == 1);
    CHECK(utf16_length("\xE2\x80\xA6") == 1);
    CHECK(utf16_length("\xF0\x9F\x98\x80") == 2);
}

TEST_CASE("a text that fits is whole, one that does not loses lines from the end and says how many", "[notify]") {
    CHECK(to_text({.title = "T", .lines = {"a", "b"}}, 6) == "T\n\na\nb");
    auto const text = lines_of(100, std::string(99, 'x'));
    CHECK(utf16_length(text) <= 4096);
    CHECK(utf16_length(text) > 3900);
    auto const kept = (text.size() - std::string{"T\n\nand 60 more"}.size()) / 100;
    CHECK(text.ends_with("\nand " + std::to_string(100 - kept) + " more"));
    for (std::size_t units = 0; units < 40; ++units) {
        INFO(units);
        CHECK(utf16_length(to_text({.title = "Title", .lines = {"first line", "second line", "third"}}, units)) <= units);
    }
}

TEST_CASE("characters beyond the first plane are cut whole and count twice", "[notify]") {
    std::string const grin = "\xF0\x9F\x98\x80";
    std::string title;
    for (int i = 0; i < 3000; ++i)
        title += grin;
    auto const text = to_text({.title = title}, 4096);
    CHECK(utf16_length(text) <= 4096);
    CHECK(utf16_length(text) >= 4080);
    CHECK(text.ends_with(grin + "\xE2\x80\xA6"));
}

TEST_CASE("what was counted as more already is counted on", "[notify]") {
    Notification notification{.title = "T"};
    for (int i = 0; i < 99; ++i)
        notification.lines.push_back(std::string(99, 'x'));
    notification.lines.push_back("and 500 more");
    auto const text = to_text(notification, 4096);
    auto const kept = (text.size() - std::string{"T\n\nand 560 more"}.size()) / 100;
    CHECK(text.ends_with("\nand " + std::to_string(99 - kept + 500) + " more"));
    CHECK(to_text({.title = "T", .lines = {"and many more", std::string(20, 'y')}}, 19) == "T\n\nand 2 more");
}

TEST_CASE("a template of notifications has their fields and no others", "[notify]") {
    using Of = Template::Of;
    CHECK_FALSE(Template::parse(R"({"text": "{{employee_no}}"})", Of::notifications));
    CHECK_FALSE(Template::parse(R"({"text": "{{title}}"})", Of::events));
    CHECK_FALSE(Template::parse(R"({"text": "{{lines}}"})", Of::notifications));
    CHECK_FALSE(Template::parse(R"({"text": "{{counts|json}}"})", Of::notifications));  // no JSON once something was counted
    auto const custom =
        Template::parse(R"({"text": "{{text}}", "n": {{counts|json}}, "end": {{ended_at|json}}})", Of::notifications);
    REQUIRE(custom);
    auto tricky = outage();
    tricky.title = "say \"hi\"\\";
    CHECK(custom->fill(tricky) == R"({"text": "say \"hi\"\\\n\nONT 1\nONT 2", "n": {"down":2,"told":0}, "end": null})");
}
