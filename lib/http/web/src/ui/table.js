// Tables that become cards on a phone. The roles are written out: a changed display takes them away. Classes of columns: "picture"
// is left of the card, "lead" is its first line, "action" goes without its label; "narrow" is as wide as it needs to be.

import { fill, h } from "../h.js";
import { empty, inPlace, keepInStep } from "./states.js";

/// columns: {label, cell(item) -> node, text, or null for nothing, class}. The body is kept in step by set(items).
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
        return this.#columns.map((one) => {
            const content = one.cell(item);
            const isEmpty = content === null || content === "";
            return h("td", { role: "cell", class: [one.class, isEmpty && "is-empty"], dataset: { label: one.label } }, h("div", {}, isEmpty ? "–" : content));
        });
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
                row.className = this.#rowAttributes(item).class ?? "";
                inPlace(row, () => row.replaceChildren(...this.#cells(item)));
            },
        });
    }
}

/// The items in their table, or `nothing`. A table that stands stays where it is: taken out and put back it would lose the focus.
export function showTable(table, items, element, nothing) {
    table.set(items);
    if (items.length === 0) fill(element, empty(nothing));
    else if (table.element.parentNode !== element) fill(element, table.element);
}
