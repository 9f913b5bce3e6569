// One event: its picture with the faces framed, and what became of it.

import { api } from "../api.js";
import { fill, h } from "../h.js";
import { may, mayChange } from "../session.js";
import { moment, number, t, timeElement, word } from "../texts.js";
import { badge } from "./badge.js";
import { openDialog } from "./dialog.js";
import { minorText, personLink, pictureUrl } from "./event_line.js";
import { framed, photo } from "./picture.js";
import { errorText, loading, problem } from "./states.js";
import { toast } from "./toast.js";

function facts(event) {
    const rows = [
        [t("event.who"), personLink(event)],
        [t("event.employee_no"), event.employee_no],
        [t("event.time"), moment(event.time)],
        [t("event.received"), moment(event.received_at)],
        [t("event.device"), event.device],
        [t("event.location"), event.location],
        [t("event.kind"), [word("kind", event.kind), event.minor_name ? ` (${minorText(event)})` : null]],
        [t("event.serial"), number(event.serial)],
        [t("event.picture"), word("picture", event.picture_state)],
        [t("event.verdict"), event.verdict ? [badge("verdict", event.verdict), event.distance !== null ? ` ${number(event.distance, { maximumFractionDigits: 3 })}` : null] : null],
    ];
    return h("dl", { class: "facts wide-facts" }, rows.filter(([, value]) => value !== null).map(([label, value]) => [h("dt", {}, label), h("dd", {}, value)]));
}

/// The recogniser is asked who is on the picture; what it finds is framed.
async function frameFaces(event, holder, button, signal) {
    button.disabled = true;
    button.setAttribute("aria-busy", "true");
    try {
        const picture = await api.blob(`events/${event.id}/picture`, { signal });
        const found = await api.upload("recognize", picture, { signal, isQuestion: true });
        const boxes = found.faces.map((face) => ({
            ...face.box,
            text: face.person ? (face.person.name ?? face.person.id) : t("face.unknown"),
            tone: !face.person ? "quiet" : face.person.id === event.person_id || event.person_id === null ? "good" : "bad",
        }));
        fill(holder, framed(photo(pictureUrl(event), t("event.picture.alt")), found.width, found.height, boxes));
        holder.append(h("p", { role: "status" }, t("face.found", { number: boxes.length })));
        button.remove();
    } catch (error) {
        if (error.name !== "AbortError") toast(errorText(error), "error");
        button.disabled = false;
        button.removeAttribute("aria-busy");
    }
}

function pictureOf(event, signal) {
    const url = pictureUrl(event);
    if (!url) return h("p", { class: "muted" }, t("event.picture.none"));
    const holder = h("div", { class: "event-picture" }, photo(url, t("event.picture.alt")));
    const button = may("recognize") ? h("button", { type: "button", class: "outline", onclick: () => frameFaces(event, holder, button, signal) }, t("event.picture.faces")) : null;
    return h("div", {}, holder, button);
}

function deliveriesOf(event) {
    if (event.deliveries.length === 0) return h("p", { class: "muted" }, t("event.deliveries.none"));
    return h("ul", { class: "plain-list" }, event.deliveries.map((one) => h("li", {},
        h("strong", {}, one.target), " ", badge("delivery", one.state), " ",
        h("span", { class: "muted" }, t("delivery.attempts", { number: one.attempts }), " ", one.finished_at ? timeElement(one.finished_at) : timeElement(one.created_at)),
        one.reason ? h("p", { class: "muted" }, one.reason) : null)));
}

/// Returns the <dialog>.
export function eventDialog(id) {
    const content = h("div", {}, loading(4));
    const dialog = openDialog(t("event.title", { id }), content, { isWide: true });
    const stop = new AbortController();
    dialog.addEventListener("close", () => stop.abort());
    const { signal } = stop;

    async function resend(event) {
        try {
            const { deliveries } = await api.post(`events/${event.id}/resend`, {});
            toast(deliveries > 0 ? t("event.resent", { number: deliveries }) : t("event.resent.none"), deliveries > 0 ? "done" : "note");
            await load();
        } catch (error) {
            toast(errorText(error), "error");
        }
    }
    async function load() {
        try {
            const event = await api.get(`events/${id}`, {}, { signal });
            fill(content,
                h("div", { class: "event-detail" }, pictureOf(event, signal),
                    h("div", {}, facts(event), h("h3", {}, t("event.deliveries")), deliveriesOf(event),
                        mayChange("devices") ? h("button", { type: "button", class: "outline", onclick: () => resend(event) }, t("event.resend")) : null)));
        } catch (error) {
            if (error.name !== "AbortError") fill(content, problem(error, load));
        }
    }
    load();
    return dialog;
}
