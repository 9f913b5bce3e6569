// What goes wrong between the pages and the server, and what happens while somebody is in the middle of something: answers that fail,
// are late, or never come; and what is on the page must neither be lost nor take the focus with it.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";

import { launch, logIn, open, settled } from "./browser.mjs";
import { until, World } from "./world.mjs";

let world, browser;
before(async () => {
    world = await World.make();
    await world.simulate("--devices", "1", "--events", "160", "--span-h", "5");
    await world.addDevices();
    world.bioctl("sync-hikvision");
    for (let number = 1; number <= 3; ++number) world.bioctl("onts", "add", `Rumah ${number}`, "--host", `192.0.2.${number}`, `--latitude=-7.7${number}`, "--longitude", "110.36");
    const rows = Array.from({ length: 180 }, (_, at) => `(1, 'Rumah 1', ${Date.now() - (at + 1) * 3_600_000}, 0, ${Date.now() - (at + 1) * 3_600_000 + 600_000}, 0)`);
    world.sql(`INSERT INTO outage (ont, ont_name, started_at, start_error, ended_at, end_error) VALUES ${rows.join(",")};`);
    await world.serve();
    browser = await launch();
});
after(async () => {
    await browser?.close();
    await world?.end();
});

/// A page whose live messages come from the test alone: `tell(message)`.
async function quiet(path, { size, name = "admin" } = {}) {
    const window = await open(browser, world, { expected: [401, 500, 502], size });
    const sockets = [];
    await window.page.routeWebSocket(/\/ws\/live/, (socket) => sockets.push(socket));
    await logIn(window.page, name, path);
    await settled(window.page);
    return { ...window, tell: (message) => sockets.at(-1).send(JSON.stringify(message)) };
}

/// What a module of the pages exports, in the page: inModule(page, "live.js", (module, argument) => ...).
async function inModule(page, name, act, argument) {
    const module = await page.evaluateHandle((file) => import(document.querySelector("script[type=module]").src.replace(/app\.js$/, file)), name);
    return module.evaluate(act, argument);
}
const refresh = (page) => inModule(page, "live.js", ({ live }) => live.dispatchEvent(new Event("refresh")));
const fail = (page, url, status) => page.route(url, (route) => route.fulfill({ status, contentType: "application/problem+json", body: '{"title":"broken"}' }), { times: 1 });
const focused = (page) => page.evaluate(() => document.activeElement.getAttribute("href") ?? document.activeElement.textContent);

/// The answer of the server, changed on its way.
const changing = (page, url, change) => page.route(url, async (route) => {
    const response = await route.fetch();
    await route.fulfill({ response, json: change(await response.json()) });
});

test("a page that has shown an error shows its contents again with the next answer, and a passing error not at all", async () => {
    for (const [path, url, shown] of [["devices/dev-001", "**/api/v2/devices/dev-001", "dl.wide-facts"], ["map", "**/api/v2/onts?*", ".leaflet-container"]]) {
        const { context, page } = await quiet(`/ui/${path}`);
        await page.locator(shown).waitFor();
        await fail(page, url, 500);
        await refresh(page);
        await page.locator("main .problem").waitFor();
        await refresh(page);
        await page.locator(shown).waitFor();
        assert.ok((await page.locator(shown).boundingBox()).height > 100, path);
        assert.equal(await page.locator("main .problem").count(), 0, path);
        const asked = page.waitForResponse((response) => response.status() === 502);
        await fail(page, url, 502);
        await page.waitForTimeout(5_000); // the map reads its list no more often
        await refresh(page);
        await asked;
        await settled(page);
        assert.equal(await page.locator("main .problem").count(), 0, path);
        assert.ok(await page.locator(shown).isVisible(), path);
        await context.close();
    }
});

test("on a slow line, on which more happens than it carries, the page comes all the same", async () => {
    const { context, page, tell } = await quiet("/ui/devices");
    let asked = 0;
    await page.route("**/api/v2/overview", async (route) => {
        ++asked;
        await new Promise((resolve) => setTimeout(resolve, 4_000));
        await route.continue().catch(() => {});
    });
    const timer = setInterval(() => tell({ type: "event", id: 1 }), 200);
    try {
        await page.locator("nav.menu").getByRole("link", { name: "Ringkasan" }).click();
        await page.locator(".tile-value").first().waitFor({ timeout: 15_000 });
        assert.ok(asked <= 3, `${asked} questions`);
    } finally {
        clearInterval(timer);
    }
    await context.close();
});

