#include "cmd/live_feed.hpp"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "cmd/background.hpp"
#include "cmd/device_verbs.hpp"
#include "lib/http/server.hpp"

namespace bioctl::cmd {

namespace {

using Json = nlohmann::ordered_json;

// All messages of a look are published at once: nobody who keeps up may be dropped for them.
static_assert(http::ServerLimits{}.websocket_queue >= 2 * std::size_t{app::ChangeFeed::k_most_of_look});

Json word_or_null(std::string const& text) {
    return text.empty() ? Json{} : Json(text);
}

template <class T>
Json value_or_null(std::optional<T> const& value) {
    return value ? Json(*value) : Json{};
}

Json json_of(store::Event const& event) {
    auto const& row = event.row;
    return {{"type", "event"},
            {"id", event.id},
            {"device", event.device},
            {"location", word_or_null(event.location)},
            {"time", to_rfc3339(row.time)},
            {"local_time", row.local_time},
            {"received_at", to_rfc3339(event.received_at)},
            {"kind", row.is_recognized ? "recognized" : "other"},
            {"major", row.major},
            {"minor", row.minor},
            {"employee_no", word_or_null(row.employee_no)},
            {"person_id", word_or_null(event.person_id)},
            {"name", word_or_null(row.name)},
            {"picture_state", event.picture_state},
            {"distance", value_or_null(event.verify_distance)}};
}

Json json_of(store::DeviceTransition const& transition) {
    return {{"type", "device"},        {"device", transition.device}, {"at", to_rfc3339(transition.at)},
            {"from", transition.from}, {"to", transition.to},         {"reason", word_or_null(transition.reason)}};
}

Json json_of(app::OntTurn const& turn) {
    return {{"type", "ont"},
            {"id", turn.id},
            {"name", turn.name},
            {"location", word_or_null(turn.location)},
            {"at", to_rfc3339(turn.at)},
            {"from", turn.before},
            {"to", turn.state},
            {"is_flapping", turn.is_flapping}};
}

Json json_of(std::string_view type, store::Outage const& outage) {
    return {{"type", type},
            {"id", outage.id},
            {"ont", outage.ont},
            {"name", outage.ont_name},
            {"location", word_or_null(outage.location)},
            {"parent", word_or_null(outage.parent_name)},
            {"started_at", to_rfc3339(outage.started_at)},
            {"ended_at", outage.ended_at ? Json(to_rfc3339(*outage.ended_at)) : Json{}},
            {"parent_outage", value_or_null(outage.parent_outage)},
            {"in_maintenance", outage.in_maintenance}};
}

Json json_of(store::Notification const& notification) {
    return {{"type", "notification"},
            {"id", notification.id},
            {"at", to_rfc3339(notification.at)},
            {"kind", notification.type},
            {"message", notification.message},
            {"ont", value_or_null(notification.ont)},
            {"ont_name", value_or_null(notification.ont_name)}};
}

class Messages {
public:
    void add(std::string_view topic, Json const& json) {
        m_all.push_back({.topic = topic, .json = json.dump(-1, ' ', false, Json::error_handler_t::replace)});
    }
    /// Rows that were too many to be told; who shows them reads the list again.
    void add_skipped(std::string_view topic, std::string_view what, std::int64_t number) {
        if (number > 0) add(topic, {{"type", "skipped"}, {"what", what}, {"number", number}});
    }
    [[nodiscard]] std::vector<LiveMessage> take() { return std::move(m_all); }

private:
    std::vector<LiveMessage> m_all;
};

}  // namespace

std::vector<LiveMessage> messages_of(app::Changes const& changes) {
    Messages messages;
    messages.add_skipped("events", "event", changes.events.skipped);
    for (auto const& event : changes.events.rows)
        messages.add("events", json_of(event));
    messages.add_skipped("devices", "device", changes.devices.skipped);
    for (auto const& transition : changes.devices.rows)
        messages.add("devices", json_of(transition));
    messages.add_skipped("onts", "ont", changes.onts.skipped);
    for (auto const& turn : changes.onts.rows)
        messages.add("onts", json_of(turn));
    messages.add_skipped("onts", "outage_begun", changes.begun.skipped);
    for (auto const& outage : changes.begun.rows)
        messages.add("onts", json_of("outage_begun", outage));
    messages.add_skipped("onts", "outage_ended", changes.ended.skipped);
    for (auto const& outage : changes.ended.rows)
        messages.add("onts", json_of("outage_ended", outage));
    messages.add_skipped("notifications", "notification", changes.notifications.skipped);
    for (auto const& notification : changes.notifications.rows)
        messages.add("notifications", json_of(notification));
    if (changes.unread) messages.add("notifications", {{"type", "unread"}, {"number", *changes.unread}});
    return messages.take();
}

LiveFeed::LiveFeed(std::function<store::Store()> open, std::function<void(std::string const&)> warn)
    : m_open(std::move(open)), m_warn(std::move(warn)) {}

void LiveFeed::look(http::Hub& hub) {
    try {
        if (!m_changes) m_changes.emplace(m_open());
        for (auto& message : messages_of(m_changes->look()))
            hub.publish(message.topic, std::move(message.json));
        m_is_troubled = false;
    } catch (Error const& error) {
        if (!m_is_troubled) m_warn(fmt::format("live pages have to wait: {}", error.message()));
        m_is_troubled = true;
    }
}

void feed_until_stopped(Context& cx, http::Hub& hub) {
    constexpr std::chrono::milliseconds k_between{500};
    LiveFeed feed{[&] { return cx.open_store(store::Access::read_only); }, [&](std::string const& line) { cx.talk.warn(line); }};
    until_stopped([&] {
        feed.look(hub);
        pause_until_stopped(k_between);
    });
}

}  // namespace bioctl::cmd
