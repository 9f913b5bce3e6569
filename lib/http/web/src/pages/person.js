// One person: portraits, events, and what can be changed.

import { api, ApiError, listAll } from "../api.js";
import { fill, h } from "../h.js";
import { whenever } from "../live.js";
import { pageUrl, part } from "../place.js";
import { go } from "../router.js";
import { may, mayChange, session, sessions } from "../session.js";
import { moment, number, t, timeElement } from "../texts.js";
import { ask, openDialog } from "../ui/dialog.js";
import { saveFile } from "../ui/event_export.js";
import { enrolDialog } from "../ui/enrol.js";
import { form, Refused } from "../ui/form.js";
import { icon } from "../ui/icons.js";
import { newestEvents } from "../ui/newest_events.js";
import { photo } from "../ui/picture.js";
import { empty, errorText, Region } from "../ui/states.js";
import { toast } from "../ui/toast.js";

const addressOf = (id, rest = "") => `people/${part(id)}${rest}`;
const labelOf = (person) => person.name ?? person.id;

function renameDialog(person) {
    const content = form({
        fields: [
            { name: "name", label: t("person.name"), value: person.name },
            { name: "id", label: t("person.id"), value: person.id, isRequired: true, hint: t("person.id.change") },
        ],
        submit: t("act.save"),
        cancel: () => dialog.close(),
        act: async ({ name, id }) => {
            const json = {};
            if (name !== (person.name ?? "")) json.name = name;
            if (id !== person.id) json.id = id;
            if (Object.keys(json).length > 0) await api.patch(addressOf(person.id), json);
            dialog.close();
            toast(t("person.saved"));
            if (json.id) go(pageUrl(`people/${part(id)}`), { isReplacing: true });
        },
    });
    const dialog = openDialog(t("person.edit"), content);
}

function mergeDialog(person) {
    const content = form({
        fields: [
            h("p", {}, t("merge.lead", { name: labelOf(person) })),
            { name: "into", label: t("merge.into"), isRequired: true, hint: t("merge.hint"), attributes: { autocapitalize: "none", spellcheck: "false" } },
        ],
        submit: t("merge.submit"),
        cancel: () => dialog.close(),
        act: async ({ into }) => {
            let other;
            try {
                other = await api.get(addressOf(into));
            } catch (error) {
                if (error instanceof ApiError && error.status === 404) throw new Refused(t("merge.missing", { id: into }));
                throw error;
            }
            if (!(await ask(t("merge.title"), t("merge.ask", { from: labelOf(person), into: labelOf(other) }), { yes: t("merge.submit") }))) return;
            const answer = await api.post(addressOf(person.id, "/merge"), { into });
            dialog.close();
            toast(t("merge.done", { number: answer.templates }));
            if (!answer.alike) toast(t("merge.unlike", { distance: number(answer.distance, { maximumFractionDigits: 3 }) }), "error");
            go(pageUrl(`people/${part(into)}`), { isReplacing: true });
        },
    });
    const dialog = openDialog(t("merge.title"), content);
}

/// What was deleted, when and by whom: for the file that a request for deletion ends in.
function receiptDialog(person, at) {
    const rows = [
        [t("person.id"), person.id],
        [t("person.templates"), number(person.templates)],
        [t("receipt.at"), moment(at)],
        [t("receipt.by"), session.name],
    ];
    const text = [t("receipt.title"), ...rows.map(([label, value]) => `${label}: ${value}`), t("receipt.text")].join("\n");
    openDialog(t("receipt.title"), h("div", {}, h("dl", { class: "facts wide-facts" }, rows.map(([label, value]) => [h("dt", {}, label), h("dd", {}, value)])), h("p", {}, t("receipt.text"))), {
        actions: [h("button", { type: "button", onclick: () => saveFile("receipt.txt", [text, "\n"], "text/plain") }, icon("download"), t("receipt.save"))],
        isKept: true,
    });
}

