// Events on the page: live, filtered, paged, looked at, sent again, taken away as a file.

import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { after, before, test } from "node:test";

import { axeFindings, launch, logIn, open, settled, shoot } from "./browser.mjs";
import { World } from "./world.mjs";

const k_many = 100_000;
/// Names as they come from terminals that somebody plays with.
const k_hostile = [
    "<script>globalThis.isBroken=1</script>",
    "<img src=x onerror=\"globalThis.isBroken=1\">",
    "\"><svg/onload=globalThis.isBroken=1>",
    "javascript:globalThis.isBroken=1",
    "{{constructor.constructor('globalThis.isBroken=1')()}}",
    "</td></tr></table><iframe srcdoc='<script>parent.isBroken=1</script>'>",
    "'; DROP TABLE event; --",
    "=HYPERLINK(\"https://evil.example\",\"x\")",
    "\u202Egnihsiloob\u202C \u0000\u0007",
];

let world, browser, window, faces;
const text = (value) => `'${value.replaceAll("'", "''").replaceAll("\u0000", "")}'`;

/// Rows of the store: who, seconds before now.
function addEvents(rows) {
    const now = Date.now();
    const first = Number(world.sql("SELECT coalesce(max(serial), 0) FROM event;")) + 1;
    world.sql(`BEGIN IMMEDIATE; ${rows.map(({ name = "Siti", employee = "42", ago = 0, recognized = 1, device = "dev-001", minor = 75 }, at) => `
        INSERT INTO event (device, epoch, serial, time, local_time, received_at, major, minor, recognized, employee_no, name, picture_url, picture_state, raw)
        VALUES ((SELECT key FROM device WHERE name = '${device}'), 1, ${first + at}, ${now - ago * 1000}, '', ${now}, 5, ${minor}, ${recognized}, '${employee}', ${text(name)}, '', 'none', '{}');`).join("")} COMMIT;`);
}

before(async () => {
    world = await World.make();
    await world.simulate("--devices", "2", "--events", "30", "--span-h", "5");
    await world.addDevices();
    world.sql("UPDATE device SET location = 'Gerbang' WHERE name = 'dev-001'; UPDATE device SET location = 'Aula' WHERE name = 'dev-002';");
    world.bioctl("sync-hikvision");
    faces = await world.faces();
    world.bioctl("enroll", "--id", "1001", "--name", "Ani Lestari", faces["1-0"]);
    await world.serve();
    world.bioctl("devices", "listen", "dev-001", "--server", world.url, "--force");
    browser = await launch();
    window = await open(browser, world, { expected: [401, 404] });
    await logIn(window.page, "operator", "/ui/events");
});
after(async () => {
    await browser?.close();
    await world?.end();
});

const rows = (page) => page.locator("tbody tr");
const api = (page, path) => page.evaluate(async (address) => (await fetch(`/api/v2/${address}`)).json(), path);

test("a row that comes is there at once, with its picture; a flood too", async () => {
    const { page } = window;
    await settled(page);
    await page.locator(".link-state.live").waitFor();
    await world.push("dev-001", 900001, { employeeNoString: "1001", name: "Ani Lestari" }, faces["3-0"]);
    await rows(page).first().getByRole("link", { name: "Ani Lestari" }).waitFor();
    await rows(page).first().locator(".portrait img").waitFor();
    await shoot(page, "events");
    assert.deepEqual(await axeFindings(page), []);
    addEvents(Array.from({ length: 300 }, (_, at) => ({ name: `Flood ${at}` })));
    await page.getByText("Flood 299").waitFor();
});

test("who reads further down keeps the place, and is told", async () => {
    const { page } = window;
    await page.reload();
    await settled(page);
    await page.evaluate(() => scrollTo(0, 900));
    const middle = rows(page).nth(20);
    const before = await middle.evaluate((row) => [row.dataset.key, Math.round(row.getBoundingClientRect().top)]);
    addEvents([{ name: "Newcomer" }, { name: "Another" }]);
    const button = page.getByRole("button", { name: "2 peristiwa baru" });
    await button.waitFor();
    assert.deepEqual(await middle.evaluate((row) => [row.dataset.key, Math.round(row.getBoundingClientRect().top)]), before);
    await shoot(page, "events-new");
    await page.evaluate(() => scrollTo(0, 900));
    await button.click();
    await rows(page).first().getByText(/Newcomer|Another/).waitFor();
    assert.ok((await page.evaluate(() => scrollY)) < 80);
    assert.ok(await page.evaluate(() => document.querySelector("tbody tr").contains(document.activeElement)), "who pressed it is at the first row");
});

test("filters are in the address, and say the same as the server", async () => {
    const { page } = window;
    const choose = async (name, value) => {
        await page.locator(`.filters select[name=${name}]`).selectOption(value);
        await page.waitForURL(new RegExp(`${name}=${value}`));
        await page.waitForTimeout(150);
        await settled(page);
    };
    await choose("device", "dev-002");
    await choose("kind", "other");
    const { items } = await api(page, "events?device=dev-002&kind=other&limit=50");
    assert.deepEqual(await rows(page).evaluateAll((all) => all.map((row) => row.dataset.key)), items.map(({ id }) => String(id)));
    await page.reload();
    await settled(page);
    assert.equal(await rows(page).count(), items.length);
    assert.equal(await page.locator("select[name=kind]").inputValue(), "other");
    await page.locator("input[name=person]").fill("nobody-has-this");
    await page.getByText("Tidak ada peristiwa yang cocok").waitFor();
    await page.getByRole("button", { name: "Hapus saringan" }).click();
    await rows(page).first().waitFor();
    assert.equal(new URL(page.url()).search, "");
    await choose("location", "Aula");
    await page.waitForFunction(() => [...document.querySelectorAll("tbody tr")].every((row) => row.textContent.includes("dev-002")));
    // A day is meant wholly, in the server's zone, wherever the browser is.
    const today = new Date(Date.now() + 7 * 3_600_000).toISOString().slice(0, 10); // in Jakarta; Debian's node knows one locale only
    await page.goto(`/ui/events?since=${today}&until=${today}&person=1001`);
    await rows(page).getByText("Ani Lestari").first().waitFor();
});

