// The network on the pages: ONTs from a file, on the map, down and up again; outages, maintenance, availability.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";

import { axeFindings, launch, logIn, longestPause, open, settled, shoot } from "./browser.mjs";
import { Network } from "./network.mjs";
import { until, World } from "./world.mjs";

const k_hostile = "<img src=x onerror=\"globalThis.isBroken=1\">";

let world, browser, window, network;
before(async () => {
    world = await World.make();
    network = await Network.make();
    await world.serve();
    browser = await launch();
    window = await open(browser, world, { expected: [400, 401, 404, 409] });
    await logIn(window.page, "operator", "/ui/onts");
});
after(async () => {
    network?.end();
    await browser?.close();
    await world?.end();
});

const toastOf = (page, text) => page.locator(".toast").getByText(text).waitFor();

test("nothing is there yet, on any page of the network", async () => {
    const { page } = window;
    await page.getByText("Belum ada ONT").waitFor();
    await shoot(page, "onts-empty");
    for (const [path, text] of [["map", "Belum ada ONT"], ["outages", "Tidak ada gangguan"], ["outages?view=timeline", "Tidak ada gangguan"], ["outages?view=report", "Tidak ada yang dipantau"], ["outages?view=maintenance", "Tidak ada pemeliharaan"], ["notifications", "Tidak ada notifikasi"], ["analytics", "Tidak ada hitungan"]]) {
        await page.goto(`/ui/${path}`);
        await page.locator("main").getByText(text).first().waitFor();
        await settled(page);
        assert.deepEqual(await axeFindings(page), [], path);
    }
});

const k_file = `id,name,location,ip,parent,kind,latitude,longitude,customer_id,tags
1,OLT Sleman,Pusat,127.1.0.1,,olt,-7.7160,110.3560,,
2,Pak Budi,Ngaglik,127.0.1.1,OLT Sleman,ont,-7.7180,110.3900,C1,desa
3,Bu Ani,Ngaglik,127.0.1.2,OLT Sleman,ont,-7.7181,110.3901,C2,desa
4,${k_hostile.replaceAll('"', '""').replace(/^|$/g, '"')},Mlati,127.0.1.3,OLT Sleman,ont,-7.7400,110.3300,C3,
5,Tanpa tempat,Mlati,127.0.1.4,OLT Sleman,ont,,,C4,
6,Ganda,Mlati,127.0.1.4,OLT Sleman,ont,-7.7401,110.3301,C2,
7,,Mlati,127.0.1.9,OLT Sleman,ont,,,,
`;

test("ONTs from a file: first what would happen, then what did", async () => {
    const { page } = window;
    await page.goto("/ui/onts");
    await settled(page);
    await page.getByRole("button", { name: "Impor" }).click();
    await page.locator("dialog input[type=file]").setInputFiles({ name: "onts.csv", mimeType: "text/csv", buffer: Buffer.from(k_file) });
    await page.getByRole("button", { name: "Coba dulu" }).click();
    await page.getByText("Yang akan terjadi dengan 7 baris").waitFor();
    assert.equal(await page.locator("dialog .figures-row dd").allInnerTexts().then(String), "5,0,0,2");
    assert.match(await page.locator("dialog table").innerText(), /Baris 7[\s\S]*C2/);
    assert.deepEqual(await axeFindings(page), []);
    await shoot(page, "onts-import");
    assert.equal(world.sql("SELECT count(*) FROM ont;").trim(), "0", "a rehearsal changes nothing");
    await page.locator("dialog").getByRole("button", { name: "Impor", exact: true }).click();
    await toastOf(page, "5 ditambah, 0 diubah, 2 dilewati");
    await page.getByText("5 ONT").waitFor();
    await page.getByRole("link", { name: k_hostile }).waitFor();
    assert.equal(await page.evaluate(() => globalThis.isBroken), undefined);
    await page.getByRole("button", { name: "Impor" }).click();
    await page.locator("dialog input[type=file]").setInputFiles({ name: "notes.txt", mimeType: "text/plain", buffer: Buffer.from("[1, 2") });
    await page.getByRole("button", { name: "Coba dulu" }).click();
    await page.locator("dialog .wrong").getByText("JSON").waitFor();
    await page.keyboard.press("Escape");
});

