#include <fmt/format.h>
#include <CLI/CLI.hpp>

#include "cmd/ont_verbs.hpp"
#include "cmd/outage_verbs.hpp"
#include "cmd/ui/sparkline.hpp"
#include "lib/app/moment.hpp"
#include "lib/app/onts.hpp"
#include "lib/app/ping_history.hpp"
#include "lib/base/text.hpp"

namespace bioctl::cmd {

namespace {

struct HistoryOptions {
    std::string ont, since = "1d";
    std::optional<std::string> until, by;
};

void add_history(CLI::App& verb, HistoryOptions& o) {
    verb.add_option("ont", o.ont, "The ONT, by id, customer id or name")->required()->type_name("ONT");
    verb.add_option("--since", o.since, "Begin: 2026-11-21, 6h, 30d")->type_name("TIME")->capture_default_str();
    verb.add_option("--until", o.until, "End; now")->type_name("TIME");
    verb.add_option("--by", o.by, "Length of a step; chosen to fit the time asked for")
        ->type_name("round|5m|1h|1d")
        ->check(CLI::IsMember({"round", "5m", "1h", "1d"}));
}

app::Tier tier_from(std::string const& text) {
    if (text == "round") return app::Tier::round;
    if (text == "5m") return app::Tier::five_minutes;
    return text == "1h" ? app::Tier::hour : app::Tier::day;
}

ui::Value milliseconds(std::optional<double> us) {
    constexpr int k_places = 3;
    return us ? ui::decimal(*us / 1000, k_places) : ui::Value{};
}

void print_point(app::HistoryPoint const& point, Context& cx) {
    auto const loss = point.asked == 0 ? 0.0 : 100.0 * point.lost / point.asked;
    cx.out.record("history", {{"since", to_rfc3339(point.since)},
                              {"asked", point.asked},
                              {"lost", point.lost},
                              {"loss_percent", ui::decimal(loss, 2)},
                              {"min_ms", milliseconds(point.least_us)},
                              {"avg_ms", milliseconds(point.mean_us)},
                              {"p95_ms", milliseconds(point.p95_us)},
                              {"max_ms", milliseconds(point.most_us)}});
}

/// For eyes: the curve, and what it comes to.
void print_curve(store::Ont const& ont, std::vector<app::HistoryPoint> const& points, Context& cx) {
    std::vector<ui::SparkPoint> curve;
    std::int64_t asked = 0, lost = 0;
    double least = 0, most = 0;
    for (auto const& point : points) {
        curve.push_back({point.mean_us, point.lost > 0});
        asked += point.asked;
        lost += point.lost;
        if (!point.mean_us) continue;
        least = least == 0 ? *point.least_us : std::min(least, *point.least_us);
        most = std::max(most, *point.most_us);
    }
    constexpr std::size_t k_width = 72;
    auto const times = lost == asked ? "no answer" : fmt::format("{:.1f} to {:.1f} ms", least / 1000, most / 1000);
    cx.out.text(fmt::format("{}  {}\n{}\n{}, {:.2f} % lost of {}\n\n", ont.id, printable(ont.config.name),
                            ui::sparkline(curve, k_width), times,
                            asked == 0 ? 0.0 : 100.0 * static_cast<double>(lost) / static_cast<double>(asked),
                            counted(static_cast<std::uint64_t>(asked), "round", "rounds")));
}

int run_history(HistoryOptions const& o, Context& cx) {
    app::Zone const zone{cx.settings.timezone()};
    auto const now = cx.clock.now();
    auto const since = zone.parse(o.since, now).or_throw();
    // The round of this moment counts.
    auto const until = o.until ? zone.parse(*o.until, now).or_throw() : now + std::chrono::milliseconds{1};
    if (until <= since) throw Error{Kind::usage, "onts history: --until is not after --since"};
    auto const tier = o.by ? tier_from(*o.by) : app::usual_tier(until - since);
    auto store = open_ont_store(cx, store::Access::read_only);
    cx.out.columns({"since", "asked", "lost", "loss_percent", "min_ms", "avg_ms", "p95_ms", "max_ms"});
    std::vector<app::HistoryPoint> points;
    store::Ont ont;
    store.read([&] {
        ont = app::require_ont(store, o.ont);
        points = app::history_of(store, ont.id, since, until, tier);
    });
    if (points.empty()) {
        cx.talk.note(fmt::format("nothing is known of {} in this time", printable(ont.config.name)));
        return k_exit_yes;
    }
    if (cx.out.rendering() == ui::Rendering::table) print_curve(ont, points, cx);
    for (auto const& point : points)
        print_point(point, cx);
    return k_exit_yes;
}

}  // namespace

Verb onts_history_verb() {
    return verb("history", "Show round-trip times and losses over time", Group::network, add_history, run_history);
}

}  // namespace bioctl::cmd
