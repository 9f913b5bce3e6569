// What the terminals and cameras have seen, newest first. New rows come live; who reads further down keeps the place.

import { api, listAll } from "../api.js";
import { fill, h } from "../h.js";
import { whenever } from "../live.js";
import { keepQuery } from "../router.js";
import { may, sessions } from "../session.js";
import { t, timeElement } from "../texts.js";
import { badge } from "../ui/badge.js";
import { eventDialog } from "../ui/event_dialog.js";
import { exportDialog } from "../ui/event_export.js";
import { minorText, personLink, pictureUrl, whoOf } from "../ui/event_line.js";
import { dayAfter, eventFilters, k_filter_names } from "../ui/event_filters.js";
import { icon } from "../ui/icons.js";
import { portrait } from "../ui/picture.js";
import { empty, loading, problem } from "../ui/states.js";
import { Table } from "../ui/table.js";

const k_page = 50;
const k_most_rows = 2_000; // then the oldest leave the page; they are a click away

/// The filters as /api/v2/events takes them: the last day is part of the range.
export function apiQuery(filter) {
    return { ...filter, until: dayAfter(filter.until) };
}

function columns(open) {
    return [
        { label: t("event.picture"), class: "narrow picture", cell: (event) => portrait(pictureUrl(event), whoOf(event)) },
        { label: t("event.who"), class: "lead", cell: (event) => [personLink(event), event.employee_no && event.employee_no !== whoOf(event) ? h("small", { class: "muted" }, ` ${event.employee_no}`) : null] },
        { label: t("event.time"), cell: (event) => timeElement(event.time, "short") },
        { label: t("event.device"), cell: (event) => [event.device, event.location ? h("small", { class: "muted" }, ` ${event.location}`) : null] },
        { label: t("event.kind"), cell: (event) => (event.kind === "recognized" ? badge("kind", "recognized") : h("span", { class: "muted" }, minorText(event))) },
        { label: t("event.delivery"), cell: (event) => (event.delivery === "none" ? null : badge("delivery", event.delivery)) },
        { label: t("word.actions"), class: "narrow action", cell: (event) => h("button", { type: "button", class: "link", "aria-label": t("event.open.of", { who: whoOf(event) ?? event.id }), onclick: () => open(event) }, t("event.open")) },
    ];
}

/// The rows of the page, and where they come from.
class EventList {
    #signal;
    #filter;
    #events = [];
    #cursor = null;
    #generation = 0; // of the filters: what was asked before they changed is of no use
    #waiting = new Map(); // new rows that somebody who reads further down has not asked for yet
    #table;
    #state = h("div");
    #more = h("button", { type: "button", class: "outline more", hidden: true, onclick: () => this.#loadMore() }, t("events.more"));
    #newButton = h("button", { type: "button", onclick: () => this.#showWaiting() });
    #new = h("div", { class: "new-rows", role: "status", hidden: true }, this.#newButton);

