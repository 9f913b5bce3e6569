// Hotspot users on the pages: how many, who most, and the routers that count them.

import assert from "node:assert/strict";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { after, before, test } from "node:test";

import { axeFindings, launch, logIn, open, settled, shoot } from "./browser.mjs";
import { World } from "./world.mjs";

let world, browser, window, router;
before(async () => {
    world = await World.make();
    await world.serve();
    browser = await launch();
    window = await open(browser, world, { expected: [401, 502] });
    await logIn(window.page, "operator", "/ui/analytics");
});
after(async () => {
    await browser?.close();
    await world?.end();
});

async function post(path) {
    const response = await fetch(`${router.control}/${path}`, { method: "POST" });
    if (!response.ok) throw new Error(`${path}: ${response.status} ${await response.text()}`);
}
const tile = (page, name) => page.locator(".tile", { hasText: name }).locator(".tile-value").innerText();

test("without routers the page says what to do", async () => {
    const { page } = window;
    await page.getByText("bioctl routers add").waitFor();
    await settled(page);
    await shoot(page, "hotspot-empty");
    assert.deepEqual(await axeFindings(page), []);
});

test("users over time, the busiest, who is there now", async () => {
    const { page } = window;
    router = await world.simulateRouter("--users", "12", "--user", "monitor", "--password", "router-Secret-1");
    await writeFile(join(world.folder, "router-password"), "router-Secret-1\n", { mode: 0o600 });
    world.bioctl("routers", "add", "bukit", `127.0.0.1:${router.port}`, "--user", "monitor", "--password-file", "router-password", "--tls", "off");
    world.bioctl("hotspot", "poll");
    await post("script?log-out=4&advance=120&bytes=1000");
    world.bioctl("hotspot", "poll");
    // Three days before, as the monitor stores them.
    const hour = 3_600_000, begin = Math.floor(Date.now() / hour) * hour - 72 * hour;
    const rows = Array.from({ length: 60 }, (_, at) => `((SELECT key FROM router WHERE name = 'bukit'), 'hs-desa', ${begin + at * hour}, ${20 + ((at * 7) % 30)})`);
    world.sql(`INSERT INTO hotspot_count (router, server, at, users) VALUES ${rows.join(",")};`);
    await page.reload();
    await page.locator(".chart canvas").waitFor();
    await settled(page);
    assert.equal(await tile(page, "Puncak"), "49");
    assert.equal(await tile(page, "Terendah"), "8");
    assert.equal(await tile(page, "Perangkat"), "12");
    assert.equal(await page.locator("section", { has: page.getByRole("heading", { name: "Pemakai terbanyak" }) }).locator("tbody tr").count(), 12);
    assert.equal(await page.locator("section", { has: page.getByRole("heading", { name: "Masuk pada hitungan" }) }).locator("tbody tr").count(), 8);
    assert.equal(await page.locator("tr", { hasText: "bukit" }).locator("[data-state=ok]").count(), 1);
    assert.deepEqual(await axeFindings(page), []);
    await shoot(page, "hotspot");
    await page.locator("select[name=since]").selectOption("30d");
    await page.locator(".chart canvas").waitFor();
    await page.getByText("Sebagai tabel").click();
    assert.ok((await page.locator(".figures tbody tr").count()) >= 3);
    assert.doesNotMatch(await page.locator("body").innerText(), /router-Secret/);
});

test("the routers are asked at once; one that does not answer is named", async () => {
    const { page } = window;
    await page.getByRole("button", { name: "Tanya router sekarang" }).click();
    await page.locator(".toast").getByText("8 pengguna masuk saat ini").waitFor();
    await post("mode?down=1");
    await page.getByRole("button", { name: "Tanya router sekarang" }).click();
    await page.locator(".toast.error").getByText("bukit").waitFor({ timeout: 40_000 });
    assert.deepEqual(window.troubles, []);
});
