// The newest events of a device or of a person, as a panel.

import { api } from "../api.js";
import { fill, h } from "../h.js";
import { pageUrl } from "../place.js";
import { t } from "../texts.js";
import { eventLine } from "./event_line.js";
import { empty, keepInStep, Region } from "./states.js";

/// filter: as /api/v2/events takes it. reload() when something has happened.
export function newestEvents({ filter, signal }) {
    const region = new Region({
        load: (stop) => api.get("events", { ...filter, limit: 10 }, { signal: stop }),
        draw: ({ items }, element) => {
            if (items.length === 0) {
                fill(element, empty(t("events.none")));
                return;
            }
            let list = element.querySelector("ul.event-lines");
            if (!list) fill(element, (list = h("ul", { class: "event-lines" })));
            keepInStep(list, items, { key: (event) => event.id, make: (event) => h("li", {}, eventLine(event)) });
        },
        signal,
    });
    const head = h("div", { class: "panel-head" }, h("h2", { id: "newest-events" }, t("device.events")), h("a", { href: pageUrl("events", filter) }, t("overview.all")));
    return { element: h("section", { class: "panel", "aria-labelledby": "newest-events" }, head, region.element), reload: () => region.reload() };
}
