// Forms: labels, hints, what is wrong and where, and no second click while the first is under way.

import { fill, h } from "../h.js";
import { t } from "../texts.js";
import { errorText } from "./states.js";

let count = 0;

/// One input with its label. field: {name, label, type (text, password, select, checkbox, textarea, file, date, ...), value, hint,
/// options ([value, text] of a select), isRequired, and any attribute of <input> in `attributes`}.
export function control(field) {
    const id = `field-${++count}`;
    const { name, type = "text", value, hint, options, isRequired = false, attributes = {} } = field;
    const shared = { id, name, required: isRequired, "aria-describedby": hint ? `${id}-hint` : null, ...attributes };
    let input;
    if (type === "select") {
        input = h("select", { ...shared, value: value ?? "" }, options.map(([one, text]) => h("option", { value: one }, text)));
        input.value = value ?? options[0]?.[0] ?? "";
    } else if (type === "textarea") {
        input = h("textarea", { ...shared, value: value ?? "" });
    } else if (type === "checkbox") {
        input = h("input", { ...shared, type, checked: Boolean(value) });
    } else {
        input = h("input", { ...shared, type, value: type === "file" ? undefined : (value ?? "") });
    }
    const note = hint ? h("small", { id: `${id}-hint`, class: "hint" }, hint) : null;
    const label = h("label", { for: id }, field.label, isRequired ? h("span", { class: "required", "aria-hidden": "true" }, " *") : null);
    if (type === "checkbox") return h("div", { class: "field check" }, input, label, note);
    return h("div", { class: "field" }, label, input, note);
}

/// The values of a form by name: text trimmed (but not passwords), checkboxes as booleans, files as File or null.
export function valuesOf(form) {
    const values = {};
    for (const input of form.elements) {
        if (!input.name) continue;
        if (input.type === "checkbox") values[input.name] = input.checked;
        else if (input.type === "file") values[input.name] = input.files[0] ?? null;
        else if (input.type === "password") values[input.name] = input.value;
        else if (input.type !== "radio" || input.checked) values[input.name] = input.value.trim();
    }
    return values;
}

/// A <form>: act(values, form) does what it is for; what it throws is shown above the button, and the form stays as it is. `fields`
/// are fields of control(), or elements.
export function form({ fields, submit, act, cancel = null, buttons = [], attributes = {} }) {
    const wrong = h("div", { class: "wrong", role: "alert", tabindex: "-1" });
    const button = h("button", { type: "submit" }, submit);
    const element = h("form", attributes,
        fields.map((field) => (field instanceof Node ? field : field ? control(field) : null)),
        wrong,
        h("div", { class: "form-actions" },
            cancel ? h("button", { type: "button", class: "secondary", onclick: cancel }, t("act.cancel")) : null, buttons, button));
    element.addEventListener("submit", async (event) => {
        event.preventDefault();
        if (button.disabled) return;
        wrong.replaceChildren();
        button.disabled = true;
        button.setAttribute("aria-busy", "true");
        try {
            await act(valuesOf(element), element);
        } catch (error) {
            if (error.name !== "AbortError") {
                fill(wrong, error instanceof Refused ? error.message : errorText(error));
                wrong.focus();
            }
        } finally {
            button.disabled = false;
            button.removeAttribute("aria-busy");
        }
    });
    return element;
}

/// What a form's act() throws when it knows itself what is wrong.
export class Refused extends Error {
    name = "Refused";
}
