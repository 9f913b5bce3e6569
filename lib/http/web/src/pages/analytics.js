// Hotspots: how many, how long, how much; and the routers that count them.

import { api, listAll } from "../api.js";
import { fill, h } from "../h.js";
import { whenever } from "../live.js";
import { may, sessions } from "../session.js";
import { bytes, duration, number, t, timeElement } from "../texts.js";
import { badge } from "../ui/badge.js";
import { drawChart, figuresTable } from "../ui/chart.js";
import { filterOf, filters, periods, setChoices } from "../ui/filters.js";
import { empty, errorText, Region } from "../ui/states.js";
import { showTable, Table } from "../ui/table.js";
import { toast } from "../ui/toast.js";

const k_hours = ["24h", "7d"]; // longer times by day
const whole = (value) => number(value, { maximumFractionDigits: 1 });

/// The buckets with holes where nobody counted.
export function figuresOf({ by, items }) {
    const step = by === "hour" ? 3600 : 86_400;
    const times = items.map((one) => Math.round(new Date(one.since).getTime() / 1000));
    const filled = [];
    for (const [index, at] of times.entries()) {
        if (index > 0 && at - times[index - 1] > 1.5 * step) filled.push({ at: times[index - 1] + step, one: null });
        filled.push({ at, one: items[index] });
    }
    const line = (label, name, color, width) => ({ label, color, width, isSparse: filled.length < 60, text: whole, values: filled.map(({ one }) => (one === null ? null : one[name])) });
    return {
        at: filled.map(({ at }) => at), step, y: { text: whole, least: 1 }, bands: [{ series: [1, 3], color: "accent" }],
        series: [line(t("hotspot.peak"), "peak", "bad", 1), line(t("hotspot.average"), "average", "accent", 2), { ...line(t("hotspot.trough"), "trough", "quiet", 1), dash: [6, 4] }, line(t("hotspot.devices"), "devices", "warn", 1)],
    };
}

const tile = (title, value, detail) => h("div", { class: "tile quiet" }, h("span", { class: "tile-title" }, title), h("span", { class: "tile-value" }, value), h("span", { class: "tile-detail" }, detail));

/// Of all buckets together: the average weighs each count the same.
function sums({ items, devices }) {
    const samples = items.reduce((sum, one) => sum + one.samples, 0);
    const average = samples === 0 ? 0 : items.reduce((sum, one) => sum + one.average * one.samples, 0) / samples;
    const best = items.reduce((most, one) => (one.peak > (most?.peak ?? -1) ? one : most), null);
    const least = items.reduce((most, one) => (one.trough < (most?.trough ?? Infinity) ? one : most), null);
    return h("div", { class: "tiles" },
        tile(t("hotspot.peak"), number(best.peak), timeElement(best.since, "short")), tile(t("hotspot.average"), whole(average), t("hotspot.samples", { number: samples })),
        tile(t("hotspot.trough"), number(least.trough), timeElement(least.since, "short")), tile(t("hotspot.devices"), number(devices), t("hotspot.devices.detail")));
}

function topTable() {
    return new Table({ key: (one) => `${one.mac}:${one.user}:${one.router}`, caption: t("hotspot.top"), columns: [
        { label: t("hotspot.user"), cell: (one) => one.user ?? h("span", { class: "muted" }, "–") },
        { label: t("hotspot.mac"), cell: (one) => h("code", {}, one.mac ?? "–") },
        { label: t("hotspot.router"), cell: (one) => one.router ?? "" },
        { label: t("hotspot.sessions"), class: "number", cell: (one) => number(one.sessions) },
        { label: t("hotspot.down"), class: "number", cell: (one) => bytes(one.bytes_out) },
        { label: t("hotspot.up"), class: "number", cell: (one) => bytes(one.bytes_in) },
        { label: t("hotspot.last_seen"), cell: (one) => timeElement(one.last_seen) },
    ] });
}

function routersTable() {
    return new Table({ key: (router) => router.name, caption: t("routers.title"), columns: [
        { label: t("ont.name"), cell: (router) => [router.name, router.identity ? h("small", { class: "muted" }, ` ${router.identity}`) : null] },
        { label: t("word.state"), cell: (router) => [badge("router", router.state), router.reason ? h("p", { class: "muted" }, router.reason) : null] },
        { label: t("ont.host"), cell: (router) => `${router.host}:${router.port}` },
        { label: t("routers.version"), cell: (router) => router.version ?? "–" },
        { label: t("routers.last_poll"), cell: (router) => timeElement(router.last_poll) },
    ] });
}

