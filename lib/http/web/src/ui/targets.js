// Who is told: the targets that take notifications, their quiet hours, and whether they work.

import { api, listAll } from "../api.js";
import { fill, h } from "../h.js";
import { part, place } from "../place.js";
import { mayChange } from "../session.js";
import { number, t } from "../texts.js";
import { badge } from "./badge.js";
import { openDialog } from "./dialog.js";
import { form, Refused } from "./form.js";
import { empty, errorText, Region } from "./states.js";
import { showTable, Table } from "./table.js";
import { toast } from "./toast.js";

const takesNotifications = (target) => target.kinds.includes("notification");

function editDialog(target, act) {
    const [from = "", until = ""] = (target.quiet_hours ?? "").split("-");
    const content = form({
        fields: [
            { name: "enabled", label: t("target.enabled"), type: "checkbox", value: target.enabled },
            h("p", {}, t("target.quiet.lead", { zone: place.timezone })),
            { name: "from", label: t("target.quiet.from"), type: "time", value: from },
            { name: "until", label: t("target.quiet.until"), type: "time", value: until },
            { name: "after_s", label: t("target.after"), type: "number", value: String(target.after_s), hint: t("target.after.hint"), attributes: { min: 0, max: 86_400 } },
        ],
        submit: t("act.save"),
        cancel: () => dialog.close(),
        act: async (values) => {
            if ((values.from === "") !== (values.until === "")) throw new Refused(t("target.quiet.both"));
            const quiet_hours = values.from === "" ? "" : `${values.from}-${values.until}`;
            await api.patch(`targets/${part(target.name)}`, { enabled: values.enabled, quiet_hours, after_s: Number(values.after_s) });
            dialog.close();
            toast(t("target.saved", { name: target.name }));
            act();
        },
    });
    const dialog = openDialog(t("target.edit", { name: target.name }), content);
}

/// To one, or to all of them.
async function test(button, name) {
    button.disabled = true;
    button.setAttribute("aria-busy", "true");
    try {
        const { items } = await api.post("notifications/test", name ? { target: name } : {}, { isQuestion: true });
        for (const one of items) {
            if (one.result === "sent") toast(t("target.test.sent", { name: one.target }));
            else toast(t("target.test.failed", { name: one.target, reason: one.reason ?? "" }), "error");
        }
    } catch (error) {
        toast(errorText(error), "error");
    }
    button.disabled = false;
    button.removeAttribute("aria-busy");
}

export function targetsRegion(signal) {
    const reload = () => region.reload();
    const mayEdit = mayChange("devices"), mayTest = mayChange("network");
    const table = new Table({ key: (target) => target.name, caption: t("notifications.channels"), columns: [
        { label: t("target.name"), cell: (target) => [target.name, h("small", { class: "muted" }, ` ${target.format}`)] },
        { label: t("target.address"), cell: (target) => target.address },
        { label: t("word.state"), cell: (target) => badge("target", target.enabled ? "enabled" : "disabled") },
        { label: t("target.quiet"), cell: (target) => target.quiet_hours ?? "–" },
        { label: t("target.after"), class: "number", cell: (target) => t("unit.s", { value: number(target.after_s) }) },
        { label: t("word.actions"), class: "narrow", cell: (target) => h("div", { class: "actions" },
            mayTest && target.enabled ? h("button", { type: "button", class: "link", "aria-label": t("target.test.of", { name: target.name }), onclick: (event) => test(event.currentTarget, target.name) }, t("target.test")) : null,
            mayEdit ? h("button", { type: "button", class: "link", "aria-label": t("target.edit", { name: target.name }), onclick: () => editDialog(target, reload) }, t("act.edit")) : null) },
    ] });
    const all = h("button", { type: "button", class: "outline", onclick: () => test(all, null) }, t("target.test.all"));
    const list = h("div");
    const lead = [h("p", { class: "spaced" }, all), h("p", { class: "muted" }, t("target.lead"), " ", h("code", {}, "bioctl targets add"))];
    const region = new Region({
        load: (stop) => listAll("targets", {}, { signal: stop }),
        draw: (targets, element) => {
            const those = targets.filter(takesNotifications);
            if (!list.isConnected) fill(element, list, lead);
            showTable(table, those, list, t("target.none"));
            all.parentElement.hidden = those.length === 0 || !mayTest;
        },
        signal,
    });
    return { element: region.element, reload };
}
