// How things are, at a glance, and what has just happened.

import { api } from "../api.js";
import { fill, h } from "../h.js";
import { whenever } from "../live.js";
import { pageUrl } from "../place.js";
import { sessions } from "../session.js";
import { duration, number, t, timeElement, word } from "../texts.js";
import { badge } from "../ui/badge.js";
import { eventLine } from "../ui/event_line.js";
import { icon } from "../ui/icons.js";
import { empty, keepInStep, Region } from "../ui/states.js";

const k_newest = 8;

const sum = (counts) => Object.values(counts).reduce((all, one) => all + one, 0);

/// One figure with what it is made of. tone: good, warn, bad, quiet.
function tile({ title, value, detail, tone, href, picture }) {
    const content = [h("span", { class: "tile-title" }, icon(picture), title), h("span", { class: "tile-value" }, value), h("span", { class: "tile-detail" }, detail)];
    return href ? h("a", { class: ["tile", tone], href }, content) : h("div", { class: ["tile", tone] }, content);
}

/// "2 offline, 1 warning"; "all is well" if nothing but the good states is there.
function statesText(group, counts, good) {
    const parts = Object.entries(counts).filter(([state, count]) => count > 0 && !good.includes(state)).map(([state, count]) => `${number(count)} ${word(group, state).toLowerCase()}`);
    return parts.length > 0 ? parts.join(", ") : t("overview.well");
}

function devicesTile({ devices }) {
    const all = sum(devices);
    const bad = devices.offline + devices.locked + devices.refused;
    const tone = bad > 0 ? "bad" : devices.warning > 0 ? "warn" : all > 0 ? "good" : "quiet";
    const detail = all === 0 ? t("overview.devices.none") : statesText("device", devices, ["ok"]);
    return tile({ title: t("overview.devices"), value: t("overview.of", { part: devices.ok, all }), detail, tone, href: pageUrl("devices"), picture: "terminal" });
}

function ontsTile({ onts }) {
    const all = sum(onts);
    if (all === 0) return null;
    const tone = onts.down > 0 ? "bad" : onts.flapping > 0 ? "warn" : "good";
    return tile({ title: t("overview.onts"), value: t("overview.of", { part: onts.up, all }), detail: statesText("ont", onts, ["up"]), tone, href: pageUrl("onts"), picture: "router" });
}

function outagesTile({ outages, onts }) {
    if (sum(onts) === 0) return null;
    const detail = outages.open === 0 ? t("overview.well") : t("overview.outages.unacked", { number: outages.unacknowledged });
    return tile({ title: t("overview.outages"), value: number(outages.open), detail, tone: outages.open > 0 ? "bad" : "good", href: pageUrl("outages"), picture: "clock" });
}

function deliveriesTile({ deliveries }) {
    const { pending, failed, oldest_pending_at: oldest } = deliveries;
    const parts = [oldest ? t("overview.deliveries.oldest", { time: duration(Date.now() - new Date(oldest)) }) : null, failed > 0 ? t("overview.deliveries.failed", { number: failed }) : null].filter(Boolean);
    const tone = failed > 0 ? "bad" : pending > 0 ? "warn" : "good";
    return tile({ title: t("overview.deliveries"), value: number(pending), detail: parts.join(", ") || t(pending > 0 ? "overview.deliveries.some" : "overview.deliveries.none"), tone, href: pageUrl("events", pending > 0 ? { delivery: "pending" } : failed > 0 ? { delivery: "failed" } : {}), picture: "send" });
}

function drawTiles(data, element) {
    fill(element,
        tile({ title: t("overview.today"), value: number(data.today.recognized), detail: t("overview.today.other", { number: data.today.other }), tone: "quiet", href: pageUrl("events", { since: "today" }), picture: "face" }),
        devicesTile(data), ontsTile(data), outagesTile(data), deliveriesTile(data),
        tile({ title: t("overview.people"), value: number(data.people), detail: t("overview.people.enrolled"), tone: "quiet", href: pageUrl("people"), picture: "people" }),
        tile({ title: t("overview.alerts"), value: number(data.alerts), detail: t("overview.alerts.unread", { number: data.unread_notifications }), tone: data.alerts > 0 ? "warn" : "good", href: pageUrl("notifications"), picture: "bell" }));
}

function troubleCard(device) {
    return h("li", {}, h("a", { href: pageUrl(`devices/${encodeURIComponent(device.name)}`) }, device.name), " ", badge("device", device.state),
        h("p", { class: "muted" }, device.reason ?? "", " ", timeElement(device.since)));
}

export function show(main, { signal }) {
    const tiles = new Region({ load: (stop) => api.get("overview", {}, { signal: stop }), draw: drawTiles, signal, attributes: { class: "tiles" } });
    const newest = new Region({
        load: (stop) => api.get("events", { limit: k_newest, kind: "recognized" }, { signal: stop }),
        draw: ({ items }, element) => {
            if (items.length === 0) {
                fill(element, empty(t("overview.events.none")));
                return;
            }
            let list = element.querySelector("ul.event-lines");
            if (!list) fill(element, (list = h("ul", { class: "event-lines" })));
            keepInStep(list, items, { key: (event) => event.id, make: (event) => h("li", {}, eventLine(event)) });
        },
        signal,
    });
    const troubles = new Region({
        load: async (stop) => (await api.get("devices", { limit: 1000 }, { signal: stop })).items.filter(({ state }) => ["warning", "offline", "locked", "refused"].includes(state)),
        draw: (devices, element) => fill(element, devices.length > 0 ? h("ul", { class: "plain-list" }, devices.map(troubleCard)) : empty(t("overview.well"))),
        signal,
    });
    main.append(h("h1", { tabindex: "-1" }, t("page.overview")), tiles.element,
        h("div", { class: "two-columns" },
            h("section", { class: "panel", "aria-labelledby": "newest" }, h("div", { class: "panel-head" }, h("h2", { id: "newest" }, t("overview.newest")), h("a", { href: pageUrl("events") }, t("overview.all"))), newest.element),
            h("section", { class: "panel", "aria-labelledby": "troubles" }, h("div", { class: "panel-head" }, h("h2", { id: "troubles" }, t("overview.troubles")), h("a", { href: pageUrl("devices") }, t("overview.all"))), troubles.element)));
    const types = ["event", "device", "ont", "outage_begun", "outage_ended", "unread", "notification"];
    // What counts by the clock, such as today, changes without anything happening.
    whenever({ types, paths: ["devices", "events", "outbox", "people", "notifications", "onts"], every: 2_000, delay: 700, atLeast: 60_000, signal, sessions }, () => tiles.reload());
    whenever({ types: ["event"], paths: ["events"], every: 2_000, signal, sessions }, () => newest.reload());
    whenever({ types: ["device"], paths: ["devices"], every: 2_000, signal, sessions }, () => troubles.reload());
}
