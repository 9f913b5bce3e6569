// Tables that become cards on a phone. The roles are written out: a changed display takes them away.

import { h } from "../h.js";
import { keepInStep } from "./states.js";

/// columns: {label, cell(item) -> node or text, class}. The body is kept in step by set(items).
export class Table {
    #columns;
    #key;
    #body;
    #rowAttributes;
    #drawn = new WeakMap();

    constructor({ columns, key, caption, rowAttributes = () => ({}) }) {
        this.#columns = columns;
        this.#key = key;
        this.#rowAttributes = rowAttributes;
        this.#body = h("tbody", { role: "rowgroup" });
        this.element = h("div", { class: "table-box" }, h("table", { role: "table", class: "cards-on-phone" },
            h("caption", { class: "sr-only" }, caption),
            h("thead", { role: "rowgroup" }, h("tr", { role: "row" }, columns.map((one) => h("th", { role: "columnheader", scope: "col", class: one.class }, one.label)))),
            this.#body));
    }

    get body() {
        return this.#body;
    }

    #cells(item) {
        return this.#columns.map((one) => h("td", { role: "cell", class: one.class, dataset: { label: one.label } }, one.cell(item)));
    }

    #make(item) {
        const row = h("tr", { role: "row", ...this.#rowAttributes(item) }, this.#cells(item));
        this.#drawn.set(row, JSON.stringify(item));
        return row;
    }

    set(items) {
        keepInStep(this.#body, items, {
            key: this.#key,
            make: (item) => this.#make(item),
            change: (row, item) => {
                const text = JSON.stringify(item);
                if (this.#drawn.get(row) === text) return;
                this.#drawn.set(row, text);
                row.replaceChildren(...this.#cells(item));
            },
        });
    }
}
