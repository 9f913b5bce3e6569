#include "lib/app/courier.hpp"

#include <algorithm>
#include <utility>

#include <fmt/format.h>

#include "lib/app/delivery_message.hpp"
#include "lib/app/share.hpp"
#include "lib/base/random.hpp"
#include "lib/base/text.hpp"

namespace bioctl::app {

using std::chrono::steady_clock;

namespace {

constexpr int k_batch = 64;
constexpr std::chrono::seconds k_picture_wait{5};
// Pictures are fetched right after their event. One that takes longer must not hold up the person's later events; should it come,
// the store queues again what failed for want of it.
constexpr std::chrono::minutes k_picture_patience{15};
// Until somebody sets the secret anew.
constexpr std::chrono::minutes k_secret_wait{5};
// A target that does not answer at all costs a time-out for each try: after so many in a row the others wait a while.
constexpr int k_max_silent = 3;
constexpr std::chrono::seconds k_silence{15};
// Another process sends one of ours at this moment.
constexpr std::chrono::milliseconds k_contested_wait{100};
constexpr std::size_t k_sent_remembered = 64;  // more than any limit of a channel is about

std::string unsealed(SealKey const& key, Bytes const& sealed, std::string_view what) {
    if (sealed.empty()) return {};
    auto text = key.open(sealed);
    if (!text) throw text.error().within(what);
    return *text;
}

}  // namespace

Courier::Courier(DeliverySetup const& setup, store::Target const& target, notify::Pacer& pacer,
                 std::function<void(DeliveryTry const&)> on_try)
    : m_setup(setup), m_claims(setup.claims_file), m_on_try(std::move(on_try)), m_pacer(pacer) {
    renew(target);
}

void Courier::renew(store::Target const& target) {
    if (m_target.key == target.key && m_target.updated_at == target.updated_at) return;
    m_target = target;
    m_trouble.reset();
    m_channel = {.url = target.url, .timeout = std::chrono::seconds{target.timeout_s}};
    m_pace.reset();
    m_quiet_until = {};
    m_silent = 0;
    try {
        m_channel.format = notify::format_from(target.format).or_throw();
        m_channel.secret = unsealed(m_setup.key, target.bearer, fmt::format("the token of {}", target.name));
        m_channel.hmac_key = unsealed(m_setup.key, target.hmac_key, fmt::format("the signing key of {}", target.name));
        notify::check_channel(m_channel).or_throw();
        m_pace = notify::pace_of(m_channel.format, target.url);
    } catch (Error const& error) {
        m_trouble = error;
    }
}

DeliverySummary Courier::run(Moment deadline, Drain drain) {
    m_summary = {};
    m_is_out_of_turns = false;
    if (m_pace) remember_others();
    auto const is_late = [&] { return steady_clock::now() > deadline; };
    auto const should_stop = [&] { return m_setup.should_stop() || is_quiet() || (drain == Drain::in_time && is_late()); };
    while (!m_setup.should_stop()) {
        std::vector<store::Delivery> due;
        if (!is_quiet()) {
            m_setup.writer.write(
                [&](store::Store& store) { due = store.outbox().due(m_target.key, m_setup.clock.now(), k_batch); });
        }
        if (due.empty()) {
            if (!await_next(deadline)) break;
            continue;
        }
        auto const before = finished();
        try_batch(due, should_stop, deadline, drain);
        if (m_is_out_of_turns) break;
        if (is_contested()) m_setup.pause(k_contested_wait);
        // A backlog is worked off however long it takes, but not knocked on for ever.
        if (is_late() && (drain == Drain::in_time || finished() == before)) break;
    }
    return m_summary;
}

/// What other processes have sent, and what the receiver told them, or told us before a restart.
void Courier::remember_others() {
    std::vector<Timestamp> sent;
    std::optional<Timestamp> limit;
    m_setup.writer.write([&](store::Store& store) {
        sent = store.outbox().sent_messages(m_target.key, static_cast<int>(k_sent_remembered));
        limit = store.outbox().limited_until(m_target.key);
    });
    std::lock_guard const lock{m_mutex};
    // Our own have counted when they set out: twice would halve the pace.
    std::erase_if(sent, [&](Timestamp time) { return std::ranges::find(m_own, time) != m_own.end(); });
    m_pacer.remember(*m_pace, sent);
    auto const now = m_setup.clock.now();
    if (limit && *limit > now) m_quiet_until = std::max(m_quiet_until, steady_clock::now() + (*limit - now));
}

void Courier::try_batch(std::vector<store::Delivery> const& due, std::function<bool()> const& should_stop, Moment deadline,
                        Drain drain) {
    share(due.size(), m_pace ? 1 : m_setup.jobs, should_stop, [&](NextPiece const& next) {
        auto const channel = m_trouble ? nullptr : notify::make_channel(m_channel, m_setup.http);
        while (auto const piece = next()) {
            if (m_pace && !await_turn(deadline, drain)) break;
            try_one(channel.get(), due[*piece].id);
        }
    });
}

/// Waits until the channel's limit lets the next message out. False if that is not before the deadline, or it is time to stop.
bool Courier::await_turn(Moment deadline, Drain drain) {
    for (;;) {
        auto const wait = m_pacer.reserve(*m_pace, m_setup.clock.now());
        if (wait.count() <= 0) return true;
        m_is_out_of_turns = drain == Drain::in_time && steady_clock::now() + wait > deadline;
        if (m_is_out_of_turns || m_setup.should_stop()) return false;
        m_setup.pause(std::clamp(wait, std::chrono::milliseconds{10}, std::chrono::milliseconds{1000}));
    }
}

/// False if nothing can be tried before the deadline.
bool Courier::await_next(Moment deadline) {
    std::optional<Timestamp> next;
    m_setup.writer.write([&](store::Store& store) { next = store.outbox().next_due(m_target.key); });
    if (!next) return false;
    auto const now = steady_clock::now();
    auto wait = std::chrono::ceil<std::chrono::milliseconds>(*next - m_setup.clock.now());
    {
        std::lock_guard const lock{m_mutex};
        wait = std::max(wait, std::chrono::ceil<std::chrono::milliseconds>(m_quiet_until - now));
    }
    if (now + wait > deadline) return false;
    m_setup.pause(std::clamp(wait, std::chrono::milliseconds{10}, std::chrono::milliseconds{1000}));
    return true;
}

bool Courier::is_quiet() {
    std::lock_guard const lock{m_mutex};
    return steady_clock::now() < m_quiet_until;
}

/// Since it was asked last.
bool Courier::is_contested() {
    std::lock_guard const lock{m_mutex};
    return std::exchange(m_is_contested, false);
}

std::int64_t Courier::finished() {
    std::lock_guard const lock{m_mutex};
    return m_summary.sent + m_summary.failed + m_summary.skipped;
}

void Courier::listen(notify::Reply const& reply) {
    std::lock_guard const lock{m_mutex};
    m_silent = reply.is_answered ? 0 : m_silent + 1;
    if (m_silent >= k_max_silent) m_quiet_until = steady_clock::now() + k_silence;
    // A limit is of all messages, not of the one that was turned away.
    if (m_pace && reply.retry_after) m_quiet_until = steady_clock::now() + *reply.retry_after;
}

/// Under a claim, and looked up again under it: since the list was made, somebody else may have sent it.
std::optional<store::Attempt> Courier::try_one(notify::Channel* channel, std::int64_t id) {
    auto const claim = m_claims.try_claim(id);
    std::optional<store::Delivery> delivery;
    if (claim) {
        // Noted down first: on a full disk the message would go out again and again, since nothing could be kept of it.
        m_setup.writer.write([&](store::Store& store) {
            auto const now = m_setup.clock.now();
            delivery = store.outbox().due_now(id, now);
            if (delivery) store.outbox().set_trying(id, now);
        });
    }
    if (!delivery) {
        std::lock_guard const lock{m_mutex};
        m_is_contested = true;
        return std::nullopt;
    }
    auto const attempted = attempt(channel, *delivery);
    settle(*delivery, attempted);
    return attempted;
}

std::optional<store::Attempt> Courier::try_now(std::int64_t delivery) {
    auto const channel = m_trouble ? nullptr : notify::make_channel(m_channel, m_setup.http);
    return try_one(channel.get(), delivery);
}

store::Attempt Courier::postponed(std::chrono::milliseconds wait, std::string reason) const {
    return {.state = "pending", .not_before = m_setup.clock.now() + wait, .reason = std::move(reason), .is_counted = false};
}

store::Attempt Courier::attempt(notify::Channel* channel, store::Delivery const& delivery) {
    if (m_trouble) return postponed(k_secret_wait, m_trouble->message());
    if (delivery.event == 0) {
        auto const rendered = render_message(m_target, delivery.body);
        if (!rendered) return {.state = "failed", .reason = rendered.error().reason};
        return send(*channel, delivery, *rendered);
    }
    auto const message = load_message(m_setup, delivery);
    if (!message) return {.state = "skipped", .reason = "event_gone"};
    bool const may_come = m_setup.clock.now() < message->message.received_at + k_picture_patience;
    if (message->is_picture_pending && may_come && wants_picture(m_target)) return postponed(k_picture_wait, "waits_for_picture");
    auto const rendered = render_for(m_target, message->message);
    if (!rendered) return {.state = rendered.error().is_final ? "skipped" : "failed", .reason = rendered.error().reason};
    return send(*channel, delivery, *rendered);
}

store::Attempt Courier::send(notify::Channel& channel, store::Delivery const& delivery, notify::Rendered const& rendered) {
    auto const reply = channel.send({.rendered = rendered,
                                     .idempotency_key = delivery.idempotency_key,
                                     .event = delivery.event,
                                     .attempt = delivery.attempts + 1,
                                     .now = m_setup.clock.now()});
    listen(reply);
    return attempt_from(reply, delivery.attempts + 1);
}

store::Attempt Courier::attempt_from(notify::Reply const& reply, int attempts) const {
    store::Attempt attempt;
    attempt.http_status = reply.http_status;
    attempt.reply = reply.body;
    attempt.reason = reply.reason;
    // A limit holds up all messages (see listen), so it lasts as long as the receiver says, not ever longer.
    constexpr int k_doublings_of_limit = 5;
    auto const tries = m_pace && reply.retry_after ? std::min(attempts, k_doublings_of_limit) : attempts;
    bool const is_given_up = reply.verdict == notify::Verdict::doubtful && attempts >= m_setup.retry.most_doubtful;
    switch (is_given_up ? notify::Verdict::refused : reply.verdict) {
        case notify::Verdict::delivered:
            attempt.state = "sent";
            attempt.reason = reply.remote_status;
            break;
        case notify::Verdict::refused: attempt.state = "failed"; break;
        case notify::Verdict::doubtful:
        case notify::Verdict::later:
            attempt.state = "pending";
            attempt.not_before =
                m_setup.clock.now() + notify::wait_before(tries, reply.retry_after, m_setup.retry, random_fraction());
    }
    return attempt;
}

void Courier::settle(store::Delivery const& delivery, store::Attempt const& attempt) {
    auto const now = m_setup.clock.now();
    m_setup.writer.write([&](store::Store& store) { store.outbox().record(delivery.id, attempt, now); });
    std::lock_guard const lock{m_mutex};
    if (attempt.state == "sent") {
        ++m_summary.sent;
        if (m_pace) m_own.push_back(now);
        if (m_own.size() > k_sent_remembered) m_own.pop_front();
    }
    if (attempt.state == "failed") ++m_summary.failed;
    if (attempt.state == "skipped") ++m_summary.skipped;
    if (attempt.state == "pending") ++m_summary.postponed;
    m_on_try({delivery.id, delivery.event, delivery.target, attempt.state, attempt.reason,
              delivery.attempts + (attempt.is_counted ? 1 : 0), attempt.http_status});
}

}  // namespace bioctl::app
