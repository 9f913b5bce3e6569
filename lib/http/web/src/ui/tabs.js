// Parts of a page with an address of their own: "outages?view=report".

import { h } from "../h.js";
import { pageUrl } from "../place.js";

/// views: [name, text]; the first one is the page without a view.
export function tabs(path, views, current, label) {
    return h("nav", { class: "tabs", "aria-label": label }, h("ul", {}, views.map(([name, text], at) =>
        h("li", {}, h("a", { href: pageUrl(path, at === 0 ? {} : { view: name }), "aria-current": name === current ? "page" : null }, text)))));
}

export function viewOf(query, views) {
    const wanted = query.get("view");
    return views.some(([name]) => name === wanted) ? wanted : views[0][0];
}
