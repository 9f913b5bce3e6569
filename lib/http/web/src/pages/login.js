// Name and password.

import { ApiError } from "../api.js";
import { h } from "../h.js";
import { logIn } from "../session.js";
import { language, setLanguage, t } from "../texts.js";
import { form, Refused } from "../ui/form.js";
import { icon } from "../ui/icons.js";

export function show(main) {
    const other = language === "id" ? ["en", "English"] : ["id", "Bahasa Indonesia"];
    const content = form({
        fields: [
            { name: "name", label: t("login.name"), isRequired: true, attributes: { autocomplete: "username", autocapitalize: "none", spellcheck: "false", autofocus: true } },
            { name: "password", label: t("login.password"), type: "password", isRequired: true, attributes: { autocomplete: "current-password" } },
        ],
        submit: t("login.submit"),
        act: async ({ name, password }) => {
            try {
                await logIn(name, password);
            } catch (error) {
                if (error instanceof ApiError && error.status === 401) throw new Refused(t("login.wrong"));
                if (error instanceof ApiError && error.status === 429) throw new Refused(t("login.wait", { number: error.retryAfter || 1 }));
                throw error;
            }
        },
    });
    main.append(h("article", { class: "login" },
        h("h1", { tabindex: "-1" }, icon("face"), " bioctl"),
        h("p", { class: "muted" }, t("login.lead")),
        content,
        h("p", { class: "login-language" }, h("button", { type: "button", class: "link", lang: other[0], onclick: () => {
            setLanguage(other[0]);
            dispatchEvent(new Event("bioctl:language"));
        } }, other[1]))));
    content.querySelector("input").focus();
}
