// ONTs, OLTs and switches: a table of all of them, as fast with five thousand as with five.

import { fill, h } from "../h.js";
import { chosen, groupsOf, k_states, locationsOf, OntBook, stateOf } from "../ont_book.js";
import { pageUrl } from "../place.js";
import { go } from "../router.js";
import { mayChange } from "../session.js";
import { number, t, timeElement, word } from "../texts.js";
import { badge } from "../ui/badge.js";
import { csvCell, saveFile } from "../ui/event_export.js";
import { filterOf, filters, setChoices } from "../ui/filters.js";
import { icon } from "../ui/icons.js";
import { ontDialog } from "../ui/ont_form.js";
import { duplicatesDialog, importDialog } from "../ui/ont_import.js";
import { empty, Region } from "../ui/states.js";
import { Table } from "../ui/table.js";

const k_page = 100;
const k_filter = { search: "", state: "", location: "", group: "", kind: "" };

const milliseconds = (us) => (us === null ? "–" : t("unit.ms", { value: number(us / 1000, { maximumFractionDigits: 1 }) }));
const order = (a, b) => k_states.indexOf(stateOf(a)) - k_states.indexOf(stateOf(b)) || a.name.localeCompare(b.name) || a.id - b.id;

const columns = () => [
    { label: t("ont.name"), cell: (ont) => [h("a", { href: pageUrl(`onts/${ont.id}`) }, ont.name), ont.customer_id ? h("small", { class: "muted" }, ` ${ont.customer_id}`) : null] },
    { label: t("word.state"), cell: (ont) => badge("ont", stateOf(ont)) },
    { label: t("ont.location"), cell: (ont) => ont.location ?? "" },
    { label: t("ont.host"), cell: (ont) => ont.host ?? h("span", { class: "muted" }, "–") },
    { label: t("ont.parent"), cell: (ont) => (ont.parent_id ? h("a", { href: pageUrl(`onts/${ont.parent_id}`) }, ont.parent) : h("span", { class: "muted" }, "–")) },
    { label: t("ont.rtt"), class: "number", cell: (ont) => milliseconds(ont.rtt_us) },
    { label: t("ont.last_answered"), cell: (ont) => timeElement(ont.last_answered) },
];

const k_csv = ["id", "customer_id", "name", "location", "latitude", "longitude", "host", "parent", "kind"];
function exportCsv(onts) {
    const head = ["id", "customer_id", "name", "location", "latitude", "longitude", "ip", "parent", "kind", "tags", "enabled"];
    const lines = onts.map((ont) => [...k_csv.map((name) => csvCell(ont[name])), csvCell(ont.tags.join(" ")), ont.enabled ? "yes" : "no"].join(","));
    saveFile("onts.csv", [`${head.join(",")}\r\n`, ...lines.map((line) => `${line}\r\n`)], "text/csv");
}

export function show(main, { query, signal }) {
    const filter = filterOf(query, k_filter);
    const book = new OntBook();
    const table = new Table({ columns: columns(), key: (ont) => ont.id, caption: t("page.onts") });
    const count = h("p", { class: "muted", role: "status" });
    const nothing = h("div");
    const more = h("button", { type: "button", class: "outline more", hidden: true, onclick: () => {
        shown += k_page;
        draw();
    } }, t("list.more"));
    let shown = k_page;
    const may = mayChange("network");
    const keep = (values, name) => [["", t("word.all")], ...[...new Set([...values, filter[name]].filter(Boolean))].map((one) => [one, one])];

    function draw() {
        const fitting = chosen(book.all, filter).sort(order);
        count.textContent = t("onts.count", { number: fitting.length });
        table.set(fitting.slice(0, shown));
        table.element.hidden = fitting.length === 0;
        more.hidden = fitting.length <= shown;
        fill(nothing, fitting.length > 0 ? null : book.all.length > 0 ? empty(t("onts.none.fit"))
            : empty(t("onts.none"), may ? h("button", { type: "button", onclick: () => ontDialog() }, t("onts.add")) : null));
    }

    const bar = filters({ path: "onts", filter, signal, act: () => {
        shown = k_page;
        draw();
    }, fields: [
        { name: "search", label: t("word.search") },
        { name: "state", label: t("word.state"), options: [["", t("word.all")], ...k_states.map((one) => [one, word("ont", one)])] },
        { name: "location", label: t("ont.location"), options: keep([], "location") },
        { name: "group", label: t("ont.tags"), options: keep([], "group") },
        { name: "kind", label: t("ont.kind"), options: [["", t("word.all")], ...["ont", "olt", "switch"].map((one) => [one, t(`ont.kind.${one}`)])] },
    ] });

    const region = new Region({
        load: (stop) => book.load(stop),
        draw: (_, element) => {
            if (!table.element.isConnected) fill(element, count, table.element, nothing, more);
            setChoices(bar, "location", keep(locationsOf(book.all), "location"));
            setChoices(bar, "group", keep(groupsOf(book.all), "group"));
            draw();
        },
        signal,
        rows: 6,
    });
    main.append(
        h("div", { class: "page-head" }, h("h1", { tabindex: "-1" }, t("page.onts")), h("div", { class: "actions" },
            h("button", { type: "button", class: "outline", onclick: () => duplicatesDialog((ont) => go(pageUrl(`onts/${ont.id}`))) }, t("onts.duplicates")),
            h("button", { type: "button", class: "outline", onclick: () => exportCsv(chosen(book.all, filter).sort((a, b) => a.id - b.id)) }, icon("download"), t("events.export")),
            may ? h("button", { type: "button", class: "outline", onclick: () => importDialog(() => region.reload()) }, t("onts.import")) : null,
            may ? h("button", { type: "button", onclick: () => ontDialog() }, icon("plus"), t("onts.add")) : null)),
        bar, region.element);
    book.addEventListener("change", draw, { signal });
    book.follow(signal, () => region.reload(), { atLeast: 60_000 });
}
