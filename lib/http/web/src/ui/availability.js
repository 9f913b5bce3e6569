// How available lines were: by area, by what they hang on, by line.

import { api } from "../api.js";
import { fill, h } from "../h.js";
import { pageUrl } from "../place.js";
import { duration, number, t } from "../texts.js";
import { csvCell, saveFile } from "./event_export.js";
import { icon } from "./icons.js";
import { empty, Region } from "./states.js";
import { Table } from "./table.js";

const k_good = 0.999, k_fair = 0.99;

/// Rounded down, so that 100 % means 100 %.
const share = (value) => (value === null ? "–" : number(Math.floor(value * 10_000) / 10_000, { style: "percent", minimumFractionDigits: 2, maximumFractionDigits: 2 }));
const tone = (value) => (value === null ? "quiet" : value >= k_good ? "good" : value >= k_fair ? "warn" : "bad");
const time = (seconds) => (seconds === null ? "–" : duration(seconds * 1000));

const k_csv = ["name", "ont", "location", "parent", "onts", "availability", "covered_s", "down_s", "outages", "mttr_s", "mtbf_s", "longest_s"];

function nameOf(row, by) {
    if (by === "ont") return h("a", { href: pageUrl(`onts/${row.ont}`) }, row.name);
    return row.name ?? h("span", { class: "muted" }, t(by === "parent" ? "report.parent.none" : "report.location.none"));
}

export function availabilityRegion(filter, signal) {
    let report = null;
    const region = new Region({
        load: (stop) => api.get("outages/report", { by: filter.by, since: filter.since }, { signal: stop }),
        draw: (data, element) => {
            report = data;
            if (data.items.length === 0) {
                fill(element, empty(t("report.none")));
                return;
            }
            const table = new Table({ key: (row) => `${row.ont}:${row.name}`, caption: t("outages.report"), columns: [
                { label: t(`report.by.${data.by}`), cell: (row) => nameOf(row, data.by) },
                { label: t("report.availability"), class: "number", cell: (row) => h("span", { class: ["badge", tone(row.availability)] }, share(row.availability)) },
                { label: t("report.onts"), class: "number", cell: (row) => number(row.onts) },
                { label: t("report.outages"), class: "number", cell: (row) => number(row.outages) },
                { label: t("report.down"), class: "number", cell: (row) => time(row.down_s) },
                { label: t("report.mttr"), class: "number", cell: (row) => time(row.mttr_s) },
                { label: t("report.mtbf"), class: "number", cell: (row) => time(row.mtbf_s) },
                { label: t("report.longest"), class: "number", cell: (row) => time(row.longest_s) },
            ] });
            table.set(data.items);
            fill(element, h("p", {}, t("report.total", { share: share(data.total.availability), time: time(data.total.covered_s), number: data.total.outages })), table.element,
                data.rows > data.items.length ? h("p", { class: "muted" }, t("report.more", { number: data.rows - data.items.length })) : null);
        },
        signal,
    });
    const save = h("button", { type: "button", class: "outline", onclick: () => {
        if (!report) return;
        const lines = report.items.map((row) => k_csv.map((name) => csvCell(row[name])).join(","));
        saveFile("availability.csv", [`\uFEFF${k_csv.join(",")}\r\n`, ...lines.map((line) => `${line}\r\n`)], "text/csv");
    } }, icon("download"), "CSV");
    return { element: region.element, save, reload: (options) => region.reload(options) };
}
