#pragma once
// Tries a delivery that was just queued at once, for whoever asked waits for the answer. What fails stays in the outbox.

#include <chrono>
#include <map>
#include <memory>
#include <mutex>
#include <string>

#include "lib/app/delivery.hpp"
#include "lib/app/sightings.hpp"
#include "lib/notify/pace.hpp"

namespace bioctl::app {

struct Dispatch {
    enum class Status {
        sent,
        failed,   ///< not yet: the outbox goes on trying, unless `reason` says that it was refused for good
        skipped,  ///< by the cooldown, or because there is nobody to tell
    };
    Status status = Status::skipped;
    int http_status = 0;    ///< 0 = there was no answer
    std::string message{};  ///< body of the answer, at most 4 kB; without an answer why there is none; "" when skipped
    std::string reason{};   ///< "ok", "cooldown_active (4s left)", "off", "pending", "refused"
};

[[nodiscard]] std::string_view name_of(Dispatch::Status status);  ///< sent, failed, skipped

/// Thread-safe; any number of dispatches at once. Whatever couriers this and other processes run: no delivery is sent twice at
/// the same time, and nothing overtakes an earlier delivery of the same person.
class Dispatcher {
public:
    static constexpr std::chrono::seconds k_longest_wait{10};

    explicit Dispatcher(DeliverySetup setup);

    /// Waits for the answer as long as the target's time-out says, at most k_longest_wait; a target that has just let a dispatch
    /// wait in vain is spared for a while. Never throws for what the target does; Error of the store goes through.
    Dispatch dispatch(QueuedDelivery const& queued);

private:
    using Moment = std::chrono::steady_clock::time_point;
    Dispatch send(QueuedDelivery const& queued);
    [[nodiscard]] bool is_spared(std::string const& target);
    void note(std::string const& target, bool is_answered);

    DeliverySetup m_setup;
    notify::Pacer m_pacer;  // webhooks have no pace; couriers want one
    std::mutex m_mutex;
    std::map<std::string, Moment> m_spared_until;  // by target
};

}  // namespace bioctl::app