test("what counts by the clock is read again although nothing happens", async () => {
    for (const [path, url] of [["devices", "/devices?"], ["devices/dev-001", "/devices/dev-001"], ["onts", "/onts?"], ["onts/1", "/onts/1"]]) {
        const { context, page } = await open(browser, world, { expected: [401] });
        await page.routeWebSocket(/\/ws\/live/, () => {});
        await page.clock.install();
        await logIn(page, "viewer", `/ui/${path}`);
        await settled(page);
        await page.clock.runFor(10_000); // the first message of the connection is over
        const again = page.waitForRequest((request) => request.url().includes(`/api/v2${url}`), { timeout: 10_000 });
        await page.clock.fastForward(61_000);
        await page.clock.runFor(1_000);
        await again;
        await context.close();
    }
});

test("a server that takes questions and never answers is away", async () => {
    const { context, page } = await open(browser, world, { expected: [401] });
    await page.routeWebSocket(/\/ws\/live/, () => {});
    await page.clock.install();
    await logIn(page, "viewer", "/ui/devices");
    await settled(page);
    await page.route("**/api/v2/overview", () => {}); // for ever
    await page.locator("nav.menu").getByRole("link", { name: "Ringkasan" }).click();
    await page.locator(".tiles .skeleton").first().waitFor();
    await page.clock.runFor(16_000);
    await page.locator(".tiles .problem").getByText("tidak dapat dihubungi").waitFor();
    await context.close();
});

test("an event that no longer fits the filter leaves the list", async () => {
    const { context, page } = await quiet("/ui/events?kind=recognized");
    const keys = () => page.locator("tbody tr").evaluateAll((rows) => rows.map((row) => row.dataset.key));
    const before = await keys();
    await changing(page, "**/api/v2/events?*", (data) => ({ ...data, items: data.items.filter(({ id }) => String(id) !== before[1]) }));
    await refresh(page);
    await until("a row less", async () => !(await keys()).includes(before[1]));
    assert.ok((await keys()).includes(before[0]) && (await keys()).includes(before[2]));
    await context.close();
});

test("a late answer overwrites no newer one, and two clicks bring no row twice", async () => {
    for (const path of ["outages", "events"]) {
        const { context, page } = await quiet(`/ui/${path}`);
        const keys = () => page.locator("tbody tr").evaluateAll((rows) => rows.map((row) => row.dataset.key));
        assert.equal((await keys()).length, 50);
        let late = 0;
        await page.route(`**/api/v2/${path}?*`, async (route) => {
            if (!route.request().url().includes("cursor=")) {
                await new Promise((resolve) => setTimeout(resolve, 1_500));
                ++late;
            }
            await route.continue().catch(() => {});
        });
        await refresh(page);
        await page.waitForTimeout(400);
        const more = page.getByRole("button", { name: "Lebih banyak" });
        await more.evaluate((button) => {
            button.click();
            button.click();
        });
        await until("the late answer", () => late >= 1);
        await until("more rows", async () => (await keys()).length >= 100);
        await page.waitForTimeout(1_000);
        const all = await keys();
        assert.equal(all.length, 100, path);
        assert.equal(new Set(all).size, all.length, path);
        await context.close();
    }
});

test("what happens to an ONT while the list is under way is in it", async () => {
    const { context, page, tell } = await quiet("/ui/devices");
    let isHeld = false;
    await page.route("**/api/v2/onts?*", async (route) => {
        const response = await route.fetch();
        isHeld = true;
        await new Promise((resolve) => setTimeout(resolve, 1_500));
        await route.fulfill({ response }).catch(() => {});
    }, { times: 1 });
    await page.locator("nav.menu").getByRole("link", { name: "ONT" }).click();
    await until("the list", () => isHeld);
    tell({ type: "ont", id: 2, to: "down", is_flapping: false, at: new Date().toISOString() });
    await page.locator("tbody tr", { hasText: "Rumah 2" }).locator("[data-state=down]").waitFor({ timeout: 10_000 });
    await context.close();
});

test("a form is not lost by a click beside it, nor a word by letting go of the mouse there", async () => {
    const { context, page } = await quiet("/ui/devices");
    await page.locator(".page-head").getByRole("button", { name: "Tambah terminal" }).click();
    await page.locator("dialog [name=name]").fill("gerbang");
    await page.mouse.click(5, 300);
    await page.locator("dialog [name=name]").hover();
    await page.mouse.down();
    await page.mouse.move(5, 300);
    await page.mouse.up();
    assert.equal(await page.locator("dialog [name=name]").inputValue(), "gerbang");
    await page.keyboard.press("Escape");
    await page.goto("/ui/events");
    await settled(page);
    await page.getByRole("button", { name: "Unduh", exact: true }).click();
    await page.locator("dialog h2").hover();
    await page.mouse.down();
    await page.mouse.move(5, 300);
    await page.mouse.up();
    assert.ok(await page.locator("dialog h2").isVisible(), "pressed inside, let go outside");
    await page.mouse.click(5, 300);
    await page.locator("dialog").waitFor({ state: "detached" });
    await context.close();
});

