// What the pages say, in two languages, and how numbers and times are written.

import { h } from "./h.js";
import { memory, place } from "./place.js";
import en from "./texts/en.js";
import id from "./texts/id.js";

const k_tables = { id, en };
const k_locales = { id: "id-ID", en: "en-GB" };

function preferred() {
    const chosen = memory.get("language");
    if (chosen in k_tables) return chosen;
    const wanted = navigator.languages ?? [navigator.language];
    // Malay and Javanese browsers are nearer to Indonesian than to English.
    return wanted.some((one) => /^(id|ms|jv|su)\b/i.test(one)) ? "id" : "en";
}

export let language = preferred();
document.documentElement.lang = language;

/// Everything is drawn anew by whoever calls.
export function setLanguage(name) {
    language = name;
    memory.set("language", name);
    document.documentElement.lang = name;
}

/// t("events.new", {number: 3}): {number} in the text is replaced. A text with {number} may have a form for one: "events.new.one".
export function t(key, values = {}) {
    const table = k_tables[language];
    const one = values.number === 1 ? table[`${key}.one`] : undefined;
    const text = one ?? table[key];
    if (text === undefined) throw new Error(`there is no text '${key}'`);
    return text.replace(/\{(\w+)\}/g, (_, name) => {
        const value = values[name];
        return typeof value === "number" ? number(value) : String(value ?? "");
    });
}

/// A word of the server (a state, a kind) as people read it; as it is if nobody has translated it.
export function word(group, value) {
    return k_tables[language][`${group}.${value}`] ?? String(value ?? "");
}

export function number(value, options = {}) {
    return new Intl.NumberFormat(k_locales[language], options).format(value);
}

export function percent(value) {
    return number(value, { style: "percent", maximumFractionDigits: 1 });
}

export function bytes(value) {
    const units = ["byte", "kilobyte", "megabyte", "gigabyte", "terabyte"];
    const step = value > 0 ? Math.min(units.length - 1, Math.floor(Math.log10(value) / 3)) : 0;
    return number(value / 1000 ** step, { style: "unit", unit: units[step], unitDisplay: "short", maximumFractionDigits: 1 });
}

const k_forms = {
    full: { dateStyle: "medium", timeStyle: "medium" },
    time: { timeStyle: "medium" },
    minute: { timeStyle: "short" },
    day: { dateStyle: "medium" },
    date: { day: "numeric", month: "short" },
    short: { day: "numeric", month: "short", hour: "2-digit", minute: "2-digit", second: "2-digit" },
};

/// An RFC 3339 time in the zone of the server, whatever the zone of the browser. form: full, time, minute, day, date, short.
export function moment(time, form = "full") {
    if (!time) return t("word.never");
    return new Intl.DateTimeFormat(k_locales[language], { timeZone: place.timezone, ...k_forms[form] }).format(new Date(time));
}

/// "2026-11-21" of now, or of days later, in the zone of the server.
export function today(days = 0) {
    const at = new Date(Date.now() + days * 86_400_000);
    return new Intl.DateTimeFormat("en-CA", { timeZone: place.timezone, year: "numeric", month: "2-digit", day: "2-digit" }).format(at);
}

/// The moment at which a day, "2026-11-21", begins in the zone of the server.
export function beginningOf(day) {
    const midnight = Date.parse(`${day}T00:00:00Z`);
    const parts = new Intl.DateTimeFormat("en-CA", { timeZone: place.timezone, timeZoneName: "longOffset" }).formatToParts(midnight);
    const [, sign, hours, minutes] = /GMT([+-])(\d\d):(\d\d)/.exec(parts.find(({ type }) => type === "timeZoneName").value) ?? [null, "+", 0, 0];
    return new Date(midnight - Number(`${sign}1`) * (60 * hours + Number(minutes)) * 60_000);
}

/// "3 minutes ago"
export function ago(time, now = Date.now()) {
    if (!time) return t("word.never");
    const seconds = Math.round((new Date(time).getTime() - now) / 1000);
    const units = [
        ["year", 31_557_600],
        ["month", 2_629_800],
        ["day", 86_400],
        ["hour", 3_600],
        ["minute", 60],
        ["second", 1],
    ];
    const [unit, length] = units.find(([, one]) => Math.abs(seconds) >= one) ?? units.at(-1);
    return new Intl.RelativeTimeFormat(k_locales[language], { numeric: "auto" }).format(Math.trunc(seconds / length), unit);
}

/// "2 hours 5 minutes", of milliseconds.
export function duration(milliseconds) {
    const parts = [];
    let left = Math.round(Math.abs(milliseconds) / 1000);
    if (left === 0 && milliseconds !== 0) return `${number(Math.abs(milliseconds))} ms`;
    for (const [unit, length] of [["day", 86_400], ["hour", 3_600], ["minute", 60], ["second", 1]]) {
        const whole = Math.floor(left / length);
        if (whole === 0 && !(unit === "second" && parts.length === 0)) continue;
        parts.push(number(whole, { style: "unit", unit, unitDisplay: "long" }));
        left -= whole * length;
        if (parts.length === 2) break;
    }
    return parts.join(" ");
}

/// <time>: relative, with the exact time on hover; it stays right as time goes by. Or absolute, for tables.
export function timeElement(time, form = "ago") {
    if (!time) return h("span", { class: "muted" }, t("word.never"));
    if (form !== "ago") return h("time", { datetime: time, title: moment(time) }, moment(time, form));
    return h("time", { datetime: time, title: moment(time), dataset: { ago: "" } }, ago(time));
}

setInterval(() => {
    for (const element of document.querySelectorAll("time[data-ago]")) {
        const text = ago(element.dateTime);
        if (element.textContent !== text) element.textContent = text;
    }
}, 5_000);
