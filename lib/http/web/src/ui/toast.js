// A short word on what has just happened. Not the only place of anything that matters: it goes away.

import { h } from "../h.js";
import { t } from "../texts.js";
import { icon } from "./icons.js";

const k_shown = 6_000; // ms; errors stay until they are closed

/// Where it is seen. All but a dialog is covered by it, and out of reach; what it has not said when it closes is said below it.
function show(element) {
    const below = document.getElementById("toasts");
    const dialog = [...document.querySelectorAll("dialog[open]")].at(-1);
    if (!dialog) {
        below?.append(element);
        return;
    }
    let holder = dialog.querySelector(".toasts");
    if (!holder) {
        dialog.append((holder = h("div", { class: "toasts", "aria-live": "polite" })));
        dialog.addEventListener("close", () => below?.append(...holder.children));
    }
    holder.append(element);
}

/// kind: "done", "error", "note".
export function toast(text, kind = "done") {
    const element = h("div", { class: ["toast", kind], role: kind === "error" ? "alert" : "status" },
        icon(kind === "error" ? "alert" : "check"), h("span", {}, text),
        h("button", { type: "button", class: "plain", "aria-label": t("act.close"), onclick: () => element.remove() }, icon("close")));
    show(element);
    if (kind !== "error") setTimeout(() => element.remove(), k_shown);
}