function usersTable() {
    return new Table({ key: (one) => `${one.router}:${one.server}:${one.mac}:${one.user}:${one.ip}`, caption: t("hotspot.now"), columns: [
        { label: t("hotspot.user"), cell: (one) => one.user || h("span", { class: "muted" }, "–") },
        { label: t("hotspot.ip"), cell: (one) => one.ip ?? "–" },
        { label: t("hotspot.mac"), cell: (one) => h("code", {}, one.mac ?? "–") },
        { label: t("hotspot.router"), cell: (one) => `${one.router} ${one.server}` },
        { label: t("hotspot.uptime"), class: "number", cell: (one) => (one.uptime_s === null ? "–" : duration(one.uptime_s * 1000)) },
        { label: t("hotspot.down"), class: "number", cell: (one) => bytes(one.bytes_out) },
        { label: t("hotspot.up"), class: "number", cell: (one) => bytes(one.bytes_in) },
    ] });
}

function panel(id, title, element, extra = null) {
    return h("section", { class: "panel", "aria-labelledby": id }, h("div", { class: "panel-head" }, h("h2", { id }, title), extra), element);
}

/// A table in a region: its rows, or a word that there are none.
function tableRegion(load, table, nothing, signal) {
    return new Region({ load, draw: (items, element) => {
        showTable(table, items, element, nothing);
    }, signal });
}

const k_shown_users = 200;

export function show(main, { query, signal }) {
    const filter = filterOf(query, { since: "7d", router: "" });
    const range = () => ({ since: filter.since, router: filter.router });
    const history = new Region({
        load: (stop) => api.get("hotspot/history", { ...range(), by: k_hours.includes(filter.since) ? "hour" : "day" }, { signal: stop }),
        draw: (data, element, drawn) => {
            if (data.items.length === 0) {
                fill(element, empty(t("hotspot.none")));
                return;
            }
            const figures = figuresOf(data);
            const box = h("div");
            fill(element, sums(data), h("section", { class: "panel" }, box, figuresTable(figures, t("hotspot.label"))));
            drawChart(box, figures, { label: t("hotspot.label"), signal: drawn }).catch(() => fill(box, h("p", { class: "muted" }, t("chart.failed"))));
        },
        signal,
    });
    const top = tableRegion(async (stop) => (await api.get("hotspot/top", range(), { signal: stop })).items, topTable(), t("hotspot.none"), signal);
    const routers = tableRegion((stop) => listAll("routers", {}, { signal: stop }), routersTable(), t("routers.none"), signal);
    const now = tableRegion((stop) => listAll("hotspot/users", { router: filter.router }, { signal: stop, most: k_shown_users }), usersTable(), t("hotspot.now.none"), signal);
    async function askRouters(button) {
        button.disabled = true;
        button.setAttribute("aria-busy", "true");
        try {
            const { items, errors } = await api.get("hotspot/users/live", { router: filter.router }, { signal, patience: 60_000 });
            toast(t("hotspot.asked", { number: items.length }), errors.length > 0 ? "note" : "done");
            for (const one of errors) toast(`${one.router}: ${one.detail}`, "error");
        } catch (error) {
            if (error.name !== "AbortError") toast(errorText(error), "error");
        }
        button.disabled = false;
        button.removeAttribute("aria-busy");
    }
    const reload = (options) => {
        for (const region of [history, top, now]) region.reload(options);
    };
    const routersOf = (names) => [["", t("word.all")], ...[...new Set([...names, filter.router].filter(Boolean))].map((one) => [one, one])];
    const bar = filters({ path: "analytics", filter, signal, act: () => reload({ isFresh: true }), fields: [
        { name: "since", label: t("word.period"), options: periods() },
        { name: "router", label: t("hotspot.router"), options: routersOf([]) },
    ] });
    listAll("routers", {}, { signal }).then((all) => setChoices(bar, "router", routersOf(all.map(({ name }) => name))), () => {});
    main.append(h("h1", { tabindex: "-1" }, t("page.analytics")), bar, history.element,
        panel("top", t("hotspot.top"), top.element),
        panel("now", t("hotspot.now"), now.element, may("network") ? h("button", { type: "button", class: "outline", onclick: (event) => askRouters(event.currentTarget) }, t("hotspot.ask")) : null),
        panel("routers", t("routers.title"), routers.element));
    whenever({ every: 30_000, atLeast: 60_000, signal, sessions }, () => {
        reload();
        routers.reload();
    });
}
