// Taking note of an outage.

import { api } from "../api.js";
import { t } from "../texts.js";
import { openDialog } from "./dialog.js";
import { form } from "./form.js";
import { toast } from "./toast.js";

/// act(outage) afterwards.
export function ackDialog(outage, act) {
    const content = form({
        fields: [{ name: "note", label: t("outage.note"), type: "textarea", hint: t("outage.note.hint"), attributes: { maxlength: 300, rows: 3 } }],
        submit: t("outage.ack"),
        cancel: () => dialog.close(),
        act: async ({ note }) => {
            const saved = await api.post(`outages/${outage.id}/ack`, { note });
            dialog.close();
            toast(t("outage.acked", { name: outage.name }));
            act(saved);
        },
    });
    const dialog = openDialog(t("outage.ack.of", { name: outage.name }), content);
}
