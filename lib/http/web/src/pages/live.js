// A camera at the door: finds the face, waits until it stands still and shows that it lives, and asks the server who it is. While
// the server is away photos wait in the browser.

import { api, ApiError, askSession, Unreachable, wire } from "../api.js";
import { fill, h, svg } from "../h.js";
import { whenever } from "../live.js";
import { memory, pageUrl, part, place } from "../place.js";
import { PhotoQueue } from "../photo_queue.js";
import { session, sessions } from "../session.js";
import { Liveness, poseOf, Steadiness } from "../steady.js";
import { number, t, timeElement } from "../texts.js";
import { faceFinder } from "../ui/face_finder.js";
import { icon } from "../ui/icons.js";
import { portrait } from "../ui/picture.js";
import { errorText } from "../ui/states.js";

const k_pause = 4_000; // ms after an answer, before the next question
const k_beat = 60; // ms between two looks
const k_lines = 12;
const k_retry = 15_000; // ms
const k_patience = 30_000; // ms for an answer: then the photo waits in the browser, and the camera goes on
const k_source = /^[\p{L}\p{N} ._-]{1,64}$/u;

/// The frame as a JPEG.
function shot(canvas) {
    return new Promise((resolve, reject) => canvas.toBlob((blob) => (blob ? resolve(blob) : reject(new Error("the browser made no picture"))), "image/jpeg", 0.9));
}

async function send({ blob, takenAt, source }, signal) {
    const body = new FormData();
    body.append("image", blob, "photo.jpg");
    // A server that takes no changes still says who it is.
    if (place.isReadonly) return api.upload("recognize", body, { signal, isQuestion: true, patience: k_patience });
    body.append("source", source);
    body.append("taken_at", takenAt);
    return api.upload("attendance", body, { signal, isQuestion: true, patience: k_patience });
}

/// What the server said, as a line: who, how sure, and whether it was recorded.
function answerLine(answer, takenAt, blob) {
    const known = answer.faces.find((face) => face.person);
    const url = URL.createObjectURL(blob);
    setTimeout(() => URL.revokeObjectURL(url), 60_000);
    if (!known) {
        return h("li", { class: "event-line attendance-unknown" }, portrait(url, "?"), h("div", {}, h("p", {}, h("strong", {}, t(answer.faces.length > 0 ? "face.unknown" : "live.no_face"))), h("p", { class: "muted" }, timeElement(takenAt, "time"))));
    }
    const { id, name } = known.person;
    const stored = answer.sightings?.find((one) => one.person_id === id);
    const what = !answer.sightings ? t("live.not_recorded") : stored?.is_repeat ? t("live.repeat") : t("live.recorded");
    return h("li", { class: "event-line attendance-known" }, portrait(url, name ?? id), h("div", {},
        h("p", {}, h("a", { href: pageUrl(`people/${part(id)}`) }, name ?? id)),
        h("p", { class: "muted" }, timeElement(takenAt, "time"), " ", what, " ", t("live.distance", { distance: number(known.distance, { maximumFractionDigits: 3 }) }))));
}

/// Everything of the page that shows something.
class Stage {
    video = h("video", { class: "camera-video", autoplay: true, playsinline: true, "aria-label": t("live.video") });
    #frame = svg("svg", { class: "camera-frame", "aria-hidden": "true", preserveAspectRatio: "xMidYMid slice" });
    #hint = h("p", { class: "camera-hint", role: "status" });
    #result = h("div", { class: "camera-result", role: "status", "aria-live": "assertive" });
    lines = h("ul", { class: "event-lines" });
    canvas = h("canvas");

