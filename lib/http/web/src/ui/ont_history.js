// How a line did: round-trip times as a band, losses as bars.

import { api } from "../api.js";
import { h } from "../h.js";
import { number, percent, t } from "../texts.js";
import { drawChart, figuresTable } from "./chart.js";
import { empty, Region } from "./states.js";

const k_steps = { round: 60, "5m": 300, "1h": 3600, "1d": 86_400 }; // seconds
const ms = (value) => t("unit.ms", { value: number(value, { maximumFractionDigits: 1 }) });

/// Points with holes where nobody asked, so that a line does not run through what was not seen.
export function figuresOf({ by, items }) {
    // Rounds come as often as the monitor is told to: the usual distance of two is the step.
    const times = items.map((one) => Math.round(new Date(one.since).getTime() / 1000));
    const gaps = times.slice(1).map((at, index) => at - times[index]).sort((a, b) => a - b);
    const step = by === "round" ? (gaps[Math.floor(gaps.length / 2)] ?? k_steps.round) : k_steps[by];
    const filled = [];
    for (const [index, at] of times.entries()) {
        if (index > 0 && at - times[index - 1] > 2.5 * step) filled.push({ at: times[index - 1] + step, point: null });
        filled.push({ at, point: items[index] });
    }
    const column = (pick) => filled.map(({ point }) => (point === null ? null : pick(point)));
    const isBand = by !== "round";
    const series = [
        ...(isBand ? [{ label: t("history.p95"), values: column((one) => one.p95_ms), color: "accent", width: 1, text: ms },
            { label: t("history.min"), values: column((one) => one.min_ms), color: "accent", width: 1, text: ms }] : []),
        { label: t("history.avg"), values: column((one) => one.avg_ms), color: "accent", width: 2, isSparse: filled.length < 60, text: ms },
        { label: t("history.loss"), values: column((one) => (one.asked > 0 ? one.lost / one.asked : null)), color: "bad", fill: "bad", width: 0, scale: "right", isBars: true, text: percent },
    ];
    return { at: filled.map(({ at }) => at), series, bands: isBand ? [{ series: [1, 2], color: "accent" }] : [], y: { text: ms, least: 1 }, right: { text: percent }, step };
}

const k_periods = ["6h", "24h", "7d", "30d", "365d"];

/// A chart with its choice of time. reload() brings it up to date.
export function historyOf(ont, signal) {
    let period = "24h";
    const holder = h("div");
    const region = new Region({
        load: (stop) => api.get(`onts/${ont.id}/history`, { since: period, by: period === "6h" ? "round" : undefined }, { signal: stop }),
        draw: (data, element, drawn) => {
            element.replaceChildren(holder);
            if (data.items.length === 0) {
                holder.replaceChildren(empty(t("history.none")));
                return;
            }
            const figures = figuresOf(data);
            const box = h("div");
            const table = figuresTable(figures, t("history.label", { name: ont.name }));
            holder.replaceChildren(box, table);
            const asked = data.items.reduce((sum, one) => sum + one.asked, 0);
            const lost = data.items.reduce((sum, one) => sum + one.lost, 0);
            holder.append(h("p", { class: "muted" }, t("history.sum", { number: asked, lost: number(lost), share: percent(asked > 0 ? lost / asked : 0) })));
            drawChart(box, figures, { label: t("history.label", { name: ont.name }), signal: drawn }).catch(() => box.replaceChildren(h("p", { class: "muted" }, t("chart.failed"))));
        },
        signal,
    });
    const choice = h("label", { class: "inline-choice" }, t("word.period"), h("select", { value: period, onchange: (event) => {
        period = event.target.value;
        region.reload({ isFresh: true });
    } }, k_periods.map((one) => h("option", { value: one }, t(`period.${one}`)))));
    return { choice, element: region.element, reload: () => region.reload() };
}
