// /api/v2, as pages ask it. Knows whether the server can be reached, and whose session it is.

import { place, queryText } from "./place.js";

const k_patience = 15_000; // ms until an answer begins
const k_long_patience = 60_000; // of what changes something: a photo on its way, a terminal that is asked
const k_longest = 120_000; // ms of a whole answer

/// The server said no, in the form of RFC 9457.
export class ApiError extends Error {
    constructor(status, problem, retryAfter) {
        super(problem.detail ?? problem.title ?? String(status));
        this.status = status;
        this.code = problem.code ?? "";
        this.problem = problem;
        this.retryAfter = retryAfter; // seconds, 0 = not said
    }
}

/// The server cannot be reached, or does not answer.
export class Unreachable extends Error {}

/// "online" and "offline" when it changes, "changed" (detail: path) after a change was made by this page, "logged-out".
export const wire = new EventTarget();
let isOnline = true;
let csrfToken = "";

export const isReachable = () => isOnline;
export function setCsrfToken(token) {
    csrfToken = token ?? "";
}

function setOnline(is) {
    if (is === isOnline) return;
    isOnline = is;
    wire.dispatchEvent(new Event(is ? "online" : "offline"));
}

async function errorOf(response) {
    let problem = {};
    try {
        problem = await response.json();
    } catch {
        // Of a proxy between us: the status has to do.
    }
    return new ApiError(response.status, problem, Number(response.headers.get("retry-after")) || 0);
}

/// What has become of a question without an answer: given up by who asked, or in vain.
function failure(error, signal) {
    if (signal?.aborted) return error;
    setOnline(false);
    return new Unreachable("the server cannot be reached");
}

async function send(method, path, { query = {}, json, body, signal, patience = method === "GET" ? k_patience : k_long_patience } = {}) {
    const headers = {};
    if (json !== undefined) headers["Content-Type"] = "application/json";
    if (method !== "GET") headers["X-CSRF-Token"] = csrfToken;
    const begun = new AbortController();
    const timer = setTimeout(() => begun.abort(), patience);
    try {
        const response = await fetch(`${place.base}/api/v2/${path}${queryText(query)}`, {
            method,
            headers,
            body: json === undefined ? body : JSON.stringify(json),
            signal: AbortSignal.any([begun.signal, AbortSignal.timeout(k_longest), ...(signal ? [signal] : [])]),
            credentials: "same-origin",
        });
        setOnline(true);
        return response;
    } catch (error) {
        throw failure(error, signal);
    } finally {
        clearTimeout(timer);
    }
}

/// The rest of an answer may be lost on its way, too.
async function bodyOf(response, read, signal) {
    try {
        return await read(response);
    } catch (error) {
        if (error instanceof SyntaxError) throw error;
        throw failure(error, signal);
    }
}

/// Who asks, straight from the server: another tab may have logged in as somebody else. None if nobody is.
export async function askSession(options) {
    const response = await send("GET", "session", options);
    if (response.status === 401) {
        await response.text(); // else the connection stays taken
        return null;
    }
    if (!response.ok) throw await errorOf(response);
    const session = await response.json();
    setCsrfToken(session.csrf_token);
    return session;
}

async function request(method, path, options = {}) {
    let response = await send(method, path, options);
    // A login in another tab has replaced the session: its cookie is ours, too, its token is not yet.
    if (response.status === 403 && method !== "GET") {
        const before = csrfToken;
        const refused = response.clone();
        await response.text();
        response = refused;
        if ((await askSession({ signal: options.signal })) && csrfToken !== before) response = await send(method, path, options);
    }
    if (response.status === 401 && path !== "session") wire.dispatchEvent(new Event("logged-out"));
    if (!response.ok) throw await errorOf(response);
    if (method !== "GET" && !options.isQuestion) wire.dispatchEvent(new CustomEvent("changed", { detail: path }));
    return response;
}

async function data(method, path, options) {
    const response = await request(method, path, options);
    return response.status === 204 ? null : bodyOf(response, (one) => one.json(), options.signal);
}

/// Each returns what the server says (null for 204), or throws ApiError, Unreachable, or AbortError. options: query, json, body
/// (a FormData), signal; isQuestion for a POST that changes nothing; patience (ms) for what takes its time.
export const api = {
    get: (path, query, options = {}) => data("GET", path, { ...options, query }),
    post: (path, json, options = {}) => data("POST", path, { ...options, json }),
    patch: (path, json, options = {}) => data("PATCH", path, { ...options, json }),
    put: (path, json, options = {}) => data("PUT", path, { ...options, json }),
    remove: (path, options = {}) => data("DELETE", path, options),
    upload: (path, body, options = {}) => data("POST", path, { ...options, body }),
    blob: async (path, options = {}) => bodyOf(await request("GET", path, options), (one) => one.blob(), options.signal),
    /// For <img src>.
    url: (path) => `${place.base}/api/v2/${path}`,
};

/// Every item of a list, a page at a time: for await (const items of pagesOf("people")). A server that asks for patience gets it.
export async function* pagesOf(path, query = {}, { signal, limit = 1000 } = {}) {
    let cursor;
    do {
        let page;
        try {
            page = await api.get(path, { ...query, limit, cursor }, { signal });
        } catch (error) {
            if (!(error instanceof ApiError) || ![429, 503].includes(error.status)) throw error;
            await pause((error.retryAfter || 1) * 1000, signal);
            continue;
        }
        yield page.items;
        cursor = page.next_cursor;
        if (!cursor) return;
    } while (true);
}

/// Up to `most` items of a list.
export async function listAll(path, query = {}, { signal, most = 10_000 } = {}) {
    const all = [];
    for await (const items of pagesOf(path, query, { signal })) {
        all.push(...items);
        if (all.length >= most) break;
    }
    return all.slice(0, most);
}

export function pause(milliseconds, signal) {
    return new Promise((resolve, reject) => {
        const stop = () => {
            clearTimeout(timer);
            reject(signal.reason);
        };
        const timer = setTimeout(() => {
            signal?.removeEventListener("abort", stop);
            resolve();
        }, milliseconds);
        signal?.addEventListener("abort", stop, { once: true });
    });
}
