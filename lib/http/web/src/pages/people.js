// Everybody who is enrolled.

import { api } from "../api.js";
import { h } from "../h.js";
import { whenever } from "../live.js";
import { pageUrl, part } from "../place.js";
import { keepQuery } from "../router.js";
import { may, mayChange, sessions } from "../session.js";
import { number, t, timeElement } from "../texts.js";
import { enrolDialog } from "../ui/enrol.js";
import { icon } from "../ui/icons.js";
import { PagedTable } from "../ui/paged.js";
import { portrait } from "../ui/picture.js";
import { empty } from "../ui/states.js";

const k_page = 60;

function columns() {
    return [
        { label: t("person.photo"), class: "narrow picture", cell: (one) => portrait(may("people") && one.templates > 0 ? api.url(`people/${part(one.id)}/photo`) : null, one.name ?? one.id) },
        { label: t("person.name"), class: "lead", cell: (one) => h("a", { href: pageUrl(`people/${part(one.id)}`) }, one.name ?? one.id) },
        { label: t("person.id"), cell: (one) => one.id },
        { label: t("person.templates"), cell: (one) => (one.templates > 0 ? number(one.templates) : h("span", { class: "text-bad" }, t("person.templates.none"))) },
        { label: t("person.updated"), cell: (one) => timeElement(one.updated_at) },
    ];
}

export function show(main, { query, signal }) {
    let search = query.get("search") ?? "";
    const enrolButton = () => (mayChange("enrol") ? h("button", { type: "button", onclick: () => enrolDialog() }, icon("plus"), t("people.enrol")) : null);
    const list = new PagedTable({ path: "people", columns: columns(), caption: t("page.people"), signal, limit: k_page, skeletons: 6,
        nothing: (asked) => (asked.search ? t("people.none.fit") : empty(t("people.none"), enrolButton())) });
    let timer = 0;
    const input = h("input", { type: "search", value: search, placeholder: t("people.search.hint"), oninput: (event) => {
        search = event.target.value.trim();
        clearTimeout(timer);
        timer = setTimeout(() => {
            keepQuery("people", { search });
            list.restart({ search });
        }, 250);
    } });
    main.append(
        h("div", { class: "page-head" }, h("h1", { tabindex: "-1" }, t("page.people")),
            h("div", { class: "actions" }, may("recognize") ? h("a", { class: "button outline", role: "button", href: pageUrl("test") }, icon("face"), t("page.test")) : null, enrolButton())),
        h("form", { class: "filters", "aria-label": t("word.filters"), onsubmit: (event) => event.preventDefault() }, h("label", {}, t("word.search"), input)),
        list.element);
    list.restart({ search });
    signal.addEventListener("abort", () => clearTimeout(timer), { once: true });
    whenever({ paths: ["people"], signal, sessions }, () => list.refresh());
}
