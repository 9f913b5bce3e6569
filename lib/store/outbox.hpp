#pragma once
// The durable outbox: who wants what (targets), and what is still to be sent (deliveries). At least once, in order per person.

#include <chrono>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "lib/base/bytes.hpp"
#include "lib/base/clock.hpp"
#include "lib/store/store.hpp"

namespace bioctl::store {

struct Event;  // events.hpp

struct Target {
    std::int64_t key = 0;
    std::string name{};  ///< unique
    std::string url{};
    std::string format = "event";                     ///< presence, attendance, event, template, telegram, mail, exec
    std::string body_template{};                      ///< for format = template
    std::string picture = "none";                     ///< none, base64, multipart
    Bytes bearer{}, hmac_key{};                       ///< sealed, empty = none
    std::vector<std::string> devices{}, locations{};  ///< any of them; empty = all
    std::vector<std::string> kinds{"recognized"};     ///< recognized, other, sighting (recognized, of a source), device,
                                                      ///< notification
    int cooldown_s = 0;                               ///< per person; 0 = every event
    int timeout_s = 20;
    std::string quiet{};  ///< "22:00-06:00" in the configured zone: notifications wait until it is over; "" = never
    int after_s = 30;     ///< notifications: only of what is still true after so long
    bool enabled = true;
    Timestamp created_at{}, updated_at{};
};

/// pending -> sent | failed (parked: a person decides) | skipped (a rule said no) | dropped (a person said no)
struct Delivery {
    std::int64_t id = 0;
    std::string target{};
    std::int64_t event = 0;   ///< 0 = a message of its own
    std::string body{};       ///< of a message of its own: what is sent
    std::string order_key{};  ///< deliveries of one target and key go out one after the other; "" = no order
    std::string idempotency_key{};
    std::string state{};
    int attempts = 0;
    Timestamp created_at{}, not_before{}, finished_at{};
    std::string reason{};  ///< why it was skipped, failed, or has to wait
    int http_status = 0;   ///< of the last answer
    std::string reply{};   ///< its body, at most 4 kB
};

struct DeliveryFilter {
    std::vector<std::string> targets{}, states{};
    std::vector<std::int64_t> ids{};
    std::int64_t limit = 0;  ///< 0 = all
    std::int64_t after = 0;  ///< of each(): the page after this id
};

struct DeliveryCounts {
    std::string target{}, state{};
    std::int64_t deliveries = 0;
    Timestamp oldest{};
};

/// What would become of an event at a target that takes it.
struct Prospect {
    std::string target{};
    std::optional<std::chrono::seconds> cools_for{};  ///< skipped: an earlier event of the person cools down for so long yet
};

/// Something to tell that is no event of a terminal.
struct Message {
    std::string kind{};                ///< what a target's `kinds` must name
    std::string device{}, location{};  ///< for the target's filters
    std::string identity{};            ///< the same for the same message: its idempotency key is made of it
    std::string order_key{};
    Timestamp time{};
    std::string body{};  ///< JSON
};

/// What came of a try.
struct Attempt {
    std::string state{};  ///< sent, failed, skipped, or pending: again at not_before
    Timestamp not_before{};
    std::string reason{};
    int http_status = 0;
    std::string reply{};
    bool is_counted = true;  ///< false: nothing was sent, it only has to wait
};

/// Statements on `target` and `delivery`. Use inside Store::write() or read().
class Outbox {
public:
    [[nodiscard]] std::vector<Target> targets() const;  ///< by name
    [[nodiscard]] std::optional<Target> target(std::string_view name) const;
    std::int64_t add_target(Target const& target, Timestamp now);  ///< Error{data} if the name is taken
    void set_target(Target const& target, Timestamp now);          ///< by key
    bool remove_target(std::string_view name);                     ///< with its deliveries
    /// The target that the settings stand for, see app/webhook_setting.hpp; its name and all else may have been changed since.
    [[nodiscard]] std::optional<Target> settings_target() const;
    void set_settings_target(std::int64_t key);

    /// Queues the event for every enabled target whose filters take it, once per target; those within the cooldown of an earlier
    /// event of the same person are queued as skipped. In the transaction that stores the event. Returns how many are pending.
    int queue_event(std::int64_t event, Timestamp now);
    /// What queue_event() would do with it, for every target that takes it, by name. Its id may be 0: not stored yet.
    [[nodiscard]] std::vector<Prospect> prospects(Event const& event) const;
    /// Queues a message for every enabled target whose filters take it. Returns how many are pending.
    int queue_message(Message const& message, Timestamp now);
    /// Queues it for this target (a key), whatever its filters say. Returns the delivery; none if the target is gone or disabled.
    std::optional<std::int64_t> queue_message_to(std::int64_t target, Message const& message, Timestamp now);
    /// Queues it again, under the same idempotency key, whatever its state is; all targets or one. Returns the number queued.
    int resend(std::int64_t event, std::optional<std::string> const& target, Timestamp now);

    /// Deliveries to this target to try now: pending, not before their time, and the first of their order key; oldest first.
    [[nodiscard]] std::vector<Delivery> due(std::int64_t target, Timestamp now, int limit) const;
    /// This one, if it is to be tried now by the rules of due().
    [[nodiscard]] std::optional<Delivery> due_now(std::int64_t id, Timestamp now) const;
    /// Of the pending ones to this target, when the first may be tried.
    [[nodiscard]] std::optional<Timestamp> next_due(std::int64_t target) const;
    [[nodiscard]] std::int64_t pending() const;  ///< to targets that are enabled
    /// When the newest messages to this target went out, newest first, at most so many of the last deliveries that were queued.
    [[nodiscard]] std::vector<Timestamp> sent_messages(std::int64_t target, int limit) const;
    /// Until when the receiver wants no message at all: the time named in its last "too many" (429), given up or not.
    [[nodiscard]] std::optional<Timestamp> limited_until(std::int64_t target) const;
    void lift_limit(std::int64_t target);  ///< it was of another address or token
    [[nodiscard]] std::optional<Delivery> delivery(std::int64_t id) const;
    /// Of a delivery that is still pending: one that was dropped meanwhile stays so.
    void record(std::int64_t id, Attempt const& attempt, Timestamp now);
    /// It is about to be tried. Fails where record() would: what cannot be noted down must not be sent.
    void set_trying(std::int64_t id, Timestamp now);

    void each(DeliveryFilter const& filter, std::function<bool(Delivery const&)> const& take) const;  ///< by id
    [[nodiscard]] std::vector<Delivery> of_event(std::int64_t event) const;                           ///< by id
    [[nodiscard]] std::vector<DeliveryCounts> stats() const;
    /// Back to pending, now: failed ones (or those named). Returns the number.
    std::int64_t retry(DeliveryFilter const& filter, Timestamp now);
    std::int64_t drop(DeliveryFilter const& filter, Timestamp now);  ///< pending and failed ones

private:
    friend class Store;
    explicit Outbox(Connection& connection) : m_connection(&connection) {}
    Connection* m_connection;
};

}  // namespace bioctl::store
