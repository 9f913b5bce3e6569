// Where these pages are: below which path, of which version, in which time zone. The document says it.

const { base = "", version = "", timezone = "", tiles = "", attribution = "", readonly = "" } = document.documentElement.dataset;

export const place = Object.freeze({
    base,
    version,
    timezone: timezone || "Asia/Jakarta",
    tiles,
    attribution,
    isReadonly: readonly === "true",
});

/// "events" -> "/bioctl/ui/events", with a query from an object (values that are empty are left out; lists become several).
export function pageUrl(path = "", query = {}) {
    return `${base}/ui/${path}${queryText(query)}`;
}

export function queryText(query) {
    const parameters = new URLSearchParams();
    for (const [name, value] of Object.entries(query)) {
        for (const one of Array.isArray(value) ? value : [value]) {
            if (one !== undefined && one !== null && one !== "") parameters.append(name, String(one));
        }
    }
    const text = parameters.toString();
    return text === "" ? "" : `?${text}`;
}

/// A part of a path: names may hold slashes.
export const part = encodeURIComponent;

/// localStorage, where there is one.
export const memory = {
    get(name) {
        try {
            return localStorage.getItem(`bioctl.${name}`);
        } catch {
            return null;
        }
    },
    set(name, value) {
        try {
            localStorage.setItem(`bioctl.${name}`, value);
        } catch {
            // A browser that keeps nothing: then it is for this page only.
        }
    },
};
