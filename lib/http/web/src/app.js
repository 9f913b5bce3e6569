// Begins: who is logged in, which page is wanted.

import { askSession, Unreachable, wire, pause } from "./api.js";
import { fill, h } from "./h.js";
import { startLive, stopLive } from "./live.js";
import { pageUrl } from "./place.js";
import { login, pages } from "./pages.js";
import { go, resolve, router } from "./router.js";
import { loadSession, may, session, sessions } from "./session.js";
import { announce, frame, showFrame } from "./shell.js";
import { problem } from "./ui/states.js";
import { t } from "./texts.js";

const k_longest_way_back = 5_000; // ms

let leaving = new AbortController();
let isFirst = true;

function loginUrl(url) {
    const next = `${url.pathname}${url.search}`;
    return pageUrl("login", next === pageUrl() ? {} : { next });
}

async function show(route) {
    leaving.abort();
    leaving = new AbortController();
    const { signal } = leaving;
    // Closed, not removed: whoever waits for its answer, or works in it, has to know.
    for (const dialog of document.querySelectorAll("dialog")) dialog.close();
    if (session === null && route.page !== login) {
        go(loginUrl(route.url), { isReplacing: true });
        return;
    }
    if (session !== null && route.page === login) {
        go(afterLogin(route.query), { isReplacing: true });
        return;
    }
    const main = showFrame(route.page);
    const title = t(`page.${route.page.name}`);
    document.title = `${title} · bioctl`;
    if (route.page.scope && !may(route.page.scope)) {
        fill(main, h("h1", { tabindex: "-1" }, title), h("p", {}, t("error.forbidden")));
        return;
    }
    let module;
    try {
        module = await route.page.load();
    } catch {
        fill(main, h("h1", { tabindex: "-1" }, title), problem(new Unreachable(), () => location.reload()));
        return;
    }
    if (signal.aborted) return;
    main.replaceChildren();
    module.show(main, { ...route, signal });
    if (!main.querySelector("h1")) main.prepend(h("h1", { tabindex: "-1" }, title));
    // Who moves by keyboard, or listens, is at the top of the new page. Not at first: the browser has done that.
    if (!isFirst) {
        main.querySelector("h1").focus({ preventScroll: true });
        scrollTo(0, 0);
        announce(title);
    }
    isFirst = false;
    if (route.scroll > 0) scrollBack(route.scroll, signal);
}

/// To where the page was left, as soon as it is long enough again; unless somebody has moved it by then.
function scrollBack(to, signal) {
    const over = new AbortController();
    const mine = AbortSignal.any([signal, over.signal, AbortSignal.timeout(k_longest_way_back)]);
    for (const type of ["wheel", "touchstart", "keydown", "pointerdown"]) addEventListener(type, () => over.abort(), { signal: mine, passive: true });
    const look = () => {
        if (mine.aborted) return;
        if (document.documentElement.scrollHeight < to + innerHeight) {
            requestAnimationFrame(look);
            return;
        }
        scrollTo(0, to);
        over.abort();
    };
    look();
}

function afterLogin(query) {
    const next = query.get("next") ?? "";
    const route = next.startsWith("/") ? resolve(next) : null;
    return route && route.page !== login ? route.url.href : pageUrl();
}

async function begin() {
    for (;;) {
        try {
            await loadSession();
            return;
        } catch (error) {
            fill(frame(), h("main", { class: "bare" }, h("h1", {}, "bioctl"), problem(error)));
            await pause(3_000);
        }
    }
}

await begin();
router.addEventListener("go", ({ detail }) => show(detail));
sessions.addEventListener("changed", () => {
    if (session === null) stopLive();
    else startLive();
    show(resolve(location.href));
});
addEventListener("bioctl:language", () => show(resolve(location.href)));
// Who was away may be somebody else, or nobody, by now.
wire.addEventListener("online", () => askSession().then((now) => now === null && wire.dispatchEvent(new Event("logged-out")), () => {}));
if (session !== null) startLive();
await show({ ...resolve(location.href), scroll: history.state?.scroll ?? 0 });

// The other pages, so that they are there when the network is not.
const idle = globalThis.requestIdleCallback ?? ((act) => setTimeout(act, 2_000));
idle(() => pages.forEach((page) => page.load().catch(() => {})));
