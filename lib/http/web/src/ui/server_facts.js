// What the server runs with: settings and where they come from, thresholds, models, retention, and its health.

import { api } from "../api.js";
import { fill, h } from "../h.js";
import { bytes, duration, number, t } from "../texts.js";
import { badge } from "./badge.js";
import { errorText, Region } from "./states.js";

const distance = (value) => (value === null ? "–" : number(value, { maximumFractionDigits: 4 }));

function table(caption, heads, rows) {
    return h("div", { class: "table-box" }, h("table", { role: "table", class: "cards-on-phone" }, h("caption", { class: "sr-only" }, caption),
        h("thead", { role: "rowgroup" }, h("tr", { role: "row" }, heads.map((text) => h("th", { role: "columnheader", scope: "col" }, text)))),
        h("tbody", { role: "rowgroup" }, rows.map((cells) => h("tr", { role: "row" }, cells.map((cell, at) => h("td", { role: "cell", dataset: { label: heads[at] } }, h("div", {}, cell))))))));
}

const section = (id, title, ...content) => h("section", { class: "panel", "aria-labelledby": id }, h("h2", { id }, title), content);

/// Where a setting comes from: a file is called by its name.
const originText = (origin) => (origin === "default" ? t("setting.default") : origin);

function thresholds(data) {
    const origin = data.settings.find(({ key }) => key === "threshold")?.origin ?? "";
    const rows = ["identify", "verify", "duplicate", "palm_identify", "palm_verify"].map((name) => [t(`threshold.${name}`), distance(data.thresholds[name]), distance(data.thresholds[`measured_${name}`])]);
    return section("thresholds", t("settings.thresholds"), h("p", { class: "muted" }, t("threshold.lead", { origin: originText(origin) })), table(t("settings.thresholds"), [t("threshold.what"), t("threshold.now"), t("threshold.measured")], rows));
}

function settings(data) {
    const rows = data.settings.map((one) => [[h("code", {}, one.key), h("p", { class: "muted" }, one.summary)], one.value ?? h("span", { class: "muted" }, t("setting.unset")),
        one.origin === "default" ? h("span", { class: "muted" }, originText(one.origin)) : originText(one.origin)]);
    return section("settings", t("settings.all"), h("p", { class: "muted" }, t("setting.lead"), " ", h("code", {}, "bioctl config set")), table(t("settings.all"), [t("setting.key"), t("setting.value"), t("setting.origin")], rows));
}

export function thresholdsRegion(signal) {
    return new Region({ load: (stop) => api.get("settings", {}, { signal: stop }), draw: (data, element) => fill(element, thresholds(data), settings(data)), signal });
}

function models(data) {
    const rows = data.models.map((one) => [t(`model.${one.kind}`), [one.title, h("small", { class: "muted" }, ` ${one.id}`)], one.licence ?? "–", bytes(one.bytes), h("code", { title: one.sha256 }, one.sha256.slice(0, 12))]);
    return section("models", t("settings.models"), table(t("settings.models"), [t("model.kind"), t("model.title"), t("model.licence"), t("model.size"), "SHA-256"], rows), h("p", { class: "muted" }, t("model.contract"), " ", h("code", {}, data.contract)));
}

function retention(data) {
    const rows = data.retention.map((one) => [t(`retention.${one.what}`), one.days === null ? t("retention.ever") : t("unit.days", { number: one.days })]);
    return section("retention", t("settings.retention"), table(t("settings.retention"), [t("retention.what"), t("retention.kept")], rows), h("p", { class: "muted" }, t("retention.lead"), " ", h("code", {}, "bioctl events prune")));
}

function storeFacts(data) {
    const rows = [[t("store.bytes"), bytes(data.store.bytes)], [t("store.log"), bytes(data.store.log_bytes)], [t("store.schema"), String(data.store.schema)], [t("store.people"), number(data.store.people)],
        [t("store.templates"), number(data.store.templates)], [t("store.events"), number(data.store.events)], [t("store.uptime"), duration(data.uptime_s * 1000)]];
    return h("dl", { class: "facts wide-facts" }, rows.map(([label, value]) => [h("dt", {}, label), h("dd", {}, value)]));
}

function health(signal) {
    const found = h("div", { "aria-live": "polite" });
    const button = h("button", { type: "button", class: "outline", onclick: async () => {
        button.disabled = true;
        button.setAttribute("aria-busy", "true");
        try {
            const { items } = await api.get("doctor", {}, { signal });
            const bad = items.filter(({ status }) => status !== "ok").length;
            fill(found, h("p", {}, bad === 0 ? t("doctor.well", { number: items.length }) : t("doctor.findings", { number: bad })),
                table(t("settings.health"), [t("word.state"), t("doctor.check"), t("doctor.detail")], items.map((one) => [badge("doctor", one.status), one.name, [one.detail, one.remedy ? h("p", { class: "muted" }, one.remedy) : null]])));
        } catch (error) {
            if (error.name !== "AbortError") fill(found, h("p", { class: "text-bad", role: "alert" }, errorText(error)));
        }
        button.disabled = false;
        button.removeAttribute("aria-busy");
    } }, t("doctor.run"));
    return [h("p", { class: "muted" }, t("doctor.lead"), " "), button, found];
}

export function serverRegion(signal) {
    const checks = health(signal);
    return new Region({ load: (stop) => api.get("settings", {}, { signal: stop }), draw: (data, element) => fill(element, section("health", t("settings.health"), storeFacts(data), checks), models(data), retention(data)), signal });
}
