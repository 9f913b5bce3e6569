// API keys: made, shown once, revoked.

import { api, listAll } from "../api.js";
import { h } from "../h.js";
import { part } from "../place.js";
import { mayChange } from "../session.js";
import { beginningOf, t, timeElement, today } from "../texts.js";
import { badge } from "./badge.js";
import { ask, openDialog } from "./dialog.js";
import { control, form, Refused } from "./form.js";
import { errorText, Region } from "./states.js";
import { showTable, Table } from "./table.js";
import { toast } from "./toast.js";

const k_scopes = ["read", "recognize", "enrol", "people", "devices", "network", "admin", "metrics"];

/// The only moment at which anybody sees it.
function secretDialog(key) {
    const field = h("input", { readOnly: true, value: key.key, "aria-label": t("key.secret"), class: "secret", onfocus: (event) => event.target.select() });
    const copy = h("button", { type: "button", onclick: async () => {
        try {
            await navigator.clipboard.writeText(key.key);
            toast(t("key.copied"));
        } catch {
            field.focus(); // selected: the keyboard copies it
        }
    } }, t("key.copy"));
    const dialog = openDialog(t("key.made", { name: key.name }), h("div", {}, h("p", {}, t("key.once")), field), { actions: [copy, h("button", { type: "button", class: "secondary", onclick: () => dialog.close() }, t("act.close"))], isKept: true });
}

function addDialog(act) {
    const content = form({
        fields: [
            { name: "name", label: t("key.name"), isRequired: true, hint: t("key.name.hint") },
            h("fieldset", {}, h("legend", {}, t("key.scopes")), k_scopes.map((scope) => control({ name: `scope.${scope}`, label: t(`scope.${scope}`), type: "checkbox", value: scope === "read" }))),
            { name: "expires", label: t("key.expires"), type: "date", hint: t("key.expires.hint"), attributes: { min: today(1) } },
        ],
        submit: t("keys.add"),
        cancel: () => dialog.close(),
        act: async (values) => {
            const scopes = k_scopes.filter((scope) => values[`scope.${scope}`]);
            if (scopes.length === 0) throw new Refused(t("key.scopes.none"));
            const json = { name: values.name, scopes };
            if (values.expires) json.expires_at = beginningOf(values.expires).toISOString();
            const made = await api.post("keys", json);
            dialog.close();
            act();
            secretDialog(made);
        },
    });
    const dialog = openDialog(t("keys.add"), content);
}

export function keysRegion(signal) {
    let withRevoked = false;
    const reload = () => region.reload();
    async function revoke(key) {
        if (!(await ask(t("key.revoke.title", { name: key.name }), t("key.revoke.text"), { yes: t("key.revoke") }))) return;
        try {
            await api.remove(`keys/${part(key.id)}`);
            toast(t("key.revoked", { name: key.name }));
        } catch (error) {
            toast(errorText(error), "error");
        }
        reload();
    }
    const table = new Table({ key: (key) => key.id, caption: t("settings.keys"), columns: [
        { label: t("key.name"), cell: (key) => [key.name, h("small", { class: "muted" }, ` ${key.id}`)] },
        { label: t("word.state"), cell: (key) => badge("key", key.state) },
        { label: t("key.scopes"), cell: (key) => key.scopes.join(", ") },
        { label: t("key.last_used"), cell: (key) => timeElement(key.last_used_at) },
        { label: t("key.expires"), cell: (key) => (key.expires_at ? timeElement(key.expires_at, "day") : t("key.expires.never")) },
        { label: t("key.created"), cell: (key) => [timeElement(key.created_at, "day"), h("small", { class: "muted" }, ` ${key.created_by}`)] },
        { label: t("word.actions"), class: "narrow", cell: (key) => (key.state === "revoked" || !mayChange("admin") ? null
            : h("button", { type: "button", class: "link", "aria-label": `${t("key.revoke")}: ${key.name}`, onclick: () => revoke(key) }, t("key.revoke"))) },
    ] });
    const region = new Region({
        load: (stop) => listAll("keys", { revoked: withRevoked }, { signal: stop }),
        draw: (keys, element) => showTable(table, keys.sort((a, b) => (a.created_at < b.created_at ? 1 : -1)), element, t("keys.none")),
        signal,
    });
    const all = h("label", { class: "inline-choice" }, h("input", { type: "checkbox", onchange: (event) => {
        withRevoked = event.target.checked;
        reload();
    } }), t("keys.revoked"));
    return { element: h("div", {}, all, region.element), reload, add: () => addDialog(reload) };
}
