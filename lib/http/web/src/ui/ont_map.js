// The map itself: markers, clusters, lines to parents. Works without tiles: then there is only a grid behind the markers.

import { h } from "../h.js";
import { k_states, stateOf } from "../ont_book.js";
import { place } from "../place.js";
import { t, word } from "../texts.js";
import { clustersOf } from "./clusters.js";

const k_static = `${place.base}/static/${place.version}`;
const k_nearest = 19; // zoom
const k_most_links = 20_000;

let library = null;

export function loadLeaflet() {
    library ??= (async () => {
        const link = h("link", { rel: "stylesheet", href: `${k_static}/vendor/leaflet.css` });
        const isStyled = new Promise((resolve, reject) => {
            link.addEventListener("load", resolve);
            link.addEventListener("error", () => reject(new Error("leaflet.css is not there")));
        });
        document.head.append(link);
        const [module] = await Promise.all([import("../vendor/leaflet.js"), isStyled]);
        return module;
    })();
    library.catch(() => (library = null));
    return library;
}

const worstOf = (onts) => k_states.find((state) => onts.some((ont) => stateOf(ont) === state));

function markerElement(onts) {
    const state = worstOf(onts);
    if (onts.length === 1) return h("span", { class: ["pin", state, onts[0].kind] });
    return h("span", { class: ["cluster", state, onts.length >= 100 ? "large" : ""] }, String(onts.length));
}

function nameOf(onts) {
    if (onts.length === 1) return t("map.marker", { name: onts[0].name, state: word("ont", stateOf(onts[0])) });
    const down = onts.filter((ont) => stateOf(ont) === "down").length;
    return t("map.cluster", { number: onts.length, down: String(down) });
}

/// open(ont) is called for a chosen marker, choose(onts) for several at one place that no zoom tells apart.
export class OntMap {
    #L;
    #map;
    #onts = [];
    #layer;
    #links;
    #hasLinks = true;
    #open;
    #choose;
    #isFitted = false;
    #shown = new Map(); // what is on the map: key -> {marker, text}

