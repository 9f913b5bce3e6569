#pragma once
// What `ping-onts --once` and `--follow` tell: rounds, changes, hotspots and deliveries.

#include <map>
#include <mutex>
#include <string>
#include <string_view>

#include "cmd/context.hpp"
#include "cmd/device_verbs.hpp"
#include "cmd/event_verbs.hpp"
#include "lib/app/hotspot_poller.hpp"
#include "lib/app/monitor.hpp"

namespace bioctl::cmd {

inline constexpr std::string_view k_no_onts = "there are no ONTs to ask; `bioctl onts add` adds one, `bioctl onts import` many";

/// The functions tell() and end_of_deliveries() may be called from several threads.
class MonitorReport {
public:
    MonitorReport(Context& cx, bool is_service);

    void tell(app::RoundSummary const& round);
    void tell(app::DeliveryTry const& attempt);
    void tell(app::RouterPoll const& poll);
    void end_of_deliveries();

    /// False as long as the store has nobody to ask.
    [[nodiscard]] bool has_asked() const { return m_last.asked > 0 || m_last.unknown > 0; }
    [[nodiscard]] int exit_code() const;

private:
    void tell_change(app::MonitorChange const& change);
    void tell_state(app::MonitorState const& state);
    void tell_summary(app::RoundSummary const& round);

    Context& m_cx;
    bool m_is_service;
    DeliveryTalk m_talk{m_cx};
    std::mutex m_mutex;
    app::RoundSummary m_last;
    std::string m_last_reason;
    std::map<std::string, std::string> m_router_trouble;  // by name
    bool m_has_router_trouble = false;
    bool m_is_emptiness_told = false;
};

}  // namespace bioctl::cmd
