// A long list as a table: newest first, a page at a time, and what is new comes to the top without moving who reads further down.

import { api } from "../api.js";
import { fill, h } from "../h.js";
import { t } from "../texts.js";
import { empty, loading, problem } from "./states.js";
import { Table } from "./table.js";

/// restart(query) shows another choice; refresh() reads the beginning again and changes what is shown.
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
    #state = h("div");
    #more = h("button", { type: "button", class: "outline more", hidden: true, onclick: () => this.#loadMore() }, t("list.more"));

    /// nothing(query) is the text of an empty list.
    constructor({ path, columns, key = (item) => item.id, caption, nothing, signal, limit = 50, rowAttributes }) {
        this.#path = path;
        this.#key = key;
        this.#nothing = nothing;
        this.#signal = signal;
        this.#limit = limit;
        this.#table = new Table({ columns, key, caption, rowAttributes });
        this.#table.element.hidden = true;
        this.element = h("div", {}, this.#table.element, this.#state, this.#more);
    }

    get items() {
        return this.#items;
    }

    #ask(query) {
        return api.get(this.#path, { ...this.#query, limit: this.#limit, ...query }, { signal: this.#signal });
    }

    async restart(query = this.#query) {
        this.#query = query;
        const generation = ++this.#generation;
        this.#items = [];
        this.#more.hidden = true;
        this.#table.element.hidden = true;
        fill(this.#state, loading(5));
        try {
            const page = await this.#ask({});
            if (generation !== this.#generation) return;
            this.#items = page.items;
            this.#cursor = page.next_cursor;
            this.#draw();
        } catch (error) {
            if (generation === this.#generation && error.name !== "AbortError") fill(this.#state, problem(error, () => this.restart()));
        }
    }

    async #loadMore() {
        const generation = this.#generation;
        this.#more.disabled = true;
        this.#more.setAttribute("aria-busy", "true");
        try {
            const page = await this.#ask({ cursor: this.#cursor });
            if (generation !== this.#generation) return;
            const known = new Set(this.#items.map(this.#key));
            this.#items = [...this.#items, ...page.items.filter((item) => !known.has(this.#key(item)))];
            this.#cursor = page.next_cursor;
            this.#draw();
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
            const page = await this.#ask({ limit: wanted });
            if (generation !== this.#generation) return;
            this.#items = page.items;
            this.#cursor = page.next_cursor;
            this.#draw();
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
