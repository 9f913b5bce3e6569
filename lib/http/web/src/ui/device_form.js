// The form of a terminal, for a new one and for one that is there.

import { api } from "../api.js";
import { h } from "../h.js";
import { pageUrl, part } from "../place.js";
import { go } from "../router.js";
import { t } from "../texts.js";
import { openDialog } from "./dialog.js";
import { control, form } from "./form.js";
import { toast } from "./toast.js";

const tagsOf = (text) => text.split(",").map((one) => one.trim()).filter(Boolean);

function fieldsOf(device) {
    const isNew = device === null;
    return [
        { name: "name", label: t("device.name"), value: device?.name, isRequired: true, hint: t("device.name.hint") },
        { name: "url", label: t("device.url"), value: device?.url ?? "http://", isRequired: true, hint: t("device.url.hint"), attributes: { inputmode: "url", spellcheck: "false" } },
        { name: "user", label: t("device.user"), value: device?.user ?? "admin", isRequired: true, attributes: { autocomplete: "off", spellcheck: "false" } },
        { name: "password", label: t("device.password"), type: "password", isRequired: isNew, hint: isNew ? null : t("device.password.keep"), attributes: { autocomplete: "new-password" } },
        { name: "location", label: t("device.location"), value: device?.location },
        { name: "tags", label: t("device.tags"), value: device?.tags.join(", "), hint: t("device.tags.hint") },
        h("details", {}, h("summary", {}, t("device.more")),
            control({ name: "tls", label: t("device.tls"), type: "select", value: device?.tls ?? "ca", options: ["ca", "pin", "off"].map((one) => [one, t(`device.tls.${one}`)]) }),
            control({ name: "pin", label: t("device.pin"), value: device?.pin, hint: t("device.pin.hint"), attributes: { spellcheck: "false" } }),
            control({ name: "window", label: t("device.window"), type: "select", value: device?.window ?? "device", options: ["device", "none", "utc"].map((one) => [one, t(`device.window.${one}`)]), hint: t("device.window.hint") }),
            control({ name: "reuse_nonce", label: t("device.reuse_nonce"), type: "checkbox", value: device?.reuse_nonce }),
            isNew ? null : control({ name: "is_replaced", label: t("device.is_replaced"), type: "checkbox", hint: t("device.is_replaced.hint") })),
    ];
}

/// What the form says is different from `device`.
function changesOf(values, device) {
    const json = {};
    const wanted = { ...values, tags: tagsOf(values.tags) };
    for (const [name, value] of Object.entries(wanted)) {
        if (name === "password" || name === "is_replaced") {
            if (value) json[name] = value;
        } else if (JSON.stringify(value) !== JSON.stringify(device[name] ?? (name === "reuse_nonce" ? false : ""))) {
            json[name] = value;
        }
    }
    return json;
}

async function add(values) {
    const json = { ...values, tags: tagsOf(values.tags) };
    for (const name of ["location", "pin"]) if (json[name] === "") delete json[name];
    return api.post("devices", json);
}

/// For a new terminal, or to change `device`.
export function deviceDialog(device = null) {
    const content = form({
        fields: fieldsOf(device),
        submit: t(device ? "act.save" : "devices.add"),
        cancel: () => dialog.close(),
        act: async (values) => {
            let saved = device;
            if (device === null) {
                saved = await add(values);
            } else {
                const json = changesOf(values, device);
                if (Object.keys(json).length > 0) saved = await api.patch(`devices/${part(device.name)}`, json);
            }
            dialog.close();
            toast(t(device ? "device.saved" : "device.added", { name: saved.name }));
            if (device === null || saved.name !== device.name) go(pageUrl(`devices/${part(saved.name)}`));
        },
    });
    const dialog = openDialog(t(device ? "device.edit" : "devices.add"), content);
}
