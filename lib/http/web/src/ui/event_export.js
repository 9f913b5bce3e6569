// Events as a file, with the filters of the page. They come a page at a time, so that a million of them is no trouble for anybody.

import { pagesOf } from "../api.js";
import { fill, h } from "../h.js";
import { t } from "../texts.js";
import { openDialog } from "./dialog.js";
import { dayAfter } from "./event_filters.js";
import { errorText } from "./states.js";
import { toast } from "./toast.js";

const k_columns = ["id", "time", "local_time", "device", "location", "kind", "minor_name", "employee_no", "person_id", "name", "picture_state", "delivery", "verdict", "distance"];

/// A cell of CSV. What a spreadsheet would take for a formula gets an apostrophe before it: names come from outside.
export function csvCell(value) {
    let text = value === null || value === undefined ? "" : String(value);
    if (typeof value === "string" && /^[=+\-@\t\r]/.test(text)) text = `'${text}`;
    return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

const k_formats = {
    csv: {
        type: "text/csv",
        head: `\uFEFF${k_columns.join(",")}\r\n`,
        line: (event) => `${k_columns.map((name) => csvCell(event[name])).join(",")}\r\n`,
    },
    ndjson: { type: "application/x-ndjson", head: "", line: (event) => `${JSON.stringify(event)}\n` },
};

/// Gives the browser a file.
export function saveFile(name, parts, type) {
    const url = URL.createObjectURL(new Blob(parts, { type }));
    const link = h("a", { href: url, download: name });
    link.click();
    setTimeout(() => URL.revokeObjectURL(url), 60_000);
}

export function exportDialog(filter) {
    const status = h("p", { role: "status" });
    const content = h("div", {}, h("p", {}, t("export.lead")), status);
    const stop = new AbortController();
    async function run(name) {
        const format = k_formats[name];
        for (const button of buttons) button.disabled = true;
        try {
            const parts = [format.head];
            let count = 0;
            for await (const items of pagesOf("events", { ...filter, until: dayAfter(filter.until) }, { signal: stop.signal })) {
                // A part for each page: the browser may put it on its disk.
                parts.push(new Blob([items.map(format.line).join("")]));
                count += items.length;
                fill(status, t("export.running", { number: count }));
            }
            saveFile(`events.${name}`, parts, format.type);
            dialog.close();
            toast(t("export.done", { number: count }));
        } catch (error) {
            if (error.name !== "AbortError") fill(status, errorText(error));
            for (const button of buttons) button.disabled = false;
        }
    }
    const buttons = Object.keys(k_formats).map((name) => h("button", { type: "button", onclick: () => run(name) }, name.toUpperCase()));
    const dialog = openDialog(t("events.export"), content, { actions: [h("button", { type: "button", class: "secondary", onclick: () => dialog.close() }, t("act.cancel")), buttons] });
    dialog.addEventListener("close", () => stop.abort());
}
