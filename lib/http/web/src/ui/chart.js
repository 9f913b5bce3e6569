// Lines over time, or over another figure. The library comes when the first chart does; colours are those of the page, light or dark.

import { fill, h } from "../h.js";
import { moment, t } from "../texts.js";
import { place } from "../place.js";

const k_static = `${place.base}/static/${place.version}`;
const k_height = 260; // pixels

let library = null;

function loadLibrary() {
    library ??= (async () => {
        const link = h("link", { rel: "stylesheet", href: `${k_static}/vendor/uplot.css` });
        const isStyled = new Promise((resolve, reject) => {
            link.addEventListener("load", resolve);
            link.addEventListener("error", () => reject(new Error("uplot.css is not there")));
        });
        document.head.append(link);
        const [module] = await Promise.all([import("../vendor/uplot.js"), isStyled]);
        return module.default;
    })();
    library.catch(() => (library = null)); // the next chart tries again
    return library;
}

const color = (name) => getComputedStyle(document.documentElement).getPropertyValue(`--${name}`).trim();

function axis(options) {
    return { stroke: color("quiet"), grid: { stroke: color("line"), width: 1 }, ticks: { stroke: color("line"), width: 1 }, font: "12px system-ui", ...options };
}

/// Times below a chart: days where they begin, hours between.
function timeLabels(splits, increment) {
    let last = "";
    return splits.map((at) => {
        const time = new Date(at * 1000).toISOString();
        const day = moment(time, "date");
        const isNew = day !== last;
        last = day;
        if (increment >= 86_400) return day;
        return isNew ? `${moment(time, "minute")}\n${day}` : moment(time, "minute");
    });
}

function seriesOf(one) {
    const stroke = one.color ? color(one.color) : undefined;
    return {
        label: one.label, scale: one.scale ?? "y", stroke, width: one.width ?? 2, dash: one.dash, show: true, spanGaps: false,
        points: { show: one.width !== 0 && one.isSparse === true, size: 5 },
        paths: one.paths, fill: one.fill ? `${color(one.fill)}66` : undefined,
        value: (_, value) => (value === null || value === undefined ? "–" : one.text(value)),
    };
}

const formOf = ({ step }) => (step >= 86_400 ? "day" : "short");

/// How a place on the axis below is written.
function textAt(figures, at) {
    return figures.x ? figures.x.text(at) : moment(new Date(at * 1000).toISOString(), formOf(figures));
}

const nameBelow = ({ x }) => x?.label ?? t("event.time");

function axisBelow({ x }) {
    if (x) return axis({ values: (_, values) => values.map(x.text), label: x.label, labelFont: "12px system-ui", labelSize: 20 });
    return axis({ values: (_, splits, __, ___, increment) => timeLabels(splits, increment) });
}

/// A dashed line upwards from one place of the axis below.
function drawMark(chart, at) {
    const { ctx, bbox } = chart;
    const x = Math.round(chart.valToPos(at, "x", true));
    ctx.save();
    ctx.strokeStyle = color("quiet");
    ctx.setLineDash([6, 4]);
    ctx.beginPath();
    ctx.moveTo(x, bbox.top);
    ctx.lineTo(x, bbox.top + bbox.height);
    ctx.stroke();
    ctx.restore();
}

function optionsOf(UPlot, figures, width) {
    const { series, bands, y, right, x, mark } = figures;
    return {
        width, height: k_height, tzDate: (at) => UPlot.tzDate(new Date(at * 1000), place.timezone),
        cursor: { drag: { x: false, y: false } },
        legend: { live: true },
        scales: { x: { time: !x }, y: { range: (_, low, high) => [0, Math.max(y.least ?? 1, high) * 1.08] }, right: { range: [0, 1] } },
        series: [{ label: nameBelow(figures), value: (_, at) => (at === null ? "–" : textAt(figures, at)) },
            ...series.map((one) => seriesOf({ ...one, paths: one.isBars ? UPlot.paths.bars({ size: [0.9, 40] }) : undefined }))],
        bands: (bands ?? []).map((one) => ({ series: one.series, fill: `${color(one.color)}33` })),
        hooks: { draw: mark === undefined ? [] : [(chart) => drawMark(chart, mark)] },
        axes: [axisBelow(figures), axis({ scale: "y", size: 64, values: (_, values) => values.map(y.text) }),
            ...(right ? [axis({ scale: "right", side: 1, grid: { show: false }, values: (_, values) => values.map(right.text) })] : [])],
    };
}

/// figures: {at (seconds, or what x says), x: {label, text(value)} (without: time), mark (a place on x), series: [{label, values,
/// color, text(value), scale, isBars, fill, width, dash}], bands: [{series: [upper, lower], color}] (series count from 1), y: {text,
/// least}, right: {text}, step (seconds between points)}. Draws into `holder` until the signal ends, which is that of what is drawn,
/// not of the page; returns a promise that is kept when the chart stands.
export async function drawChart(holder, figures, { label, signal }) {
    const UPlot = await loadLibrary();
    if (signal.aborted) return;
    const canvasBox = h("div", { class: "chart", role: "img", "aria-label": label });
    fill(holder, canvasBox);
    let chart = null;
    const draw = () => {
        chart?.destroy();
        const width = Math.max(240, canvasBox.clientWidth);
        chart = new UPlot(optionsOf(UPlot, figures, width), [figures.at, ...figures.series.map((one) => one.values)], canvasBox);
    };
    draw();
    const watcher = new ResizeObserver(() => {
        const width = Math.max(240, canvasBox.clientWidth);
        if (chart && chart.width !== width) chart.setSize({ width, height: k_height });
    });
    watcher.observe(canvasBox);
    const colors = matchMedia("(prefers-color-scheme: dark)");
    const end = new AbortController();
    addEventListener("bioctl:theme", draw, { signal: end.signal });
    colors.addEventListener("change", draw, { signal: end.signal });
    const stop = () => {
        end.abort();
        watcher.disconnect();
        chart?.destroy();
        chart = null;
    };
    signal.addEventListener("abort", stop, { once: true });
}

/// The same figures for those who cannot see a chart, or want to read it exactly.
export function figuresTable(figures, caption) {
    const rows = figures.at.map((at, row) => h("tr", {}, h("th", { scope: "row" }, textAt(figures, at)),
        figures.series.map((one) => h("td", { class: "number" }, one.values[row] === null || one.values[row] === undefined ? "–" : one.text(one.values[row])))));
    return h("details", { class: "figures" }, h("summary", {}, t("chart.table")),
        h("div", { class: "table-box", tabindex: "0", role: "region", "aria-label": caption }, h("table", {}, h("caption", { class: "sr-only" }, caption),
            h("thead", {}, h("tr", {}, h("th", { scope: "col" }, nameBelow(figures)), figures.series.map((one) => h("th", { scope: "col", class: "number" }, one.label)))),
            h("tbody", {}, rows))));
}
