// A long list as a table: newest first, a page at a time.

import { api, ApiError, Unreachable } from "../api.js";
import { fill, h } from "../h.js";
import { t } from "../texts.js";
import { keepPlace } from "../router.js";
import { empty, loading, problem } from "./states.js";
import { Table } from "./table.js";

const k_most = 1000; // rows of an answer

/// restart(query) shows another choice; refresh() reads again what is shown. Questions go one after the other, so that no answer
/// overwrites a newer one. Who keeps the rows in another way gives refresh() what to do with the newest page, and replace()s.
export class PagedTable {
    #path;
    #query = {};
    #signal;
    #limit;
    #nothing;
    #items = [];
    #key;
    #cursor = null;
    #generation = 0; // of the query: what was asked before it changed is of no use
    #turn = Promise.resolve(); // of the questions about what is shown
    #isDue = false; // a refresh waits for its turn
    #table;
    #skeletons;
    #state = h("div");
    #more = h("button", { type: "button", class: "outline more", hidden: true, onclick: () => this.#loadMore() }, t("list.more"));

    /// nothing(query) is the text of an empty list, or what stands in its place; head stands above it; skeletons are the rows of one that loads.
    constructor({ path, columns, key = (item) => item.id, caption, nothing, signal, limit = 50, rowAttributes, head = null, skeletons = 5 }) {
        this.#path = path;
        this.#key = key;
        this.#nothing = nothing;
        this.#signal = signal;
        this.#limit = limit;
        this.#skeletons = skeletons;
        this.#table = new Table({ columns, key, caption, rowAttributes });
        this.#table.element.hidden = true;
        this.element = h("div", {}, head, this.#table.element, this.#state, this.#more);
    }

    get items() {
        return this.#items;
    }

    get cursor() {
        return this.#cursor;
    }

    replace(items, cursor) {
        this.#items = items;
        this.#cursor = cursor;
        if (!this.#signal.aborted) keepPlace({ rows: Math.min(k_most, items.length) });
        this.#draw();
    }

    #ask(query = {}) {
        return api.get(this.#path, { ...this.#query, limit: this.#limit, ...query }, { signal: this.#signal });
    }

    /// The first row, for whoever has moved by keyboard to what has just come.
    focusFirst() {
        this.#table.body.querySelector("a[href], button")?.focus({ preventScroll: true });
    }

    /// act() after what has been asked before, and before what will be.
    #inTurn(act) {
        const mine = this.#turn.then(act);
        this.#turn = mine.catch(() => {});
        return mine;
    }

    restart(query = this.#query) {
        // What still runs belongs to another choice: nothing has to wait for it.
        this.#turn = this.#begin(query);
        return this.#turn;
    }

    async #begin(query) {
        this.#query = query;
        this.#isDue = false;
        const generation = ++this.#generation;
        const rows = generation === 1 ? (history.state?.rows ?? 0) : 0; // as many as there were, for whoever comes back
        this.#items = [];
        this.#more.hidden = true;
        this.#table.element.hidden = true;
        fill(this.#state, loading(this.#skeletons));
        try {
            const page = await this.#askAgain(Math.max(this.#limit, rows));
            if (generation === this.#generation) this.replace(page.items, page.next_cursor);
        } catch (error) {
            if (generation === this.#generation && error.name !== "AbortError") fill(this.#state, problem(error, () => this.restart()));
        }
    }

    async #loadMore() {
        if (this.#more.hasAttribute("aria-busy")) return;
        this.#more.setAttribute("aria-busy", "true");
        await this.#inTurn(() => this.#askMore());
        this.#more.removeAttribute("aria-busy");
    }

    async #askMore() {
        const generation = this.#generation;
        if (this.#cursor === null || this.#signal.aborted) return;
        try {
            const page = await this.#ask({ cursor: this.#cursor });
            if (generation !== this.#generation) return;
            const known = new Set(this.#items.map(this.#key));
            this.replace([...this.#items, ...page.items.filter((item) => !known.has(this.#key(item)))], page.next_cursor);
        } catch (error) {
            if (generation === this.#generation && error.name !== "AbortError") fill(this.#state, problem(error));
        }
    }

    /// As much as is shown, read again; or the newest page, asked with this query, for take(page). While the server is away what is
    /// shown stays.
    refresh(query = null, take = (page) => this.replace(page.items, page.next_cursor)) {
        if (this.#isDue) return this.#turn;
        this.#isDue = true;
        const generation = this.#generation;
        return this.#inTurn(async () => {
            if (this.#signal.aborted || generation !== this.#generation) return;
            this.#isDue = false;
            try {
                const page = await (query ? this.#ask(query) : this.#askAgain(Math.max(this.#limit, this.#items.length)));
                if (generation === this.#generation) take(page);
            } catch (error) {
                if (!(error instanceof ApiError) && !(error instanceof Unreachable) && error.name !== "AbortError") throw error;
                // The page says already that the server is away.
            }
        });
    }

    /// So many rows, as one page.
    async #askAgain(wanted) {
        const items = [];
        let cursor;
        do {
            const page = await this.#ask({ limit: Math.min(k_most, wanted - items.length), cursor });
            items.push(...page.items);
            cursor = page.next_cursor;
        } while (cursor && items.length < wanted);
        return { items, next_cursor: cursor };
    }

    #draw() {
        this.#table.set(this.#items);
        this.#table.element.hidden = this.#items.length === 0;
        this.#more.hidden = this.#cursor === null;
        if (this.#items.length > 0) {
            this.#state.replaceChildren();
            return;
        }
        const nothing = this.#nothing(this.#query);
        fill(this.#state, nothing instanceof Node ? nothing : empty(nothing));
    }
}
