// What the monitor had to say, and who is told of it.

import { api } from "../api.js";
import { h } from "../h.js";
import { whenever } from "../live.js";
import { pageUrl } from "../place.js";
import { may, mayChange, sessions } from "../session.js";
import { t, timeElement, word } from "../texts.js";
import { badge } from "../ui/badge.js";
import { ask } from "../ui/dialog.js";
import { filterOf, filters, periods } from "../ui/filters.js";
import { PagedTable } from "../ui/paged.js";
import { errorText } from "../ui/states.js";
import { tabs, viewOf } from "../ui/tabs.js";
import { targetsRegion } from "../ui/targets.js";
import { toast } from "../ui/toast.js";

const k_types = ["error", "warning", "info", "success"];
const views = () => [["list", t("notifications.list")], ...(may("devices") ? [["channels", t("notifications.channels")]] : [])];

function listView(main, query, signal) {
    const filter = filterOf(query, { unread: "", type: "", since: "" });
    const may_change = mayChange("network");
    const run = async (act) => {
        try {
            await act();
        } catch (error) {
            toast(error.status === 409 ? t("notifications.nothing") : errorText(error), error.status === 409 ? "note" : "error");
        }
        list.refresh();
    };
    const readOne = (one) => run(() => api.post(`notifications/${one.id}/read`));
    const list = new PagedTable({ path: "notifications", caption: t("page.notifications"), signal,
        nothing: ({ unread, type }) => t(unread || type ? "notifications.none.fit" : "notifications.none"),
        rowAttributes: (one) => ({ class: one.is_read ? "" : "unread" }),
        columns: [
            { label: t("event.time"), class: "narrow", cell: (one) => timeElement(one.at, "short") },
            { label: t("notification.type"), class: "narrow", cell: (one) => badge("notice", one.type) },
            { label: t("notification.message"), cell: (one) => [one.is_read ? one.message : h("strong", {}, one.message),
                one.ont ? [" ", h("a", { href: pageUrl(`onts/${one.ont}`) }, one.ont_name ?? t("page.ont"))] : null] },
            { label: t("word.actions"), class: "narrow", cell: (one) => (one.is_read || !may_change ? null
                : h("button", { type: "button", class: "link", onclick: () => readOne(one) }, t("notification.read"))) },
        ] });
    async function clear() {
        if (!(await ask(t("notifications.clear.title"), t("notifications.clear.text"), { yes: t("notifications.clear") }))) return;
        await run(async () => {
            const { notifications } = await api.post("notifications/clear");
            toast(t("notifications.cleared", { number: notifications }));
        });
    }
    const restore = () => run(async () => {
        const { notifications } = await api.post("notifications/restore");
        toast(t("notifications.restored", { number: notifications }));
    });
    const readAll = () => run(async () => {
        const { notifications } = await api.post("notifications/read");
        toast(t("notifications.read", { number: notifications }));
    });
    main.append(
        filters({ path: "notifications", filter, signal, act: () => list.restart({ ...filter }), fields: [
            { name: "unread", label: t("notifications.which"), options: [["", t("word.all")], ["true", t("notifications.unread")]] },
            { name: "type", label: t("notification.type"), options: [["", t("word.all")], ...k_types.map((one) => [one, word("notice", one)])] },
            { name: "since", label: t("word.period"), options: [["", t("word.all")], ...periods()] },
        ] }),
        may_change ? h("div", { class: "actions spaced" },
            h("button", { type: "button", class: "outline", onclick: readAll }, t("notifications.read_all")),
            h("button", { type: "button", class: "outline", onclick: restore }, t("notifications.restore")),
            h("button", { type: "button", class: "outline danger", onclick: clear }, t("notifications.clear"))) : "",
        list.element);
    list.restart({ ...filter });
    whenever({ types: ["notification", "unread"], paths: ["notifications"], every: 1_500, delay: 200, signal, sessions }, () => list.refresh());
}

export function show(main, { query, signal }) {
    const view = viewOf(query, views());
    main.append(h("h1", { tabindex: "-1" }, t("page.notifications")), tabs("notifications", views(), view, t("page.notifications")));
    if (view === "channels") {
        const targets = targetsRegion(signal);
        main.append(targets.element);
        whenever({ paths: ["targets"], every: 1_500, signal, sessions }, targets.reload);
    } else {
        listView(main, query, signal);
    }
}
