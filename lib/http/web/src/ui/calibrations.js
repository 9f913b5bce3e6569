// Thresholds that were chosen from the people who are enrolled: what was promised, what it costs, and the curve between.

import { api } from "../api.js";
import { fill, h } from "../h.js";
import { number, percent, t, timeElement } from "../texts.js";
import { badge } from "./badge.js";
import { drawChart, figuresTable } from "./chart.js";
import { empty, Region } from "./states.js";

const distance = (value) => number(value, { minimumFractionDigits: 3, maximumFractionDigits: 3 });
const share = (one) => (one === null ? t("calibration.unknown") : t("calibration.share", { value: percent(one.value), low: percent(one.low), high: percent(one.high) }));

function figuresOf(one) {
    const column = (at) => one.curve.map((point) => point[at]);
    const series = [{ label: t("calibration.strangers"), values: column(1), color: "bad", text: percent }];
    if (one.fnir !== null) series.push({ label: t("calibration.missed"), values: column(2), color: "accent", text: percent });
    return { at: column(0), x: { label: t("calibration.distance"), text: distance }, mark: one.identify, y: { text: percent, least: 0.01 }, series };
}

function facts(one) {
    const rows = [[t("threshold.identify"), distance(one.identify)], [t("calibration.strangers"), `${share(one.fpir)}; ${t("calibration.target", { share: percent(one.target_fpir) })}`], [t("calibration.missed"), share(one.fnir)],
        [t("threshold.verify"), distance(one.verify)], [t("calibration.refused"), share(one.fnmr)], [t("calibration.sample"), t("calibration.people", { number: one.people, templates: number(one.templates) })]];
    return h("dl", { class: "facts wide-facts" }, rows.map(([label, value]) => [h("dt", {}, label), h("dd", {}, value)]));
}

function panel(one, signal) {
    const title = t(`calibration.${one.modality}`);
    const chart = h("div");
    const figures = figuresOf(one);
    drawChart(chart, figures, { label: t("calibration.label", { what: title }), signal }).catch(() => fill(chart, h("p", { class: "muted" }, t("chart.failed"))));
    return h("article", {}, h("h3", {}, title, " ", badge("calibration", one.is_in_use ? "used" : "resting")), h("p", { class: "muted" }, timeElement(one.created_at, "short")), facts(one), chart, figuresTable(figures, title));
}

export function calibrationsRegion(signal) {
    return new Region({
        load: (stop) => api.get("calibrations", {}, { signal: stop }),
        draw: ({ items }, element, drawn) => fill(element, h("section", { class: "panel", "aria-labelledby": "calibrations" }, h("h2", { id: "calibrations" }, t("calibration.title")),
            h("p", { class: "muted" }, t("calibration.lead"), " ", h("code", {}, "bioctl calibrate --apply")),
            items.length === 0 ? empty(t("calibration.none")) : items.map((one) => panel(one, drawn)))),
        signal,
    });
}
