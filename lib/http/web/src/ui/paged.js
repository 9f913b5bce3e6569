// A long list as a table: newest first, a page at a time.

import { api } from "../api.js";
import { fill, h } from "../h.js";
import { t } from "../texts.js";
import { empty, loading, problem } from "./states.js";
import { Table } from "./table.js";

/// restart(query) shows another choice; refresh() reads again what is shown. Who keeps the rows in another way asks() and replace()s, and
/// looks at `generation` for whether the query is still the same.
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
    #table;
    #skeletons;
    #state = h("div");
    #more = h("button", { type: "button", class: "outline more", hidden: true, onclick: () => this.#loadMore() }, t("list.more"));

    /// nothing(query) is the text of an empty list; head stands above it; skeletons are the rows of one that loads.
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

    get generation() {
        return this.#generation;
    }

    replace(items, cursor) {
        this.#items = items;
        this.#cursor = cursor;
        this.#draw();
    }

    ask(query = {}) {
        return api.get(this.#path, { ...this.#query, limit: this.#limit, ...query }, { signal: this.#signal });
    }

    async restart(query = this.#query) {
        this.#query = query;
        const generation = ++this.#generation;
        this.#items = [];
        this.#more.hidden = true;
        this.#table.element.hidden = true;
        fill(this.#state, loading(this.#skeletons));
        try {
            const page = await this.ask();
            if (generation === this.#generation) this.replace(page.items, page.next_cursor);
        } catch (error) {
            if (generation === this.#generation && error.name !== "AbortError") fill(this.#state, problem(error, () => this.restart()));
        }
    }

    async #loadMore() {
        const generation = this.#generation;
        this.#more.disabled = true;
        this.#more.setAttribute("aria-busy", "true");
        try {
            const page = await this.ask({ cursor: this.#cursor });
            if (generation !== this.#generation) return;
            const known = new Set(this.#items.map(this.#key));
            this.replace([...this.#items, ...page.items.filter((item) => !known.has(this.#key(item)))], page.next_cursor);
        } catch (error) {
            if (generation === this.#generation && error.name !== "AbortError") fill(this.#state, problem(error));
        } finally {
            this.#more.disabled = false;
            this.#more.removeAttribute("aria-busy");
        }
    }

    /// As much as is shown, read again. While the server is away what is shown stays.
    async refresh() {
        if (this.#table.element.hidden && this.#state.querySelector(".skeleton")) return;
        const generation = this.#generation;
        const wanted = Math.min(1000, Math.max(this.#limit, this.#items.length));
        try {
            const page = await this.ask({ limit: wanted });
            if (generation === this.#generation) this.replace(page.items, page.next_cursor);
        } catch {
            return; // the page says already that the server is away
        }
    }

    #draw() {
        this.#table.set(this.#items);
        this.#table.element.hidden = this.#items.length === 0;
        this.#more.hidden = this.#cursor === null;
        fill(this.#state, this.#items.length > 0 ? null : empty(this.#nothing(this.#query)));
    }
}
