// Small pictures made of lines, all of 24 by 24.

import { svg } from "../h.js";

const k_paths = {
    menu: ["M4 6h16", "M4 12h16", "M4 18h16"],
    gauge: ["M4 19a9 9 0 1 1 16 0", "M12 14l4-5"],
    terminal: ["M7 3h10v18H7z", "M12 8m-2 0a2 2 0 1 0 4 0 2 2 0 1 0-4 0", "M9 14c.5-2 1.5-3 3-3s2.5 1 3 3", "M11 18h2"],
    list: ["M8 6h12", "M8 12h12", "M8 18h12", "M4 6h.01", "M4 12h.01", "M4 18h.01"],
    people: ["M9 8m-3 0a3 3 0 1 0 6 0 3 3 0 1 0-6 0", "M3 20c.8-4 3-6 6-6s5.2 2 6 6", "M16 5.500a3 3 0 0 1 0 5.5", "M17 14.500c2 .7 3.4 2.5 4 5.5"],
    person: ["M12 8m-4 0a4 4 0 1 0 8 0 4 4 0 1 0-8 0", "M4 21c1-5 4-7 8-7s7 2 8 7"],
    face: ["M4 8V5a1 1 0 0 1 1-1h3", "M16 4h3a1 1 0 0 1 1 1v3", "M20 16v3a1 1 0 0 1-1 1h-3", "M8 20H5a1 1 0 0 1-1-1v-3", "M9 10h.01", "M15 10h.01", "M9 15c1.8 1.5 4.2 1.5 6 0"],
    camera: ["M4 8h3l2-3h6l2 3h3v11H4z", "M12 13m-3 0a3 3 0 1 0 6 0 3 3 0 1 0-6 0"],
    alert: ["M12 4L2.5 20h19z", "M12 10v4", "M12 17h.01"],
    map: ["M9 4L3 6.500v13.500l6-2.5 6 2.5 6-2.500V4l-6 2.500z", "M9 4v13.5", "M15 6.500V20"],
    router: ["M4 14h16v6H4z", "M8 17h.01", "M12 17h.01", "M12 14V9", "M8.5 6.500a5 5 0 0 1 7 0", "M6 4a8.5 8.5 0 0 1 12 0"],
    clock: ["M12 12m-9 0a9 9 0 1 0 18 0 9 9 0 1 0-18 0", "M12 7v5l3 2"],
    chart: ["M4 4v16h16", "M8 16v-4", "M12 16V8", "M16 16v-6"],
    bell: ["M6 16V11a6 6 0 0 1 12 0v5l1.5 2h-15z", "M10 21h4"],
    send: ["M21 3L10 14", "M21 3l-7 18-4-7-7-4z"],
    gear: ["M12 12m-3 0a3 3 0 1 0 6 0 3 3 0 1 0-6 0", "M12 2v4", "M12 18v4", "M2 12h4", "M18 12h4", "M5 5l2.8 2.8", "M16.2 16.200L19 19", "M5 19l2.8-2.8", "M16.2 7.800L19 5"],
    book: ["M5 4h11a3 3 0 0 1 3 3v13H8a3 3 0 0 1-3-3z", "M5 17a3 3 0 0 1 3-3h11", "M9 8h6"],
    plus: ["M12 5v14", "M5 12h14"],
    close: ["M6 6l12 12", "M18 6L6 18"],
    check: ["M5 13l4 4L19 7"],
    download: ["M12 4v11", "M7 11l5 5 5-5", "M4 20h16"],
    filter: ["M4 5h16l-6 8v6l-4-2v-4z"],
    search: ["M11 11m-6 0a6 6 0 1 0 12 0 6 6 0 1 0-12 0", "M16 16l4 4"],
    back: ["M14 6l-6 6 6 6"],
};

/// Next to a text that says the same, so it is not read out.
export function icon(name) {
    const paths = k_paths[name];
    if (!paths) throw new Error(`there is no picture '${name}'`);
    return svg("svg", { class: "icon", viewBox: "0 0 24 24", "aria-hidden": "true", focusable: "false" }, paths.map((d) => svg("path", { d })));
}
