// Choosing a photo: a file, the camera of a phone, or dropped; shown at once, made smaller before it is sent.

import { h } from "../h.js";
import { t } from "../texts.js";

const k_longest_side = 2_000; // pixels: more tells the recogniser nothing

/// The photo upright and no larger than it needs to be; as it is if the browser cannot read it (the server may).
export async function reduced(file) {
    try {
        const picture = await createImageBitmap(file, { imageOrientation: "from-image" });
        const scale = k_longest_side / Math.max(picture.width, picture.height);
        if (scale >= 1) return file;
        const canvas = h("canvas", { width: Math.round(picture.width * scale), height: Math.round(picture.height * scale) });
        canvas.getContext("2d").drawImage(picture, 0, 0, canvas.width, canvas.height);
        return await new Promise((resolve) => canvas.toBlob((blob) => resolve(blob ?? file), "image/jpeg", 0.92));
    } catch {
        return file;
    }
}

/// act(file) is called with each choice. `file` is what is chosen now.
export class PhotoField {
    file = null;
    #preview = h("div", { class: "photo-preview" });
    #url = null;
    #act;

    constructor({ act = () => {}, hasPreview = true } = {}) {
        this.#act = act;
        this.#preview.hidden = !hasPreview;
        const input = h("input", { type: "file", accept: "image/*,.heic,.heif", class: "sr-only photo-input", onchange: () => this.take(input.files[0] ?? null) });
        this.element = h("label", { class: "photo-field", ondragover: (event) => event.preventDefault(), ondrop: (event) => {
            event.preventDefault();
            this.take(event.dataTransfer.files[0] ?? null);
        } }, h("span", { class: "photo-label" }, t("photo.choose")), h("small", { class: "muted" }, t("photo.drop")), input, this.#preview);
    }

    take(file) {
        if (!file) return;
        this.file = file;
        if (this.#url) URL.revokeObjectURL(this.#url);
        this.#url = URL.createObjectURL(file);
        const image = h("img", { src: this.#url, alt: t("photo.chosen", { name: file.name ?? "" }), onerror: () => image.replaceWith(h("p", {}, file.name)) });
        this.#preview.replaceChildren(image);
        this.#act(file);
    }
}
