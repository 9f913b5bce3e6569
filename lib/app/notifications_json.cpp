// notifications.json of the old monitor.

#include <charconv>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "lib/app/notifications.hpp"
#include "lib/base/text.hpp"
#include "lib/notify/notification.hpp"

namespace bioctl::app {

namespace {

using Json = nlohmann::ordered_json;

constexpr std::size_t k_longest_message = 100'000;
constexpr int k_deepest = 8;

tl::unexpected<Error> poison(std::string_view why) {
    return failure(Kind::data, std::string{why});
}

/// The old service wrote naive local times with a fraction ("2025-11-27T10:11:12.345678"), its pages UTC ("...12.345Z").
Result<Timestamp> time_of(std::string const& text, Zone const& zone) {
    if (auto const exact = from_rfc3339(text)) return *exact;
    auto const dot = text.rfind('.');
    auto const seconds = text.substr(0, dot);
    auto const local =
        seconds.size() == std::string_view{"2025-11-27T10:11:12"}.size() ? zone.parse(seconds, {}) : failure(Kind::data, "");
    if (!local) return failure(Kind::data, fmt::format("timestamp '{}' is no time", printable(text.substr(0, 100))));
    if (dot == std::string::npos) return *local;
    auto const fraction = (text.substr(dot + 1) + "000").substr(0, 3);
    int ms = 0;
    auto const [end, error] = std::from_chars(fraction.data(), fraction.data() + fraction.size(), ms);
    if (error != std::errc{} || end != fraction.data() + fraction.size() || ms < 0)
        return failure(Kind::data, fmt::format("timestamp '{}' is no time", printable(text.substr(0, 100))));
    return *local + std::chrono::milliseconds{ms};
}

Result<store::Notification> notification_of(Json const& row, Zone const& zone) {
    if (!row.is_object()) return poison("is no object");
    auto const field = [&](char const* name) { return row.contains(name) ? row[name] : Json{}; };
    store::Notification notification;
    auto const id = field("id"), message = field("message"), type = field("type"), timestamp = field("timestamp");
    if (!id.is_number_integer() || id.get<std::int64_t>() <= 0) return poison("id is no positive whole number");
    notification.id = id.get<std::int64_t>();
    if (!message.is_string() || message.get_ref<std::string const&>().size() > k_longest_message)
        return poison("message is no text of at most 100 000 bytes");
    notification.message = message.get<std::string>();
    if (!type.is_null()) {
        if (!type.is_string() || !notify::is_notification_type(type.get_ref<std::string const&>()))
            return poison("type is none of success, info, warning, error");
        notification.type = type.get<std::string>();
    }
    if (!timestamp.is_string()) return poison("timestamp is no text");
    auto const time = time_of(timestamp.get<std::string>(), zone);
    if (!time) return failure(time.error());
    notification.at = *time;
    auto const ont = field("ont_id"), ont_name = field("ont_name"), read = field("read");
    if (!ont.is_null() && !ont.is_number_integer()) return poison("ont_id is no whole number");
    if (!ont.is_null()) notification.ont = ont.get<std::int64_t>();
    if (!ont_name.is_null() && !ont_name.is_string()) return poison("ont_name is no text");
    if (!ont_name.is_null()) notification.ont_name = ont_name.get<std::string>();
    if (!read.is_null() && !read.is_boolean()) return poison("read is neither true nor false");
    notification.is_read = read.is_boolean() && read.get<bool>();
    return notification;
}

}  // namespace

std::string to_old_json(std::vector<store::Notification> const& notifications) {
    auto rows = Json::array();
    for (auto const& one : notifications) {
        Json row{{"id", one.id}, {"message", one.message}, {"type", one.type}, {"timestamp", to_rfc3339(one.at)}};
        row["ont_id"] = one.ont ? Json(*one.ont) : Json{};
        row["ont_name"] = one.ont_name ? Json(*one.ont_name) : Json{};
        row["read"] = one.is_read;
        rows.push_back(std::move(row));
    }
    return rows.dump(2, ' ', false, Json::error_handler_t::replace) + '\n';
}

store::Notification post_notification(store::Store& store, Clock const& clock, Zone const& zone, PostedNotification const& posted,
                                      std::function<void(store::Notification const&)> const& in_transaction) {
    if (posted.message.size() > k_longest_message)
        throw Error{Kind::usage, fmt::format("a message has at most {} bytes", k_longest_message)};
    store::Notification notification;
    notification.at = posted.timestamp ? time_of(*posted.timestamp, zone).or_throw() : clock.now();
    if (notify::is_notification_type(posted.type)) notification.type = posted.type;
    notification.message = to_valid_utf8(posted.message);
    store.write([&] {
        notification.id = store.notifications().add(notification);
        in_transaction(notification);
    });
    return notification;
}

std::vector<Result<store::Notification>> from_old_json(std::string_view text, Zone const& zone) {
    // Nothing in these files is nested deeply; what is, is not read.
    auto const shallow = [](int depth, Json::parse_event_t, Json&) {
        if (depth > k_deepest) throw Error{Kind::data, "nested too deeply for a list of notifications"};
        return true;
    };
    auto const json = Json::parse(text, shallow, false);
    if (json.is_discarded()) throw Error{Kind::data, "not JSON; is the file whole?"};
    if (!json.is_array()) throw Error{Kind::data, "not a list of notifications: it begins with [ and holds objects"};
    std::vector<Result<store::Notification>> rows;
    for (auto const& row : json)
        rows.push_back(notification_of(row, zone));
    return rows;
}

}  // namespace bioctl::app
