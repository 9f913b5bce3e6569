// Questions and forms over the page. The browser keeps the focus inside, Escape closes.

import { h } from "../h.js";
import { t } from "../texts.js";
import { icon } from "./icons.js";

let count = 0;

/// Shows `content`; returns the <dialog>, whose "close" event says that it is over. `actions` are buttons of the footer. A click beside
/// it closes it too, but not what was typed into a form, nor what `isKept` because it is seen only once.
export function openDialog(title, content, { actions = [], isWide = false, isKept = false } = {}) {
    const id = `dialog-${++count}`;
    const before = document.activeElement;
    const dialog = h("dialog", { "aria-labelledby": id, class: isWide ? "wide" : "" },
        h("article", {},
            h("header", {}, h("h2", { id }, title), h("button", { type: "button", class: "plain", "aria-label": t("act.close"), onclick: () => dialog.close() }, icon("close"))),
            content,
            actions.length > 0 ? h("footer", {}, actions) : null));
    dialog.addEventListener("close", () => {
        dialog.remove();
        if (before instanceof HTMLElement && before.isConnected) before.focus();
    });
    // Who selects text may let go of the button outside.
    let isPressedBeside = false;
    dialog.addEventListener("pointerdown", (event) => (isPressedBeside = event.target === dialog));
    dialog.addEventListener("click", (event) => {
        if (event.target === dialog && isPressedBeside && !isKept && !dialog.querySelector("form")) dialog.close();
    });
    document.body.append(dialog);
    dialog.showModal();
    return dialog;
}

/// True if the question was answered with `yes`. The safe answer has the focus.
export function ask(title, text, { yes = t("act.yes"), isDangerous = true } = {}) {
    return new Promise((resolve) => {
        let answer = false;
        const no = h("button", { type: "button", class: "secondary", autofocus: true, onclick: () => dialog.close() }, t("act.cancel"));
        const act = h("button", { type: "button", class: isDangerous ? "danger" : "", onclick: () => {
            answer = true;
            dialog.close();
        } }, yes);
        const dialog = openDialog(title, h("p", {}, text), { actions: [no, act] });
        dialog.addEventListener("close", () => resolve(answer));
    });
}
