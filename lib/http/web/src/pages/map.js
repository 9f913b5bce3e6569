// Where the ONTs are, and how they do. Beside the map is the same as a list, for those who cannot see it.

import { api } from "../api.js";
import { fill, h } from "../h.js";
import { whenever } from "../live.js";
import { chosen, groupsOf, k_states, locationsOf, OntBook, stateOf } from "../ont_book.js";
import { pageUrl, place } from "../place.js";
import { mayChange, sessions } from "../session.js";
import { duration, number, t, timeElement, word } from "../texts.js";
import { badge } from "../ui/badge.js";
import { filterOf, filters, setChoices } from "../ui/filters.js";
import { OntMap, loadLeaflet } from "../ui/ont_map.js";
import { ackDialog } from "../ui/outage_ack.js";
import { empty, errorText, inPlace, loading, Region } from "../ui/states.js";

const k_filter = { search: "", state: "", location: "", group: "", kind: "" };
const k_listed = 50;

function outageOf(outage, reload) {
    return h("div", { class: "notice" },
        h("p", {}, t("map.outage", { time: duration(Date.now() - new Date(outage.started_at)) }), " ", timeElement(outage.started_at, "short")),
        outage.parent_outage ? h("p", {}, t("outage.below.text")) : null,
        outage.in_maintenance ? h("p", {}, t("outage.maintenance.text")) : null,
        outage.acked_at ? h("p", {}, t("outage.acked.by", { name: outage.acked_by }), outage.note ? `: ${outage.note}` : null)
            : mayChange("network") ? h("button", { type: "button", class: "outline", onclick: () => ackDialog(outage, reload) }, t("outage.ack")) : null);
}

/// What is known of the chosen ONT. Returns what reads its outage again: that part only, since the panel is read aloud.
function fillDetail(element, ont, book, signal) {
    const children = book.childrenOf(ont.id);
    const down = children.filter((one) => stateOf(one) === "down").length;
    const outage = h("div");
    let drawn = "";
    const load = async () => {
        if (ont.state !== "down") return;
        if (drawn === "") fill(outage, loading(1));
        try {
            const { items } = await api.get("outages", { ont: `id:${ont.id}`, open: true, limit: 1 }, { signal });
            if (drawn === JSON.stringify(items)) return;
            drawn = JSON.stringify(items);
            inPlace(outage, () => fill(outage, items.length > 0 ? outageOf(items[0], load) : null));
        } catch (error) {
            if (error.name === "AbortError") return;
            drawn = "";
            fill(outage, h("p", { class: "text-bad" }, errorText(error)));
        }
    };
    fill(element, h("h2", {}, h("a", { href: pageUrl(`onts/${ont.id}`) }, ont.name), " ", badge("ont", stateOf(ont))), outage,
        h("dl", { class: "facts" }, [
            [t("ont.customer_id"), ont.customer_id], [t("ont.location"), ont.location], [t("ont.host"), ont.host], [t("ont.parent"), ont.parent],
            [t("ont.last_answered"), timeElement(ont.last_answered)],
            [t("ont.children"), children.length > 0 ? t("map.children", { number: children.length, down: number(down) }) : null],
        ].filter(([, value]) => value !== null).map(([label, value]) => [h("dt", {}, label), h("dd", {}, value)])));
    load();
    return load;
}

