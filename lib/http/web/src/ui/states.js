// What a page shows while it waits, when there is nothing, and when something went wrong.

import { ApiError, Unreachable, wire } from "../api.js";
import { fill, h } from "../h.js";
import { t } from "../texts.js";
import { icon } from "./icons.js";

export function loading(rows = 3) {
    return h("div", { class: "loading", role: "status" }, h("span", { class: "sr-only" }, t("state.loading")),
        Array.from({ length: rows }, () => h("div", { class: "skeleton", "aria-hidden": "true" })));
}

/// `action`: a button or a link that leads on.
export function empty(text, action = null) {
    return h("div", { class: "empty" }, icon("search"), h("p", {}, text), action);
}

const k_codes = ["wrong_password", "bad_password"];

/// In words for people: what, and what next.
export function errorText(error) {
    if (error instanceof Unreachable) return t("error.unreachable");
    if (!(error instanceof ApiError)) return t("error.page", { detail: error.message });
    if (k_codes.includes(error.code)) return t(`problem.${error.code}`);
    if (error.status === 400 || error.status === 409) return t(`problem.${error.status === 409 ? "taken" : "wrong"}`, { detail: error.message });
    if (error.status === 403) return t("error.forbidden");
    if (error.status === 404) return t("error.missing");
    if (error.status === 429 || error.status === 503) return t("error.busy", { number: error.retryAfter || 1 });
    if (error.status >= 500) return t("error.server", { detail: error.message });
    return error.message;
}

export function problem(error, retry = null) {
    return h("div", { class: "problem", role: "alert" }, icon("alert"),
        h("p", {}, errorText(error)), retry ? h("button", { type: "button", class: "outline", onclick: retry }, t("act.retry")) : null);
}

/// A part of a page that shows what `load(signal)` brings, with all its states. `draw(data, element)` fills the element; it is called
/// again with newer data, and may change what it drew before. What has been shown stays while the server is away.
export class Region {
    #element;
    #load;
    #draw;
    #signal;
    #running = null;
    #hasData = false;

    constructor({ load, draw, signal, rows = 3, tag = "div", attributes = {} }) {
        this.#load = load;
        this.#draw = draw;
        this.#signal = signal;
        this.#element = h(tag, { "aria-busy": "true", ...attributes }, loading(rows));
        wire.addEventListener("online", () => this.reload(), { signal });
        this.reload();
    }

    get element() {
        return this.#element;
    }

    /// With `isFresh` what is shown is of no use any more: other filters, for example.
    async reload({ isFresh = false } = {}) {
        this.#running?.abort();
        const running = new AbortController();
        this.#running = running;
        this.#signal.addEventListener("abort", () => running.abort(), { once: true });
        if (isFresh) {
            this.#hasData = false;
            fill(this.#element, loading());
        }
        this.#element.setAttribute("aria-busy", "true");
        try {
            const data = await this.#load(running.signal);
            if (running.signal.aborted || this.#signal.aborted) return;
            if (!this.#hasData) this.#element.replaceChildren();
            this.#hasData = true;
            this.#draw(data, this.#element);
        } catch (error) {
            if (running.signal.aborted || this.#signal.aborted || error.name === "AbortError") return;
            const isPassing = error instanceof Unreachable || (error instanceof ApiError && [429, 503].includes(error.status));
            if (!(this.#hasData && isPassing)) {
                this.#hasData = false;
                fill(this.#element, problem(error, () => this.reload({ isFresh: true })));
            }
            if (!(error instanceof ApiError) && !(error instanceof Unreachable)) console.error(error);
        }
        this.#element.setAttribute("aria-busy", "false");
    }
}

/// Keeps the children of `parent` in step with `items`, by key: what is still there stays the same element, with its focus.
/// make(item) returns a new element, change(element, item) brings an old one up to date.
export function keepInStep(parent, items, { key, make, change }) {
    const known = new Map();
    for (const child of [...parent.children]) known.set(child.dataset.key, child);
    let at = parent.firstElementChild;
    for (const item of items) {
        const name = String(key(item));
        let element = known.get(name);
        known.delete(name);
        if (element) {
            change?.(element, item);
        } else {
            element = make(item);
            element.dataset.key = name;
        }
        if (element === at) at = at.nextElementSibling;
        else parent.insertBefore(element, at);
    }
    for (const gone of known.values()) gone.remove();
}
