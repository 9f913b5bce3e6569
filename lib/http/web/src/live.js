// What happens, as it happens: one WebSocket for all that the pages show. While it is away they ask again from time to time.

import { askSession, wire } from "./api.js";
import { place } from "./place.js";

const k_first_wait = 1_000; // ms
const k_longest_wait = 30_000;
const k_poll = 10_000;

/// "live": told at once; "polling": asked every ten seconds; "off": nobody listens.
export let liveState = "off";
/// "state" when liveState changes; "message" (detail: the object) for each thing that happens; "refresh" when lists have to be read
/// again: something may have been missed.
export const live = new EventTarget();

let socket = null;
let isWanted = false;
let wait = k_first_wait;
let timer = 0;
let poll = 0;

function setState(state) {
    if (state === liveState) return;
    liveState = state;
    live.dispatchEvent(new Event("state"));
}

const refresh = () => live.dispatchEvent(new Event("refresh"));

function startPolling() {
    setState("polling");
    if (poll === 0) poll = setInterval(refresh, k_poll);
}

function stopPolling() {
    clearInterval(poll);
    poll = 0;
}

function connect() {
    timer = 0;
    if (!isWanted || socket) return;
    const address = new URL(`${place.base}/ws/live`, location.href);
    address.protocol = address.protocol === "https:" ? "wss:" : "ws:";
    const mine = new WebSocket(address);
    socket = mine;
    let hasStood = false;
    mine.addEventListener("open", () => {
        hasStood = true;
        wait = k_first_wait;
        stopPolling();
        setState("live");
        refresh();
    });
    mine.addEventListener("message", ({ data }) => {
        let message;
        try {
            message = JSON.parse(data);
        } catch {
            return;
        }
        if (message.type === "skipped") refresh();
        live.dispatchEvent(new CustomEvent("message", { detail: message }));
    });
    mine.addEventListener("close", ({ code }) => {
        if (socket === mine) socket = null;
        if (!isWanted) return;
        startPolling();
        // 1008: whoever listened may no longer. A handshake that failed may have been refused for the same reason.
        if (code === 1008 || !hasStood) {
            askSession().then((session) => {
                if (session === null) wire.dispatchEvent(new Event("logged-out"));
            }, () => {});
        }
        again();
    });
}

function again() {
    clearTimeout(timer);
    timer = setTimeout(connect, wait * (0.75 + Math.random() / 2));
    wait = Math.min(2 * wait, k_longest_wait);
}

function hurry() {
    if (!isWanted || socket) return;
    clearTimeout(timer);
    wait = k_first_wait;
    connect();
}

export function startLive() {
    if (isWanted) return;
    isWanted = true;
    connect();
}

export function stopLive() {
    isWanted = false;
    clearTimeout(timer);
    stopPolling();
    socket?.close();
    socket = null;
    setState("off");
}

// A phone that wakes up, and a network that comes back, need not wait for the timer.
wire.addEventListener("online", hurry);
addEventListener("online", hurry);
document.addEventListener("visibilitychange", () => {
    if (document.visibilityState === "visible") hurry();
});

/// Calls `act` soon after something of these types happened, after something may have been missed, and after any tab has changed
/// something there: `delay` milliseconds later, never more often than once in `every`, and not while the page is hidden. `types`:
/// "event", "device", ...; `paths`: beginnings of what tabs change, "devices"; `atLeast`: once in so many milliseconds also when
/// nothing happens, for what counts by the clock. Ends with the signal.
export function whenever({ types = [], paths = [], every = 1_000, delay = 50, atLeast = 0, signal, sessions }, act) {
    let due = 0;
    let last = 0;
    const soon = () => {
        if (due !== 0 || signal.aborted) return;
        due = setTimeout(() => {
            due = 0;
            if (document.visibilityState === "hidden") {
                document.addEventListener("visibilitychange", soon, { once: true, signal });
                return;
            }
            last = Date.now();
            act();
        }, Math.max(delay, last + every - Date.now()));
    };
    live.addEventListener("message", ({ detail }) => {
        const type = detail.type === "skipped" ? detail.what : detail.type;
        if (types.includes(type)) soon();
    }, { signal });
    live.addEventListener("refresh", soon, { signal });
    sessions?.addEventListener("data", ({ detail }) => {
        if (paths.some((one) => detail.startsWith(one))) soon();
    }, { signal });
    const clock = atLeast > 0 ? setInterval(soon, atLeast) : 0;
    signal.addEventListener("abort", () => {
        clearTimeout(due);
        clearInterval(clock);
    }, { once: true });
}