export function show(main, { query, signal }) {
    const filter = filterOf(query, k_filter);
    const book = new OntBook();
    let map = null;
    let current = null; // id of the ONT in the panel
    let reloadOutage = null; // of that ONT
    let detailStop = new AbortController();
    const canvas = h("div", { class: ["map", place.tiles ? "has-tiles" : ""], role: "region", "aria-label": t("page.map") });
    const detail = h("section", { class: "panel map-detail", "aria-live": "polite", hidden: true });
    const list = h("ul", { class: "plain-list" });
    const summary = h("p", { class: "muted", role: "status" });
    const away = h("p", { class: "muted" });

    function open(ont) {
        current = ont.id;
        detailStop.abort();
        detailStop = new AbortController();
        detail.hidden = false;
        inPlace(detail, () => (reloadOutage = fillDetail(detail, ont, book, AbortSignal.any([signal, detailStop.signal]))));
    }
    function choose(onts) {
        current = null;
        detail.hidden = false;
        fill(detail, h("h2", {}, t("map.here", { number: onts.length })), h("ul", { class: "plain-list" }, onts.slice(0, 100).map(line)));
    }
    function line(ont) {
        return h("li", {}, h("button", { type: "button", class: "link", onclick: () => {
            map?.show(ont);
            open(ont);
        } }, ont.name), " ", badge("ont", stateOf(ont)), ont.location ? h("span", { class: "muted" }, ` ${ont.location}`) : null);
    }

    function draw() {
        const onts = chosen(book.all, filter);
        map?.set(onts);
        const counts = k_states.map((state) => [state, onts.filter((ont) => stateOf(ont) === state).length]).filter(([, count]) => count > 0);
        summary.textContent = counts.length > 0 ? counts.map(([state, count]) => `${number(count)} ${word("ont", state).toLowerCase()}`).join(", ") : t("onts.none.fit");
        const troubles = onts.filter((ont) => ["down", "flapping"].includes(stateOf(ont))).sort((a, b) => a.name.localeCompare(b.name));
        inPlace(list, () => fill(list, troubles.slice(0, k_listed).map(line), troubles.length > k_listed ? h("li", { class: "muted" }, h("a", { href: pageUrl("onts", { state: "down" }) }, t("map.more", { number: troubles.length - k_listed }))) : null,
            onts.length > 0 && onts.every((ont) => ["up", "disabled"].includes(stateOf(ont))) ? h("li", { class: "muted" }, t("overview.well")) : null));
        const missing = onts.filter((ont) => ont.latitude === null).length;
        away.textContent = missing > 0 ? t("map.without", { number: missing }) : "";
        const now = current === null ? null : book.get(current);
        if (now && detail.dataset.state !== `${now.id} ${stateOf(now)}`) open(now);
        if (now) detail.dataset.state = `${now.id} ${stateOf(now)}`;
    }

    const keep = (values, name) => [["", t("word.all")], ...[...new Set([...values, filter[name]].filter(Boolean))].map((one) => [one, one])];
    const bar = filters({ path: "map", filter, signal, act: draw, fields: [
        { name: "search", label: t("word.search") },
        { name: "state", label: t("word.state"), options: [["", t("word.all")], ...k_states.map((one) => [one, word("ont", one)])] },
        { name: "location", label: t("ont.location"), options: keep([], "location") },
        { name: "group", label: t("ont.tags"), options: keep([], "group") },
    ] });
    const frame = h("div", { class: "map-frame" });

    const side = h("aside", { class: "map-side", "aria-label": t("map.list") }, detail, h("section", { class: "panel" }, h("h2", {}, t("map.troubles")), summary, list, away));
    const region = new Region({
        load: async (stop) => {
            const [leaflet] = await Promise.all([loadLeaflet(), book.load(stop)]);
            return leaflet;
        },
        draw: (leaflet, element) => {
            if (book.all.length === 0) {
                fill(element, empty(t("onts.none"), h("a", { href: pageUrl("onts"), role: "button" }, t("page.onts"))));
                return;
            }
            setChoices(bar, "location", keep(locationsOf(book.all), "location"));
            setChoices(bar, "group", keep(groupsOf(book.all), "group"));
            // An error, or a while without ONTs, may have taken the place of the map.
            if (!frame.isConnected) {
                fill(element, frame);
                map?.sizeChanged();
            }
            if (!map) {
                map = new OntMap(leaflet, canvas, { open, choose });
                signal.addEventListener("abort", () => map.remove(), { once: true });
                const wanted = book.get(Number(query.get("show")));
                draw();
                if (wanted) {
                    map.show(wanted);
                    open(wanted);
                }
            } else {
                draw();
            }
        },
        signal,
    });
    fill(frame, h("div", { class: "map-box" }, canvas, place.attribution ? h("p", { class: "map-attribution" }, place.attribution) : null), side);
    main.append(h("div", { class: "page-head" }, h("h1", { tabindex: "-1" }, t("page.map")), h("div", { class: "actions" },
        h("label", { class: "inline-choice" }, h("input", { type: "checkbox", checked: true, onchange: (event) => map?.setLinks(event.target.checked) }), t("map.links")),
        h("button", { type: "button", class: "outline", onclick: () => map?.fit() }, t("map.fit")))), bar, region.element);
    book.addEventListener("change", draw, { signal });
    book.follow(signal, () => region.reload());
    // The state of an outage in the panel: acknowledged by somebody else, or over.
    whenever({ types: ["outage_begun", "outage_ended"], paths: ["outages"], every: 2_000, signal, sessions }, () => {
        if (current !== null) reloadOutage?.();
    });
}
