// Who may log in.

import { api, listAll } from "../api.js";
import { h } from "../h.js";
import { part } from "../place.js";
import { mayChange, session } from "../session.js";
import { t, timeElement, word } from "../texts.js";
import { badge } from "./badge.js";
import { ask, openDialog } from "./dialog.js";
import { form, Refused } from "./form.js";
import { errorText, Region } from "./states.js";
import { showTable, Table } from "./table.js";
import { toast } from "./toast.js";

const k_roles = ["viewer", "operator", "admin"];
const passwords = () => [
    { name: "password", label: t("password.next"), type: "password", isRequired: true, hint: t("password.rule"), attributes: { autocomplete: "new-password", minlength: 10 } },
    { name: "again", label: t("password.again"), type: "password", isRequired: true, attributes: { autocomplete: "new-password" } },
];
function same({ password, again }) {
    if (password !== again) throw new Refused(t("password.differ"));
}

function addDialog(act) {
    const content = form({
        fields: [{ name: "name", label: t("login.name"), isRequired: true, attributes: { autocomplete: "off", autocapitalize: "none", spellcheck: "false" } },
            { name: "role", label: t("account.role"), type: "select", value: "viewer", options: k_roles.map((one) => [one, t(`role.${one}`)]), hint: t("account.role.hint") }, ...passwords()],
        submit: t("accounts.add"),
        cancel: () => dialog.close(),
        act: async (values) => {
            same(values);
            const saved = await api.post("accounts", { name: values.name, role: values.role, password: values.password });
            dialog.close();
            toast(t("account.added", { name: saved.name }));
            act();
        },
    });
    const dialog = openDialog(t("accounts.add"), content);
}

function passwordDialog(account, act) {
    const content = form({
        fields: [h("p", {}, t("account.password.lead")), ...passwords()],
        submit: t("password.change"),
        cancel: () => dialog.close(),
        act: async (values) => {
            same(values);
            await api.patch(`accounts/${part(account.name)}`, { password: values.password });
            dialog.close();
            toast(t("account.saved", { name: account.name }));
            act();
        },
    });
    const dialog = openDialog(t("account.password.of", { name: account.name }), content);
}

export function accountsRegion(signal) {
    const reload = () => region.reload();
    const run = async (act) => {
        try {
            await act();
        } catch (error) {
            toast(error.status === 409 ? t("account.last_admin") : errorText(error), "error");
        }
        reload();
    };
    const enable = (account) => run(() => api.patch(`accounts/${part(account.name)}`, { enabled: !account.enabled }));
    const remove = (account) => run(async () => {
        if (!(await ask(t("account.remove.title", { name: account.name }), t("account.remove.text"), { yes: t("act.remove") }))) return;
        await api.remove(`accounts/${part(account.name)}`);
        toast(t("account.removed", { name: account.name }));
    });
    const of = (key, name) => ({ type: "button", class: "link", "aria-label": `${t(key)}: ${name}` });
    const table = new Table({ key: (account) => account.name, caption: t("settings.accounts"), columns: [
        { label: t("login.name"), cell: (account) => [account.name, account.name === session.name ? h("small", { class: "muted" }, ` ${t("account.you")}`) : null] },
        { label: t("account.role"), cell: (account) => word("role", account.role) },
        { label: t("word.state"), cell: (account) => badge("target", account.enabled ? "enabled" : "disabled") },
        { label: t("account.last_login"), cell: (account) => [timeElement(account.last_login), account.last_peer ? h("small", { class: "muted" }, ` ${account.last_peer}`) : null] },
        { label: t("word.actions"), class: "narrow", cell: (account) => (!mayChange("admin") ? null : h("div", { class: "actions" },
            h("button", { ...of("account.password", account.name), onclick: () => passwordDialog(account, reload) }, t("account.password")),
            h("button", { ...of(account.enabled ? "device.disable" : "device.enable", account.name), onclick: () => enable(account) }, t(account.enabled ? "device.disable" : "device.enable")),
            h("button", { ...of("act.remove", account.name), onclick: () => remove(account) }, t("act.remove")))) },
    ] });
    const region = new Region({
        load: (stop) => listAll("accounts", {}, { signal: stop }),
        draw: (accounts, element) => showTable(table, accounts, element, t("accounts.none")),
        signal,
    });
    return { element: region.element, reload, add: () => addDialog(reload) };
}
