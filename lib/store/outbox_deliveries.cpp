// Deliveries: queued, due, recorded, tried again, dropped.

#include <algorithm>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "lib/base/bytes.hpp"
#include "lib/store/events.hpp"
#include "lib/store/lists.hpp"
#include "lib/store/outbox.hpp"
#include "lib/store/query.hpp"

namespace bioctl::store {

namespace {

constexpr std::size_t k_longest_reply = 4096;

#define BIOCTL_DELIVERY_COLUMNS                                                                                      \
    "SELECT d.id, t.name, coalesce(d.event, 0), d.order_key, d.idempotency_key, d.state, d.attempts, d.created_at, " \
    "d.not_before,"                                                                                                  \
    " d.finished_at, d.reason, d.http_status, d.reply, d.body FROM delivery d JOIN target t ON t.key = d.target"
// Lists ?1 (targets) and ?2 (states) begin and end with a line feed, or are empty.
#define BIOCTL_DELIVERY_FILTER                                                                          \
    "(?1 = '' OR target IN (SELECT key FROM target WHERE instr(?1, char(10) || name || char(10)) > 0))" \
    " AND (?2 = '' OR instr(?2, char(10) || state || char(10)) > 0)"
// ?3 is a JSON array. Named ones are looked up; the other statement goes through all, and has the parameter, too.
#define BIOCTL_NAMED " IN (SELECT value FROM json_each(?3)) AND "
#define BIOCTL_UNNAMED " ?3 = '[]' AND "

Delivery delivery_of(Query const& query) {
    Delivery delivery;
    delivery.id = query.integer(0);
    delivery.target = std::string{query.text(1)};
    delivery.event = query.integer(2);
    delivery.order_key = std::string{query.text(3)};
    delivery.idempotency_key = std::string{query.text(4)};
    delivery.state = std::string{query.text(5)};
    delivery.attempts = query.number(6);
    delivery.created_at = from_ms(query.integer(7));
    delivery.not_before = from_ms(query.integer(8));
    delivery.finished_at = from_ms(query.integer(9));
    delivery.reason = std::string{query.text(10)};
    delivery.http_status = query.number(11);
    delivery.reply = std::string{query.text(12)};
    delivery.body = std::string{query.text(13)};
    return delivery;
}

bool is_any(std::vector<std::string> const& words, std::string_view word) {
    return words.empty() || std::find(words.begin(), words.end(), word) != words.end();
}

bool wants(Target const& target, Event const& event) {
    auto const kind = event.row.is_recognized ? "recognized" : "other";
    bool const is_sighting = event.is_of_source && event.row.is_recognized;
    bool const is_kind = is_any(target.kinds, kind) || (is_sighting && is_any(target.kinds, "sighting"));
    return target.enabled && is_any(target.devices, event.device) && is_any(target.locations, event.location) && is_kind;
}

std::string digest_key(std::string_view text) {
    return to_hex(sha256(as_bytes(text))).substr(0, 32);
}

/// Made of what the terminal says, so that a store which was lost and filled again sends the same key.
std::string idempotency_key(Event const& event, Target const& target) {
    auto const device = event.device_serial.empty() ? event.device : event.device_serial;
    auto const text =
        fmt::format("{}\n{}\n{}\n{}\n{}", device, event.epoch, event.row.serial, to_ms(event.row.time), target.name);
    return digest_key(text);
}

/// How long the target's cooldown of this person lasts yet, counted from the event's time.
std::optional<std::chrono::seconds> cooling_down(Connection& connection, Target const& target, Event const& event) {
    if (target.cooldown_s == 0 || event.row.employee_no.empty()) return std::nullopt;
    auto const time = to_ms(event.row.time);
    auto const span = std::int64_t{1000} * target.cooldown_s;
    Query query{connection,
                "SELECT max(order_time) FROM delivery WHERE target = ? AND order_key = ? AND order_time > ? AND order_time < ?"
                " AND state <> 'skipped' AND event <> ? AND order_key <> ''",
                target.key,
                event.row.employee_no,
                time - span,
                time + span,
                event.id};
    if (!query.next() || query.is_null(0)) return std::nullopt;
    return std::chrono::ceil<std::chrono::seconds>(std::chrono::milliseconds{query.integer(0) + span - time});
}

int add_message(Connection& connection, Target const& target, Message const& message, Timestamp now) {
    return Query{connection,
                 "INSERT INTO delivery (target, body, order_key, order_time, idempotency_key, state, created_at)"
                 " VALUES (?, ?, ?, ?, ?, 'pending', ?)",
                 target.key,
                 message.body,
                 message.order_key,
                 to_ms(message.time),
                 digest_key(fmt::format("{}\n{}\n{}", message.kind, message.identity, target.name)),
                 to_ms(now)}
        .run();
}

std::string enclosed(std::vector<std::string> const& words) {
    return words.empty() ? "" : '\n' + to_lines(words);
}

std::string json_of(std::vector<std::int64_t> const& ids) {
    return fmt::format("[{}]", fmt::join(ids, ","));
}

}  // namespace

int Outbox::queue_event(std::int64_t event_id, Timestamp now) {
    auto const all = targets();
    if (all.empty()) return 0;  // most events of most stores: spares reading it back
    auto const event = Events{*m_connection}.get(event_id);
    if (!event) return 0;
    int pending = 0;
    for (auto const& target : all) {
        if (!wants(target, *event)) continue;
        bool const is_skipped = cooling_down(*m_connection, target, *event).has_value();
        auto const added =
            Query{*m_connection,
                  "INSERT INTO delivery (target, event, order_key, order_time, idempotency_key, state, created_at,"
                  " finished_at, reason) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (target, event) DO NOTHING",
                  target.key,
                  event_id,
                  event->row.employee_no,
                  to_ms(event->row.time),
                  idempotency_key(*event, target),
                  is_skipped ? "skipped" : "pending",
                  to_ms(now),
                  is_skipped ? to_ms(now) : 0,
                  is_skipped ? "cooldown" : ""}
                .run();
        pending += is_skipped ? 0 : added;
    }
    return pending;
}

std::vector<Prospect> Outbox::prospects(Event const& event) const {
    std::vector<Prospect> prospects;
    for (auto const& target : targets()) {
        if (wants(target, event))
            prospects.push_back({.target = target.name, .cools_for = cooling_down(*m_connection, target, event)});
    }
    return prospects;
}

int Outbox::queue_message(Message const& message, Timestamp now) {
    int pending = 0;
    for (auto const& target : targets()) {
        bool const is_wanted = target.enabled && is_any(target.devices, message.device) &&
                               is_any(target.locations, message.location) && !target.kinds.empty() &&
                               is_any(target.kinds, message.kind);
        if (!is_wanted) continue;
        pending += add_message(*m_connection, target, message, now);
    }
    return pending;
}

std::optional<std::int64_t> Outbox::queue_message_to(std::int64_t target_key, Message const& message, Timestamp now) {
    auto const all = targets();
    auto const target = std::ranges::find(all, target_key, &Target::key);
    if (target == all.end() || !target->enabled) return std::nullopt;
    add_message(*m_connection, *target, message, now);
    return m_connection->last_id();
}

int Outbox::resend(std::int64_t event_id, std::optional<std::string> const& only, Timestamp now) {
    auto const event = Events{*m_connection}.get(event_id);
    if (!event) return 0;
    int queued = 0;
    for (auto const& target : targets()) {
        if (only ? *only != target.name : !wants(target, *event)) continue;
        queued += Query{*m_connection,
                        "INSERT INTO delivery (target, event, order_key, order_time, idempotency_key, state, created_at)"
                        " VALUES (?1, ?2, ?3, ?4, ?5, 'pending', ?6) ON CONFLICT (target, event) DO UPDATE SET state = 'pending',"
                        " not_before = 0, finished_at = 0, reason = 'resent'",
                        target.key,
                        event_id,
                        event->row.employee_no,
                        to_ms(event->row.time),
                        idempotency_key(*event, target),
                        to_ms(now)}
                      .run();
    }
    return queued;
}

// The first of an order key that is still pending: the others wait for it.
#define BIOCTL_FIRST_OF_KEY                                                                                            \
    " AND (d.order_key = '' OR NOT EXISTS (SELECT 1 FROM delivery o WHERE o.state = 'pending' AND o.target = d.target" \
    " AND o.order_key = d.order_key AND (o.order_time, o.id) < (d.order_time, d.id)))"

std::vector<Delivery> Outbox::due(std::int64_t target, Timestamp now, int limit) const {
    Query query{*m_connection,
                BIOCTL_DELIVERY_COLUMNS
                " WHERE d.state = 'pending' AND d.target = ?1 AND d.not_before <= ?2 AND t.enabled = 1" BIOCTL_FIRST_OF_KEY
                " ORDER BY d.order_time, d.id LIMIT ?3",
                target, to_ms(now), limit};
    std::vector<Delivery> due;
    while (query.next())
        due.push_back(delivery_of(query));
    return due;
}

std::optional<Delivery> Outbox::due_now(std::int64_t id, Timestamp now) const {
    Query query{*m_connection,
                BIOCTL_DELIVERY_COLUMNS
                " WHERE d.state = 'pending' AND d.id = ? AND d.not_before <= ? AND t.enabled = 1" BIOCTL_FIRST_OF_KEY,
                id, to_ms(now)};
    if (!query.next()) return std::nullopt;
    return delivery_of(query);
}

std::optional<Timestamp> Outbox::next_due(std::int64_t target) const {
    Query query{*m_connection,
                "SELECT min(d.not_before) FROM delivery d JOIN target t ON t.key = d.target"
                " WHERE d.state = 'pending' AND d.target = ? AND t.enabled = 1" BIOCTL_FIRST_OF_KEY,
                target};
    if (!query.next() || query.is_null(0)) return std::nullopt;
    return from_ms(query.integer(0));
}

#undef BIOCTL_FIRST_OF_KEY

std::int64_t Outbox::pending() const {
    Query query{*m_connection,
                "SELECT count(*) FROM delivery WHERE state = 'pending'"
                " AND target IN (SELECT key FROM target WHERE enabled = 1)"};
    query.next();
    return query.integer(0);
}

std::vector<Timestamp> Outbox::sent_messages(std::int64_t target, int limit) const {
    Query query{*m_connection,
                "SELECT finished_at, state FROM delivery WHERE target = ? AND event IS NULL ORDER BY id DESC LIMIT ?", target,
                limit};
    std::vector<Timestamp> times;
    while (query.next()) {
        if (query.text(1) == "sent") times.push_back(from_ms(query.integer(0)));
    }
    std::ranges::sort(times, std::greater{});
    return times;
}

std::optional<Timestamp> Outbox::limited_until(std::int64_t target) const {
    Query query{*m_connection, "SELECT max(not_before) FROM delivery WHERE target = ? AND event IS NULL AND http_status = 429",
                target};
    if (!query.next() || query.is_null(0)) return std::nullopt;
    return from_ms(query.integer(0));
}

void Outbox::lift_limit(std::int64_t target) {
    Query{*m_connection, "UPDATE delivery SET not_before = 0 WHERE target = ? AND event IS NULL AND http_status = 429", target}
        .run();
}

std::optional<Delivery> Outbox::delivery(std::int64_t id) const {
    Query query{*m_connection, BIOCTL_DELIVERY_COLUMNS " WHERE d.id = ?", id};
    if (!query.next()) return std::nullopt;
    return delivery_of(query);
}

void Outbox::set_trying(std::int64_t id, Timestamp now) {
    // It stays due: after a crash it is tried again at once.
    Query{*m_connection, "UPDATE delivery SET not_before = ? WHERE id = ? AND state = 'pending'", to_ms(now), id}.run();
}

void Outbox::record(std::int64_t id, Attempt const& attempt, Timestamp now) {
    bool const is_over = attempt.state != "pending";
    Query{*m_connection,
          "UPDATE delivery SET state = ?, attempts = attempts + ?, not_before = ?, finished_at = ?, reason = ?, http_status = ?,"
          " reply = ? WHERE id = ? AND state = 'pending'",
          attempt.state,
          attempt.is_counted,
          to_ms(attempt.not_before),
          is_over ? to_ms(now) : 0,
          attempt.reason,
          attempt.http_status,
          std::string_view{attempt.reply}.substr(0, k_longest_reply),
          id}
        .run();
}

void Outbox::each(DeliveryFilter const& filter, std::function<bool(Delivery const&)> const& take) const {
#define BIOCTL_LISTED                                                  \
    "(?1 = '' OR instr(?1, char(10) || t.name || char(10)) > 0)"       \
    " AND (?2 = '' OR instr(?2, char(10) || d.state || char(10)) > 0)" \
    " AND d.id > ?5 ORDER BY d.id LIMIT ?4"
    constexpr std::string_view k_named = BIOCTL_DELIVERY_COLUMNS " WHERE d.id" BIOCTL_NAMED BIOCTL_LISTED;
    constexpr std::string_view k_unnamed = BIOCTL_DELIVERY_COLUMNS " WHERE" BIOCTL_UNNAMED BIOCTL_LISTED;
#undef BIOCTL_LISTED
    Query query{*m_connection,
                filter.ids.empty() ? k_unnamed : k_named,
                enclosed(filter.targets),
                enclosed(filter.states),
                json_of(filter.ids),
                filter.limit > 0 ? filter.limit : -1,
                filter.after};
    while (query.next()) {
        if (!take(delivery_of(query))) return;
    }
}

std::vector<Delivery> Outbox::of_event(std::int64_t event) const {
    Query query{*m_connection, BIOCTL_DELIVERY_COLUMNS " WHERE d.event = ? ORDER BY d.id", event};
    std::vector<Delivery> deliveries;
    while (query.next())
        deliveries.push_back(delivery_of(query));
    return deliveries;
}

std::vector<DeliveryCounts> Outbox::stats() const {
    Query query{*m_connection,
                "SELECT t.name, d.state, count(*), min(d.created_at) FROM delivery d JOIN target t ON t.key = d.target"
                " GROUP BY t.name, d.state ORDER BY t.name, d.state"};
    std::vector<DeliveryCounts> counts;
    while (query.next())
        counts.push_back({std::string{query.text(0)}, std::string{query.text(1)}, query.integer(2), from_ms(query.integer(3))});
    return counts;
}

std::int64_t Outbox::retry(DeliveryFilter const& filter, Timestamp now) {
    // Named ones whatever they are; without names those that were given up as failed.
    auto const states = filter.states.empty() && filter.ids.empty() ? std::string{"\nfailed\n"} : enclosed(filter.states);
    constexpr std::string_view k_named =
        "UPDATE delivery SET state = 'pending', not_before = ?4, finished_at = 0 WHERE state <> 'pending' AND id" BIOCTL_NAMED
            BIOCTL_DELIVERY_FILTER;
    constexpr std::string_view k_unnamed =
        "UPDATE delivery SET state = 'pending', not_before = ?4, finished_at = 0 WHERE state <> 'pending' AND" BIOCTL_UNNAMED
            BIOCTL_DELIVERY_FILTER;
    return Query{*m_connection, filter.ids.empty() ? k_unnamed : k_named, enclosed(filter.targets), states, json_of(filter.ids),
                 to_ms(now)}
        .run();
}

std::int64_t Outbox::drop(DeliveryFilter const& filter, Timestamp now) {
    constexpr std::string_view k_named =
        "UPDATE delivery SET state = 'dropped', finished_at = ?4 WHERE state IN ('pending', 'failed') AND id" BIOCTL_NAMED
            BIOCTL_DELIVERY_FILTER;
    constexpr std::string_view k_unnamed =
        "UPDATE delivery SET state = 'dropped', finished_at = ?4 WHERE state IN ('pending', 'failed') AND" BIOCTL_UNNAMED
            BIOCTL_DELIVERY_FILTER;
    return Query{*m_connection,
                 filter.ids.empty() ? k_unnamed : k_named,
                 enclosed(filter.targets),
                 enclosed(filter.states),
                 json_of(filter.ids),
                 to_ms(now)}
        .run();
}

#undef BIOCTL_DELIVERY_COLUMNS
#undef BIOCTL_DELIVERY_FILTER
#undef BIOCTL_NAMED
#undef BIOCTL_UNNAMED

}  // namespace bioctl::store
