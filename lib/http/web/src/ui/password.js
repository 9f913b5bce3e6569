// The own password, changed by its owner.

import { changePassword } from "../session.js";
import { t } from "../texts.js";
import { openDialog } from "./dialog.js";
import { form, Refused } from "./form.js";
import { toast } from "./toast.js";

export function changePasswordDialog() {
    const content = form({
        fields: [
            { name: "current", label: t("password.current"), type: "password", isRequired: true, attributes: { autocomplete: "current-password" } },
            { name: "next", label: t("password.next"), type: "password", isRequired: true, hint: t("password.rule"), attributes: { autocomplete: "new-password", minlength: 10 } },
            { name: "again", label: t("password.again"), type: "password", isRequired: true, attributes: { autocomplete: "new-password" } },
        ],
        submit: t("password.change"),
        cancel: () => dialog.close(),
        act: async ({ current, next, again }) => {
            if (next !== again) throw new Refused(t("password.differ"));
            await changePassword(current, next);
            dialog.close();
            toast(t("password.done"));
        },
    });
    const dialog = openDialog(t("account.password"), content);
}
