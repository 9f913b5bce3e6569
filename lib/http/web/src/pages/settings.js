// Accounts, keys, and what the server runs with.

import { h } from "../h.js";
import { whenever } from "../live.js";
import { mayChange, sessions } from "../session.js";
import { t } from "../texts.js";
import { accountsRegion } from "../ui/accounts.js";
import { calibrationsRegion } from "../ui/calibrations.js";
import { icon } from "../ui/icons.js";
import { keysRegion } from "../ui/keys.js";
import { serverRegion, thresholdsRegion } from "../ui/server_facts.js";
import { tabs, viewOf } from "../ui/tabs.js";

const views = () => [["accounts", t("settings.accounts")], ["keys", t("settings.keys")], ["values", t("settings.thresholds")], ["server", t("settings.server")]];

function listView(main, list, text, paths, signal) {
    main.append(h("p", {}, mayChange("admin") ? h("button", { type: "button", onclick: list.add }, icon("plus"), text) : ""), list.element);
    whenever({ paths, every: 1_500, signal, sessions }, list.reload);
}

export function show(main, { query, signal }) {
    const view = viewOf(query, views());
    main.append(h("h1", { tabindex: "-1" }, t("page.settings")), tabs("settings", views(), view, t("page.settings")));
    if (view === "accounts") listView(main, accountsRegion(signal), t("accounts.add"), ["accounts"], signal);
    else if (view === "keys") listView(main, keysRegion(signal), t("keys.add"), ["keys"], signal);
    else if (view === "values") main.append(calibrationsRegion(signal).element, thresholdsRegion(signal).element);
    else main.append(serverRegion(signal).element);
}
