// How elements are made: what comes from outside is only ever text. Nothing here, or anywhere in these pages, takes HTML.

const k_svg = "http://www.w3.org/2000/svg";
const k_properties = new Set(["value", "checked", "disabled", "hidden", "selected", "open", "indeterminate", "readOnly", "srcObject"]);

/// Whether a link may lead there: javascript: and its like are for nobody.
export function isSafeUrl(url) {
    try {
        return ["http:", "https:", "mailto:", "tel:", "blob:"].includes(new URL(url, document.baseURI).protocol);
    } catch {
        return false;
    }
}

function setAttribute(element, name, value) {
    if (value === undefined || value === null) return;
    if (name.startsWith("on")) {
        if (typeof value !== "function") throw new TypeError(`${name} wants a function`);
        element.addEventListener(name.slice(2).toLowerCase(), value);
    } else if (name === "dataset") {
        for (const [key, text] of Object.entries(value)) element.dataset[key] = text;
    } else if (name === "class") {
        element.setAttribute("class", Array.isArray(value) ? value.filter(Boolean).join(" ") : value);
    } else if (name === "style" || name === "srcdoc" || /^(inner|outer)/.test(name)) {
        throw new TypeError(`${name} is not set here`);
    } else if (k_properties.has(name)) {
        element[name] = value;
    } else if (typeof value === "boolean" && !name.startsWith("aria-")) {
        element.toggleAttribute(name, value);
    } else {
        if ((name === "href" || name === "src" || name === "action") && !isSafeUrl(value)) return;
        element.setAttribute(name, String(value));
    }
}

function append(element, children) {
    for (const child of children.flat(Infinity)) {
        if (child === null || child === undefined || child === false) continue;
        element.append(child instanceof Node ? child : String(child));
    }
}

/// h("p", {class: "note"}, "text", child, [children]): attributes, on<event> functions; false, null and undefined are left out.
export function h(tag, attributes = {}, ...children) {
    const element = document.createElement(tag);
    // A <select> takes its value only once its options are there.
    const { value, ...others } = attributes;
    for (const [name, one] of Object.entries(others)) setAttribute(element, name, one);
    append(element, children);
    if (value !== undefined && value !== null) setAttribute(element, "value", value);
    return element;
}

/// The same for pictures made of lines.
export function svg(tag, attributes = {}, ...children) {
    const element = document.createElementNS(k_svg, tag);
    for (const [name, one] of Object.entries(attributes)) setAttribute(element, name, one);
    append(element, children);
    return element;
}

/// Instead of what was in it.
export function fill(element, ...children) {
    element.replaceChildren();
    append(element, children);
    return element;
}
