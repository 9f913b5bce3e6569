// A short word on what has just happened. Not the only place of anything that matters: it goes away.

import { h } from "../h.js";
import { t } from "../texts.js";
import { icon } from "./icons.js";

const k_shown = 6_000; // ms; errors stay until they are closed

/// kind: "done", "error", "note".
export function toast(text, kind = "done") {
    const element = h("div", { class: ["toast", kind], role: kind === "error" ? "alert" : "status" },
        icon(kind === "error" ? "alert" : "check"), h("span", {}, text),
        h("button", { type: "button", class: "plain", "aria-label": t("act.close"), onclick: () => element.remove() }, icon("close")));
    document.getElementById("toasts")?.append(element);
    if (kind !== "error") setTimeout(() => element.remove(), k_shown);
}
