// Who changed what, when, and from where.

import { h } from "../h.js";
import { whenever } from "../live.js";
import { sessions } from "../session.js";
import { t, timeElement } from "../texts.js";
import { dayAfter } from "../ui/event_filters.js";
import { filterOf, filters } from "../ui/filters.js";
import { PagedTable } from "../ui/paged.js";

const k_filter = { who: "", action: "", subject: "", person: "", since: "", until: "" };

function detailOf(detail) {
    const pairs = Object.entries(detail);
    if (pairs.length === 0) return null;
    return h("dl", { class: "pairs" }, pairs.map(([name, value]) => h("div", {}, h("dt", {}, name), h("dd", {}, typeof value === "string" ? value : JSON.stringify(value)))));
}

export function show(main, { query, signal }) {
    const filter = filterOf(query, k_filter);
    // The last day is part of the range; a person is looked for by the id, of which the log holds only a digest.
    const ask = () => ({ ...filter, until: dayAfter(filter.until), subject: filter.person ? "" : filter.subject });
    const list = new PagedTable({ path: "audit", caption: t("page.audit"), signal, limit: 100, columns: [
        { label: t("event.time"), class: "narrow", cell: (row) => timeElement(row.at, "short") },
        { label: t("audit.who"), cell: (row) => [row.who, h("small", { class: "muted" }, ` ${row.origin}`)] },
        { label: t("audit.action"), cell: (row) => h("code", {}, row.action) },
        { label: t("audit.subject"), cell: (row) => row.subject ?? "" },
        { label: t("audit.detail"), cell: (row) => detailOf(row.detail) },
        { label: t("audit.hash"), cell: (row) => h("code", { class: "muted", title: row.hash }, row.hash.slice(0, 8)) },
    ], nothing: () => t("audit.none") });
    main.append(h("h1", { tabindex: "-1" }, t("page.audit")), h("p", { class: "muted" }, t("audit.lead"), " ", h("code", {}, "bioctl audit verify")),
        filters({ path: "audit", filter, signal, act: () => list.restart(ask()), fields: [
            { name: "who", label: t("audit.who"), placeholder: "account:siti" },
            { name: "action", label: t("audit.action"), placeholder: "people.remove" },
            { name: "subject", label: t("audit.subject") },
            { name: "person", label: t("event.person"), placeholder: t("person.id") },
            { name: "since", label: t("events.since"), type: "date" },
            { name: "until", label: t("events.until"), type: "date" },
        ] }), list.element);
    list.restart(ask());
    whenever({ paths: [""], every: 3_000, signal, sessions }, () => list.refresh());
}
