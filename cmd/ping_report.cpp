#include "cmd/ping_report.hpp"

#include <fmt/format.h>

#include "cmd/service.hpp"
#include "lib/base/text.hpp"

namespace bioctl::cmd {

namespace {

std::string summary_of(app::RoundSummary const& round, double loss, double seconds) {
    return fmt::format("{}: {} up, {} down, {} unknown, {} flapping; loss {:.1f} %; {:.1f} s",
                       counted(static_cast<std::uint64_t>(round.asked), "ONT", "ONTs"), round.up, round.down, round.unknown,
                       round.flapping, loss, seconds);
}

}  // namespace

MonitorReport::MonitorReport(Context& cx, bool is_service) : m_cx(cx), m_is_service(is_service) {
    m_cx.out.columns({"state", "id", "name", "host", "since", "cause", "reason"});
}

void MonitorReport::tell(app::RoundSummary const& round) {
    std::lock_guard const lock{m_mutex};
    m_last = round;
    for (auto const& change : round.changes)
        tell_change(change);
    // A service tells what changes; who asks once wants to see who is not up.
    if (!m_is_service) {
        for (auto const& state : round.not_up)
            tell_state(state);
    }
    if (!round.reason.empty() && round.reason != m_last_reason) m_cx.talk.warn(round.reason);
    m_last_reason = round.reason;
    if (!has_asked() && m_is_service && !m_is_emptiness_told) m_cx.talk.warn(k_no_onts);
    m_is_emptiness_told = !has_asked();
    tell_summary(round);
    if (m_is_service) m_cx.out.flush();
}

void MonitorReport::tell(app::DeliveryTry const& attempt) {
    std::lock_guard const lock{m_mutex};
    m_talk.tell(attempt);
}

void MonitorReport::tell(app::RouterPoll const& poll) {
    std::lock_guard const lock{m_mutex};
    // Said once, not in every round.
    if (!poll.is_skipped && !poll.error.empty() && m_router_trouble[poll.name] != poll.error)
        m_cx.talk.warn(fmt::format("{}: {}", printable(poll.name), poll.error));
    if (!poll.is_skipped) m_router_trouble[poll.name] = poll.error;
    m_has_router_trouble = m_has_router_trouble || !poll.error.empty();
    m_cx.out.json_only("hotspot", {{"router", poll.name},
                                   {"users", poll.error.empty() ? ui::Value{poll.users} : ui::Value{}},
                                   {"joined", poll.joined},
                                   {"left", poll.left},
                                   {"reason", text_or_null(poll.error)}});
    if (m_is_service) m_cx.out.flush();
}

void MonitorReport::end_of_deliveries() {
    std::lock_guard const lock{m_mutex};
    m_talk.finish();
    if (m_is_service) m_cx.out.flush();
}

int MonitorReport::exit_code() const {
    if (m_last.down > 0) return k_exit_no;
    return m_last.unknown > 0 || m_last.is_blind || m_has_router_trouble ? k_exit_partial : k_exit_yes;
}

void MonitorReport::tell_change(app::MonitorChange const& change) {
    if (!m_is_service && m_cx.out.rendering() != ui::Rendering::json) return;  // the list of who is not up says it
    m_cx.out.record("change", {{"state", change.what},
                               {"id", change.ont},
                               {"name", change.name},
                               {"location", text_or_null(change.location)},
                               {"since", time_value(change.at)},
                               {"error_ms", change.error.count()},
                               {"cause", text_or_null(change.cause)},
                               {"in_maintenance", change.in_maintenance}});
}

void MonitorReport::tell_state(app::MonitorState const& state) {
    auto const shown = state.is_flapping ? fmt::format("{}, flapping", state.state) : state.state;
    m_cx.out.record("ont", {{"state", shown},
                            {"id", state.ont},
                            {"name", state.name},
                            {"host", state.host},
                            {"since", time_value(state.since)},
                            {"reason", text_or_null(state.reason)}});
}

void MonitorReport::tell_summary(app::RoundSummary const& round) {
    auto const seconds = std::chrono::duration<double>(round.took).count();
    auto const loss = round.asked == 0 ? 0.0 : 100.0 * static_cast<double>(round.lost) / static_cast<double>(round.asked);
    if (m_cx.out.rendering() == ui::Rendering::json) {
        m_cx.out.record("round", {{"started_at", to_rfc3339(round.started_at)},
                                  {"asked", round.asked},
                                  {"up", round.up},
                                  {"down", round.down},
                                  {"unknown", round.unknown},
                                  {"flapping", round.flapping},
                                  {"loss_percent", ui::decimal(loss, 2)},
                                  {"is_blind", round.is_blind},
                                  {"took_ms", round.took.count()},
                                  {"reason", text_or_null(round.reason)}});
        return;
    }
    if (m_is_service) return tell_status(summary_of(round, loss, seconds));
    m_cx.out.flush();
    m_cx.out.text(fmt::format("{}\n", summary_of(round, loss, seconds)));
}

}  // namespace bioctl::cmd