test("an ONT is added, changed, found, disabled and removed; what is there twice is told", async () => {
    const { page } = window;
    await page.getByRole("button", { name: "Tambah ONT" }).click();
    assert.deepEqual(await axeFindings(page), []);
    await shoot(page, "ont-add");
    await page.locator("dialog [name=name]").fill("Warung Sari");
    await page.locator("dialog [name=customer_id]").fill("C1");
    await page.locator("dialog button[type=submit]").click();
    await page.locator("dialog .wrong").getByText("C1").waitFor();
    await page.locator("dialog [name=customer_id]").fill("C9");
    await page.locator("dialog [name=host]").fill("127.0.1.4");
    await page.locator("dialog [name=parent]").fill("OLT Sleman");
    await page.locator("dialog [name=latitude]").fill("7.7300 S");
    await page.locator("dialog [name=longitude]").fill("110.36");
    await page.locator("dialog button[type=submit]").click();
    await page.waitForURL(/\/ui\/onts\/\d+$/);
    await page.getByRole("heading", { level: 1, name: /Warung Sari/ }).waitFor();
    await settled(page);
    assert.deepEqual(await axeFindings(page), []);
    await page.getByRole("button", { name: "Ubah" }).click();
    await page.locator("dialog [name=location]").fill("Depok");
    await page.locator("dialog button[type=submit]").click();
    await page.locator("dl.facts").getByText("Depok").waitFor();
    assert.equal(world.sql("SELECT detail FROM audit WHERE action = 'onts.edit';").trim(), '{"location":"Depok"}');
    await page.getByRole("button", { name: "Nonaktifkan" }).click();
    await page.locator("h1 .badge[data-state=disabled]").waitFor();
    await page.getByRole("button", { name: "Aktifkan", exact: true }).click();
    await page.locator("h1 .badge[data-state=unknown]").waitFor();
    await page.goto("/ui/onts?search=C9");
    await page.getByText("1 ONT", { exact: true }).waitFor();
    await page.getByRole("searchbox", { name: "Cari" }).fill("");
    await page.getByText("6 ONT").waitFor();
    await page.getByRole("button", { name: "Ganda" }).click();
    await page.locator("dialog code").getByText("127.0.1.4").waitFor();
    assert.deepEqual(await axeFindings(page), []);
    await shoot(page, "onts-duplicates");
    await page.locator("dialog").getByRole("button", { name: "Warung Sari" }).click();
    await page.getByRole("button", { name: "Hapus" }).click();
    await page.locator("dialog").getByRole("button", { name: "Hapus" }).click();
    await page.waitForURL(/\/ui\/onts$/);
    await page.getByText("5 ONT").waitFor();
});

test("an ONT goes down and comes back: map, list and detail tell at once", async (context) => {
    if (!network) return context.skip("no network namespaces here");
    const { page } = window;
    network.watch(world);
    await page.goto("/ui/map");
    await settled(page);
    await page.locator(".leaflet-container").waitFor();
    assert.match(await page.locator(".map-side [role=status]").innerText(), /^5 hidup$/);
    await page.getByText("1 tanpa koordinat").waitFor();
    assert.deepEqual(await axeFindings(page), []);
    const other = await open(browser, world, { expected: [401] });
    await logIn(other.page, "viewer", "/ui/onts");
    await settled(other.page);
    network.silence("127.0.1.1");
    for (let round = 0; round < 3; ++round) network.watch(world);
    await page.locator(".map-side").getByRole("button", { name: "Pak Budi" }).waitFor();
    await page.locator(".map .down").first().waitFor();
    await other.page.locator("tr", { hasText: "Pak Budi" }).locator("[data-state=down]").waitFor();
    assert.match(await other.page.locator("tbody tr").first().innerText(), /Pak Budi/, "the worst comes first");
    await page.locator(".map-side").getByRole("button", { name: "Pak Budi" }).click();
    await page.locator(".map-detail").getByText("Padam selama").waitFor();
    await shoot(page, "map");
    await page.locator(".map-detail").getByRole("button", { name: "Akui" }).click();
    await page.locator("dialog [name=note]").fill("tim jalan");
    assert.deepEqual(await axeFindings(page), []);
    await page.locator("dialog button[type=submit]").click();
    await page.locator(".map-detail").getByText("Diakui oleh").waitFor();
    await other.page.goto("/ui/outages");
    await other.page.locator("tr", { hasText: "Pak Budi" }).getByText("tim jalan").waitFor();
    await other.page.locator("tr", { hasText: "Pak Budi" }).locator("[data-state=open]").waitFor();
    assert.equal(await other.page.getByRole("button", { name: "Akui" }).count(), 0, "a viewer looks only");
    await shoot(other.page, "outages");
    network.letSpeak("127.0.1.1");
    for (let round = 0; round < 2; ++round) network.watch(world);
    await other.page.locator("tr", { hasText: "Pak Budi" }).locator("[data-state=over]").waitFor();
    await page.locator(".map-side").getByText("Semua baik").waitFor();
    assert.equal(await page.locator(".map .down").count(), 0);
    assert.deepEqual(other.troubles, []);
    await other.context.close();
});