test("an event is looked at: its picture with the faces framed, its deliveries", async () => {
    const { page } = window;
    await page.goto("/ui/events?person=1001");
    await rows(page).first().getByRole("button", { name: /Buka/ }).click();
    const dialog = page.locator("dialog");
    await dialog.locator(".event-picture img").waitFor();
    await dialog.getByRole("button", { name: "Tandai wajah" }).click();
    await dialog.getByText("1 wajah ditemukan").waitFor({ timeout: 180_000 });
    assert.equal(await dialog.locator("svg text").textContent(), "Ani Lestari");
    const box = await dialog.locator(".face-frame rect").boundingBox();
    const image = await dialog.locator(".framed img").boundingBox();
    assert.ok(box.width > image.width / 5 && box.x >= image.x - 1 && box.y >= image.y - 1 && box.x + box.width <= image.x + image.width + 1);
    await shoot(page, "event");
    assert.deepEqual(await axeFindings(page), []);
    assert.match(page.url(), /show=\d+/);
    await page.reload();
    await dialog.getByText("1001").first().waitFor();
    await page.keyboard.press("Escape");
    await page.waitForURL(/\?person=1001$/);
});

test("sent again: to nobody without a target, then to the one there is", async () => {
    const { page } = window;
    await rows(page).first().getByRole("button", { name: /Buka/ }).click();
    await page.getByRole("button", { name: "Kirim ulang" }).click();
    await page.locator(".toast").getByText("Tidak ada tujuan").waitFor();
    world.bioctl("targets", "add", "hrd", "http://192.0.2.200/events", "--format", "event");
    await page.getByRole("button", { name: "Kirim ulang" }).click();
    await page.locator(".toast").getByText("1 pengiriman menunggu").waitFor();
    await page.locator("dialog").getByText("hrd").waitFor();
    await page.keyboard.press("Escape");
    await page.goto("/ui/events?delivery=pending");
    await rows(page).getByText("Ani Lestari").first().waitFor();
});

test("names are text, whatever they hold: on the page, in the dialog, in the file", async () => {
    const { page } = window;
    await page.goto("/ui/events");
    await settled(page);
    addEvents(k_hostile.map((name, at) => ({ name, employee: `x${at}` })));
    for (const name of k_hostile.slice(0, 8)) await rows(page).getByText(name).first().waitFor();
    await page.goto("/ui/");
    await page.locator(".event-line").getByText(k_hostile[1]).waitFor();
    await page.goto("/ui/events?person=x1");
    await rows(page).first().getByRole("button", { name: /Buka/ }).click();
    await page.locator("dialog").getByText(k_hostile[1]).waitFor();
    await page.keyboard.press("Escape");
    await page.goto("/ui/events?person=x7");
    const download = page.waitForEvent("download");
    await page.getByRole("button", { name: "Unduh" }).click();
    await page.getByRole("button", { name: "CSV" }).click();
    const csv = await readFile(await (await download).path(), "utf8");
    assert.match(csv, /"'=HYPERLINK\(""https:\/\/evil\.example""/);
    assert.equal(await page.evaluate(() => globalThis.isBroken), undefined);
});

test("what is exported is what the server has, with the filters, in both forms", async () => {
    const { page } = window;
    await page.goto("/ui/events?device=dev-002");
    await settled(page);
    const { items } = await api(page, "events?device=dev-002&limit=1000");
    await page.getByRole("button", { name: "Unduh" }).click();
    assert.deepEqual(await axeFindings(page), []);
    const download = page.waitForEvent("download");
    await page.getByRole("button", { name: "NDJSON" }).click();
    const file = await download;
    assert.equal(file.suggestedFilename(), "events.ndjson");
    const lines = (await readFile(await file.path(), "utf8")).trim().split("\n").map(JSON.parse);
    assert.ok(lines.length >= 30);
    assert.deepEqual(lines, items);
    await page.locator(".toast").getByText(`${lines.length} peristiwa diunduh`).waitFor();
});

test("a hundred thousand events: the first page, the next ones, and a filter come quickly", async () => {
    const { page } = window;
    world.sql(`INSERT INTO event (device, epoch, serial, time, local_time, received_at, major, minor, recognized, employee_no, name, picture_url, picture_state, raw)
        WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < ${k_many})
        SELECT (SELECT key FROM device WHERE name = 'dev-002'), 9, 5000000 + i, 1700000000000 + i * 1000, '', 1700000000000, 5, 75, 1, 'p' || (i % 500), 'Orang ' || i, '', 'none', '{}' FROM n;`);
    await page.goto("/ui/events?until=2023-11-16");
    await rows(page).nth(49).waitFor();
    for (let count = 2; count <= 4; ++count) {
        await page.getByRole("button", { name: "Lebih banyak" }).click();
        await rows(page).nth(50 * count - 1).waitFor({ timeout: 5_000 });
    }
    const names = await rows(page).evaluateAll((all) => all.map((row) => row.dataset.key));
    assert.equal(new Set(names).size, 200);
    const times = await page.locator("tbody time").evaluateAll((all) => all.map((one) => one.dateTime));
    assert.deepEqual(times, [...times].sort().reverse());
    assert.ok(times[0] < "2023-11-17", "the last day is the last");
});

test("nothing went wrong on the way", () => {
    assert.deepEqual(window.troubles, []);
});
