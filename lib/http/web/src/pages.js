// The table of pages. `path` is what follows /ui/ (the first part of it is a name that lib/http/pages.cpp knows, too), `scope` who
// may see it, `group` where the menu has it (none: it is not in the menu). The text of its name is "page.<name>".

const page = (name, path, scope, icon, group, load) => ({ name, path, scope, icon, group, load });

export const pages = [
    page("overview", "", "read", "gauge", "now", () => import("./pages/overview.js")),
    page("devices", "devices", "read", "terminal", "attendance", () => import("./pages/devices.js")),
    page("device", "devices/:name", "read", "terminal", null, () => import("./pages/device.js")),
    page("events", "events", "read", "list", "attendance", () => import("./pages/events.js")),
    page("people", "people", "read", "people", "attendance", () => import("./pages/people.js")),
    page("person", "people/:id", "read", "people", null, () => import("./pages/person.js")),
    page("test", "test", "recognize", "face", "attendance", () => import("./pages/test.js")),
    page("live", "live", "recognize", "camera", "attendance", () => import("./pages/live.js")),
    page("map", "map", "read", "map", "network", () => import("./pages/map.js")),
    page("onts", "onts", "read", "router", "network", () => import("./pages/onts.js")),
    page("ont", "onts/:id", "read", "router", null, () => import("./pages/ont.js")),
    page("outages", "outages", "read", "clock", "network", () => import("./pages/outages.js")),
    page("analytics", "analytics", "read", "chart", "network", () => import("./pages/analytics.js")),
    page("notifications", "notifications", "read", "bell", "network", () => import("./pages/notifications.js")),
    page("settings", "settings", "admin", "gear", "system", () => import("./pages/settings.js")),
    page("audit", "audit", "admin", "book", "system", () => import("./pages/audit.js")),
];

export const login = page("login", "login", null, "person", null, () => import("./pages/login.js"));
export const missing = page("missing", "", null, "alert", null, () => import("./pages/missing.js"));
