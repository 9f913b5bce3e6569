// The state of something, as a coloured word.

import { h } from "../h.js";
import { word } from "../texts.js";

const k_tones = {
    ok: "good", up: "good", sent: "good", stored: "good", recognized: "good", same: "good", success: "good", enrolled: "good", valid: "good", enabled: "good", over: "good", used: "good",
    warning: "warn", pending: "warn", flapping: "warn", failing: "warn", no_template: "warn", no_face: "warn", many_faces: "warn", warn: "warn", expired: "warn", active: "warn", resting: "warn",
    offline: "bad", down: "bad", locked: "bad", refused: "bad", failed: "bad", different: "bad", error: "bad", revoked: "bad", open: "bad", fail: "bad",
};

/// group: of the texts, "device" for "device.ok".
export function badge(group, value) {
    return h("span", { class: ["badge", k_tones[value] ?? "quiet"], dataset: { state: value } }, word(group, value));
}
