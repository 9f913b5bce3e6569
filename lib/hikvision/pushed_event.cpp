#include <fmt/format.h>

#include "lib/base/text.hpp"
#include "lib/hikvision/documents.hpp"
#include "lib/hikvision/event_row.hpp"
#include "lib/hikvision/tree.hpp"

namespace bioctl::hikvision {

namespace {

constexpr std::string_view k_event = "AccessControllerEvent";

/// JSON has the members at the top, XML within EventNotificationAlert.
Json const& envelope_of(Json const& tree) {
    auto const& inner = child(tree, "EventNotificationAlert");
    return inner.empty() ? tree : inner;
}

/// In the words of the log.
Json as_logged(Json const& envelope) {
    Json row = child(envelope, k_event);
    auto const rename = [&](char const* pushed, char const* logged) {
        if (!row.contains(pushed) || row.contains(logged)) return;
        Json value = row[pushed];
        row.erase(pushed);
        row[logged] = std::move(value);
    };
    rename("majorEventType", "major");
    rename("subEventType", "minor");
    // The envelope has the time of the event with its offset; the member `time` is there on some firmware only.
    if (auto const time = text_of(envelope, "dateTime"); !time.empty()) row["time"] = time;
    return row;
}

}  // namespace

Result<PushedEvent> parse_pushed_event(std::string_view body, std::chrono::minutes offset) try {
    auto const tree = read_tree(body).or_throw();
    if (!tree.is_object()) throw Error{Kind::protocol, "what was pushed is no event"};
    auto const& envelope = envelope_of(tree);
    PushedEvent pushed;
    if (!child(envelope, k_event).is_object() || child(envelope, k_event).empty()) {
        if (text_of(envelope, "eventType").empty()) throw Error{Kind::protocol, "what was pushed has no eventType"};
        return pushed;  // heartBeat, videoloss: it is alive
    }
    auto const row = as_logged(envelope);
    pushed.is_replay = flag_of(row, "currentEvent") == false;
    pushed.row = row_from(row, offset);
    if (!pushed.row) throw Error{Kind::protocol, "what was pushed lacks a serial number, a time or a type"};
    return pushed;
} catch (Error const& error) {
    return failure(error);
}

}  // namespace bioctl::hikvision