    constructor(filter, signal, open) {
        this.#filter = filter;
        this.#signal = signal;
        this.#table = new Table({ columns: columns(open), key: (event) => event.id, caption: t("page.events") });
        this.#table.element.hidden = true;
        this.element = h("div", {}, this.#new, this.#table.element, this.#state, this.#more);
    }

    #ask(query) {
        return api.get("events", { ...apiQuery(this.#filter), limit: k_page, ...query }, { signal: this.#signal });
    }

    /// All over again, with these filters.
    async restart(filter = this.#filter) {
        this.#filter = filter;
        const generation = ++this.#generation;
        this.#waiting.clear();
        this.#new.hidden = true;
        this.#more.hidden = true;
        this.#table.element.hidden = true;
        fill(this.#state, loading(6));
        try {
            const page = await this.#ask({});
            if (generation !== this.#generation) return;
            this.#events = page.items;
            this.#cursor = page.next_cursor;
            this.#draw();
        } catch (error) {
            if (generation === this.#generation && error.name !== "AbortError") fill(this.#state, problem(error, () => this.restart()));
        }
    }

    #draw() {
        this.#table.set(this.#events);
        this.#table.element.hidden = this.#events.length === 0;
        this.#more.hidden = this.#cursor === null;
        const isFiltered = Object.values(this.#filter).some(Boolean);
        fill(this.#state, this.#events.length > 0 ? null : empty(t(isFiltered ? "events.none.fit" : "events.none")));
    }

    async #loadMore() {
        const generation = this.#generation;
        this.#more.disabled = true;
        this.#more.setAttribute("aria-busy", "true");
        try {
            const page = await this.#ask({ cursor: this.#cursor });
            if (generation !== this.#generation) return;
            this.#events = [...this.#events, ...page.items];
            this.#cursor = page.next_cursor;
            this.#draw();
        } catch (error) {
            if (generation === this.#generation && error.name !== "AbortError") fill(this.#state, problem(error));
        } finally {
            this.#more.disabled = false;
            this.#more.removeAttribute("aria-busy");
        }
    }

    /// What is new since: at the top it is shown at once; further down it waits, and nothing moves.
    async refresh() {
        const generation = this.#generation;
        let page;
        try {
            page = await this.#ask({});
        } catch {
            return; // the page says already that the server is away
        }
        if (generation !== this.#generation) return;
        const known = new Set(this.#events.map(({ id }) => id));
        const fresh = page.items.filter(({ id }) => !known.has(id));
        const now = new Map(page.items.map((event) => [event.id, event]));
        this.#events = this.#events.map((event) => now.get(event.id) ?? event);
        // More has come than a page holds: between the two there is a gap, and the list begins anew.
        const hasGap = this.#events.length > 0 && fresh.length === page.items.length;
        if (this.#isAtTop() && hasGap) {
            this.#events = page.items;
            this.#cursor = page.next_cursor;
        } else if (this.#isAtTop() || this.#events.length === 0) {
            this.#waiting.clear();
            this.#merge(fresh);
            if (this.#events.length === fresh.length) this.#cursor = page.next_cursor;
        } else {
            for (const event of fresh) this.#waiting.set(event.id, event);
            this.#hasGap = this.#hasGap || hasGap;
        }
        this.#draw();
        this.#new.hidden = this.#waiting.size === 0;
        this.#newButton.textContent = this.#hasGap ? t("events.new.many") : t("events.new", { number: this.#waiting.size });
    }
    #hasGap = false;

    #isAtTop() {
        return scrollY < 80;
    }

    #merge(fresh) {
        const order = (a, b) => (a.time === b.time ? b.id - a.id : a.time < b.time ? 1 : -1);
        this.#events = [...fresh, ...this.#events].sort(order);
        if (this.#events.length > k_most_rows && this.#isAtTop()) this.restart();
    }

    #showWaiting() {
        scrollTo(0, 0);
        this.#new.hidden = true;
        if (this.#hasGap) {
            this.#hasGap = false;
            this.restart();
            return;
        }
        this.#merge([...this.#waiting.values()]);
        this.#waiting.clear();
        this.#draw();
    }
}

export function show(main, { query, signal }) {
    const filter = Object.fromEntries(k_filter_names.map((name) => [name, query.get(name) ?? ""]));
    // Its number is in the address as long as it is open, for whoever gets the link.
    const open = ({ id }) => {
        keepQuery("events", { ...filter, show: id });
        eventDialog(id).addEventListener("close", () => keepQuery("events", filter));
    };
    const list = new EventList(filter, signal, open);
    const filters = eventFilters(filter, (next) => {
        keepQuery("events", next);
        list.restart({ ...next });
    });
    main.append(
        h("div", { class: "page-head" }, h("h1", { tabindex: "-1" }, t("page.events")),
            may("read") ? h("button", { type: "button", class: "outline", onclick: () => exportDialog({ ...filter }) }, icon("download"), t("events.export")) : null),
        filters.element, list.element);
    list.restart();
    listAll("devices", { sources: true }, { signal }).then((devices) => filters.setDevices(devices), () => {});
    whenever({ types: ["event"], paths: ["events", "outbox"], every: 1_000, delay: 200, signal, sessions }, () => list.refresh());
    const wanted = query.get("show");
    if (/^\d+$/.test(wanted ?? "")) open({ id: wanted });
}
