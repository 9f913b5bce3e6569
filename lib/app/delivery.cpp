#include "lib/app/delivery.hpp"

#include <algorithm>
#include <map>
#include <mutex>

#include <fmt/format.h>

#include "lib/app/delivery_message.hpp"
#include "lib/app/share.hpp"
#include "lib/base/random.hpp"
#include "lib/base/text.hpp"

namespace bioctl::app {

namespace {

constexpr int k_batch = 64;
constexpr std::chrono::seconds k_picture_wait{5};
// A target that does not answer at all costs a time-out for each try: after so many in a row the others wait a while.
constexpr int k_max_silent = 3;
constexpr std::chrono::seconds k_silence{15};

/// What a worker needs for one target, made once for each run.
struct Channel {
    store::Target target{};
    notify::WebhookTarget webhook{};
    std::optional<Error> trouble{};  ///< a secret that cannot be unsealed
    int silent = 0;                  ///< tries without an answer, in a row
    Timestamp quiet_until{};
};

std::string unsealed(SealKey const& key, Bytes const& sealed, std::string_view what) {
    if (sealed.empty()) return {};
    auto text = key.open(sealed);
    if (!text) throw text.error().within(what);
    return *text;
}

Channel channel_to(store::Target const& target, SealKey const& key) {
    Channel channel{.target = target};
    channel.webhook.url = target.url;
    channel.webhook.timeout = std::chrono::seconds{target.timeout_s};
    try {
        channel.webhook.bearer = unsealed(key, target.bearer, fmt::format("the token of {}", target.name));
        channel.webhook.hmac_key = unsealed(key, target.hmac_key, fmt::format("the signing key of {}", target.name));
    } catch (Error const& error) {
        channel.trouble = error;
    }
    return channel;
}

class Courier {
public:
    Courier(DeliverySetup const& setup, std::function<void(DeliveryTry const&)> const& on_try)
        : m_setup(setup), m_on_try(on_try) {
        m_setup.writer.write([&](store::Store& store) {
            m_channels.clear();
            for (auto const& target : store.outbox().targets())
                m_channels.emplace(target.name, channel_to(target, m_setup.key));
        });
    }

    /// False if nothing was due.
    bool run_batch() {
        std::vector<store::Delivery> due;
        m_setup.writer.write([&](store::Store& store) { due = store.outbox().due(m_setup.clock.now(), k_batch); });
        share(due.size(), m_setup.jobs, m_setup.should_stop, [&](NextPiece const& next) {
            net::Session session{m_setup.http, {}};
            while (auto const piece = next())
                try_one(session, due[*piece]);
        });
        return !due.empty();
    }

    [[nodiscard]] DeliverySummary const& summary() const { return m_summary; }

private:
    void try_one(net::Session& session, store::Delivery const& delivery) {
        auto& channel = m_channels.at(delivery.target);
        if (auto const until = quiet_until(channel); until > m_setup.clock.now()) {
            settle(delivery, {.state = "pending", .not_before = until, .reason = "target_does_not_answer", .is_counted = false});
            return;
        }
        settle(delivery, attempt(session, channel, delivery));
    }

    Timestamp quiet_until(Channel const& channel) {
        std::lock_guard const lock{m_mutex};
        return channel.quiet_until;
    }

    void listen(Channel& channel, notify::Reply const& reply) {
        std::lock_guard const lock{m_mutex};
        channel.silent = reply.http_status == 0 ? channel.silent + 1 : 0;
        if (channel.silent >= k_max_silent) channel.quiet_until = m_setup.clock.now() + k_silence;
    }

    store::Attempt attempt(net::Session& session, Channel& channel, store::Delivery const& delivery) {
        if (channel.trouble) return {.state = "failed", .reason = channel.trouble->message()};
        if (delivery.event == 0) return send(session, channel, delivery, {"application/json", delivery.body, {}});
        auto const message = load_message(m_setup, delivery);
        if (!message) return {.state = "skipped", .reason = "event_gone"};
        if (message->is_picture_pending && wants_picture(channel.target)) {
            return {.state = "pending",
                    .not_before = m_setup.clock.now() + k_picture_wait,
                    .reason = "waits_for_picture",
                    .is_counted = false};
        }
        auto const rendered = render_for(channel.target, message->message);
        if (!rendered) return {.state = rendered.error().is_final ? "skipped" : "failed", .reason = rendered.error().reason};
        return send(session, channel, delivery, *rendered);
    }

    store::Attempt send(net::Session& session, Channel& channel, store::Delivery const& delivery,
                        notify::Rendered const& rendered) {
        auto const reply = notify::deliver(session, channel.webhook, rendered, delivery.idempotency_key, delivery.event,
                                           delivery.attempts + 1, m_setup.clock.now());
        listen(channel, reply);
        return attempt_from(reply, delivery.attempts + 1);
    }

    store::Attempt attempt_from(notify::Reply const& reply, int attempts) const {
        store::Attempt attempt;
        attempt.http_status = reply.http_status;
        attempt.reply = reply.body;
        attempt.reason = reply.reason;
        switch (reply.verdict) {
            case notify::Verdict::delivered:
                attempt.state = "sent";
                attempt.reason = reply.remote_status;
                break;
            case notify::Verdict::refused: attempt.state = "failed"; break;
            case notify::Verdict::later:
                attempt.state = "pending";
                attempt.not_before =
                    m_setup.clock.now() + notify::wait_before(attempts, reply.retry_after, m_setup.retry, random_fraction());
        }
        return attempt;
    }

    void settle(store::Delivery const& delivery, store::Attempt const& attempt) {
        m_setup.writer.write([&](store::Store& store) { store.outbox().record(delivery.id, attempt, m_setup.clock.now()); });
        std::lock_guard const lock{m_mutex};
        if (attempt.state == "sent") ++m_summary.sent;
        if (attempt.state == "failed") ++m_summary.failed;
        if (attempt.state == "skipped") ++m_summary.skipped;
        if (attempt.state == "pending") ++m_summary.postponed;
        m_on_try({delivery.id, delivery.event, delivery.target, attempt.state, attempt.reason,
                  delivery.attempts + (attempt.is_counted ? 1 : 0), attempt.http_status});
    }

    DeliverySetup const& m_setup;
    std::function<void(DeliveryTry const&)> const& m_on_try;
    std::map<std::string, Channel> m_channels;
    std::mutex m_mutex;
    DeliverySummary m_summary;
};

}  // namespace

DeliverySummary deliver(DeliverySetup const& setup, std::chrono::milliseconds patience,
                        std::function<void(DeliveryTry const&)> const& on_try) {
    Courier courier{setup, on_try};
    auto const deadline = setup.clock.now() + patience;
    while (!setup.should_stop()) {
        if (courier.run_batch()) continue;
        std::optional<Timestamp> next;
        setup.writer.write([&](store::Store& store) { next = store.outbox().next_due(); });
        if (!next || *next > deadline) break;
        setup.pause(std::clamp(*next - setup.clock.now(), std::chrono::milliseconds{10}, std::chrono::milliseconds{1000}));
    }
    auto summary = courier.summary();
    setup.writer.write([&](store::Store& store) {
        summary.pending = 0;
        for (auto const& counts : store.outbox().stats())
            if (counts.state == "pending") summary.pending += counts.deliveries;
    });
    return summary;
}

}  // namespace bioctl::app
