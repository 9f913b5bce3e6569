// Who is on this photo, and why the recogniser says so.

import { api, ApiError } from "../api.js";
import { fill, h } from "../h.js";
import { pageUrl, part } from "../place.js";
import { mayChange } from "../session.js";
import { number, t } from "../texts.js";
import { enrolDialog } from "../ui/enrol.js";
import { framed } from "../ui/picture.js";
import { PhotoField, reduced } from "../ui/photo_field.js";
import { empty, errorText, loading } from "../ui/states.js";

const k_candidates = 5;
const short = (value) => number(value, { minimumFractionDigits: 3, maximumFractionDigits: 3 });
const labelOf = (one) => one.name ?? one.id;

/// In a sentence: within the threshold or not, and how far the next one is.
function why(face, threshold) {
    const [nearest, next] = face.candidates;
    if (!nearest) return t("test.why.nobody");
    const values = { name: labelOf(nearest), distance: short(nearest.distance), threshold: short(threshold) };
    if (!face.person) {
        if (nearest.distance > threshold) return t("test.why.far", values);
        return t("test.why.close", { ...values, next: next ? labelOf(next) : "?" });
    }
    if (!next) return t("test.why.only", values);
    return t("test.why.match", { ...values, next: labelOf(next), ahead: short(next.distance - nearest.distance) });
}

/// A bar for each candidate; the mark is the threshold. Twice the threshold is the end of the scale.
function candidateRow(one, threshold) {
    const end = 2 * threshold;
    return h("tr", {}, h("th", { scope: "row" }, h("a", { href: pageUrl(`people/${part(one.id)}`) }, labelOf(one))),
        h("td", {}, h("div", { class: "distance-box" }, h("meter", { class: "distance", min: "0", max: String(end), low: String(threshold), high: String(threshold), optimum: "0", value: Math.min(end, one.distance), "aria-label": t("test.distance.of", { name: labelOf(one), distance: short(one.distance) }) }))),
        h("td", { class: "number" }, short(one.distance)));
}

function faceResult(face, at, { threshold, file }) {
    const known = face.person !== null;
    return h("section", { class: ["panel", "face-result", known ? "good" : "quiet"] },
        h("h2", {}, t("test.face", { number: at + 1 }), ": ", known ? h("a", { href: pageUrl(`people/${part(face.person.id)}`) }, labelOf(face.person)) : t("face.unknown")),
        h("p", {}, why(face, threshold)),
        face.candidates.length > 0 ? h("table", { class: "candidates" }, h("caption", { class: "sr-only" }, t("test.candidates")),
            h("thead", {}, h("tr", {}, h("th", { scope: "col" }, t("person.name")), h("th", { scope: "col" }, t("test.near")), h("th", { scope: "col", class: "number" }, t("test.distance")))),
            h("tbody", {}, face.candidates.map((one) => candidateRow(one, threshold)))) : null,
        h("p", { class: "muted" }, t("test.threshold", { threshold: short(threshold) }), " · ", t("template.quality", { quality: number(face.quality, { maximumFractionDigits: 2 }) })),
        !known && mayChange("enrol") ? h("button", { type: "button", class: "outline", onclick: () => enrolDialog(null, file) }, t("people.enrol")) : null);
}

function draw(result, url, file) {
    const boxes = result.faces.map((face, at) => ({ ...face.box, text: face.person ? labelOf(face.person) : String(at + 1), tone: face.person ? "good" : "quiet" }));
    const image = h("img", { src: url, alt: t("test.photo.alt", { number: boxes.length }) });
    return [
        h("p", { role: "status" }, t("face.found", { number: boxes.length })),
        h("div", { class: "test-result" }, framed(image, result.width, result.height, boxes),
            h("div", {}, result.faces.length === 0 ? empty(t("enrol.no_face")) : result.faces.map((face, at) => faceResult(face, at, { threshold: result.threshold, file })))),
    ];
}

export function show(main, { signal }) {
    const outcome = h("div", { "aria-live": "polite" });
    let running = null;
    let url = null;
    const field = new PhotoField({ hasPreview: false, act: async (file) => {
        running?.abort();
        const mine = new AbortController();
        running = mine;
        fill(outcome, loading(3));
        try {
            const photo = await reduced(file);
            const result = await api.upload("recognize", photo.type.startsWith("image/") ? photo : new Blob([photo], { type: "application/octet-stream" }), { query: { top: k_candidates }, signal: mine.signal, isQuestion: true });
            if (mine.signal.aborted) return;
            if (url) URL.revokeObjectURL(url);
            url = URL.createObjectURL(photo);
            fill(outcome, draw(result, url, file));
        } catch (error) {
            if (error.name === "AbortError" || mine.signal.aborted) return;
            const isPhoto = error instanceof ApiError && ["unreadable", "too_large"].includes(error.code);
            fill(outcome, h("div", { class: "problem", role: "alert" }, h("p", {}, isPhoto ? t(`enrol.${error.code}`) : errorText(error))));
        }
    } });
    signal.addEventListener("abort", () => {
        running?.abort();
        if (url) URL.revokeObjectURL(url);
    }, { once: true });
    main.append(h("h1", { tabindex: "-1" }, t("page.test")), h("p", {}, t("test.lead")), field.element, outcome);
}
