// The report as a page: one file, no scripts, charts as SVG.

#include <algorithm>

#include <fmt/format.h>

#include "lib/app/outage_report.hpp"
#include "lib/base/duration.hpp"
#include "lib/base/html.hpp"
#include "lib/base/text.hpp"

namespace bioctl::app {

namespace {

constexpr auto k_head = R"html(<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<title>Outages</title>
<style>
:root { color-scheme: light dark; --line: #8886; --bad: #c4453c; --good: #2f8f5b; }
body { font: 15px/1.5 system-ui, sans-serif; max-width: 70rem; margin: 2rem auto; padding: 0 1rem; }
table { border-collapse: collapse; width: 100%; }
th, td { text-align: left; padding: .25rem .6rem; border-bottom: 1px solid var(--line); }
td.n, th.n { text-align: right; font-variant-numeric: tabular-nums; }
svg { width: 100%; height: auto; }
svg text { font: 11px system-ui, sans-serif; fill: currentColor; }
.bad { fill: var(--bad); } .good { fill: var(--good); }
</style>
)html";

std::string label_of(ReportRow const& row) {
    return row.name.empty() ? "(none)" : html_escaped(to_valid_utf8(row.name));
}

std::string bars_of(std::vector<ReportRow> const& rows) {
    constexpr std::size_t k_most = 20;
    constexpr int k_row = 20, k_label = 230, k_width = 560;
    auto const count = std::min(k_most, rows.size());
    auto svg = fmt::format("<svg viewBox=\"0 0 900 {}\" role=\"img\" aria-label=\"Availability of the worst {}\">\n",
                           static_cast<int>(count) * k_row + 4, count);
    for (std::size_t i = 0; i < count; ++i) {
        auto const y = static_cast<int>(i) * k_row;
        auto const good = k_width * rows[i].availability.share();
        svg += fmt::format(
            "<text x=\"{}\" y=\"{}\" text-anchor=\"end\">{}</text><rect class=\"good\" x=\"{}\" y=\"{}\" width=\"{:.1f}\" "
            "height=\"14\"/><rect class=\"bad\" x=\"{:.1f}\" y=\"{}\" width=\"{:.1f}\" height=\"14\"/><text x=\"{}\" "
            "y=\"{}\">{}</text>\n",
            k_label - 6, y + 12, label_of(rows[i]), k_label, y, good, k_label + good, y, k_width - good, k_label + k_width + 6,
            y + 12, percent_of(rows[i].availability));
    }
    return svg + "</svg>\n";
}

std::string days_of(std::vector<ReportDay> const& days) {
    constexpr double k_width = 900, k_height = 120;
    std::chrono::milliseconds most{1};
    for (auto const& day : days)
        most = std::max(most, day.down);
    auto svg = fmt::format("<svg viewBox=\"0 0 {} {}\" role=\"img\" aria-label=\"Hours down by day\">\n", k_width, k_height + 20);
    auto const step = k_width / static_cast<double>(std::max<std::size_t>(days.size(), 1));
    for (std::size_t i = 0; i < days.size(); ++i) {
        auto const height = k_height * static_cast<double>(days[i].down.count()) / static_cast<double>(most.count());
        svg += fmt::format(
            "<rect class=\"bad\" x=\"{:.1f}\" y=\"{:.1f}\" width=\"{:.1f}\" height=\"{:.1f}\"><title>{}: {}</title>"
            "</rect>\n",
            static_cast<double>(i) * step, k_height - height, std::max(step - 1, 0.5), height, days[i].day,
            human_duration(days[i].down));
    }
    if (!days.empty()) {
        svg += fmt::format("<text x=\"0\" y=\"{}\">{}</text><text x=\"{}\" y=\"{}\" text-anchor=\"end\">{}</text>\n",
                           k_height + 16, days.front().day, k_width, k_height + 16, days.back().day);
    }
    return svg + "</svg>\n";
}

std::string row_html(ReportRow const& row, std::string_view name) {
    auto const& figures = row.availability;
    return fmt::format(
        "<tr><td>{}</td><td class=\"n\">{}</td><td class=\"n\">{}</td><td class=\"n\">{}</td><td class=\"n\">{}</td>"
        "<td class=\"n\">{}</td><td class=\"n\">{}</td><td class=\"n\">{}</td></tr>\n",
        name, row.onts, percent_of(figures), human_duration(figures.covered), human_duration(figures.down), figures.outages,
        figures.repairs == 0 ? "-" : human_duration(figures.mttr()), figures.outages == 0 ? "-" : human_duration(figures.mtbf()));
}

}  // namespace

std::string to_html(OutageReport const& report, Zone const& zone) {
    auto html = fmt::format("{}<h1>Outages</h1>\n<p>{} to {}: {} available, of {} that were watched.</p>\n", k_head,
                            zone.show(report.since), zone.show(report.until), percent_of(report.total.availability),
                            human_duration(report.total.availability.covered));
    html += "<h2>Time down, by day</h2>\n" + days_of(report.days);
    html += "<h2>The worst</h2>\n" + bars_of(report.rows);
    html +=
        "<h2>All</h2>\n<table>\n<tr><th>Name</th><th class=\"n\">ONTs</th><th class=\"n\">Available</th>"
        "<th class=\"n\">Watched</th><th class=\"n\">Down</th><th class=\"n\">Outages</th>"
        "<th class=\"n\"><abbr title=\"Mean time to repair\">MTTR</abbr></th>"
        "<th class=\"n\"><abbr title=\"Mean time between failures\">MTBF</abbr></th></tr>\n";
    for (auto const& row : report.rows)
        html += row_html(row, label_of(row));
    html += row_html(report.total, "Together");
    return html + "</table>\n</html>\n";
}

}  // namespace bioctl::app
