// A picture with the faces on it framed.

import { h, svg } from "../h.js";
import { t } from "../texts.js";

/// boxes: {top, right, bottom, left} in pixels of the picture, text, tone (good, bad, quiet). The frame grows with the picture.
export function framed(image, width, height, boxes) {
    const frames = boxes.map((box, at) => {
        const shift = Math.max(14, Math.round(width / 40));
        return svg("g", { class: `face-frame ${box.tone ?? "quiet"}` },
            svg("rect", { x: box.left, y: box.top, width: Math.max(1, box.right - box.left), height: Math.max(1, box.bottom - box.top), "vector-effect": "non-scaling-stroke" }),
            svg("text", { x: box.left, y: box.top > shift * 1.5 ? box.top - shift / 3 : box.bottom + shift, "font-size": shift }, box.text ?? String(at + 1)));
    });
    return h("div", { class: "framed" }, image, svg("svg", { viewBox: `0 0 ${width} ${height}`, "aria-hidden": "true", preserveAspectRatio: "xMidYMid meet" }, frames));
}

/// A photo of somebody, or their initials. It comes when it is scrolled to; when it cannot be had, the initials stay.
export function portrait(url, name) {
    const initials = [...String(name ?? "?").trim()].slice(0, 1).join("").toUpperCase() || "?";
    const box = h("span", { class: "portrait", "aria-hidden": "true" }, initials);
    if (!url) return box;
    const image = h("img", { src: url, alt: "", loading: "lazy", decoding: "async", onerror: () => image.remove() });
    box.append(image);
    return box;
}

export function photo(url, text) {
    const image = h("img", { src: url, alt: text, decoding: "async", onerror: () => image.replaceWith(h("p", { class: "muted" }, t("picture.gone"))) });
    return image;
}
