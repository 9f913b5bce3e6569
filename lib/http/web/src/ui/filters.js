// Small forms that choose what a page shows; they act at once, and keep what was chosen in the address.

import { h } from "../h.js";
import { keepQuery } from "../router.js";
import { t } from "../texts.js";

const optionsOf = (pairs) => pairs.map(([value, text]) => h("option", { value }, text));

/// fields: {name, label, options ([value, text]) | type (search, date, text), placeholder}. `filter` is changed in place; act(filter)
/// is called a moment after the last letter, if the page of `signal` is still there. `path` and `kept` make the address.
export function filters({ path, kept = {}, filter, fields, act, signal, label = t("word.filters") }) {
    let timer = 0;
    signal.addEventListener("abort", () => clearTimeout(timer), { once: true });
    const change = (name, value, wait) => {
        filter[name] = value;
        clearTimeout(timer);
        timer = setTimeout(() => {
            keepQuery(path, { ...kept, ...filter });
            act(filter);
        }, wait);
    };
    return h("form", { class: "filters", "aria-label": label, onsubmit: (event) => event.preventDefault() }, fields.map((field) => {
        const { name, options, type = "search", placeholder } = field;
        const control = options
            ? h("select", { name, value: filter[name], onchange: (event) => change(name, event.target.value, 0) }, optionsOf(options))
            : h("input", { name, type, placeholder, value: filter[name], oninput: (event) => change(name, event.target.value.trim(), type === "date" ? 0 : 300) });
        return h("label", {}, field.label, control);
    }));
}

/// Others to choose from in one field of the form; what is chosen stays, and the focus with it.
export function setChoices(form, name, pairs) {
    const list = form.querySelector(`select[name="${name}"]`);
    const { value } = list;
    if ([...list.options].map((one) => one.value).join("\n") === pairs.map(([one]) => one).join("\n")) return;
    list.replaceChildren(...optionsOf(pairs));
    list.value = value;
}

/// The filter of an address: only these names, "" for what is not there.
export function filterOf(query, defaults) {
    return Object.fromEntries(Object.entries(defaults).map(([name, value]) => [name, query.get(name) ?? value]));
}

export const periods = () => ["24h", "7d", "30d", "90d", "365d"].map((one) => [one, t(`period.${one}`)]);
