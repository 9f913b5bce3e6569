// Windows in which work is done: planned, looked at, taken back.

import { api, listAll } from "../api.js";
import { fill, h } from "../h.js";
import { place } from "../place.js";
import { mayChange } from "../session.js";
import { moment, t, today } from "../texts.js";
import { badge } from "./badge.js";
import { ask, openDialog } from "./dialog.js";
import { form } from "./form.js";
import { empty, errorText, Region } from "./states.js";
import { showTable, Table } from "./table.js";
import { toast } from "./toast.js";

const k_scopes = ["all", "ont", "parent", "location", "group"];
const k_repeats = ["once", "daily", "weekly"];

function subjectOf(window) {
    const what = t(`maintenance.scope.${window.scope}`);
    return window.scope === "all" ? what : `${what}: ${window.subject ?? t("maintenance.gone")}`;
}

export function maintenanceDialog(act) {
    const content = form({
        fields: [
            { name: "scope", label: t("maintenance.scope"), type: "select", value: "all", options: k_scopes.map((one) => [one, t(`maintenance.scope.${one}`)]) },
            { name: "value", label: t("maintenance.value"), hint: t("maintenance.value.hint") },
            { name: "starts", label: t("maintenance.starts"), type: "datetime-local", value: `${today()}T22:00`, isRequired: true, hint: place.timezone },
            { name: "duration", label: t("maintenance.duration"), value: "2h", isRequired: true, hint: t("maintenance.duration.hint") },
            { name: "repeats", label: t("maintenance.repeats"), type: "select", value: "once", options: k_repeats.map((one) => [one, t(`maintenance.repeats.${one}`)]) },
            { name: "until", label: t("maintenance.until"), type: "date", hint: t("maintenance.until.hint") },
            { name: "reason", label: t("maintenance.reason") },
        ],
        submit: t("maintenance.add"),
        cancel: () => dialog.close(),
        act: async (values) => {
            const json = Object.fromEntries(Object.entries(values).filter(([, value]) => value !== ""));
            if (json.scope === "all") delete json.value;
            if (json.repeats === "once") delete json.until;
            await api.post("maintenance", json);
            dialog.close();
            toast(t("maintenance.added"));
            act();
        },
    });
    const dialog = openDialog(t("maintenance.add"), content);
}

async function remove(window, act) {
    if (!(await ask(t("maintenance.remove.title"), t("maintenance.remove.text"), { yes: t("act.remove") }))) return;
    try {
        await api.remove(`maintenance/${window.id}`);
        toast(t("maintenance.removed"));
        act();
    } catch (error) {
        toast(errorText(error), "error");
    }
}

const k_order = ["active", "planned", "over"];

export function maintenanceRegion(signal) {
    const reload = () => region.reload();
    const table = new Table({ key: (window) => window.id, caption: t("outages.maintenance"), columns: [
        { label: t("word.state"), cell: (window) => badge("maintenance", window.state) },
        { label: t("maintenance.scope"), cell: subjectOf },
        { label: t("maintenance.starts"), cell: (window) => `${window.starts.replace("T", " ")} ${window.zone === place.timezone ? "" : window.zone}` },
        { label: t("maintenance.duration"), cell: (window) => window.duration },
        { label: t("maintenance.repeats"), cell: (window) => [t(`maintenance.repeats.${window.repeats}`), window.until ? h("small", { class: "muted" }, ` ${t("maintenance.until.short", { day: window.until })}`) : null] },
        { label: t("maintenance.next"), cell: (window) => (window.next ? moment(window.next, "short") : "–") },
        { label: t("maintenance.reason"), cell: (window) => window.reason ?? "" },
        { label: t("word.actions"), class: "narrow", cell: (window) => (mayChange("network") ? h("button", { type: "button", class: "link", onclick: () => remove(window, reload) }, t("act.remove")) : null) },
    ] });
    const region = new Region({
        load: (stop) => listAll("maintenance", {}, { signal: stop }),
        draw: (windows, element) => {
            const sorted = windows.sort((a, b) => k_order.indexOf(a.state) - k_order.indexOf(b.state) || b.id - a.id);
            showTable(table, sorted, element, t("maintenance.none"));
        },
        signal,
    });
    return { element: region.element, reload };
}