test("a short message is seen, and closed, over a dialog; what it has to say outlives it", async () => {
    const { context, page } = await quiet("/ui/devices");
    await page.locator(".page-head").getByRole("button", { name: "Tambah terminal" }).click();
    const say = (text) => inModule(page, "ui/toast.js", ({ toast }, what) => toast(what, "error"), text);
    await say("Pertama");
    await say("Kedua");
    const toast = page.locator(".toast", { hasText: "Pertama" });
    assert.ok(await toast.evaluate((element) => {
        const { x, y, width, height } = element.getBoundingClientRect();
        return element.contains(document.elementFromPoint(x + width / 2, y + height / 2));
    }), "nothing covers it");
    await toast.getByRole("button").click();
    await toast.waitFor({ state: "detached" });
    await page.keyboard.press("Escape");
    await page.locator("dialog").waitFor({ state: "detached" });
    assert.ok(await page.locator(".toast", { hasText: "Kedua" }).isVisible());
    await context.close();
});

test("who leaves a page leaves its questions and its timers behind", async () => {
    const { context, page } = await quiet("/ui/devices");
    await page.locator("nav.menu").getByRole("link", { name: "ONT" }).click();
    await settled(page);
    await page.evaluate(() => history.replaceState({}, "", location.href));
    await inModule(page, "ui/dialog.js", ({ ask }) => {
        ask("Yakin?", "").then((answer) => (globalThis.answer = answer));
    });
    await page.goBack();
    await page.getByRole("heading", { name: "Terminal", level: 1 }).waitFor();
    await page.waitForFunction(() => globalThis.answer === false);
    for (const [link, heading] of [["ONT", "ONT"], ["Orang", "Orang"]]) {
        await page.locator("nav.menu").getByRole("link", { name: link }).click();
        await page.getByRole("heading", { name: heading, level: 1 }).waitFor();
        await settled(page);
        await page.locator("main input[type=search]").fill("x");
        await page.locator("nav.menu").getByRole("link", { name: "Terminal" }).click();
        await page.waitForTimeout(700);
        assert.equal(new URL(page.url()).pathname + new URL(page.url()).search, "/ui/devices", link);
    }
    await context.close();
});

test("who comes back to a long list is where it was left", async () => {
    const { context, page } = await quiet("/ui/outages");
    await page.getByRole("button", { name: "Lebih banyak" }).click();
    await page.waitForFunction(() => document.querySelectorAll("tbody tr").length === 100);
    await page.evaluate(() => scrollTo(0, document.querySelectorAll("tbody tr")[80].offsetTop));
    const left = await page.evaluate(() => scrollY);
    assert.ok(left > 1_000);
    await page.locator("tbody tr a").nth(80).evaluate((link) => link.click());
    await page.getByRole("heading", { name: /Rumah 1/, level: 1 }).waitFor();
    assert.equal(await page.evaluate(() => scrollY), 0);
    await settled(page);
    await page.goBack();
    await page.waitForFunction((to) => Math.abs(scrollY - to) < 60, left);
    assert.equal(await page.locator("tbody tr").count(), 100);
    await page.locator("nav.menu").getByRole("link", { name: "Gangguan" }).click();
    await page.waitForFunction(() => scrollY === 0 && document.querySelectorAll("tbody tr").length === 50);
    await context.close();
});

const k_history = { by: "5m", items: Array.from({ length: 12 }, (_, at) => ({ since: new Date(Date.UTC(2026, 10, 1, 0, 5 * at)).toISOString(), asked: 10, lost: at % 3, avg_ms: 5 + at, min_ms: 4, p95_ms: 20 })) };

