#include "lib/app/dispatch.hpp"

#include <algorithm>

#include <fmt/format.h>

#include "lib/app/courier.hpp"

namespace bioctl::app {

namespace {

// Every request would wait in vain for a target that is down, and hold up its worker.
constexpr std::chrono::seconds k_spared{15};

Dispatch waiting(std::string why) {
    return {.status = Dispatch::Status::failed, .message = std::move(why), .reason = "pending"};
}

Dispatch dispatch_from(store::Attempt const& attempt) {
    Dispatch dispatch;
    dispatch.http_status = attempt.http_status;
    dispatch.message = attempt.http_status != 0 ? attempt.reply : attempt.reason;
    if (attempt.state == "sent") {
        dispatch.status = Dispatch::Status::sent;
        dispatch.reason = "ok";
    } else if (attempt.state == "skipped") {
        dispatch.reason = attempt.reason;
    } else {
        dispatch.status = Dispatch::Status::failed;
        dispatch.reason = attempt.state == "pending" ? "pending" : "refused";
    }
    return dispatch;
}

}  // namespace

std::string_view name_of(Dispatch::Status status) {
    switch (status) {
        case Dispatch::Status::sent: return "sent";
        case Dispatch::Status::failed: return "failed";
        case Dispatch::Status::skipped: return "skipped";
    }
    throw Error{Kind::bug, "a Dispatch::Status without a name"};
}

Dispatcher::Dispatcher(DeliverySetup setup) : m_setup(std::move(setup)) {}

Dispatch Dispatcher::dispatch(QueuedDelivery const& queued) {
    switch (queued.state) {
        case QueuedDelivery::State::off: return {.reason = "off"};
        case QueuedDelivery::State::cooldown: return {.reason = fmt::format("cooldown_active ({}s left)", queued.left.count())};
        case QueuedDelivery::State::queued: break;
    }
    if (!queued.delivery) throw Error{Kind::bug, "a queued delivery without its number"};
    if (is_spared(queued.target)) return waiting("it has not answered before; it is tried again later");
    return send(queued);
}

Dispatch Dispatcher::send(QueuedDelivery const& queued) {
    std::optional<store::Target> target;
    m_setup.writer.write([&](store::Store& store) { target = store.outbox().target(queued.target); });
    if (!target || !target->enabled) return {.reason = "off"};
    target->timeout_s = std::min(target->timeout_s, static_cast<int>(k_longest_wait.count()));
    Courier courier{m_setup, *target, m_pacer, [](DeliveryTry const&) {}};
    auto const attempt = courier.try_now(*queued.delivery);
    if (!attempt) return waiting("it waits for what is to be sent before it");
    note(queued.target, attempt->state != "pending" || attempt->http_status != 0 || !attempt->is_counted);
    return dispatch_from(*attempt);
}

bool Dispatcher::is_spared(std::string const& target) {
    std::lock_guard const lock{m_mutex};
    auto const found = m_spared_until.find(target);
    return found != m_spared_until.end() && std::chrono::steady_clock::now() < found->second;
}

void Dispatcher::note(std::string const& target, bool is_answered) {
    std::lock_guard const lock{m_mutex};
    if (is_answered) {
        m_spared_until.erase(target);
    } else {
        m_spared_until[target] = std::chrono::steady_clock::now() + k_spared;
    }
}

}  // namespace bioctl::app