    constructor() {
        this.video.muted = true;
        this.box = h("div", { class: "camera" }, this.video, this.#frame, this.#hint);
        this.result = this.#result;
    }

    /// name: nobody, far, still, life, asking, done.
    hint(name) {
        const text = t(`live.hint.${name}`);
        if (this.#hint.textContent !== text) this.#hint.textContent = text;
        this.box.dataset.state = name;
    }

    /// What the camera sees now, to look at as long as it takes: on the video the next frame would come meanwhile.
    grab() {
        this.canvas.width = this.video.videoWidth;
        this.canvas.height = this.video.videoHeight;
        this.canvas.getContext("2d", { willReadFrequently: true }).drawImage(this.video, 0, 0);
        return this.canvas;
    }

    face(found, tone) {
        const { videoWidth: width, videoHeight: height } = this.video;
        this.#frame.setAttribute("viewBox", `0 0 ${width} ${height}`);
        this.#frame.replaceChildren(...(found ? [svg("rect", { class: tone, x: found.box.x, y: found.box.y, width: found.box.width, height: found.box.height, rx: 8 })] : []));
    }

    tell(text, tone) {
        fill(this.#result, h("p", { class: ["badge-large", tone] }, text));
    }

    add(line) {
        this.lines.prepend(line);
        while (this.lines.children.length > k_lines) this.lines.lastElementChild.remove();
    }
}

function cameraError(error) {
    if (error.name === "NotAllowedError") return t("live.camera.refused");
    if (error.name === "NotFoundError" || error.name === "OverconstrainedError") return t("live.camera.none");
    if (error.name === "NotReadableError") return t("live.camera.busy");
    return t("live.camera.failed", { detail: error.message });
}

function stopTracks(stream) {
    for (const track of stream?.getTracks() ?? []) track.stop();
}

/// The camera, and what finds faces. Without the one the other is of no use: a camera that nobody looks through is off.
async function prepare() {
    const video = { facingMode: "user", width: { ideal: 1280 }, height: { ideal: 720 } };
    const [camera, finder] = await Promise.allSettled([navigator.mediaDevices.getUserMedia({ video, audio: false }), faceFinder()]);
    if (camera.status === "rejected") throw camera.reason;
    if (finder.status === "rejected") {
        stopTracks(camera.value);
        throw finder.reason;
    }
    return { stream: camera.value, find: finder.value };
}

/// Looks at the camera until the signal ends.
async function watch(stage, find, choice, ask, signal) {
    const steadiness = new Steadiness();
    const liveness = new Liveness();
    let quietUntil = 0;
    while (!signal.aborted) {
        await new Promise((resolve) => setTimeout(resolve, k_beat));
        if (document.hidden || stage.video.readyState < 2) continue;
        const frame = stage.grab();
        const found = await find(frame);
        if (signal.aborted) return;
        const now = performance.now();
        if (!found) {
            steadiness.reset();
            liveness.reset();
            stage.face(null);
            stage.hint("nobody");
            continue;
        }
        liveness.take(poseOf(found.points), now);
        const state = steadiness.take(found.box, frame.width, now);
        const isAlive = !choice.needsLife || liveness.isAlive(now);
        stage.face(found, state === "steady" && isAlive ? "good" : state === "far" ? "bad" : "warn");
        if (now < quietUntil) {
            stage.hint("done");
        } else if (state !== "steady") {
            stage.hint(state === "far" ? "far" : "still");
        } else if (!isAlive) {
            stage.hint("life");
        } else {
            stage.hint("asking");
            await ask(frame);
            quietUntil = performance.now() + k_pause;
            steadiness.reset();
            liveness.reset();
        }
    }
}

export function show(main, { signal }) {
    const stage = new Stage();
    const queue = new PhotoQueue(`bioctl-queue${place.base}`);
    const waiting = h("p", { class: "notice warn", role: "status", hidden: true });
    const wrong = h("div", { role: "alert" });
    const choice = { needsLife: memory.get("live.life") !== "no", source: memory.get("live.source") ?? "browser" };
    let stop = null;

    const owner = () => session?.name ?? "";

    async function showWaiting() {
        try {
            const size = await queue.size(owner());
            waiting.hidden = size === 0;
            waiting.textContent = t("live.waiting", { number: size });
        } catch {
            waiting.hidden = true; // a browser without a store: then nothing waits
        }
    }
    queue.addEventListener("changed", showWaiting, { signal });

    /// True when the server has dealt with it, for better or worse; false when it cannot deal with this one now.
    async function deliver(photo) {
        try {
            stage.add(answerLine(await send(photo, signal), photo.takenAt, photo.blob));
        } catch (error) {
            const isLasting = error instanceof ApiError && [400, 413, 415, 422].includes(error.status);
            if (error instanceof ApiError && error.status === 500) return false;
            if (!isLasting) throw error;
            stage.add(h("li", {}, h("p", { class: "text-bad" }, errorText(error)), h("p", { class: "muted" }, timeElement(photo.takenAt, "time"))));
        }
        return true;
    }
    async function flush() {
        if (place.isReadonly) return; // it would be asked who it is, and never recorded
        try {
            await queue.flush(owner(), deliver);
        } catch {
            return; // it waits for the next time
        } finally {
            if (!signal.aborted) showWaiting();
        }
    }

    async function ask(frame) {
        const photo = { blob: await shot(frame), takenAt: new Date().toISOString(), source: choice.source, owner: owner() };
        try {
            const answer = await send(photo, signal);
            const known = answer.faces.find((face) => face.person);
            stage.tell(known ? t("live.welcome", { name: known.person.name ?? known.person.id }) : t(answer.faces.length > 0 ? "face.unknown" : "live.no_face"), known ? "good" : "warn");
            stage.add(answerLine(answer, photo.takenAt, photo.blob));
        } catch (error) {
            // Who is logged out (this page is gone then), or may not now, may again: the photo waits for its owner.
            const isPassing = error instanceof Unreachable || (error instanceof ApiError && (error.status >= 500 || [401, 403, 429].includes(error.status)));
            if (signal.aborted && !isPassing) return;
            if (!isPassing || place.isReadonly) {
                stage.tell(errorText(error), "bad");
                return;
            }
            try {
                await queue.add(photo);
                stage.tell(t("live.queued"), "warn");
            } catch {
                stage.tell(t("live.lost"), "bad");
            }
        }
    }

    function end() {
        stop?.abort();
        stop = null;
        stopTracks(stage.video.srcObject);
        stage.video.srcObject = null;
        stage.face(null);
        const hasFocus = document.activeElement === ending;
        button.hidden = false;
        if (hasFocus) button.focus();
        ending.hidden = true;
        stage.box.hidden = true;
    }
    function fail(text) {
        end();
        fill(wrong, h("p", { class: "notice" }, text));
    }
    async function begin() {
        wrong.replaceChildren();
        button.disabled = true;
        button.setAttribute("aria-busy", "true");
        stop = new AbortController();
        const mine = AbortSignal.any([signal, stop.signal]);
        try {
            if (!navigator.mediaDevices?.getUserMedia) throw new DOMException(t("live.camera.insecure"), "SecurityError");
            const { stream, find } = await prepare();
            if (mine.aborted) {
                stopTracks(stream);
                return;
            }
            stage.video.srcObject = stream;
            for (const track of stream.getTracks()) track.addEventListener("ended", () => fail(t("live.camera.ended")), { signal: mine });
            stage.box.hidden = false;
            button.hidden = true;
            ending.hidden = false;
            ending.focus();
            await stage.video.play();
            watch(stage, find, choice, ask, mine).catch((error) => {
                if (!mine.aborted) fail(errorText(error));
            });
        } catch (error) {
            if (!mine.aborted) fail(error instanceof DOMException ? cameraError(error) : t("live.models.failed"));
        } finally {
            button.disabled = false;
            button.removeAttribute("aria-busy");
        }
    }

    const button = h("button", { type: "button", onclick: begin }, icon("camera"), t("live.start"));
    const ending = h("button", { type: "button", class: "secondary", hidden: true, onclick: end }, t("live.stop"));
    stage.box.hidden = true;
    const source = h("input", { name: "source", value: choice.source, maxlength: 64, onchange: (event) => {
        const name = event.target.value.trim();
        if (!k_source.test(name)) {
            event.target.setCustomValidity(t("live.source.rule"));
            event.target.reportValidity();
            return;
        }
        event.target.setCustomValidity("");
        choice.source = name;
        memory.set("live.source", name);
    } });
    const life = h("input", { type: "checkbox", name: "life", checked: choice.needsLife, onchange: (event) => {
        choice.needsLife = event.target.checked;
        memory.set("live.life", choice.needsLife ? "yes" : "no");
    } });
    main.append(h("h1", { tabindex: "-1" }, t("page.live")), h("p", { class: "muted" }, t(place.isReadonly ? "live.lead.readonly" : "live.lead")), waiting, wrong,
        h("div", { class: "live-columns" },
            h("section", { class: "panel", "aria-labelledby": "camera" }, h("h2", { id: "camera", class: "sr-only" }, t("live.camera")), stage.box, stage.result,
                h("div", { class: "actions spaced" }, button, ending),
                h("div", { class: "filters" }, h("label", {}, t("live.source"), source), h("label", { class: "inline-choice" }, life, t("live.life")))),
            h("section", { class: "panel", "aria-labelledby": "answers" }, h("h2", { id: "answers" }, t("live.answers")), stage.lines)));
    signal.addEventListener("abort", end, { once: true });
    wire.addEventListener("online", flush, { signal });
    const timer = setInterval(flush, k_retry);
    signal.addEventListener("abort", () => clearInterval(timer), { once: true });
    // Nothing else on this page asks the server, and so learns that it is back.
    whenever({ every: 5_000, signal, sessions }, () => askSession({ signal }).then(flush, () => {}));
    showWaiting();
    flush();
}
