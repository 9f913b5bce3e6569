// All ONTs at once, kept in step with what happens: five thousand of them are five requests, and then a message for each change.

import { listAll } from "./api.js";
import { live, whenever } from "./live.js";
import { sessions } from "./session.js";

const k_most = 50_000;

/// up, down, unknown, flapping, disabled: what people see.
export const stateOf = (ont) => (ont.enabled && ont.is_flapping ? "flapping" : ont.state);
export const k_states = ["down", "flapping", "unknown", "up", "disabled"]; // the worst first

/// "change" after some of them changed; at most once in a second.
export class OntBook extends EventTarget {
    #onts = new Map();
    #children = null;
    #late = null;

    get all() {
        return [...this.#onts.values()];
    }

    get(id) {
        return this.#onts.get(id);
    }

    /// Right below this one.
    childrenOf(id) {
        if (!this.#children) {
            this.#children = new Map();
            for (const ont of this.#onts.values()) {
                if (ont.parent_id === null) continue;
                if (!this.#children.has(ont.parent_id)) this.#children.set(ont.parent_id, []);
                this.#children.get(ont.parent_id).push(ont);
            }
        }
        return this.#children.get(id) ?? [];
    }

    async load(signal) {
        const late = []; // what happens while the list is under way may not be in it
        this.#late = late;
        const onts = await listAll("onts", {}, { signal, most: k_most });
        this.#onts = new Map(onts.map((ont) => [ont.id, ont]));
        this.#children = null;
        for (const message of late) this.#take(message);
        if (this.#late === late) this.#late = null;
        return this;
    }

    /// Whether one of these ONTs has changed.
    #take({ id, at, to, is_flapping }) {
        const ont = this.#onts.get(id);
        if (!ont) return false;
        this.#onts.set(id, { ...ont, state: ont.enabled ? to : "disabled", is_flapping, asked_at: at });
        this.#children = null;
        return true;
    }

    /// Changes of state are taken from the messages themselves; only when ONTs are added, edited or removed, or messages were
    /// missed, `reload` has to read the list again; and once in `atLeast` milliseconds, if what messages do not tell is shown.
    follow(signal, reload, { atLeast = 0 } = {}) {
        let timer = 0;
        const soon = () => {
            timer ||= setTimeout(() => {
                timer = 0;
                this.dispatchEvent(new Event("change"));
            }, 500);
        };
        live.addEventListener("message", ({ detail }) => {
            if (detail.type !== "ont") return;
            this.#late?.push(detail);
            if (this.#take(detail)) soon();
        }, { signal });
        live.addEventListener("message", ({ detail }) => {
            if (detail.type === "skipped" && detail.what === "ont") reload();
        }, { signal });
        signal.addEventListener("abort", () => clearTimeout(timer), { once: true });
        whenever({ paths: ["onts"], every: 5_000, atLeast, signal, sessions }, reload);
    }
}

/// Those that fit {search, state, location, group, kind}; empty ones fit all.
export function chosen(onts, { search = "", state = "", location = "", group = "", kind = "" }) {
    const wanted = search.toLowerCase();
    const fits = (ont) => (state === "" || stateOf(ont) === state) && (location === "" || ont.location === location) && (group === "" || ont.tags.includes(group))
        && (kind === "" || ont.kind === kind)
        && (wanted === "" || [ont.name, ont.customer_id, ont.location, ont.host, ...ont.tags].some((text) => text?.toLowerCase().includes(wanted)));
    return onts.filter(fits);
}

/// What there is to choose from, sorted.
export const locationsOf = (onts) => [...new Set(onts.map((ont) => ont.location).filter(Boolean))].sort((a, b) => a.localeCompare(b));
export const groupsOf = (onts) => [...new Set(onts.flatMap((ont) => ont.tags))].sort((a, b) => a.localeCompare(b));
