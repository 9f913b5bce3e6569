// Terminals as cards: how each is doing, before it is too late.

import { listAll } from "../api.js";
import { fill, h } from "../h.js";
import { whenever } from "../live.js";
import { pageUrl, part } from "../place.js";
import { keepQuery } from "../router.js";
import { mayChange, sessions } from "../session.js";
import { duration, number, t, timeElement, word } from "../texts.js";
import { badge } from "../ui/badge.js";
import { deviceDialog } from "../ui/device_form.js";
import { icon } from "../ui/icons.js";
import { empty, inPlace, keepInStep, Region } from "../ui/states.js";

const k_states = ["ok", "warning", "offline", "locked", "refused", "unknown", "disabled", "source"];
const k_much_drift = 60_000; // ms

function fact(label, value, isBad = false) {
    return [h("dt", {}, label), h("dd", { class: isBad ? "text-bad" : "" }, value)];
}

export function driftText(drift) {
    if (drift === null) return t("word.unknown");
    if (Math.abs(drift) < 1000) return t("device.drift.none");
    return t(drift > 0 ? "device.drift.ahead" : "device.drift.behind", { time: duration(drift) });
}

export const hasMuchDrift = (drift) => drift !== null && Math.abs(drift) >= k_much_drift;

function cardContent(device) {
    const isSource = device.state === "source";
    return [
        h("header", {}, h("h2", {}, h("a", { href: pageUrl(`devices/${part(device.name)}`) }, device.name)), badge("device", device.state)),
        h("p", { class: "muted" }, device.location ?? t("device.location.none")),
        device.reason && device.state !== "ok" ? h("p", { class: "card-reason" }, icon("alert"), device.reason) : null,
        h("dl", { class: "facts" },
            fact(t("device.last_event"), timeElement(device.last_event)),
            isSource ? null : fact(t("device.last_sync"), timeElement(device.last_sync)),
            isSource ? null : fact(t("device.backlog"), number(device.backlog), device.backlog > 0),
            isSource ? null : fact(t("device.drift"), driftText(device.drift_ms), hasMuchDrift(device.drift_ms)),
            device.failures > 0 ? fact(t("device.failures"), number(device.failures), true) : null),
        device.is_pushing ? h("p", { class: "muted" }, icon("send"), " ", t("device.pushes")) : null,
    ];
}

export function show(main, { query, signal }) {
    const filter = { state: query.get("state") ?? "", search: query.get("search") ?? "" };
    let devices = [];
    const cards = h("ul", { class: "cards" });
    const nothing = h("div");
    const count = h("p", { class: "muted", role: "status" });

    function draw() {
        const wanted = filter.search.toLowerCase();
        const shown = devices.filter((one) => (filter.state === "" || one.state === filter.state)
            && (wanted === "" || [one.name, one.location, one.url, ...one.tags].some((text) => text?.toLowerCase().includes(wanted))));
        count.textContent = t("devices.count", { number: shown.length });
        keepInStep(cards, shown, {
            key: (one) => one.name,
            make: (one) => h("li", { class: ["card", one.state], dataset: { drawn: JSON.stringify(one) } }, cardContent(one)),
            change: (card, one) => {
                const text = JSON.stringify(one);
                if (card.dataset.drawn === text) return;
                card.dataset.drawn = text;
                card.className = `card ${one.state}`;
                inPlace(card, () => fill(card, cardContent(one)));
            },
        });
        fill(nothing, shown.length > 0 ? null : devices.length > 0 ? empty(t("devices.none.fit"))
            : empty(t("devices.none"), mayChange("devices") ? h("button", { type: "button", onclick: () => deviceDialog() }, t("devices.add")) : null));
    }

    const region = new Region({
        load: (stop) => listAll("devices", { sources: true }, { signal: stop }),
        draw: (all, element) => {
            devices = all;
            if (!cards.isConnected) fill(element, count, cards, nothing);
            draw();
        },
        signal,
    });

    function choose(name, value) {
        filter[name] = value;
        keepQuery("devices", filter);
        draw();
    }

    main.append(
        h("div", { class: "page-head" }, h("h1", { tabindex: "-1" }, t("page.devices")),
            mayChange("devices") ? h("button", { type: "button", onclick: () => deviceDialog() }, icon("plus"), t("devices.add")) : null),
        h("form", { class: "filters", "aria-label": t("word.filters"), onsubmit: (event) => event.preventDefault() },
            h("label", {}, t("word.search"), h("input", { type: "search", value: filter.search, oninput: (event) => choose("search", event.target.value) })),
            h("label", {}, t("word.state"), h("select", { value: filter.state, onchange: (event) => choose("state", event.target.value) },
                h("option", { value: "" }, t("word.all")), k_states.map((state) => h("option", { value: state }, word("device", state)))))),
        region.element);
    whenever({ types: ["device", "event"], paths: ["devices"], every: 3_000, delay: 500, atLeast: 60_000, signal, sessions }, () => region.reload());
}