test("the map is worked with the keyboard; a cluster opens", async () => {
    const { page } = window;
    await page.goto("/ui/map");
    await settled(page);
    const cluster = page.locator(".map-marker", { has: page.locator(".cluster") }).first();
    await cluster.focus();
    await page.keyboard.press("Enter");
    // Two that stand side by side are told apart at last, or listed.
    await page.waitForFunction(() => document.querySelector(".map-marker .pin") !== null || document.querySelector(".map-detail:not([hidden])") !== null);
    const pin = page.locator(".map-marker", { has: page.locator(".pin") }).first();
    await pin.focus();
    await page.keyboard.press("Enter");
    await page.locator(".map-detail h2 a").waitFor();
    assert.equal(await page.evaluate(() => globalThis.isBroken), undefined);
});

test("the history of a line is a chart and a table", async (context) => {
    if (!network) return context.skip("no network namespaces here");
    const { page } = window;
    await page.goto("/ui/onts/2");
    await page.getByRole("heading", { level: 1, name: /Pak Budi/ }).waitFor();
    await page.locator(".chart canvas").waitFor();
    await page.locator(".panel-head select").selectOption("6h");
    await settled(page);
    await page.getByText("ping,").waitFor();
    await page.getByText("Sebagai tabel").click();
    assert.ok((await page.locator(".figures tbody tr").count()) >= 4, await page.locator(".figures").innerText());
    assert.match(await page.locator(".figures table").innerText(), /100 ?%/);
    await settled(page);
    assert.deepEqual(await axeFindings(page), []);
    await shoot(page, "ont");
    await page.locator(".panel-head select").selectOption("30d");
    await page.locator(".chart canvas").waitFor();
});

test("a year of outages: list, timeline, availability by area", async () => {
    const { page } = window;
    const hour = 3_600_000, now = Date.now();
    const rows = [];
    for (let day = 0; day < 25; ++day) {
        const started = now - day * 24 * hour - (day % 5) * hour - hour;
        rows.push(`(${2 + (day % 4)}, (SELECT name FROM ont WHERE id = ${2 + (day % 4)}), ${started}, 0, ${started + (10 + day * 7) * 60_000}, 0)`);
    }
    world.sql(`INSERT INTO outage (ont, ont_name, started_at, start_error, ended_at, end_error) VALUES ${rows.join(",")};`);
    await page.goto("/ui/outages");
    await settled(page);
    assert.ok((await page.locator("tbody tr").count()) >= 25);
    await page.locator("select[name=only]").selectOption("open");
    await page.getByText("Tidak ada yang padam").waitFor();
    assert.equal(new URL(page.url()).searchParams.get("only"), "open");
    await page.getByRole("link", { name: "Garis waktu" }).click();
    await page.locator("select[name=since]").selectOption("30d");
    await page.locator(".timeline-row rect").first().waitFor();
    assert.ok((await page.locator(".timeline-row").count()) >= 4);
    assert.ok((await page.locator(".bars rect.own").count()) >= 25);
    await settled(page);
    assert.deepEqual(await axeFindings(page), []);
    await shoot(page, "outages-timeline");
    await page.getByRole("link", { name: "Ketersediaan" }).click();
    await settled(page);
    if (network) {
        await page.locator("tbody tr", { hasText: "Ngaglik" }).waitFor();
        await page.locator("select[name=by]").selectOption("ont");
        await page.locator("tbody tr", { hasText: "Pak Budi" }).waitFor();
        const saved = page.waitForEvent("download");
        await page.getByRole("button", { name: "CSV" }).click();
        assert.equal((await saved).suggestedFilename(), "availability.csv");
    }
    assert.deepEqual(await axeFindings(page), []);
    await shoot(page, "outages-report");
});

test("a maintenance window is planned, checked, and taken back", async () => {
    const { page } = window;
    await page.goto("/ui/outages?view=maintenance");
    await settled(page);
    await page.getByRole("button", { name: "Rencanakan jendela" }).click();
    await page.locator("dialog [name=scope]").selectOption("location");
    await page.locator("dialog [name=value]").fill("Ngaglik");
    await page.locator("dialog [name=duration]").fill("banyak");
    await page.locator("dialog button[type=submit]").click();
    await page.locator("dialog .wrong").getByText("duration").waitFor();
    assert.deepEqual(await axeFindings(page), []);
    await page.locator("dialog [name=duration]").fill("2h");
    await page.locator("dialog [name=repeats]").selectOption("weekly");
    await page.locator("dialog [name=reason]").fill("ganti kabel");
    await page.locator("dialog button[type=submit]").click();
    const row = page.locator("tbody tr", { hasText: "Ngaglik" });
    await row.getByText("ganti kabel").waitFor();
    assert.match(await row.innerText(), /Setiap minggu/);
    await shoot(page, "outages-maintenance");
    await row.getByRole("button", { name: "Hapus" }).click();
    await page.locator("dialog").getByRole("button", { name: "Hapus" }).click();
    await page.getByText("Tidak ada pemeliharaan").waitFor();
});

