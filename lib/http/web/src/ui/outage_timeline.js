// When lines were down: a row for each, a bar for each outage; and how often, by day.

import { h, svg } from "../h.js";
import { pageUrl, place } from "../place.js";
import { duration, moment, number, t } from "../texts.js";

const k_rows = 40;
const k_width = 1000; // units of the picture; it grows with the page

const dayOf = (at) => new Intl.DateTimeFormat("en-CA", { timeZone: place.timezone, year: "numeric", month: "2-digit", day: "2-digit" }).format(at);

/// The lines that were down longest: [{ont, name, down (ms), spans: [{from, to, outage}]}]
export function linesOf(outages, since, until) {
    const lines = new Map();
    for (const outage of outages) {
        const from = Math.max(since, new Date(outage.started_at).getTime());
        const to = Math.min(until, outage.ended_at ? new Date(outage.ended_at).getTime() : until);
        if (to < from) continue;
        if (!lines.has(outage.ont)) lines.set(outage.ont, { ont: outage.ont, name: outage.name, down: 0, spans: [] });
        const line = lines.get(outage.ont);
        line.down += to - from;
        line.spans.push({ from, to, outage });
    }
    return [...lines.values()].sort((a, b) => b.down - a.down || a.name.localeCompare(b.name));
}

function bar({ from, to, outage }, since, until) {
    const scale = k_width / (until - since);
    const kind = outage.in_maintenance ? "maintenance" : outage.parent_outage ? "below" : outage.ended_at ? "over" : "open";
    const text = `${moment(outage.started_at, "short")}: ${outage.ended_at ? duration(to - from) : t("outage.open")}`;
    return svg("rect", { class: `outage-bar ${kind}`, x: (from - since) * scale, y: 2, width: Math.max(3, (to - from) * scale), height: 14 }, svg("title", {}, text));
}

/// Times below the rows, of a fitting distance.
function axis(since, until) {
    const marks = 5;
    return h("div", { class: "timeline-axis", "aria-hidden": "true" }, Array.from({ length: marks }, (_, at) => {
        const time = since + ((until - since) * at) / (marks - 1);
        return h("span", {}, moment(new Date(time).toISOString(), until - since > 3 * 86_400_000 ? "day" : "short"));
    }));
}

export function timeline(outages, since, until) {
    const lines = linesOf(outages, since, until);
    if (lines.length === 0) return null;
    const rows = lines.slice(0, k_rows).map((line) => h("li", {},
        h("a", { class: "timeline-name", href: pageUrl(`onts/${line.ont}`) }, line.name),
        svg("svg", { class: "timeline-row", viewBox: `0 0 ${k_width} 18`, preserveAspectRatio: "none", "aria-hidden": "true" }, line.spans.map((span) => bar(span, since, until))),
        h("span", { class: "timeline-sum" }, t("outages.line", { number: line.spans.length, time: duration(line.down) }))));
    return h("div", { class: "timeline" }, h("ul", { class: "plain-list" }, rows), axis(since, until),
        h("p", { class: "legend" }, ["open", "over", "below", "maintenance"].map((kind) => h("span", {}, h("span", { class: ["swatch", kind], "aria-hidden": "true" }), t(`outage.${kind}`)))),
        lines.length > k_rows ? h("p", { class: "muted" }, t("outages.more_lines", { number: lines.length - k_rows })) : null);
}

/// How many began on each day, with those below a parent's outage apart.
export function frequency(outages, since, until) {
    const days = new Map();
    for (let at = since; at <= until; at += 86_400_000) days.set(dayOf(at), { own: 0, below: 0 });
    days.set(dayOf(until), days.get(dayOf(until)) ?? { own: 0, below: 0 });
    for (const outage of outages) {
        const day = days.get(dayOf(new Date(outage.started_at)));
        if (day) day[outage.parent_outage ? "below" : "own"] += 1;
    }
    const most = Math.max(1, ...[...days.values()].map(({ own, below }) => own + below));
    const width = k_width / days.size;
    const bars = [...days].map(([day, { own, below }], at) => svg("g", {},
        svg("rect", { class: "outage-bar own", x: at * width + width * 0.1, y: 100 - (own / most) * 100, width: width * 0.8, height: (own / most) * 100 }),
        svg("rect", { class: "outage-bar below", x: at * width + width * 0.1, y: 100 - ((own + below) / most) * 100, width: width * 0.8, height: (below / most) * 100 }),
        svg("title", {}, t("outages.day", { day, own: String(own), below: String(below) }))));
    const busy = [...days].filter(([, one]) => one.own + one.below > 0);
    const label = t("outages.frequency.label", { days: days.size, most: number(most) });
    return h("div", {}, h("div", { class: "bars" }, h("span", { class: "bars-most", "aria-hidden": "true" }, number(most)),
        svg("svg", { role: "img", "aria-label": label, viewBox: `0 0 ${k_width} 100`, preserveAspectRatio: "none" }, bars)),
        h("div", { class: "timeline-axis", "aria-hidden": "true" }, h("span", {}, [...days.keys()][0]), h("span", {}, [...days.keys()].at(-1))),
        h("details", { class: "figures" }, h("summary", {}, t("chart.table")), h("div", { class: "table-box scrolls", tabindex: "0", role: "region", "aria-label": label }, h("table", {},
            h("thead", {}, h("tr", {}, h("th", { scope: "col" }, t("outages.day.head")), h("th", { scope: "col", class: "number" }, t("outages.own")), h("th", { scope: "col", class: "number" }, t("outage.below")))),
            h("tbody", {}, busy.map(([day, one]) => h("tr", {}, h("th", { scope: "row" }, day), h("td", { class: "number" }, number(one.own)), h("td", { class: "number" }, number(one.below)))))))));
}
