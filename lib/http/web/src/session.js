// Who is logged in, in all tabs of this browser.

import { api, askSession, setCsrfToken, wire } from "./api.js";
import { place } from "./place.js";

const channel = "BroadcastChannel" in globalThis ? new BroadcastChannel(`bioctl${place.base}`) : null;

/// "changed" when somebody else is logged in, or nobody; "data" (detail: path) when any tab has changed something.
export const sessions = new EventTarget();

/// {name, kind, role, scopes, expires_at}, null for nobody.
export let session = null;

export const may = (scope) => session !== null && session.scopes.includes(scope);
/// May change it, on a server that takes changes.
export const mayChange = (scope) => may(scope) && !place.isReadonly;

function take(next) {
    const isOther = next?.name !== session?.name || String(next?.scopes) !== String(session?.scopes);
    session = next;
    if (isOther) sessions.dispatchEvent(new Event("changed"));
}

export async function loadSession() {
    take(await askSession());
    return session;
}

export async function logIn(name, password) {
    const next = await api.post("session", { name, password });
    setCsrfToken(next.csrf_token);
    take(next);
    channel?.postMessage({ what: "session" });
}

export async function logOut() {
    await api.remove("session");
    setCsrfToken("");
    take(null);
    channel?.postMessage({ what: "session" });
}

/// Of the own account: ends all other sessions of it.
export async function changePassword(current, next) {
    const answer = await api.put("session/password", { current, password: next });
    setCsrfToken(answer.csrf_token);
    take(answer);
    channel?.postMessage({ what: "session" });
}

wire.addEventListener("logged-out", () => take(null));
wire.addEventListener("changed", (event) => {
    if (event.detail.startsWith("session")) return;
    sessions.dispatchEvent(new CustomEvent("data", { detail: event.detail }));
    channel?.postMessage({ what: "data", path: event.detail });
});
channel?.addEventListener("message", ({ data }) => {
    if (data.what === "data") sessions.dispatchEvent(new CustomEvent("data", { detail: String(data.path) }));
    else loadSession().catch(() => {});
});
