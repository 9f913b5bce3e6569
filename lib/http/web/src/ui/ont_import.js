// A file of ONTs: chosen, tried, looked at, and only then taken.

import { api } from "../api.js";
import { fill, h } from "../h.js";
import { number, t } from "../texts.js";
import { openDialog } from "./dialog.js";
import { control, form, Refused } from "./form.js";
import { errorText } from "./states.js";
import { toast } from "./toast.js";

const k_shown = 100; // remarks; the rest is counted
const k_most_bytes = 16 * 1024 * 1024;

function remarks(report) {
    if (report.notes.length === 0) return h("p", { class: "muted" }, t("import.clean"));
    const rows = report.notes.slice(0, k_shown).map((note) => h("tr", {},
        h("td", {}, t(note.line === null ? "import.row" : "import.line", { at: String(note.line ?? note.row) })),
        h("td", {}, h("span", { class: ["badge", note.result === "rejected" ? "bad" : "warn"] }, t(`import.${note.result}`))),
        h("td", {}, note.name ?? note.customer_id ?? ""), h("td", {}, note.detail)));
    const left = report.rejected + report.warnings - rows.length;
    return [h("div", { class: "table-box scrolls", tabindex: "0", role: "region", "aria-label": t("import.remarks") }, h("table", {}, h("caption", { class: "sr-only" }, t("import.remarks")),
        h("thead", {}, h("tr", {}, ["import.where", "word.state", "ont.name", "import.detail"].map((key) => h("th", { scope: "col" }, t(key))))),
        h("tbody", {}, rows))), left > 0 ? h("p", { class: "muted" }, t("import.more", { number: left })) : null];
}

function figures(report) {
    const all = [["import.added", report.added], ["import.updated", report.updated], ["import.unchanged", report.unchanged], ["import.rejected.count", report.rejected]];
    return h("dl", { class: "figures-row" }, all.map(([key, value]) => h("div", {}, h("dt", {}, t(key)), h("dd", {}, number(value)))));
}

/// act() is called when something was imported.
export function importDialog(act) {
    const preview = h("div", { "aria-live": "polite" });
    let tried = null; // {text, merge} that the preview is of
    const file = control({ name: "file", label: t("import.file"), type: "file", isRequired: true, hint: t("import.file.hint"), attributes: { accept: ".csv,.json,text/csv,application/json" } });
    const merge = control({ name: "merge", label: t("import.merge"), type: "checkbox", hint: t("import.merge.hint") });
    const take = h("button", { type: "button", hidden: true, onclick: () => run() }, t("import.take"));

    async function send(text, isMerge, isRehearsal) {
        return api.upload("onts/import", new Blob([text], { type: "text/csv" }), { query: { merge: isMerge, dry_run: isRehearsal }, isQuestion: isRehearsal });
    }
    async function run() {
        take.disabled = true;
        try {
            const report = await send(tried.text, tried.merge, false);
            dialog.close();
            toast(t("import.done", { added: report.added, updated: report.updated, rejected: report.rejected }), report.rejected > 0 ? "note" : "done");
            act();
        } catch (error) {
            fill(preview, h("p", { class: "text-bad", role: "alert" }, errorText(error)));
            take.disabled = false;
        }
    }
    const forget = () => {
        tried = null;
        take.hidden = true;
        preview.replaceChildren();
    };
    file.addEventListener("change", forget);
    merge.addEventListener("change", forget);
    const content = form({
        fields: [h("p", {}, t("import.lead")), file, merge, preview],
        submit: t("import.try"),
        cancel: () => dialog.close(),
        buttons: [take],
        act: async (values) => {
            forget();
            if (!values.file) throw new Refused(t("import.missing"));
            if (values.file.size > k_most_bytes) throw new Refused(t("import.large"));
            const text = await values.file.text();
            const report = await send(text, values.merge, true);
            tried = { text, merge: values.merge };
            fill(preview, h("h3", {}, t("import.preview", { number: report.rows })), figures(report),
                report.parents_made.length > 0 ? h("p", {}, t("import.parents", { names: report.parents_made.slice(0, 10).join(", ") })) : null, remarks(report));
            take.hidden = report.added + report.updated === 0;
            take.disabled = false;
        },
    });
    const dialog = openDialog(t("onts.import"), content, { isWide: true });
}

/// What more than one ONT has.
export async function duplicatesDialog(open) {
    const content = h("div", { "aria-busy": "true" }, h("p", {}, t("state.loading")));
    const dialog = openDialog(t("onts.duplicates"), content, { isWide: true });
    try {
        const found = await api.get("onts/duplicates");
        const groups = found.items.map((one) => h("li", {}, h("strong", {}, t(`duplicate.${one.key}`)), " ", h("code", {}, one.value),
            h("ul", {}, one.onts.map((ont) => h("li", {}, h("button", { type: "button", class: "link", onclick: () => {
                dialog.close();
                open(ont);
            } }, ont.name), ont.customer_id ? h("small", { class: "muted" }, ` ${ont.customer_id}`) : null)))));
        fill(content, h("p", {}, t("duplicates.lead", { number: found.duplicates, place: number(found.without_coordinates), address: number(found.without_address) })),
            groups.length > 0 ? h("ul", { class: "plain-list" }, groups) : h("p", { class: "muted" }, t("duplicates.none")));
    } catch (error) {
        if (error.name !== "AbortError") fill(content, h("p", { class: "text-bad", role: "alert" }, errorText(error)));
    }
    content.removeAttribute("aria-busy");
}
