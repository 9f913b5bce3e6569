#include "lib/app/cursor.hpp"

#include <limits>

#include <catch2/catch.hpp>

#include "lib/base/bytes.hpp"

using namespace bioctl;
using namespace bioctl::app;

namespace {

template <class Value>
bool is_refused(Result<Value> const& result) {
    return !result && result.error().kind() == Kind::usage;
}

/// What a client could make of a text of its own.
std::string forged(std::string_view text) {
    auto code = to_base64(as_bytes(text));
    std::erase(code, '=');
    return code;
}

}  // namespace

TEST_CASE("A cursor comes back as what it was, and goes into a URL as it is", "[app]") {
    for (std::string const text : {"a", "budi 100%", "日本?語", "a:b:c", "~\xc3\xbf\xc3\xbe"}) {
        CAPTURE(text);
        auto const cursor = cursor_of_text("people", text);
        CHECK(text_of_cursor("people", cursor).value() == text);
        CHECK(cursor.find_first_not_of("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_") == std::string::npos);
    }
    constexpr auto k_most = std::numeric_limits<std::int64_t>::max();
    for (std::int64_t const id : {std::int64_t{0}, std::int64_t{1}, std::int64_t{-1}, k_most})
        CHECK(id_of_cursor("outbox", cursor_of_id("outbox", id)).value() == id);
    auto const time = from_ms(1'763'700'000'123);
    CHECK(time_of_cursor("events", cursor_of_time("events", time, 7)).value() == std::pair{time, std::int64_t{7}});
}

TEST_CASE("A cursor of another list, or of nobody, is refused", "[app]") {
    CHECK(is_refused(text_of_cursor("people", cursor_of_text("devices", "a"))));
    CHECK(is_refused(text_of_cursor("people", cursor_of_text("people2", "a"))));
    CHECK(is_refused(time_of_cursor("events", cursor_of_id("events", 7))));
    CHECK(is_refused(id_of_cursor("events", cursor_of_time("events", from_ms(1), 7))));
    for (std::string const cursor : {"", "x", "!!", "AAAA", "cGVvcGxl", "cGVvcGxlOg==", "cGVvcGxl OmE", "cGVvcGxl\n"}) {
        CAPTURE(cursor);
        CHECK(is_refused(text_of_cursor("people", cursor)));
    }
    for (std::string const text :
         {"events:", "events:1", "events:1:", "events::1", "events:1:2:3", "events:x:1", "events:1:1 ", "events: 1:1",
          "events:9223372036854775807:1", "events:99999999999999999999:1", "events:1:0x2"}) {
        CAPTURE(text);
        CHECK(is_refused(time_of_cursor("events", forged(text))));
    }
    CHECK(is_refused(text_of_cursor("people", forged("people:\xff\xfe"))));
    CHECK(is_refused(text_of_cursor("people", forged("people:" + std::string(2000, 'a')))));
}

TEST_CASE("Of all spellings of a cursor only ours is taken", "[app]") {
    auto const cursor = cursor_of_text("people", "b");  // 8 bytes: the last character has two bits to spare
    REQUIRE(cursor.size() == 11);
    int taken = 0;
    for (char const last : std::string{"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"}) {
        auto other = cursor;
        other.back() = last;
        taken += text_of_cursor("people", other).has_value() && *text_of_cursor("people", other) == "b" ? 1 : 0;
    }
    CHECK(taken == 1);
}
