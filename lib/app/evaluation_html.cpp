#include <algorithm>
#include <cmath>

#include <fmt/format.h>

#include "lib/app/evaluation_report.hpp"
#include "lib/app/evaluation_svg.hpp"
#include "lib/base/html.hpp"
#include "lib/base/text.hpp"

namespace bioctl::app {

namespace {

constexpr auto k_plot_style = R"css(
text { font: 11px system-ui, sans-serif; fill: #444; }
text.title { font-size: 13px; font-weight: 600; }
.grid { stroke: #8884; stroke-width: 1; }
.line { fill: none; stroke-width: 1.6; stroke: #2563c4; stroke-linejoin: round; }
.line.genuine { stroke: #23854f; } .genuine-text { fill: #23854f; }
.line.impostor { stroke: #c4453c; } .impostor-text { fill: #c4453c; }
.equal { stroke: #8888; stroke-dasharray: 4 4; }
.mark { fill: #c77700; stroke: none; } .rule { stroke: #c77700; stroke-width: 1.5; }
)css";

constexpr auto k_page_style = R"css(
:root { color-scheme: light dark; --line: #8886; --ink: #222; }
body { font: 15px/1.5 system-ui, sans-serif; max-width: 66rem; margin: 2rem auto; padding: 0 1rem; }
table { border-collapse: collapse; width: 100%; margin-bottom: 1.5rem; }
th, td { text-align: left; padding: .25rem .6rem; border-bottom: 1px solid var(--line); }
td.n, th.n { text-align: right; font-variant-numeric: tabular-nums; }
.plots { background: #fff; border: 1px solid var(--line); border-radius: 6px; touch-action: none; }
.plots svg { width: 100%; height: auto; display: block; }
.fails, .unsupported { color: #c4453c; } .holds { color: #23854f; }
output { font-variant-numeric: tabular-nums; }
input[type=range] { width: 100%; }
)css";

// Moves one threshold through all plots. The geometry is that of evaluation_svg.cpp, handed over as data.
constexpr auto k_script = R"js(
"use strict";
const data = JSON.parse(document.getElementById("data").textContent);
const svg = document.querySelector(".plots svg");
const slider = document.getElementById("threshold");
const output = document.getElementById("reading");
const ns = "http://www.w3.org/2000/svg";
const make = (parent, name, attributes) => {
  const element = document.createElementNS(ns, name);
  for (const key in attributes) element.setAttribute(key, attributes[key]);
  return parent.appendChild(element);
};
const g = data.plot;
const plots = {};
for (const id of ["det", "roc", "distances"]) {
  const group = document.getElementById(id);
  if (group) plots[id] = group;
}
const marks = {};
for (const id of ["det", "roc"]) if (plots[id]) marks[id] = make(plots[id], "circle", { r: 4.5, class: "mark", cx: -99, cy: -99 });
if (plots.distances) marks.rule = make(plots.distances, "line", { class: "rule", x1: -99, x2: -99, y1: g.top, y2: g.bottom });
const logShare = (value, low) => Math.log(Math.min(1, Math.max(value, low)) / low) / Math.log(1 / low);
const x = share => g.left + (g.right - g.left) * share;
const y = share => g.bottom - (g.bottom - g.top) * share;
const percent = value => (100 * value).toPrecision(3) + " %";
function show(index) {
  const [threshold, fmr, fnmr] = data.curve[index];
  slider.value = index;
  output.textContent = `threshold ${threshold.toFixed(4)}: false matches ${percent(fmr)}, false non-matches ${percent(fnmr)}`;
  if (marks.det) { marks.det.setAttribute("cx", x(logShare(fmr, data.least_fmr))); marks.det.setAttribute("cy", y(logShare(fnmr, data.least_fnmr))); }
  if (marks.roc) { marks.roc.setAttribute("cx", x(logShare(fmr, data.least_fmr))); marks.roc.setAttribute("cy", y(1 - fnmr)); }
  if (marks.rule) for (const end of ["x1", "x2"]) marks.rule.setAttribute(end, x(Math.min(1, threshold / data.end)));
}
function nearest(of, wanted) {
  let best = 0;
  data.curve.forEach((point, i) => { if (Math.abs(of(point) - wanted) < Math.abs(of(data.curve[best]) - wanted)) best = i; });
  return best;
}
svg.addEventListener("pointermove", event => {
  for (const id in plots) {
    const matrix = plots[id].getScreenCTM();
    const at = new DOMPoint(event.clientX, event.clientY).matrixTransform(matrix.inverse());
    if (at.x < g.left || at.x > g.right || at.y < g.top || at.y > g.bottom) continue;
    const share = (at.x - g.left) / (g.right - g.left);
    show(id === "distances" ? nearest(p => p[0], share * data.end) : nearest(p => logShare(p[1], data.least_fmr), share));
  }
});
slider.max = data.curve.length - 1;
slider.addEventListener("input", () => show(Number(slider.value)));
show(nearest(p => Math.log10(Math.max(p[1], 1e-9)), -3));
)js";

std::string plots_of(Evaluation const& evaluation) {
    std::string svg;
    int index = 0;
    for (auto const& plot : {det_plot(evaluation), roc_plot(evaluation), distance_plot(evaluation), cmc_plot(evaluation)}) {
        if (plot.empty()) continue;
        svg += fmt::format("<g transform=\"translate({} {})\">\n{}</g>\n", index % 2 * k_plot_width, index / 2 * k_plot_height,
                           plot);
        ++index;
    }
    auto const height = (index + 1) / 2 * k_plot_height;
    return fmt::format(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {} {}\" role=\"img\" aria-label=\"Error rates\">\n"
        "<style>{}</style>\n<rect width=\"100%\" height=\"100%\" fill=\"#fff\"/>\n{}</svg>\n",
        2 * k_plot_width, height, k_plot_style, svg);
}

std::string data_of(Evaluation const& evaluation) {
    std::string curve;
    for (auto const& point : evaluation.curve)
        curve += fmt::format("{}[{:.6g},{:.6g},{:.6g}]", curve.empty() ? "" : ",", point.threshold, point.fmr, point.fnmr);
    auto const genuine = 1.0 / static_cast<double>(std::max<std::size_t>(evaluation.genuine, 10));
    return fmt::format(
        "{{\"plot\":{{\"left\":{},\"right\":{},\"top\":{},\"bottom\":{}}},\"least_fmr\":{:.6g},\"least_fnmr\":{:.6g},"
        "\"end\":{:.6g},\"curve\":[{}]}}",
        k_plot_left, k_plot_right, k_plot_top, k_plot_bottom, smallest_rate(evaluation),
        std::pow(10.0, std::floor(std::log10(genuine) + 1e-9)), evaluation.histogram.end, curve);
}

std::string figures_table(Evaluation const& evaluation) {
    std::string html =
        "<table>\n<tr><th>Figure</th><th class=\"n\">Value</th><th class=\"n\">95 % interval</th><th class=\"n\">Threshold</th>"
        "<th class=\"n\">Trials</th></tr>\n";
    for (auto const& figure : evaluation.figures) {
        html += fmt::format(
            "<tr><td>{}</td><td class=\"n\">{:.3f} %</td><td class=\"n\">{:.3f} to {:.3f} %</td><td class=\"n\">{}</td>"
            "<td class=\"n\">{}</td></tr>\n",
            figure.name(), 100 * figure.value, 100 * figure.interval.low, 100 * figure.interval.high,
            figure.threshold ? fmt::format("{:.4f}", *figure.threshold) : "-", figure.trials);
    }
    return html + "</table>\n";
}

std::string groups_table(Evaluation const& evaluation) {
    if (evaluation.groups.empty()) return {};
    auto html = fmt::format(
        "<h2>By group</h2>\n<p>At the threshold {:.4f} of all together; the worst group comes first.</p>\n"
        "<table>\n<tr><th>Group</th><th class=\"n\">People</th><th class=\"n\">FNMR</th><th class=\"n\">95 % interval"
        "</th><th class=\"n\">FMR</th><th class=\"n\">95 % interval</th></tr>\n",
        evaluation.group_threshold);
    for (auto const& group : evaluation.groups) {
        html += fmt::format(
            "<tr><td>{}</td><td class=\"n\">{}</td><td class=\"n\">{:.3f} %</td><td class=\"n\">{:.3f} to {:.3f} %</td>"
            "<td class=\"n\">{:.4f} %</td><td class=\"n\">{:.4f} to {:.4f} %</td></tr>\n",
            html_escaped(to_valid_utf8(group.name)), group.people, 100 * group.fnmr, 100 * group.fnmr_interval.low,
            100 * group.fnmr_interval.high, 100 * group.fmr, 100 * group.fmr_interval.low, 100 * group.fmr_interval.high);
    }
    return html + "</table>\n";
}

std::string_view word_of(eval::Judgement judgement) {
    switch (judgement) {
        case eval::Judgement::holds: return "holds";
        case eval::Judgement::fails: return "fails";
        case eval::Judgement::unsupported: return "unsupported";
    }
    throw Error{Kind::bug, "a Judgement without a name"};
}

std::string verdicts_list(Evaluation const& evaluation) {
    if (evaluation.verdicts.empty()) return {};
    std::string html = "<h2>Assertions</h2>\n<ul>\n";
    for (auto const& [claim, verdict] : evaluation.verdicts)
        html +=
            fmt::format("<li class=\"{}\">{}</li>\n", word_of(verdict.judgement), html_escaped(to_valid_utf8(verdict.reason)));
    return html + "</ul>\n";
}

}  // namespace

std::string to_svg(Evaluation const& evaluation, ReportFacts const& /*facts*/) {
    return plots_of(evaluation);
}

std::string to_html(Evaluation const& evaluation, ReportFacts const& facts) {
    auto html = fmt::format(
        "<!doctype html>\n<html lang=\"en\">\n<meta charset=\"utf-8\">\n<meta name=\"viewport\" content=\"width=device-width\">\n"
        "<link rel=\"icon\" href=\"data:,\">\n<title>Evaluation</title>\n<style>{}</style>\n<h1>Evaluation</h1>\n",
        k_page_style);
    html += fmt::format(
        "<p>{}, {}. Models {}. {} people, {} samples ({} not acquired), {} comparisons of the same person, {} of "
        "different people.</p>\n",
        html_escaped(to_valid_utf8(facts.title)), facts.made_at, html_escaped(facts.contract), evaluation.people,
        evaluation.samples, evaluation.missed, evaluation.genuine, evaluation.impostors);
    html += verdicts_list(evaluation) + figures_table(evaluation);
    html += "<div class=\"plots\">\n" + plots_of(evaluation) + "</div>\n";
    html +=
        "<p><label>Threshold <input id=\"threshold\" type=\"range\" min=\"0\"></label><br><output id=\"reading\"></output></p>\n";
    html += groups_table(evaluation);
    html += fmt::format("<script type=\"application/json\" id=\"data\">{}</script>\n<script>{}</script>\n</html>\n",
                        data_of(evaluation), k_script);
    return html;
}

}  // namespace bioctl::app
