// Everybody who is enrolled.

import { api } from "../api.js";
import { fill, h } from "../h.js";
import { whenever } from "../live.js";
import { pageUrl, part } from "../place.js";
import { keepQuery } from "../router.js";
import { may, mayChange, sessions } from "../session.js";
import { number, t, timeElement } from "../texts.js";
import { enrolDialog } from "../ui/enrol.js";
import { icon } from "../ui/icons.js";
import { portrait } from "../ui/picture.js";
import { empty, loading, problem } from "../ui/states.js";
import { Table } from "../ui/table.js";

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
    let people = [];
    let cursor = null;
    let generation = 0;
    const table = new Table({ columns: columns(), key: (one) => one.id, caption: t("page.people") });
    const state = h("div");
    const more = h("button", { type: "button", class: "outline more", hidden: true, onclick: () => load(true) }, t("people.more"));
    const enrolButton = () => (mayChange("enrol") ? h("button", { type: "button", onclick: () => enrolDialog() }, icon("plus"), t("people.enrol")) : null);

    async function load(isMore, isQuiet = false) {
        const mine = isMore ? generation : ++generation;
        if (!isMore && !isQuiet) {
            table.element.hidden = true;
            more.hidden = true;
            fill(state, loading(6));
        }
        try {
            const page = await api.get("people", { search, limit: isQuiet ? Math.min(1000, Math.max(k_page, people.length)) : k_page, cursor: isMore ? cursor : "" }, { signal });
            if (mine !== generation) return;
            people = isMore ? [...people, ...page.items] : page.items;
            cursor = page.next_cursor;
            table.set(people);
            table.element.hidden = people.length === 0;
            more.hidden = cursor === null;
            fill(state, people.length > 0 ? null : empty(t(search ? "people.none.fit" : "people.none"), search ? null : enrolButton()));
        } catch (error) {
            if (mine === generation && error.name !== "AbortError" && !isQuiet) fill(state, problem(error, () => load(false)));
        }
    }

    let timer = 0;
    const input = h("input", { type: "search", value: search, placeholder: t("people.search.hint"), oninput: (event) => {
        search = event.target.value.trim();
        clearTimeout(timer);
        timer = setTimeout(() => {
            keepQuery("people", { search });
            load(false);
        }, 250);
    } });
    main.append(
        h("div", { class: "page-head" }, h("h1", { tabindex: "-1" }, t("page.people")),
            h("div", { class: "actions" }, may("recognize") ? h("a", { class: "button outline", role: "button", href: pageUrl("test") }, icon("face"), t("page.test")) : null, enrolButton())),
        h("form", { class: "filters", "aria-label": t("word.filters"), onsubmit: (event) => event.preventDefault() }, h("label", {}, t("word.search"), input)),
        table.element, state, more);
    load(false);
    whenever({ paths: ["people"], signal, sessions }, () => load(false, true));
}