async function remove(person) {
    if (!(await ask(t("person.remove.title", { name: labelOf(person) }), t("person.remove.text", { number: person.templates }), { yes: t("act.remove") }))) return;
    try {
        await api.remove(addressOf(person.id));
    } catch (error) {
        toast(errorText(error), "error");
        return;
    }
    const at = new Date().toISOString();
    go(pageUrl("people"));
    // After the page, which takes dialogs of the page before away.
    setTimeout(() => receiptDialog(person, at), 300);
}

function actions(person) {
    const button = (text, act, style = "outline") => h("button", { type: "button", class: style, onclick: act }, text);
    return h("div", { class: "actions" },
        mayChange("enrol") ? button(t("enrol.more.short"), () => enrolDialog(person)) : null,
        mayChange("people") ? [
            button(t("act.edit"), () => renameDialog(person)),
            button(t("merge.title"), () => mergeDialog(person)),
            button(t("act.remove"), () => remove(person), "outline danger"),
        ] : null);
}

function templateCard(person, one) {
    const removeOne = async () => {
        if (!(await ask(t("template.remove.title"), t("template.remove.text"), { yes: t("act.remove") }))) return;
        try {
            await api.remove(addressOf(person.id, `/templates/${one.id}`));
            toast(t("template.removed"));
        } catch (error) {
            toast(errorText(error), "error");
        }
    };
    return h("li", { class: "template" },
        one.has_photo ? photo(api.url(addressOf(person.id, `/templates/${one.id}/photo`)), t("template.photo", { name: labelOf(person) })) : h("p", { class: "muted" }, t("template.photo.none")),
        h("p", {}, t("template.quality", { quality: number(one.quality, { maximumFractionDigits: 2 }) }), h("br"), timeElement(one.created_at)),
        one.is_current ? null : h("p", { class: "text-bad" }, t("template.old")),
        mayChange("people") ? h("button", { type: "button", class: "link", onclick: removeOne }, t("act.remove")) : null);
}

function drawPerson({ person, templates }, element) {
    const text = JSON.stringify({ person, templates });
    if (element.dataset.drawn === text) return;
    element.dataset.drawn = text;
    fill(element,
        h("div", { class: "page-head" }, h("p", { class: "muted" }, t("person.id"), " ", person.id, " · ", t("person.since"), " ", moment(person.created_at, "day")), actions(person)),
        h("section", { class: "panel", "aria-labelledby": "templates" }, h("h2", { id: "templates" }, t("person.templates")),
            templates === null ? h("p", {}, t("person.templates.count", { number: person.templates }))
                : templates.length === 0 ? empty(t("person.templates.none"))
                    : h("ul", { class: "templates" }, templates.map((one) => templateCard(person, one)))));
}

export function show(main, { parameters, signal }) {
    const { id } = parameters;
    const title = h("h1", { tabindex: "-1" }, id);
    const region = new Region({
        load: async (stop) => {
            try {
                const person = await api.get(addressOf(id), {}, { signal: stop });
                const templates = may("people") ? await listAll(addressOf(id, "/templates"), {}, { signal: stop, most: 200 }) : null;
                return { person, templates };
            } catch (error) {
                if (error instanceof ApiError && error.status === 404) return null;
                throw error;
            }
        },
        draw: (data, element) => {
            if (data) {
                title.textContent = labelOf(data.person);
                drawPerson(data, element);
            } else {
                delete element.dataset.drawn;
                fill(element, empty(t("person.missing"), h("a", { href: pageUrl("people") }, t("page.people"))));
            }
        },
        signal,
    });
    const newest = newestEvents({ filter: { person: id }, signal });
    main.append(
        h("p", {}, h("a", { class: "back", href: pageUrl("people") }, icon("back"), t("page.people"))),
        title, region.element, newest.element);
    whenever({ paths: ["people"], signal, sessions }, () => region.reload());
    whenever({ types: ["event"], paths: ["events"], every: 3_000, signal, sessions }, () => newest.reload());
}