test("while the server is away the pages keep what they show, and come back by themselves", async () => {
    const { context, page } = await open(browser, world, { expected: [401] });
    await logIn(page, "viewer", "/ui/onts");
    await page.getByText("5 ONT").waitFor();
    await page.getByRole("link", { name: "Peta" }).click();
    await page.locator(".leaflet-container").waitFor();
    await world.stopServing();
    await page.locator(".banner").waitFor({ timeout: 40_000 });
    assert.ok((await page.locator(".map-marker").count()) >= 1);
    await world.serve();
    await page.locator(".banner").waitFor({ state: "detached", timeout: 60_000 });
    await settled(page);
    assert.ok((await page.locator(".leaflet-container").boundingBox()).height > 100);
    assert.ok((await page.locator(".map-marker").count()) >= 1);
    assert.equal(await page.locator("main .problem").count(), 0);
    await context.close();
});

const k_pause = 1_000; // ms that a page may stand still: some 100 are usual, a busy machine adds to it

test("five thousand ONTs: the table and the map stay quick", async (context_of_test) => {
    const { page } = window;
    const lines = ["name,ip,latitude,longitude,customer_id"];
    for (let number = 0; number < 5000; ++number)
        lines.push(`Rumah ${number},10.${Math.floor(number / 250)}.0.${number % 250},${(-7.6 - ((number * 37) % 1000) / 4000).toFixed(5)},${(110.2 + ((number * 91) % 1000) / 2500).toFixed(5)},R${number}`);
    await page.goto("/ui/onts");
    await settled(page);
    await page.getByRole("button", { name: "Impor" }).click();
    await page.locator("dialog input[type=file]").setInputFiles({ name: "many.csv", mimeType: "text/csv", buffer: Buffer.from(lines.join("\n")) });
    await page.getByRole("button", { name: "Coba dulu" }).click();
    await page.locator("dialog").getByRole("button", { name: "Impor", exact: true }).click({ timeout: 60_000 });
    await page.getByText("5.005 ONT").waitFor({ timeout: 60_000 });
    assert.equal(await page.locator("tbody tr").count(), 100);
    await page.goto("/ui/map");
    await settled(page);
    const measured = longestPause(page, 4_000);
    for (let step = 0; step < 3; ++step) {
        await page.locator(".leaflet-control-zoom-in").click();
        await page.waitForTimeout(800);
    }
    const zooming = await measured;
    assert.ok(zooming < k_pause, `stood still for ${zooming} ms`);
    assert.ok((await page.locator(".map-marker").count()) < 600);
    await page.getByRole("button", { name: "Tampilkan semua" }).click();
    await shoot(page, "map-many");
    // What is heard of them: two hundred change, twenty a second, and the map shows it.
    await window.page.close();
    const live = await open(browser, world, { expected: [401] });
    let timer = 0, sent = 0;
    context_of_test.after(() => clearInterval(timer)); // else this process goes on for ever
    const ids = world.sql("SELECT id FROM ont WHERE name LIKE 'Rumah %' ORDER BY id LIMIT 200;").trim().split("\n").map(Number);
    await live.page.routeWebSocket(/\/ws\/live/, (socket) => {
        clearInterval(timer);
        timer = setInterval(() => {
            const id = ids[sent++ % ids.length];
            socket.send(JSON.stringify({ type: "ont", id, to: "down", is_flapping: false, at: new Date().toISOString() }));
        }, 50);
    });
    await logIn(live.page, "viewer", "/ui/map");
    await settled(live.page);
    const told = await longestPause(live.page, 4_000);
    await until("all of them", async () => (await live.page.locator(".map-side [role=status]").innerText()).startsWith("200 "));
    console.log(`# five thousand markers: twenty changes a second, longest pause ${Math.round(told)} ms`);
    assert.ok(told < k_pause, `stood still for ${told} ms`);
    assert.deepEqual(live.troubles, []);
    await live.context.close();
    console.log(`# five thousand markers: zooming three times, longest pause ${Math.round(zooming)} ms`);
    assert.deepEqual(window.troubles, []);
});
