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

const k_passing = [429, 502, 503, 504];
const k_reachable = "a[href], button, input, select, textarea, summary, [tabindex]";

/// act() replaces children of `element`; whoever is on one of them by keyboard is on the same one again afterwards, and what was
/// opened stays open.
export function inPlace(element, act) {
    const reachable = () => [...element.querySelectorAll(k_reachable)];
    const nameOf = (one) => one.getAttribute("aria-label") ?? one.getAttribute("href") ?? one.textContent;
    const parts = () => [...element.querySelectorAll("details")];
    const before = document.activeElement;
    const place = before && before !== element && element.contains(before) ? reachable().indexOf(before) : -1;
    const open = parts().map((one) => one.open);
    act();
    for (const [at, one] of parts().entries()) if (open[at]) one.open = true;
    if (place < 0 || document.activeElement === before) return;
    const now = reachable();
    const isSame = (one) => one?.tagName === before.tagName && nameOf(one) === nameOf(before);
    const next = [before, now[place], ...now].find((one) => one?.isConnected && isSame(one)) ?? now[Math.min(place, now.length - 1)] ?? element.closest("main")?.querySelector("h1");
    next?.focus({ preventScroll: true });
}

/// A part of a page that shows what `load(signal)` brings, with all its states. `draw(data, element, drawn)` fills the element; it is
/// called again with newer data, and may change what it drew before: `drawn` is the signal of what it draws now, which ends then.
/// What has been shown stays while the server is away.
export class Region {
    #element;
    #load;
    #draw;
    #signal;
    #running = null;
    #isDue = false; // something happened while the answer to an earlier question was under way
    #hasData = false;
    #drawn = new AbortController();

    constructor({ load, draw, signal, rows = 3, tag = "div", attributes = {} }) {
        this.#load = load;
        this.#draw = draw;
        this.#signal = signal;
        this.#element = h(tag, { "aria-busy": "true", ...attributes }, loading(rows));
        wire.addEventListener("online", () => this.reload(), { signal });
        signal.addEventListener("abort", () => {
            this.#running?.abort();
            this.#drawn.abort();
        }, { once: true });
        this.reload();
    }

    get element() {
        return this.#element;
    }

    #show(content) {
        this.#hasData = false;
        this.#drawn.abort();
        delete this.#element.dataset.drawn;
        fill(this.#element, content);
    }

    /// With `isFresh` what is shown is of no use any more: other filters, for example. Else an answer that is under way is waited
    /// for: on a slow line things happen faster than it answers.
    async reload({ isFresh = false } = {}) {
        if (this.#signal.aborted) return;
        if (this.#running && !isFresh) {
            this.#isDue = true;
            return;
        }
        this.#running?.abort();
        const running = new AbortController();
        this.#running = running;
        this.#isDue = false;
        if (isFresh) this.#show(loading());
        await this.#ask(running);
        if (this.#running !== running) return;
        this.#running = null;
        if (this.#isDue) this.reload();
    }

    async #ask(running) {
        this.#element.setAttribute("aria-busy", "true");
        try {
            const data = await this.#load(running.signal);
            if (running.signal.aborted || this.#signal.aborted) return;
            if (!this.#hasData) this.#element.replaceChildren();
            this.#hasData = true;
            this.#drawn.abort();
            this.#drawn = new AbortController();
            inPlace(this.#element, () => this.#draw(data, this.#element, this.#drawn.signal));
        } catch (error) {
            if (running.signal.aborted || this.#signal.aborted || error.name === "AbortError") return;
            const isPassing = error instanceof Unreachable || (error instanceof ApiError && k_passing.includes(error.status));
            if (!(this.#hasData && isPassing)) this.#show(problem(error, () => this.reload({ isFresh: true })));
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
