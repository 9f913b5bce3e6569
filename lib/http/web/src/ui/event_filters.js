// Which events to show. The same names as the parameters of /api/v2/events.

import { h } from "../h.js";
import { t, today, word } from "../texts.js";
import { icon } from "./icons.js";

export const k_filter_names = ["since", "until", "device", "location", "person", "kind", "delivery", "picture"];

const k_kinds = ["recognized", "other"];
const k_deliveries = ["pending", "sent", "failed", "skipped", "dropped", "none"];
const k_pictures = ["stored", "pending", "gone", "failed", "none"];

/// A day is meant wholly, the server's `until` is not part of the range.
export function dayAfter(day) {
    if (!/^\d{4}-\d{2}-\d{2}$/.test(day)) return day;
    return new Date(Date.parse(`${day}T00:00:00Z`) + 86_400_000).toISOString().slice(0, 10);
}

const choices = (group, values) => [["", t("word.all")], ...values.map((one) => [one, word(group, one)])];
const options = (pairs) => pairs.map(([value, text]) => h("option", { value }, text));

/// Changes `filter` in place, and tells `act` so until the signal ends. setDevices(devices) fills the lists of names and places.
export function eventFilters(filter, signal, act) {
    let timer = 0;
    signal.addEventListener("abort", () => clearTimeout(timer), { once: true });
    const change = (name, value, wait = 0) => {
        filter[name] = value;
        clearTimeout(timer);
        timer = setTimeout(() => act(filter), wait);
    };
    const select = (name, label, pairs) => h("label", {}, label, h("select", { name, value: filter[name], onchange: (event) => change(name, event.target.value) }, options(pairs)));
    const day = (name, label) => h("label", {}, label, h("input", { name, type: "date", value: filter[name] === "today" ? today() : filter[name], max: today(1), onchange: (event) => change(name, event.target.value) }));
    const device = select("device", t("event.device"), choices("device", filter.device ? [filter.device] : []));
    const location = select("location", t("event.location"), choices("location", filter.location ? [filter.location] : []));
    const form = h("form", { class: "filters", "aria-label": t("events.filters"), onsubmit: (event) => event.preventDefault() },
        day("since", t("events.since")),
        day("until", t("events.until")),
        device, location,
        h("label", {}, t("event.person"), h("input", { name: "person", type: "search", value: filter.person, placeholder: t("event.person.hint"), oninput: (event) => change("person", event.target.value.trim(), 400) })),
        select("kind", t("event.kind"), choices("kind", k_kinds)),
        select("delivery", t("event.delivery"), choices("delivery", k_deliveries)),
        select("picture", t("event.picture"), choices("picture", k_pictures)),
        h("button", { type: "button", class: "outline", onclick: () => {
            for (const name of k_filter_names) {
                filter[name] = "";
                form.elements[name].value = "";
            }
            change("since", "");
        } }, icon("close"), t("events.reset")));

    // On a phone the rows come first.
    const isOpen = matchMedia("(min-width: 44.001rem)").matches || k_filter_names.some((name) => filter[name]);
    const element = h("details", { class: "filter-box", open: isOpen }, h("summary", {}, icon("filter"), " ", t("events.filters")), form);

    function refill(holder, name, values) {
        const known = new Set([...values, filter[name]].filter(Boolean));
        const list = holder.querySelector("select");
        list.replaceChildren(...options([["", t("word.all")], ...[...known].sort().map((one) => [one, one])]));
        list.value = filter[name];
    }
    return {
        element,
        setDevices(devices) {
            refill(device, "device", devices.map(({ name }) => name));
            refill(location, "location", devices.map((one) => one.location).filter(Boolean));
        },
    };
}
