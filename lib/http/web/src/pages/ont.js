// One ONT: how it does, how it did, and what hangs on it.

import { api, ApiError, listAll } from "../api.js";
import { fill, h } from "../h.js";
import { whenever } from "../live.js";
import { stateOf } from "../ont_book.js";
import { pageUrl, part } from "../place.js";
import { go } from "../router.js";
import { mayChange, sessions } from "../session.js";
import { duration, number, t, timeElement } from "../texts.js";
import { badge } from "../ui/badge.js";
import { ask } from "../ui/dialog.js";
import { icon } from "../ui/icons.js";
import { ontDialog } from "../ui/ont_form.js";
import { historyOf } from "../ui/ont_history.js";
import { empty, errorText, inPlace, Region } from "../ui/states.js";
import { toast } from "../ui/toast.js";

function facts(ont) {
    const place = ont.latitude === null ? null : h("a", { href: pageUrl("map", { show: ont.id }) }, `${ont.latitude}, ${ont.longitude}`);
    const rows = [
        [t("ont.customer_id"), ont.customer_id], [t("ont.kind"), t(`ont.kind.${ont.kind}`)], [t("ont.host"), ont.host ?? t("ont.host.none")],
        [t("ont.parent"), ont.parent_id ? h("a", { href: pageUrl(`onts/${ont.parent_id}`) }, ont.parent) : null],
        [t("ont.location"), ont.location], [t("ont.place"), place], [t("ont.tags"), ont.tags.join(", ") || null],
        [t("ont.rtt"), ont.rtt_us === null ? null : t("unit.ms", { value: number(ont.rtt_us / 1000, { maximumFractionDigits: 1 }) })],
        [t("ont.last_answered"), timeElement(ont.last_answered)], [t("ont.asked_at"), timeElement(ont.asked_at)],
    ];
    return h("dl", { class: "facts wide-facts" }, rows.filter(([, value]) => value !== null).map(([label, value]) => [h("dt", {}, label), h("dd", {}, value)]));
}

function outageLine(outage) {
    return h("li", {}, timeElement(outage.started_at, "short"), " ", outage.ended_at ? h("span", { class: "muted" }, duration(outage.duration_s * 1000)) : badge("outage", "open"), " ",
        outage.parent_outage ? badge("outage", "below") : null, " ", outage.in_maintenance ? badge("outage", "maintenance") : null,
        outage.note ? h("p", { class: "muted" }, `${outage.acked_by}: ${outage.note}`) : null);
}

async function change(act) {
    try {
        await act();
    } catch (error) {
        toast(errorText(error), "error");
    }
}

function actions(ont, reload) {
    if (!mayChange("network")) return null;
    return h("div", { class: "actions" },
        h("button", { type: "button", class: "outline", onclick: () => ontDialog(ont, reload) }, t("act.edit")),
        h("button", { type: "button", class: "outline", onclick: () => change(async () => {
            await api.patch(`onts/${ont.id}`, { enabled: !ont.enabled });
            reload();
        }) }, t(ont.enabled ? "ont.disable" : "ont.enable")),
        h("button", { type: "button", class: "outline danger", onclick: () => change(async () => {
            if (!(await ask(t("ont.remove.title", { name: ont.name }), t("ont.remove.text"), { yes: t("act.remove") }))) return;
            await api.remove(`onts/${ont.id}`);
            toast(t("ont.removed", { name: ont.name }));
            go(pageUrl("onts"));
        }) }, t("act.remove")));
}

function panel(id, title, content) {
    return h("section", { class: "panel", "aria-labelledby": id }, h("div", { class: "panel-head" }, h("h2", { id }, title), content.choice ?? null), content.element);
}

export function show(main, { parameters, signal }) {
    const id = parameters.id;
    let history = null;
    const outages = new Region({
        load: (stop) => api.get("outages", { ont: `id:${id}`, limit: 20 }, { signal: stop }).catch((error) => {
            if (error instanceof ApiError && error.status === 404) return { items: [] };
            throw error;
        }),
        draw: ({ items }, element) => fill(element, items.length > 0 ? h("ul", { class: "plain-list" }, items.map(outageLine)) : empty(t("ont.outages.none"))),
        signal,
    });
    const children = new Region({
        load: (stop) => listAll("onts", { parent: `id:${id}` }, { signal: stop, most: 1000 }).catch((error) => {
            if (error instanceof ApiError && error.status === 404) return [];
            throw error;
        }),
        draw: (onts, element) => fill(element, onts.length > 0
            ? h("ul", { class: "plain-list" }, onts.map((one) => h("li", {}, h("a", { href: pageUrl(`onts/${one.id}`) }, one.name), " ", badge("ont", stateOf(one)), one.location ? h("span", { class: "muted" }, ` ${one.location}`) : null)))
            : empty(t("ont.children.none"))),
        signal,
    });
    const title = h("h1", { tabindex: "-1" }, t("page.ont"));
    const buttons = h("div");
    const region = new Region({
        load: (stop) => api.get(`onts/${part(id)}`, {}, { signal: stop }),
        draw: (ont, element) => {
            fill(title, ont.name, " ", badge("ont", stateOf(ont)));
            inPlace(buttons, () => fill(buttons, actions(ont, () => region.reload())));
            fill(element, h("section", { class: "panel" }, facts(ont)));
            if (!history) {
                history = historyOf(ont, signal);
                rest.prepend(panel("history", t("ont.history"), history));
            }
        },
        signal,
    });
    const rest = h("div", {}, h("div", { class: "two-columns" },
        panel("outages", t("page.outages"), outages), panel("children", t("ont.children"), children)));
    main.append(h("a", { class: "back", href: pageUrl("onts") }, icon("back"), t("page.onts")), h("div", { class: "page-head" }, title, buttons), region.element, rest);
    const reload = () => {
        region.reload();
        outages.reload();
        children.reload();
    };
    whenever({ types: ["ont", "outage_begun", "outage_ended"], paths: ["onts", "outages"], every: 3_000, delay: 500, atLeast: 60_000, signal, sessions }, reload);
    whenever({ every: 60_000, atLeast: 60_000, signal }, () => history?.reload());
}
