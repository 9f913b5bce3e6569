// Outages: what is down, what was, how often, and how available each area is.

import { listAll } from "../api.js";
import { fill, h } from "../h.js";
import { whenever } from "../live.js";
import { locationsOf } from "../ont_book.js";
import { pageUrl } from "../place.js";
import { mayChange, sessions } from "../session.js";
import { duration, t, timeElement } from "../texts.js";
import { availabilityRegion } from "../ui/availability.js";
import { badge } from "../ui/badge.js";
import { filterOf, filters, periods, setChoices } from "../ui/filters.js";
import { icon } from "../ui/icons.js";
import { maintenanceDialog, maintenanceRegion } from "../ui/maintenance.js";
import { ackDialog } from "../ui/outage_ack.js";
import { frequency, timeline } from "../ui/outage_timeline.js";
import { PagedTable } from "../ui/paged.js";
import { empty, Region } from "../ui/states.js";
import { tabs, viewOf } from "../ui/tabs.js";

const k_types = ["outage_begun", "outage_ended"];
const k_most = 5_000; // outages of a timeline
const views = () => [["list", t("outages.list")], ["timeline", t("outages.timeline")], ["report", t("outages.report")], ["maintenance", t("outages.maintenance")]];

function stateCell(outage) {
    return [badge("outage", outage.ended_at ? "over" : "open"), " ", outage.parent_outage ? badge("outage", "below") : null, " ", outage.in_maintenance ? badge("outage", "maintenance") : null];
}

function listView(main, query, signal) {
    const filter = filterOf(query, { only: "", since: "", location: "" });
    const ask = () => ({ open: filter.only === "open" || filter.only === "unacked" ? true : undefined, unacked: filter.only === "unacked" ? true : undefined,
        own: filter.only === "own" ? true : undefined, since: filter.since, location: filter.location });
    const list = new PagedTable({ path: "outages", caption: t("page.outages"), signal, nothing: () => t(filter.only === "open" ? "outages.none.open" : "outages.none"), columns: [
        { label: t("ont.name"), cell: (one) => [h("a", { href: pageUrl(`onts/${one.ont}`) }, one.name), one.location ? h("small", { class: "muted" }, ` ${one.location}`) : null] },
        { label: t("word.state"), cell: stateCell },
        { label: t("outage.started"), cell: (one) => timeElement(one.started_at, "short") },
        { label: t("outage.duration"), cell: (one) => duration((one.ended_at ? one.duration_s : (Date.now() - new Date(one.started_at)) / 1000) * 1000) },
        { label: t("ont.parent"), cell: (one) => one.parent ?? "" },
        { label: t("outage.note"), cell: (one) => (one.acked_at ? [one.note ?? "", h("small", { class: "muted" }, ` ${one.acked_by}`)] : null) },
        { label: t("word.actions"), class: "narrow", cell: (one) => (one.acked_at || !mayChange("network") ? null
            : h("button", { type: "button", class: "link", "aria-label": t("outage.ack.of", { name: one.name }), onclick: () => ackDialog(one, () => list.refresh()) }, t("outage.ack"))) },
    ] });
    const placesOf = (values) => [["", t("word.all")], ...[...new Set([...values, filter.location].filter(Boolean))].map((one) => [one, one])];
    const bar = filters({ path: "outages", filter, signal, act: () => list.restart(ask()), fields: [
        { name: "only", label: t("outages.only"), options: [["", t("word.all")], ...["open", "unacked", "own"].map((one) => [one, t(`outages.only.${one}`)])] },
        { name: "since", label: t("word.period"), options: [["", t("word.all")], ...periods()] },
        { name: "location", label: t("ont.location"), options: placesOf([]) },
    ] });
    main.append(bar, list.element);
    list.restart(ask());
    listAll("onts", {}, { signal }).then((onts) => setChoices(bar, "location", placesOf(locationsOf(onts))), () => {});
    whenever({ types: k_types, paths: ["outages"], every: 2_000, delay: 300, atLeast: 60_000, signal, sessions }, () => list.refresh());
}

const k_spans = { "24h": 1, "7d": 7, "30d": 30, "90d": 90, "365d": 365 }; // days

function timelineView(main, query, signal) {
    const filter = filterOf(query, { since: "7d" });
    if (!(filter.since in k_spans)) filter.since = "7d";
    const region = new Region({
        load: (stop) => listAll("outages", { since: filter.since }, { signal: stop, most: k_most }),
        draw: (outages, element) => {
            const until = Date.now();
            const since = until - k_spans[filter.since] * 86_400_000;
            fill(element, outages.length === 0 ? empty(t("outages.none")) : [
                outages.length === k_most ? h("p", { class: "muted" }, t("outages.cut", { number: k_most })) : null,
                h("section", { class: "panel", "aria-labelledby": "frequency" }, h("h2", { id: "frequency" }, t("outages.frequency")), frequency(outages, since, until)),
                h("section", { class: "panel", "aria-labelledby": "lines" }, h("h2", { id: "lines" }, t("outages.lines")), timeline(outages, since, until))]);
        },
        signal,
    });
    main.append(filters({ path: "outages", kept: { view: "timeline" }, filter, signal, act: () => region.reload({ isFresh: true }), fields: [{ name: "since", label: t("word.period"), options: periods() }] }), region.element);
    whenever({ types: k_types, paths: ["outages"], every: 5_000, delay: 500, signal, sessions }, () => region.reload());
}

function reportView(main, query, signal) {
    const filter = filterOf(query, { by: "location", since: "30d" });
    const report = availabilityRegion(filter, signal);
    main.append(filters({ path: "outages", kept: { view: "report" }, filter, signal, act: () => report.reload({ isFresh: true }), fields: [
        { name: "by", label: t("report.by"), options: ["location", "parent", "ont"].map((one) => [one, t(`report.by.${one}`)]) },
        { name: "since", label: t("word.period"), options: periods() },
    ] }), h("p", { class: "muted" }, t("report.lead"), " ", report.save), report.element);
    whenever({ types: k_types, every: 30_000, delay: 1_000, signal, sessions }, () => report.reload());
}

function maintenanceView(main, _, signal) {
    const windows = maintenanceRegion(signal);
    main.append(h("p", {}, t("maintenance.lead"), " ", mayChange("network") ? h("button", { type: "button", onclick: () => maintenanceDialog(windows.reload) }, icon("plus"), t("maintenance.add")) : null), windows.element);
    whenever({ paths: ["maintenance"], every: 2_000, signal, sessions }, windows.reload);
}

const k_views = { list: listView, timeline: timelineView, report: reportView, maintenance: maintenanceView };

export function show(main, { query, signal }) {
    const view = viewOf(query, views());
    main.append(h("h1", { tabindex: "-1" }, t("page.outages")), tabs("outages", views(), view, t("page.outages")));
    k_views[view](main, query, signal);
}
