#pragma once
// Sends the deliveries of one target. Private to the delivery.

#include <chrono>
#include <deque>
#include <functional>
#include <mutex>
#include <optional>

#include "lib/app/delivery.hpp"
#include "lib/base/claims.hpp"
#include "lib/notify/channel.hpp"
#include "lib/notify/pace.hpp"

namespace bioctl::app {

class Courier {
public:
    using Moment = std::chrono::steady_clock::time_point;

    /// on_try is called one at a time for this courier, on any thread. `pacer` is shared by all couriers.
    Courier(DeliverySetup const& setup, store::Target const& target, notify::Pacer& pacer,
            std::function<void(DeliveryTry const&)> on_try);

    /// What the user has changed is taken over; not while run() runs.
    void renew(store::Target const& target);

    DeliverySummary run(Moment deadline, Drain drain);

    /// Tries this one delivery, if it is due and nobody else is at it: then what came of it, which is recorded.
    std::optional<store::Attempt> try_now(std::int64_t delivery);

private:
    void remember_others();
    void try_batch(std::vector<store::Delivery> const& due, std::function<bool()> const& should_stop, Moment deadline,
                   Drain drain);
    std::optional<store::Attempt> try_one(notify::Channel* channel, std::int64_t id);
    [[nodiscard]] store::Attempt attempt(notify::Channel* channel, store::Delivery const& delivery);
    [[nodiscard]] store::Attempt send(notify::Channel& channel, store::Delivery const& delivery,
                                      notify::Rendered const& rendered);
    [[nodiscard]] store::Attempt attempt_from(notify::Reply const& reply, int attempts) const;
    [[nodiscard]] store::Attempt postponed(std::chrono::milliseconds wait, std::string reason) const;
    void settle(store::Delivery const& delivery, store::Attempt const& attempt);
    void listen(notify::Reply const& reply);
    [[nodiscard]] bool is_quiet();
    [[nodiscard]] bool is_contested();
    [[nodiscard]] std::int64_t finished();
    [[nodiscard]] bool await_next(Moment deadline);
    [[nodiscard]] bool await_turn(Moment deadline, Drain drain);

    DeliverySetup const& m_setup;
    Claims m_claims;
    std::function<void(DeliveryTry const&)> m_on_try;
    notify::Pacer& m_pacer;
    store::Target m_target;
    notify::ChannelConfig m_channel;
    std::optional<notify::PaceRules> m_pace;  ///< of a channel that sets a limit: one message at a time
    std::optional<Error> m_trouble;           ///< a secret that cannot be unsealed, an address this version cannot use

    std::mutex m_mutex;  ///< of what follows, and of on_try
    int m_silent = 0;    ///< tries without an answer, in a row
    Moment m_quiet_until{};
    std::deque<Timestamp> m_own;     ///< when this courier's last messages had gone out, if the channel sets a limit
    bool m_is_out_of_turns = false;  ///< none left before the deadline
    bool m_is_contested = false;     ///< somebody else was at one of them
    DeliverySummary m_summary;
};

}  // namespace bioctl::app
