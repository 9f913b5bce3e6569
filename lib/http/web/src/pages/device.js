// One terminal: how it is and was, and all that can be done with it.

import { api, ApiError } from "../api.js";
import { fill, h } from "../h.js";
import { whenever } from "../live.js";
import { pageUrl, part } from "../place.js";
import { go } from "../router.js";
import { mayChange, sessions } from "../session.js";
import { number, t, timeElement, word } from "../texts.js";
import { badge } from "../ui/badge.js";
import { deviceDialog } from "../ui/device_form.js";
import { ask, openDialog } from "../ui/dialog.js";
import { form } from "../ui/form.js";
import { icon } from "../ui/icons.js";
import { newestEvents } from "../ui/newest_events.js";
import { empty, errorText, loading, problem, Region } from "../ui/states.js";
import { toast } from "../ui/toast.js";
import { driftText, hasMuchDrift } from "./devices.js";

const addressOf = (device, rest = "") => `devices/${part(device.name)}${rest}`;

function checkFindings({ result, findings }) {
    return [
        h("p", {}, badge("check", result), " ", t(`check.${result}.text`)),
        h("ul", { class: "findings" }, findings.map((one) => h("li", { class: one.result },
            icon(one.result === "ok" ? "check" : "alert"),
            h("div", {}, h("strong", {}, word("check.topic", one.topic)), ": ", one.text, one.remedy ? h("p", { class: "muted" }, one.remedy) : null)))),
    ];
}

/// Asks the terminal while people look on.
function checkDialog(device) {
    const content = h("div", { "aria-live": "polite" });
    const again = h("button", { type: "button", class: "outline", onclick: () => run() }, t("act.again"));
    const dialog = openDialog(t("device.check.title", { name: device.name }), content, { actions: [again] });
    const stop = new AbortController();
    dialog.addEventListener("close", () => stop.abort());
    async function run() {
        again.disabled = true;
        fill(content, h("p", {}, t("device.check.running")), loading(2));
        try {
            fill(content, checkFindings(await api.post(addressOf(device, "/check"), {}, { signal: stop.signal })));
        } catch (error) {
            if (error.name !== "AbortError") fill(content, problem(error));
        }
        again.disabled = false;
    }
    run();
}

function listenerState(listener) {
    if (listener.host === null) return t("listener.nobody");
    return t(listener.is_ours ? "listener.ours" : "listener.other", { host: listener.host });
}

/// Where the terminal pushes its events: looks first, then offers what makes sense.
function listenerDialog(device) {
    const content = h("div", {}, loading(2));
    const dialog = openDialog(t("listener.title", { name: device.name }), content);
    const stop = new AbortController();
    dialog.addEventListener("close", () => stop.abort());

    async function change(act) {
        const listener = await act();
        toast(listener.warning ?? t("listener.saved"), listener.warning ? "error" : "done");
        dialog.close();
    }
    function draw(listener) {
        const isOthers = listener.host !== null && !listener.is_ours;
        const stopPushing = () => change(() => api.remove(addressOf(device, "/listener"), { query: { force: isOthers } })).catch((error) => toast(errorText(error), "error"));
        fill(content,
            h("p", {}, listenerState(listener)),
            h("p", { class: "muted" }, t("listener.lead")),
            form({
                fields: [
                    { name: "server", label: t("listener.server"), value: location.origin, isRequired: true, hint: t("listener.server.hint"), attributes: { inputmode: "url", spellcheck: "false" } },
                    isOthers ? { name: "force", label: t("listener.force"), type: "checkbox" } : null,
                ],
                submit: t("listener.set"),
                buttons: listener.host === null ? [] : [h("button", { type: "button", class: "outline", onclick: stopPushing }, t("listener.clear"))],
                cancel: () => dialog.close(),
                act: (values) => change(() => api.put(addressOf(device, "/listener"), { server: values.server, force: Boolean(values.force) })),
            }));
    }
    api.get(addressOf(device, "/listener"), {}, { signal: stop.signal, patience: 60_000 }).then(draw, (error) => {
        if (error.name !== "AbortError") fill(content, problem(error));
    });
}

