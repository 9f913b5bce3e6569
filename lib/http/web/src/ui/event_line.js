// An event in a line: who, where, when.

import { api } from "../api.js";
import { h } from "../h.js";
import { pageUrl, part } from "../place.js";
import { t, timeElement, word } from "../texts.js";
import { portrait } from "./picture.js";

/// What to call whoever it was: the name, else the number, else nothing.
export function whoOf(event) {
    return event.name ?? event.person_id ?? event.employee_no ?? null;
}

/// What it was, in words: "door_opened" -> "door opened", where nobody has translated it.
export function minorText(event) {
    if (!event.minor_name) return word("kind", event.kind);
    const text = word("minor", event.minor_name);
    return text === event.minor_name ? text.replaceAll("_", " ") : text;
}

export function pictureUrl(event) {
    return event.picture_state === "stored" ? api.url(`events/${event.id}/picture`) : null;
}

export function personLink(event) {
    const who = whoOf(event);
    if (who === null) return h("span", { class: "muted" }, event.kind === "recognized" ? t("event.nobody") : (minorText(event)));
    return event.person_id ? h("a", { href: pageUrl(`people/${part(event.person_id)}`) }, who) : h("span", {}, who);
}

export function eventLine(event) {
    return h("div", { class: "event-line" }, portrait(pictureUrl(event), whoOf(event)),
        h("div", {}, h("strong", {}, personLink(event)), h("p", { class: "muted" }, event.location ?? event.device, " · ", timeElement(event.time))));
}