test("a chart that is drawn again leaves nothing behind, and its table stays open", async () => {
    const { context, page } = await open(browser, world, { expected: [401] });
    await page.routeWebSocket(/\/ws\/live/, () => {});
    await page.clock.install();
    await page.addInitScript(() => {
        globalThis.watching = 0;
        globalThis.ResizeObserver = class extends globalThis.ResizeObserver {
            observe(...all) {
                ++globalThis.watching;
                super.observe(...all);
            }

            disconnect() {
                --globalThis.watching;
                super.disconnect();
            }
        };
    });
    await page.route("**/api/v2/onts/1/history?*", (route) => route.fulfill({ json: { ...k_history, items: k_history.items.map((one) => ({ ...one, avg_ms: one.avg_ms + Math.random() })) } }));
    await logIn(page, "viewer", "/ui/onts/1");
    await page.locator(".chart canvas").waitFor();
    assert.equal(await page.evaluate(() => globalThis.watching), 1);
    for (const period of ["7d", "24h", "7d"]) {
        await page.locator(".panel-head select").selectOption(period);
        await settled(page);
        await page.locator(".chart canvas").waitFor();
    }
    assert.equal(await page.evaluate(() => globalThis.watching), 1);
    await page.locator("details.figures summary").click();
    const first = page.locator("details.figures tbody td").first();
    const before = await first.innerText();
    await page.evaluate(() => (globalThis.canvas = document.querySelector(".chart canvas")));
    await page.clock.fastForward(61_000);
    await page.waitForFunction(() => !globalThis.canvas.isConnected && document.querySelector(".chart canvas"));
    assert.ok(await page.locator("details.figures").evaluate((details) => details.open), before);
    assert.equal(await page.evaluate(() => document.activeElement.tagName), "SUMMARY");
    await page.locator("nav.menu").getByRole("link", { name: "Terminal" }).click();
    await page.waitForFunction(() => globalThis.watching === 0);
    await context.close();
});

test("what is brought up to date keeps the focus", async () => {
    const { context, page } = await quiet("/ui/");
    let number = 0;
    await changing(page, "**/api/v2/overview", (data) => ({ ...data, people: ++number + 700 }));
    await page.locator("a.tile", { hasText: "Orang" }).focus();
    await refresh(page);
    await page.locator(".tile-value").getByText(/70\d/).waitFor();
    assert.equal(await focused(page), "/ui/people");

    await page.goto("/ui/devices/dev-001");
    await settled(page);
    await changing(page, "**/api/v2/devices/dev-001", (data) => ({ ...data, backlog: 4321 }));
    await page.getByRole("button", { name: "Uji", exact: true }).focus();
    await refresh(page);
    await page.locator("dl.facts").getByText("4.321").waitFor();
    assert.equal(await focused(page), "Uji");

    await page.goto("/ui/settings?view=accounts");
    await settled(page);
    await changing(page, "**/api/v2/accounts?*", (data) => ({ ...data, items: data.items.map((one) => ({ ...one, last_peer: "198.51.100.7" })) }));
    await page.getByRole("button", { name: "Hapus: viewer" }).focus();
    await page.getByRole("button", { name: "Hapus: viewer" }).evaluate((button) => (globalThis.label = button.getAttribute("aria-label")));
    await refresh(page);
    await page.locator("td").getByText("198.51.100.7").first().waitFor();
    assert.equal(await page.evaluate(() => document.activeElement.getAttribute("aria-label")), "Hapus: viewer");

    // Places come after the page: the one who is at the filters already stays there.
    let isLate = false;
    await page.route("**/api/v2/onts?*", async (route) => {
        await new Promise((resolve) => setTimeout(resolve, 1_500));
        isLate = true;
        await route.continue();
    });
    await page.goto("/ui/outages");
    await page.locator("select[name=only]").focus();
    await until("the places", () => isLate);
    await page.waitForTimeout(500);
    assert.equal(await page.evaluate(() => document.activeElement.name), "only");
    await context.close();
});

test("a camera without what finds faces is off; photos that cannot be sent do not hold up others", async () => {
    const { context, page } = await open(browser, world, { expected: [401] });
    await page.addInitScript(() => {
        if (!navigator.mediaDevices) return;
        navigator.mediaDevices.getUserMedia = async () => (globalThis.stream = document.createElement("canvas").captureStream());
    });
    await page.route("**/vendor/models/**", (route) => route.abort());
    await page.route("**/vendor/face-api.js", (route) => route.abort());
    await logIn(page, "operator", "/ui/live");
    await page.getByRole("button", { name: "Nyalakan kamera" }).click();
    await page.locator("main [role=alert] .notice").waitFor();
    assert.equal(await page.evaluate(() => globalThis.stream.getTracks()[0].readyState), "ended");
    const said = await inModule(page, "photo_queue.js", async ({ PhotoQueue }) => {
        const queue = new PhotoQueue("test-queue");
        for (const [source, owner] of [["a", "ani"], ["b", "ani"], ["c", "budi"], ["d", "ani"]]) await queue.add({ blob: new Blob(["x"]), takenAt: "", source, owner });
        const sent = [];
        await queue.flush("ani", async ({ source }) => {
            sent.push(source);
            return source !== "a";
        });
        return [sent.join(""), await queue.size("ani"), await queue.size("budi")];
    });
    assert.deepEqual(said, ["abd", 1, 1]);
    await context.close();
});