    constructor(leaflet, element, { open, choose }) {
        this.#L = leaflet;
        this.#open = open;
        this.#choose = choose;
        this.#map = leaflet.map(element, { attributionControl: false, zoomControl: false, maxZoom: k_nearest, minZoom: 2, worldCopyJump: false, preferCanvas: true });
        leaflet.control.zoom({ zoomInTitle: t("map.zoom.in"), zoomOutTitle: t("map.zoom.out") }).addTo(this.#map);
        leaflet.control.scale({ imperial: false }).addTo(this.#map);
        if (place.tiles) leaflet.tileLayer(place.tiles, { maxZoom: k_nearest, alt: "", referrerPolicy: "strict-origin-when-cross-origin" }).addTo(this.#map);
        this.#links = leaflet.layerGroup().addTo(this.#map);
        this.#layer = leaflet.layerGroup().addTo(this.#map);
        this.#map.setView([-7.72, 110.36], 11);
        this.#map.on("moveend zoomend resize", () => this.#draw());
    }

    remove() {
        this.#map.remove();
    }

    /// Of its element, while nobody saw it.
    sizeChanged() {
        this.#map.invalidateSize();
    }

    setLinks(has) {
        this.#hasLinks = has;
        this.#drawLinks();
    }

    set(onts) {
        this.#onts = onts.filter((ont) => ont.latitude !== null && ont.longitude !== null);
        if (!this.#isFitted && this.#onts.length > 0) {
            this.#isFitted = true;
            this.fit();
        }
        this.#draw();
        this.#drawLinks();
    }

    fit() {
        if (this.#onts.length === 0) return;
        this.#map.fitBounds(this.#onts.map((ont) => [ont.latitude, ont.longitude]), { padding: [40, 40], maxZoom: 16, animate: false });
    }

    /// In the middle, near enough to stand alone.
    show(ont) {
        if (ont.latitude === null) return;
        this.#isFitted = true;
        this.#map.setView([ont.latitude, ont.longitude], Math.max(17, this.#map.getZoom()), { animate: false });
    }

    #draw() {
        const zoom = this.#map.getZoom();
        const bounds = this.#map.getBounds().pad(0.15);
        const points = [];
        for (const ont of this.#onts) {
            if (!bounds.contains([ont.latitude, ont.longitude])) continue;
            const { x, y } = this.#map.project([ont.latitude, ont.longitude], zoom);
            points.push({ x, y, ont });
        }
        const wanted = new Map();
        for (const { x, y, items } of clustersOf(points)) {
            const onts = items.map(({ ont }) => ont);
            wanted.set(onts.length === 1 ? `ont:${onts[0].id}` : `at:${zoom}:${Math.round(x)}:${Math.round(y)}`, { x, y, onts });
        }
        for (const [key, { marker }] of this.#shown) {
            if (wanted.has(key)) continue;
            this.#layer.removeLayer(marker);
            this.#shown.delete(key);
        }
        for (const [key, { x, y, onts }] of wanted) this.#put(key, this.#map.unproject([x, y], zoom), onts);
    }

    /// A marker that stays keeps its element, and with it the focus.
    #put(key, at, onts) {
        const text = `${nameOf(onts)} ${worstOf(onts)}`;
        const known = this.#shown.get(key);
        if (known) {
            known.onts = onts;
            if (known.text === text) return;
            known.text = text;
            const element = known.marker.getElement();
            element?.replaceChildren(markerElement(onts));
            element?.setAttribute("aria-label", nameOf(onts));
            if (element) element.title = nameOf(onts);
            return;
        }
        const size = onts.length === 1 ? 24 : 40;
        const icon = this.#L.divIcon({ html: markerElement(onts), className: "map-marker", iconSize: [size, size] });
        const marker = this.#L.marker(at, { icon, title: nameOf(onts), alt: nameOf(onts), keyboard: true, riseOnHover: true });
        const entry = { marker, text, onts };
        marker.on("click keypress", (event) => {
            if (event.type === "keypress" && event.originalEvent.key !== "Enter") return;
            this.#chosen(entry.onts);
        });
        marker.addTo(this.#layer);
        marker.getElement().setAttribute("aria-label", nameOf(onts));
        this.#shown.set(key, entry);
    }

    #chosen(onts) {
        if (onts.length === 1) {
            this.#open(onts[0]);
            return;
        }
        const bounds = this.#L.latLngBounds(onts.map((ont) => [ont.latitude, ont.longitude]));
        if (this.#map.getZoom() >= k_nearest || bounds.getNorthEast().equals(bounds.getSouthWest())) this.#choose(onts);
        else this.#map.fitBounds(bounds, { padding: [60, 60], maxZoom: k_nearest, animate: false });
    }

    /// One line with many parts for each state: five thousand lines of their own would be five thousand objects.
    #drawLinks() {
        this.#links.clearLayers();
        if (!this.#hasLinks) return;
        const places = new Map(this.#onts.map((ont) => [ont.id, ont]));
        const lines = { up: [], down: [] };
        let count = 0;
        for (const ont of this.#onts) {
            const parent = ont.parent_id === null ? null : places.get(ont.parent_id);
            if (!parent || ++count > k_most_links) continue;
            lines[stateOf(ont) === "down" ? "down" : "up"].push([[parent.latitude, parent.longitude], [ont.latitude, ont.longitude]]);
        }
        const color = (name) => getComputedStyle(document.documentElement).getPropertyValue(`--${name}`).trim();
        this.#L.polyline(lines.up, { color: color("quiet"), weight: 1, opacity: 0.45, interactive: false }).addTo(this.#links);
        this.#L.polyline(lines.down, { color: color("bad"), weight: 2, opacity: 0.8, interactive: false }).addTo(this.#links);
    }
}
