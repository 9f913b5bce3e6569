// Times, spans and rules as people, headers and routers write them.

#include "lib/app/maintenance.hpp"
#include "lib/app/moment.hpp"
#include "lib/app/monitor_rules.hpp"
#include "lib/app/quiet_hours.hpp"
#include "lib/base/text.hpp"
#include "lib/config/numbers.hpp"
#include "lib/notify/retry.hpp"
#include "lib/ont/routeros_words.hpp"
#include "tests/fuzz/fuzz.hpp"

using namespace bioctl;
using namespace std::chrono_literals;

int LLVMFuzzerTestOneInput(std::uint8_t const* data, std::size_t size) {
    static app::Zone const zone{"Asia/Jakarta"}, with_summer_time{"Europe/Berlin"};
    constexpr Timestamp k_now{1'800'000'000'000ms};
    auto const text = fuzz::text_of(data, size);

    auto const time = from_rfc3339(text);
    if (fuzz::is_taken(time)) fuzz::require(from_rfc3339(to_rfc3339(*time)).or_throw() == *time, "a time keeps its value");
    for (auto const* const here : {&zone, &with_summer_time}) {
        auto const moment = here->parse(text, k_now);
        if (fuzz::is_taken(moment)) fuzz::require(!here->show(*moment).empty(), "a time can be shown");
    }
    if (auto const span = app::parse_span(text)) fuzz::require(*span >= 0s, "a span does not go back");
    auto const duration = app::parse_duration(text);
    if (fuzz::is_taken(duration))
        fuzz::require(app::parse_duration(app::to_duration(*duration)).or_throw() == *duration, "a duration keeps its value");
    static_cast<void>(config::parse_duration(text));
    if (auto const wait = notify::parse_retry_after(text, k_now))
        fuzz::require(*wait >= 0s && *wait <= 24h, "nobody makes us wait for more than a day");
    if (fuzz::is_taken(app::parse_quiet_hours(text))) static_cast<void>(app::is_quiet(text, k_now, zone));
    static_cast<void>(ont::router_duration(text));
    fuzz::may_refuse([&] { static_cast<void>(app::outage_rules_from(text, text)); });
    fuzz::may_refuse([&] { static_cast<void>(app::group_rules_from(text)); });
    fuzz::may_refuse([&] { static_cast<void>(parse_size(text)); });
    return 0;
}
