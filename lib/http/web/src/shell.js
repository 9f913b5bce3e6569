// What is around every page: the menu, the state of the connection, the account, and what is said to those who listen.

import { isReachable, wire } from "./api.js";
import { fill, h } from "./h.js";
import { live, liveState } from "./live.js";
import { memory, pageUrl, place } from "./place.js";
import { pages } from "./pages.js";
import { logOut, may, session } from "./session.js";
import { language, setLanguage, t, word } from "./texts.js";
import { changePasswordDialog } from "./ui/password.js";
import { icon } from "./ui/icons.js";
import { errorText } from "./ui/states.js";
import { toast } from "./ui/toast.js";

const k_groups = ["now", "attendance", "network", "system"];

let root = null;
const speaker = h("div", { class: "sr-only", "aria-live": "polite", role: "status" });
const toasts = h("div", { class: "toasts", id: "toasts", "aria-live": "polite" });

/// Said by screen readers, shown to nobody.
export function announce(text) {
    speaker.textContent = "";
    setTimeout(() => (speaker.textContent = text), 50);
}

/// What holds the whole page.
export function frame() {
    if (!root) {
        root = h("div", { class: "frame" });
        document.body.replaceChildren(root, speaker, toasts);
    }
    return root;
}

function menuItem(page, current) {
    const isCurrent = current.path.split("/")[0] === page.path;
    return h("li", {}, h("a", { href: pageUrl(page.path), "aria-current": isCurrent ? "page" : null }, icon(page.icon), h("span", {}, t(`page.${page.name}`))));
}

function menu(current) {
    const groups = k_groups.map((group) => {
        const items = pages.filter((page) => page.group === group && may(page.scope));
        if (items.length === 0) return null;
        const title = group === "now" ? null : h("h2", { class: "menu-title", id: `menu-${group}` }, t(`menu.${group}`));
        return [title, h("ul", { "aria-labelledby": title ? title.id : null }, items.map((page) => menuItem(page, current)))];
    });
    return h("nav", { class: "menu", id: "menu", "aria-label": t("menu.label") }, groups);
}

function linkState() {
    const state = isReachable() ? liveState : "offline";
    return h("span", { class: ["link-state", state], title: t(`link.${state}.why`) }, h("span", { class: "dot", "aria-hidden": "true" }), t(`link.${state}`));
}

function banner() {
    if (isReachable()) return null;
    return h("div", { class: "banner", role: "status" }, icon("alert"), t("link.offline.banner"));
}

function setTheme(theme) {
    memory.set("theme", theme);
    dispatchEvent(new CustomEvent("bioctl:theme", { detail: theme }));
}

function choice(name, label, values, current, act) {
    return h("fieldset", { class: "choice" }, h("legend", {}, label), h("div", { class: "choice-row" }, values.map(([value, text]) => h("label", {},
        h("input", { type: "radio", name, value, checked: value === current, onchange: () => act(value) }), text))));
}

function accountMenu() {
    const details = h("details", { class: "account" },
        h("summary", { "aria-label": t("account.label", { name: session.name }) }, icon("person"), h("span", { class: "account-name" }, session.name)),
        h("div", { class: "account-box" },
            h("p", { class: "account-who" }, h("strong", {}, session.name), " ", h("small", { class: "muted" }, word("role", session.role ?? session.kind))),
            place.isReadonly ? h("p", { class: "muted" }, t("account.readonly")) : null,
            choice("language", t("account.language"), [["id", "Indonesia"], ["en", "English"]], language, (value) => {
                setLanguage(value);
                dispatchEvent(new Event("bioctl:language"));
            }),
            choice("theme", t("account.theme"), ["auto", "light", "dark"].map((one) => [one, t(`theme.${one}`)]), memory.get("theme") ?? "auto", setTheme),
            session.kind === "account" ? h("button", { class: "outline", type: "button", onclick: () => {
                details.open = false;
                changePasswordDialog();
            } }, t("account.password")) : null,
            h("button", { class: "outline", type: "button", onclick: () => logOut().catch((error) => toast(errorText(error), "error")) }, t("account.logout"))));
    details.addEventListener("keydown", (event) => {
        if (event.key !== "Escape" || !details.open) return;
        details.open = false;
        details.querySelector("summary").focus();
    });
    return details;
}

function toggleMenu(event) {
    const isOpen = root.classList.toggle("menu-open");
    event.currentTarget.setAttribute("aria-expanded", String(isOpen));
}

/// Draws what is around `page`, and returns the <main> for it. Without a session there is nothing around it.
export function showFrame(page) {
    const bare = session === null;
    const main = h("main", { id: "main", class: bare ? "bare" : "content" });
    const skip = h("a", { class: "skip", href: "#main", onclick: (event) => {
        event.preventDefault();
        (main.querySelector("h1") ?? main).focus();
    } }, t("menu.skip"));
    frame().classList.remove("menu-open");
    if (bare) {
        fill(root, skip, h("div", { id: "banner" }, banner()), main);
        return main;
    }
    fill(root,
        skip,
        h("header", { class: "bar" },
            h("button", { type: "button", class: "menu-button", "aria-label": t("menu.label"), "aria-controls": "menu", "aria-expanded": "false", onclick: toggleMenu }, icon("menu")),
            h("a", { class: "brand", href: pageUrl() }, icon("face"), "bioctl"),
            h("span", { class: "spring" }),
            h("span", { id: "link-state" }, linkState()),
            accountMenu()),
        menu(page),
        h("div", { class: "page" }, h("div", { id: "banner" }, banner()), main));
    return main;
}

document.addEventListener("keydown", (event) => {
    if (event.key !== "Escape" || !root?.classList.contains("menu-open")) return;
    const button = root.querySelector(".menu-button");
    button.click();
    button.focus();
});

function refreshLink() {
    const state = document.getElementById("link-state");
    if (state) fill(state, linkState());
    const holder = document.getElementById("banner");
    if (holder) fill(holder, banner());
}
live.addEventListener("state", refreshLink);
wire.addEventListener("online", () => {
    refreshLink();
    announce(t("link.back"));
});
wire.addEventListener("offline", refreshLink);
document.addEventListener("click", (event) => {
    for (const details of document.querySelectorAll("details.account[open]")) if (!details.contains(event.target)) details.open = false;
});
