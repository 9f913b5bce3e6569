// The first page: what is there, what needs attention, and that it changes while one looks. The checks themselves, too: a test that
// cannot fail is none.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";

import { axeFindings, launch, logIn, open, settled, shoot } from "./browser.mjs";
import { until, World } from "./world.mjs";

let world, browser, window;
before(async () => {
    world = await World.make();
    await world.simulate("--devices", "4", "--events", "20", "--span-h", "2");
    await world.serve();
    browser = await launch();
    window = await open(browser, world, { expected: [401] });
    await logIn(window.page);
});
after(async () => {
    await browser?.close();
    await world?.end();
});

const tile = (page, title) => page.locator(".tile").filter({ hasText: title });
const value = (page, title) => tile(page, title).locator(".tile-value");

test("of an empty house it says that, too", async () => {
    const { page } = window;
    await settled(page);
    await page.getByText("Belum ada terminal").waitFor();
    await page.getByText("Belum ada yang dikenali").waitFor();
    assert.equal(await value(page, "Dikenali hari ini").innerText(), "0");
    assert.equal(await tile(page, "ONT hidup").count(), 0, "who has no network sees nothing of it");
    await shoot(page, "overview-empty");
    assert.deepEqual(await axeFindings(page), []);
});

test("terminals, events, outages and deliveries appear as they come", async () => {
    const { page } = window;
    await world.addDevices();
    world.bioctl("sync-hikvision");
    await until("four terminals", async () => (await value(page, "Terminal baik").innerText()) === "4 dari 4");
    const recognized = () => world.sql("SELECT count(*) FROM event WHERE recognized AND time >= unixepoch('now', '+7 hours', 'start of day', '-7 hours') * 1000;").trim();
    await until("today's events", async () => (await value(page, "Dikenali hari ini").innerText()) === recognized());
    world.bioctl("devices", "listen", "dev-001", "--server", world.url, "--force");
    await world.push("dev-001", 900001, { employeeNoString: "77", name: "Siti" });
    await page.locator(".event-line").first().getByText("Siti").waitFor();
    await until("one event more", async () => (await value(page, "Dikenali hari ini").innerText()) === recognized());
    world.sql(`INSERT INTO device_transition (device, at, from_state, to_state, reason) SELECT key, ${Date.now()}, 'ok', 'offline', 'no route to host' FROM device WHERE name = 'dev-002';
        UPDATE device SET state = 'offline', reason = 'no route to host', state_since = ${Date.now()} WHERE name = 'dev-002';`);
    await tile(page, "Terminal baik").getByText("1 terputus").waitFor();
    await page.locator(".panel").getByText("no route to host").waitFor();
    world.bioctl("targets", "add", "hrd", "http://192.0.2.200/events", "--format", "event");
    world.bioctl("events", "resend", world.sql("SELECT max(id) FROM event;").trim());
    await world.push("dev-001", 900002, { employeeNoString: "77", name: "Siti" });
    await until("deliveries that wait", async () => Number(await value(page, "Pengiriman menunggu").innerText()) >= 1);
    await shoot(page, "overview");
    assert.deepEqual(await axeFindings(page), []);
    await tile(page, "Pengiriman menunggu").click();
    await page.waitForURL(/delivery=pending/);
    await page.locator("tbody tr").getByText("Siti").first().waitFor();
});

test("axe and the watch over the page do find what is wrong", async () => {
    const { context, page, troubles } = await open(browser, world, { expected: [401] });
    await logIn(page, "viewer");
    await settled(page);
    await page.evaluate(() => {
        document.querySelector("main").append(Object.assign(document.createElement("button"), { type: "button" }));
        fetch("/api/v2/nothing");
        setTimeout(() => {
            throw new Error("on purpose");
        });
    });
    await until("what goes wrong", () => troubles.length >= 2);
    assert.ok(troubles.some((one) => one.startsWith("404 ")) && troubles.some((one) => one.includes("on purpose")), troubles.join("\n"));
    assert.ok((await axeFindings(page)).some((one) => one.includes("button-name")));
    await context.close();
});

test("nothing went wrong on the way", () => {
    assert.deepEqual(window.troubles, []);
});
