// What the pages weigh, and what many updates do to them.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";

import { launch, logIn, longestPause, open, settled } from "./browser.mjs";
import { until, World } from "./world.mjs";

let world, browser;
before(async () => {
    world = await World.make();
    await world.serve();
    browser = await launch();
});
after(async () => {
    await browser?.close();
    await world?.end();
});

test("the first load is light, and loads nothing that it does not show", async () => {
    const { context, page } = await open(browser, world, { expected: [401] });
    const session = await context.newCDPSession(page);
    await session.send("Network.enable");
    let bytes = 0;
    const urls = new Map();
    session.on("Network.responseReceived", ({ requestId, response }) => urls.set(requestId, response.url));
    session.on("Network.loadingFinished", ({ requestId, encodedDataLength }) => {
        if (urls.has(requestId)) bytes += encodedDataLength;
    });
    await logIn(page);
    await settled(page);
    await page.waitForLoadState("networkidle");
    const all = [...urls.values()];
    assert.ok(all.length > 20, "the whole of it was seen");
    assert.ok(bytes > 20_000 && bytes < 300_000, `${bytes} bytes`);
    assert.deepEqual(all.filter((url) => !url.startsWith(world.url) && !url.startsWith("data:")), []);
    assert.deepEqual(all.filter((url) => /leaflet|face-api|uplot/.test(url)), []);
    console.log(`# first load: ${bytes} bytes in ${all.length} requests`);
    await context.close();
});

test("many updates a minute keep the page smooth", async (context_of_test) => {
    const { context, page, troubles } = await open(browser, world, { expected: [401] });
    let timer = 0;
    context_of_test.after(() => clearInterval(timer)); // else this process goes on for ever
    await page.routeWebSocket(/\/ws\/live/, (socket) => {
        // 2,000 a minute, and then some: 40 a second.
        let id = 0;
        clearInterval(timer);
        timer = setInterval(() => socket.send(JSON.stringify({ type: "event", id: ++id, device: "gate", time: new Date().toISOString(), kind: "recognized" })), 25);
    });
    // This world has no events: fifty of them, others with each question.
    let newest = 1_000;
    await page.route("**/api/v2/events?*", (route) => {
        newest += 20;
        const items = Array.from({ length: 50 }, (_, at) => ({ id: newest - at, time: new Date(1_790_000_000_000 + (newest - at) * 1_000).toISOString(), device: "gate", location: null, kind: "recognized", minor: 75, minor_name: null,
            employee_no: String(newest - at), person_id: null, name: `Siti ${newest - at}`, picture_state: "none", delivery: "none", verdict: null, distance: null }));
        return route.fulfill({ json: { items, next_cursor: "1" } });
    });
    let asked = 0;
    page.on("request", (request) => (asked += request.url().includes("/api/v2/") ? 1 : 0));
    await logIn(page, "admin", "/ui/events");
    await settled(page);
    asked = 0;
    const longest = await longestPause(page, 6_000);
    assert.ok(asked >= 3 && asked <= 12, `${asked} requests in six seconds`);
    console.log(`# forty updates a second: longest pause ${Math.round(longest)} ms`);
    assert.ok(longest < 1_000, `stood still for ${longest} ms`); // some 50 are usual; a busy machine adds to it
    clearInterval(timer);
    await until("the last of them", async () => (await page.locator("tbody tr").first().innerText()).includes(`Siti ${newest}`));
    assert.ok((await page.locator("tbody tr").count()) >= 50 + 20 * 3, "rows have come");
    assert.deepEqual(troubles, []);
    await context.close();
});
