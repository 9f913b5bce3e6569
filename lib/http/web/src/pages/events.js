// What the terminals and cameras have seen, newest first. New rows come live; who reads further down keeps the place.

import { listAll } from "../api.js";
import { h } from "../h.js";
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
import { PagedTable } from "../ui/paged.js";
import { portrait } from "../ui/picture.js";

const k_page = 50;
const k_reread = 60_000; // ms: how often rows further down are read again
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

/// The rows of the page. What is new comes to the top without moving who reads further down.
class EventList {
    #rows;
    #waiting = new Map(); // new rows that somebody who reads further down has not asked for yet
    #hasGap = false; // more has come than a page holds: the list has to begin anew
    #reread = 0; // performance.now() when all that is shown was read last
    #newButton = h("button", { type: "button", onclick: () => this.#showWaiting() });
    #new = h("div", { class: "new-rows", role: "status", hidden: true }, this.#newButton);

    constructor(filter, signal, open) {
        this.#rows = new PagedTable({
            path: "events",
            columns: columns(open),
            caption: t("page.events"),
            nothing: (query) => t(Object.values(query).some(Boolean) ? "events.none.fit" : "events.none"),
            head: this.#new,
            signal,
            limit: k_page,
            skeletons: 6,
        });
        this.element = this.#rows.element;
        this.restart(filter);
    }

    #forgetWaiting() {
        this.#waiting.clear();
        this.#hasGap = false;
    }

    /// All over again, with these filters.
    restart(filter) {
        this.#forgetWaiting();
        this.#new.hidden = true;
        this.#reread = performance.now();
        return this.#rows.restart(filter && apiQuery(filter));
    }

    /// What is new since: at the top it is shown at once; further down it waits, and nothing moves.
    refresh() {
        const isWhole = performance.now() - this.#reread >= k_reread;
        return this.#rows.refresh({ limit: isWhole ? Math.min(1000, Math.max(k_page, this.#rows.items.length)) : k_page }, (page) => {
            if (isWhole) this.#reread = performance.now();
            this.#take(page);
        });
    }

    #take(page) {
        const known = new Set(this.#rows.items.map(({ id }) => id));
        const fresh = page.items.filter(({ id }) => !known.has(id));
        const now = new Map(page.items.map((event) => [event.id, event]));
        // What was shown, and is of this page's time but not on it, fits the filters no longer.
        const oldest = page.next_cursor === null ? null : page.items.at(-1);
        const isFurther = ({ time, id }) => oldest !== null && (time < oldest.time || (time === oldest.time && id < oldest.id));
        const shown = this.#rows.items.filter((event) => now.has(event.id) || isFurther(event)).map((event) => now.get(event.id) ?? event);
        const hasGap = shown.length > 0 && fresh.length > 0 && fresh.length === page.items.length;
        if (shown.length === 0 || (this.#isAtTop() && hasGap)) {
            this.#forgetWaiting();
            this.#rows.replace(page.items, page.next_cursor);
        } else if (this.#isAtTop()) {
            this.#forgetWaiting();
            this.#merge(fresh, shown);
        } else {
            this.#hasGap = this.#hasGap || hasGap;
            if (this.#hasGap) this.#waiting.clear();
            else this.#waiting = new Map([...this.#waiting].filter(([id, event]) => now.has(id) || isFurther(event)).concat(fresh.map((event) => [event.id, event])));
            this.#rows.replace(shown, this.#rows.cursor);
        }
        this.#new.hidden = this.#waiting.size === 0 && !this.#hasGap;
        this.#newButton.textContent = this.#hasGap ? t("events.new.many") : t("events.new", { number: this.#waiting.size });
    }

    #isAtTop() {
        return scrollY < 80;
    }

    #merge(fresh, shown) {
        const order = (a, b) => (a.time === b.time ? b.id - a.id : a.time < b.time ? 1 : -1);
        const events = [...fresh, ...shown].sort(order);
        if (events.length > k_most_rows && this.#isAtTop()) this.restart();
        else this.#rows.replace(events, this.#rows.cursor);
    }

    #showWaiting() {
        scrollTo(0, 0);
        if (this.#hasGap) {
            this.restart().then(() => this.#rows.focusFirst());
        } else {
            const fresh = [...this.#waiting.values()];
            this.#waiting.clear();
            this.#merge(fresh, this.#rows.items);
            this.#rows.focusFirst();
        }
        // Last, since the focus of its button would be lost with it.
        this.#new.hidden = true;
    }
}

export function show(main, { query, signal }) {
    const filter = Object.fromEntries(k_filter_names.map((name) => [name, query.get(name) ?? ""]));
    // Its number is in the address as long as it is open, for whoever gets the link.
    const open = ({ id }) => {
        keepQuery("events", { ...filter, show: id });
        eventDialog(id).addEventListener("close", () => signal.aborted || keepQuery("events", filter));
    };
    const list = new EventList(filter, signal, open);
    const filters = eventFilters(filter, signal, (next) => {
        keepQuery("events", next);
        list.restart(next);
    });
    main.append(
        h("div", { class: "page-head" }, h("h1", { tabindex: "-1" }, t("page.events")),
            may("read") ? h("button", { type: "button", class: "outline", onclick: () => exportDialog({ ...filter }) }, icon("download"), t("events.export")) : null),
        filters.element, list.element);
    listAll("devices", { sources: true }, { signal }).then((devices) => filters.setDevices(devices), () => {});
    whenever({ types: ["event"], paths: ["events", "outbox"], every: 1_000, delay: 200, atLeast: k_reread, signal, sessions }, () => list.refresh());
    const wanted = query.get("show");
    if (/^\d+$/.test(wanted ?? "")) open({ id: wanted });
}
