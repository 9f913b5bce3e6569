// The form of an ONT, an OLT or a switch, for a new one and for one that is there.

import { api } from "../api.js";
import { h } from "../h.js";
import { pageUrl } from "../place.js";
import { go } from "../router.js";
import { t } from "../texts.js";
import { openDialog } from "./dialog.js";
import { control, form } from "./form.js";
import { toast } from "./toast.js";

const tagsOf = (text) => text.split(",").map((one) => one.trim()).filter(Boolean);
const textOf = (value) => (value === null || value === undefined ? "" : String(value));

function fieldsOf(ont) {
    const plain = { spellcheck: "false" };
    return [
        { name: "name", label: t("ont.name"), value: ont?.name, isRequired: true },
        { name: "customer_id", label: t("ont.customer_id"), value: ont?.customer_id, attributes: plain },
        { name: "kind", label: t("ont.kind"), type: "select", value: ont?.kind ?? "ont", options: ["ont", "olt", "switch"].map((one) => [one, t(`ont.kind.${one}`)]) },
        { name: "host", label: t("ont.host"), value: ont?.host, hint: t("ont.host.hint"), attributes: plain },
        { name: "parent", label: t("ont.parent"), value: ont?.parent_id ? `id:${ont.parent_id}` : "", hint: ont?.parent ? t("ont.parent.now", { name: ont.parent }) : t("ont.parent.hint"), attributes: plain },
        { name: "location", label: t("ont.location"), value: ont?.location },
        h("div", { class: "two-columns tight" },
            h("div", {}, control({ name: "latitude", label: t("ont.latitude"), value: textOf(ont?.latitude), hint: t("ont.latitude.hint") })),
            h("div", {}, control({ name: "longitude", label: t("ont.longitude"), value: textOf(ont?.longitude) }))),
        { name: "tags", label: t("ont.tags"), value: ont?.tags.join(", "), hint: t("device.tags.hint") },
    ];
}

/// What the form says is different from `ont`, or all that is filled in for a new one.
function changesOf(values, ont) {
    const json = {};
    for (const [name, value] of Object.entries({ ...values, tags: tagsOf(values.tags) })) {
        const before = name === "parent" ? (ont?.parent_id ? `id:${ont.parent_id}` : "") : name === "tags" ? (ont?.tags ?? []) : textOf(ont?.[name]);
        if (JSON.stringify(value) !== JSON.stringify(before)) json[name] = value;
    }
    // Only both of them are a place.
    if ("latitude" in json || "longitude" in json) Object.assign(json, { latitude: values.latitude, longitude: values.longitude });
    return json;
}

/// For a new ONT, or to change `ont`; act(saved) afterwards.
export function ontDialog(ont = null, act = null) {
    const content = form({
        fields: fieldsOf(ont),
        submit: t(ont ? "act.save" : "onts.add"),
        cancel: () => dialog.close(),
        act: async (values) => {
            const json = changesOf(values, ont);
            let saved = ont;
            if (ont === null) saved = await api.post("onts", json);
            else if (Object.keys(json).length > 0) saved = await api.patch(`onts/${ont.id}`, json);
            dialog.close();
            toast(t("ont.saved", { name: saved.name }));
            if (act) act(saved);
            else go(pageUrl(`onts/${saved.id}`));
        },
    });
    const dialog = openDialog(t(ont ? "ont.edit" : "onts.add"), content);
}
