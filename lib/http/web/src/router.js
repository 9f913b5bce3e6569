// From an address to a page, without loading the document again.

import { place, pageUrl } from "./place.js";
import { login, missing, pages } from "./pages.js";

/// "devices/:name" and "devices/gate%20A" -> {name: "gate A"}; null if they do not fit.
export function match(pattern, path) {
    const wanted = pattern.split("/");
    const given = path.split("/");
    if (wanted.length !== given.length) return null;
    const parameters = {};
    for (const [at, one] of wanted.entries()) {
        if (one.startsWith(":")) {
            try {
                parameters[one.slice(1)] = decodeURIComponent(given[at]);
            } catch {
                return null;
            }
            if (given[at] === "") return null;
        } else if (one !== given[at]) {
            return null;
        }
    }
    return parameters;
}

/// {page, parameters, query, url} of an address of this server; null if it is none of ours.
export function resolve(address) {
    const url = new URL(address, location.href);
    const root = `${place.base}/ui`;
    if (url.origin !== location.origin || (url.pathname !== root && !url.pathname.startsWith(`${root}/`))) return null;
    const path = url.pathname.slice(root.length + 1).replace(/\/+$/, "");
    for (const page of [login, ...pages]) {
        const parameters = match(page.path, path);
        if (parameters) return { page, parameters, query: url.searchParams, url };
    }
    return { page: missing, parameters: {}, query: url.searchParams, url };
}

/// "go" (detail: what resolve() returns; scroll: where it was left, in pixels, for one that is come back to) when another page is
/// wanted.
export const router = new EventTarget();

const k_scrolled = 300; // ms after the last movement: browsers take only so many changes of the history

/// Kept with the entry of the history, for whoever comes back to it.
export function keepPlace(what) {
    if (Object.entries(what).some(([name, value]) => history.state?.[name] !== value)) history.replaceState({ ...history.state, ...what }, "");
}

history.scrollRestoration = "manual"; // the page is not there yet when the browser would do it
let scrolled = 0;
addEventListener("scroll", () => {
    clearTimeout(scrolled);
    scrolled = setTimeout(() => keepPlace({ scroll: Math.round(scrollY) }), k_scrolled);
}, { passive: true });

export function go(address, { isReplacing = false } = {}) {
    const route = resolve(address);
    if (!route) {
        location.assign(address);
        return;
    }
    clearTimeout(scrolled);
    if (!isReplacing) keepPlace({ scroll: Math.round(scrollY) });
    history[isReplacing ? "replaceState" : "pushState"]({}, "", route.url);
    router.dispatchEvent(new CustomEvent("go", { detail: route }));
}

/// Writes filters into the address without going anywhere: a reload, or somebody who gets the link, has them.
export function keepQuery(path, query) {
    history.replaceState(history.state, "", pageUrl(path, query));
}

document.addEventListener("click", (event) => {
    if (event.defaultPrevented || event.button !== 0 || event.metaKey || event.ctrlKey || event.shiftKey || event.altKey) return;
    const link = event.target instanceof Element ? event.target.closest("a[href]") : null;
    if (!link || link.target || link.hasAttribute("download") || !resolve(link.href)) return;
    const url = new URL(link.href);
    if (url.hash !== "" && url.pathname === location.pathname) return;
    event.preventDefault();
    go(link.href);
});
addEventListener("popstate", () => {
    clearTimeout(scrolled);
    const route = resolve(location.href);
    if (route) router.dispatchEvent(new CustomEvent("go", { detail: { ...route, scroll: history.state?.scroll ?? 0 } }));
});