async function remove(device) {
    if (!(await ask(t("device.remove.title", { name: device.name }), t("device.remove.text"), { yes: t("act.remove") }))) return;
    try {
        await api.remove(addressOf(device));
        toast(t("device.removed", { name: device.name }));
        go(pageUrl("devices"));
    } catch (error) {
        toast(errorText(error), "error");
    }
}

async function enable(device) {
    try {
        await api.patch(addressOf(device), { enabled: !device.enabled });
    } catch (error) {
        toast(errorText(error), "error");
    }
}

function actions(device) {
    if (!mayChange("devices")) return null;
    const button = (text, act, style = "outline") => h("button", { type: "button", class: style, onclick: act }, text);
    const isSource = device.state === "source";
    return h("div", { class: "actions" },
        isSource ? null : [
            button(t("device.check"), () => checkDialog(device)),
            button(t("act.edit"), () => deviceDialog(device)),
            button(t("device.push"), () => listenerDialog(device)),
            button(t(device.enabled ? "device.disable" : "device.enable"), () => enable(device)),
        ],
        button(t("act.remove"), () => remove(device), "outline danger"));
}

function facts(device) {
    const rows = [
        [t("device.last_event"), timeElement(device.last_event)],
        [t("device.last_sync"), timeElement(device.last_sync)],
        [t("device.backlog"), number(device.backlog)],
        [t("device.drift"), h("span", { class: hasMuchDrift(device.drift_ms) ? "text-bad" : "" }, driftText(device.drift_ms))],
        [t("device.failures"), number(device.failures)],
        [t("device.url"), device.url],
        [t("device.location"), device.location],
        [t("device.tags"), device.tags.join(", ")],
        [t("device.model"), [device.model, device.firmware].filter(Boolean).join(", ")],
        [t("device.serial_number"), device.serial_number],
        [t("device.mac"), device.mac],
        [t("device.push"), t(device.is_pushing ? "word.yes" : "word.no")],
    ];
    return h("dl", { class: "facts wide-facts" }, rows.filter(([, value]) => value !== null && value !== "").map(([label, value]) => [h("dt", {}, label), h("dd", {}, value)]));
}

function drawDevice(device, element) {
    // Redrawn only when something is different: a button that has the focus stays.
    const text = JSON.stringify(device);
    if (element.dataset.drawn === text) return;
    element.dataset.drawn = text;
    fill(element,
        h("div", { class: "page-head" }, badge("device", device.state), actions(device)),
        device.reason && device.state !== "ok" ? h("p", { class: "card-reason" }, icon("alert"), device.reason, " ", timeElement(device.since)) : null,
        h("section", { class: "panel" }, facts(device)),
        h("section", { class: "panel", "aria-labelledby": "transitions" }, h("h2", { id: "transitions" }, t("device.transitions")),
            device.transitions.length === 0 ? empty(t("device.transitions.none"))
                : h("ol", { class: "plain-list" }, device.transitions.map((one) => h("li", {}, timeElement(one.at, "short"), " ", badge("device", one.from), " → ", badge("device", one.to), one.reason ? h("p", { class: "muted" }, one.reason) : null)))));
}

export function show(main, { parameters, signal }) {
    const { name } = parameters;
    const region = new Region({
        load: async (stop) => {
            try {
                return await api.get(`devices/${part(name)}`, {}, { signal: stop });
            } catch (error) {
                if (error instanceof ApiError && error.status === 404) return null;
                throw error;
            }
        },
        draw: (device, element) => {
            if (device) {
                drawDevice(device, element);
            } else {
                delete element.dataset.drawn;
                fill(element, empty(t("device.missing"), h("a", { href: pageUrl("devices") }, t("page.devices"))));
            }
        },
        signal,
    });
    const newest = newestEvents({ filter: { device: name }, signal });
    main.append(
        h("p", {}, h("a", { class: "back", href: pageUrl("devices") }, icon("back"), t("page.devices"))),
        h("h1", { tabindex: "-1" }, name),
        region.element, newest.element);
    whenever({ types: ["device", "event"], paths: ["devices"], every: 3_000, delay: 400, atLeast: 60_000, signal, sessions }, () => {
        region.reload();
        newest.reload();
    });
}
