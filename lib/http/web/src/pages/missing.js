// An address that leads nowhere.

import { h } from "../h.js";
import { pageUrl } from "../place.js";
import { t } from "../texts.js";

export function show(main) {
    main.append(h("h1", { tabindex: "-1" }, t("page.missing")), h("p", {}, t("missing.text")), h("p", {}, h("a", { href: pageUrl() }, t("missing.back"))));
}
